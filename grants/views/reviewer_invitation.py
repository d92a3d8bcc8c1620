"""Inviting people to the pool, and the page on which they answer. Opening the link changes nothing."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from grants import rules
from grants.domain import reviewer_invitation as domain
from grants.domain.queries.reviewer import invitations_to
from grants.forms.reviewer import InviteForm
from grants.models import ReviewerInvitation
from portal.access import Refused, demand
from portal.forms import typed


@require_http_methods(["GET", "HEAD", "POST"])
def reviewer_invite(request):
    """Invite somebody to the pool."""
    demand(rules.may_manage_reviewers(None, request.user))
    form = InviteForm(typed(request))
    if form.is_valid():
        try:
            sent = domain.invite_reviewer(**form.cleaned_data, actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{sent.name} is invited. The link works for {domain.EXPIRES_AFTER.days} days.")
            return redirect("grants:reviewer-list")
    context = {
        "form": form,
        "days": domain.EXPIRES_AFTER.days,
        "crumbs": [("Reviewers", reverse("grants:reviewer-list"))],
    }
    return render(request, "grants/reviewer/invite.html", context, status=422 if form.errors else 200)


@require_POST
def invitation_again(request, invitation):
    """Send an invitation nobody answered once more."""
    return _press(request, invitation, domain.send_again, "{} gets a new link.")


@require_POST
def invitation_withdraw(request, invitation):
    """Make an invitation's link worthless."""
    return _press(request, invitation, domain.withdraw_invitation, "The invitation to {} is withdrawn.")


def _press(request, public_id, act, words):
    demand(rules.may_manage_reviewers(None, request.user))
    row = get_object_or_404(ReviewerInvitation.objects.select_related("invited_by"), public_id=public_id)
    try:
        act(row, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.format(row.email))
    return redirect("grants:reviewer-list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def invitation_detail(request, token):
    """The page behind the link in the mail: visitors sign in or sign up first, or say no without an account."""
    row = domain.by_token(token)
    if row is None:
        return render(request, "grants/reviewer/invitation_over.html", {"invitation": None}, status=404)
    if request.user.is_authenticated:
        return _answer(request, row)
    over = domain.why_over(row, request.arrived_at)
    if not over and request.method == "POST":
        if "decline" not in request.POST:
            return redirect_to_login(request.path)
        try:
            domain.decline_invitation(row, at=request.arrived_at)
        except Refused as refusal:
            over = str(refusal)
        else:
            return render(request, "grants/reviewer/invitation_declined.html", {"invitation": row})
    context = {
        "invitation": row,
        "reason": over,
        "login_query": urlencode({"next": request.path}),
        "signup_query": urlencode({"next": request.path, "email": row.email}),
    }
    if over:
        return render(request, "grants/reviewer/invitation_over.html", context, status=410)
    return render(request, "grants/reviewer/invitation_welcome.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_answer(request, invitation):
    """The same page for somebody signed in with the invited address who no longer has the mail."""
    rows = invitations_to(request.user, request.arrived_at)
    return _answer(request, get_object_or_404(rows, public_id=invitation))


def _answer(request, row):
    status = 200
    if request.method == "POST":
        status = 409
        try:
            if "decline" in request.POST:
                domain.decline_invitation(row, actor=request.user, at=request.arrived_at)
                messages.success(request, "You declined. Thank you for saying so.")
                return redirect("portal:home")
            domain.accept_invitation(row, actor=request.user, at=request.arrived_at)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Welcome to the pool of reviewers. Tell us what you know and take on.")
            return redirect("grants:reviewer-edit", request.user.public_id)
    context = {"invitation": row, "hindrance": domain.hindrance(row, request.user, request.arrived_at)}
    return render(request, "grants/reviewer/invitation_answer.html", context, status=status)
