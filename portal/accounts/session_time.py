"""How long a session lasts: until nothing was done for a while, and in the end in any case.

When it began stands in the session. When something was last done stands in a cookie the portal seals for this one session,
so that reading a page writes nothing to the database; without it, or with one of another session, the beginning counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.signing import BadSignature, Signer
from django.http import HttpResponse

from portal import clock
from portal.words import span_words

BEGAN = "began"
# A cookie that is younger is not made anew.
_FRESH = timedelta(minutes=1)


@dataclass(frozen=True)
class Lifetime:
    """How long a session may be idle, and how long it lasts at most."""

    idle: timedelta
    longest: timedelta

    def ended(self, since_activity: timedelta, since_beginning: timedelta) -> str:
        """Why the session is over, as a sentence; empty while it is not."""
        if since_activity > self.idle:
            return f"You were signed out, because nothing was done here for {span_words(self.idle)}."
        if since_beginning > self.longest:
            return f"You were signed out: everybody signs in anew after {span_words(self.longest)}."
        return ""


def lifetime_of(user) -> Lifetime:
    """What holds for this person: less for everybody with a foundation role, who can do more harm."""
    return _for_staff() if user.roles else _for_others()


def why_over(request: Any) -> str:
    """Why the session of a signed-in person is over, as a sentence; empty while it is not."""
    began = request.session.get(BEGAN, 0)
    now = request.arrived_at.timestamp()
    ages = timedelta(seconds=now - max(began, _active_at(request))), timedelta(seconds=now - began)
    # Roles are a query. Most requests come so soon that nobody's session would be over.
    if not _for_staff().ended(*ages) and not _for_others().ended(*ages):
        return ""
    return lifetime_of(request.user).ended(*ages)


def note_activity(request: Any, response: HttpResponse) -> None:
    """Let the answer say that something was done in this session now."""
    now = int(request.arrived_at.timestamp())
    if not request.session.session_key or 0 <= now - _active_at(request) < _FRESH.total_seconds():
        return
    response.set_cookie(
        settings.ACTIVITY_COOKIE_NAME,
        _signer(request).sign(str(now)),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def connect() -> None:
    """Called once, when the app is ready: every way of signing in notes when the session began."""
    user_logged_in.connect(_begin, dispatch_uid="accounts-session-began")


def _begin(sender, request, user, **facts) -> None:
    at: datetime = getattr(request, "arrived_at", None) or clock.now()
    request.session[BEGAN] = int(at.timestamp())


def _for_staff() -> Lifetime:
    return Lifetime(
        timedelta(minutes=settings.SESSION_IDLE_MINUTES_STAFF), timedelta(hours=settings.SESSION_HOURS_STAFF)
    )


def _for_others() -> Lifetime:
    return Lifetime(timedelta(minutes=settings.SESSION_IDLE_MINUTES), timedelta(hours=settings.SESSION_HOURS))


def _active_at(request: Any) -> int:
    """The instant in the cookie, in seconds since 1970; 0 when there is none for this session."""
    try:
        return int(_signer(request).unsign(request.COOKIES.get(settings.ACTIVITY_COOKIE_NAME, "")))
    except (BadSignature, ValueError):
        return 0


def _signer(request: Any) -> Signer:
    return Signer(salt=f"portal.accounts.activity.{request.session.session_key}")
