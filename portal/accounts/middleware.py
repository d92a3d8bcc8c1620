"""What is asked of signed-in people at every request: a session that is not over, a second factor where their role needs
one, and their time zone."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils import timezone

from portal.accounts.session_time import note_activity, why_over
from portal.saving import by_itself

# Where a person without a second factor may still go: to set one up, to prove who they are, to leave, to read help.
_OPEN = ("mfa_", "account_", "usersessions_")
_OPEN_PAGES = frozenset(
    f"portal:{name}"
    for name in ("help", "privacy", "accessibility", "livez", "readyz", "brand-stylesheet", "brand-logo")
)


class SessionTimeMiddleware:
    """Signs out whoever did nothing for too long, or signed in too long ago.

    Stands before the middleware that sends visitors to sign in: that one keeps what a form sent.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # A page that asks for news by itself is no sign of a person; what it saves while somebody types is one.
        if request.user.is_authenticated and not (by_itself(request) and request.method == "GET"):
            note_activity(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated:
            return
        reason = why_over(request)
        if reason:
            logout(request)
            if request.method == "GET" and not by_itself(request):
                messages.info(request, reason)


class SecondFactorMiddleware:
    """Sends people with a foundation role to set up a second factor when the settings require one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not settings.SECOND_FACTOR_REQUIRED or not user.is_authenticated:
            return None
        name = request.resolver_match.view_name
        if name.startswith(_OPEN) or name in _OPEN_PAGES or not user.roles or is_mfa_enabled(user):
            return None
        messages.warning(request, "Your role needs a second step at sign-in. Set one up to go on.")
        return redirect("mfa_index")


class ReaderTimeZoneMiddleware:
    """Shows instants in the zone a person chose, and in the foundation's to everybody else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(_zone_of(request.user)):
            return self.get_response(request)


def _zone_of(user):
    """The person's zone, or None for the foundation's: none was chosen, or the system's list no longer has it."""
    if not user.is_authenticated or not user.time_zone:
        return None
    try:
        return ZoneInfo(user.time_zone)
    except ZoneInfoNotFoundError:
        return None
