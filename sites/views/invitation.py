"""Inviting to a team, and the page on which an invitation is answered. Opening the link changes nothing."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.access import Refused, demand
from portal.forms import typed
from sites.domain import invitation as domain
from sites.domain.queries.invitation import addressed_to
from sites.enums import SeatRole
from sites.forms.seat import InvitationForm
from sites.rules import WHAT_SEATS_DO, may_manage_seats, may_withdraw
from sites.views.coalition import FORM_METHODS, crumbs_to, site_for


@FORM_METHODS
def invitation_new(request, reference):
    """Invite somebody to the team."""
    site = site_for(request, reference)
    demand(may_manage_seats(site, request.user))
    form = InvitationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            sent = domain.invite(site, **form.cleaned_data, actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{sent.email} is invited. The link works for 14 days.")
            return redirect("sites:coalition-detail", site.reference)
    return render(request, "sites/invitation/new.html", {"site": site, "crumbs": crumbs_to(site), "form": form})


@require_POST
def invitation_withdraw(request, reference, public_id):
    """Make an open invitation's link worthless."""
    site = site_for(request, reference)
    invitation = get_object_or_404(site.invitations.select_related("site", "hand_over_of__site"), public_id=public_id)
    demand(may_withdraw(invitation, request.user))
    try:
        domain.withdraw_invitation(invitation, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The invitation to {invitation.email} is withdrawn.")
    return redirect("sites:coalition-detail", site.reference)


@require_POST
def invitation_again(request, reference, public_id):
    """Send an invitation nobody answered once more."""
    site = site_for(request, reference)
    invitation = get_object_or_404(site.invitations.select_related("site", "hand_over_of__site"), public_id=public_id)
    demand(may_withdraw(invitation, request.user))
    try:
        sent = domain.send_again(invitation, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{sent.email} gets a new link. It works for {domain.EXPIRES_AFTER.days} days.")
    return redirect("sites:coalition-detail", site.reference)


@FORM_METHODS
@login_not_required
@never_cache
def invitation_detail(request, token):
    """The page behind the link in the mail; it asks visitors to sign in or sign up first."""
    invitation = domain.by_token(token)
    if invitation is None:
        return render(request, "sites/invitation/unknown.html", status=404)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= request.arrived_at:
        return _answer(request, invitation, status=410) if request.user.is_authenticated else _over(request, invitation)
    if not request.user.is_authenticated:
        if request.method == "POST":
            return redirect_to_login(request.path)
        context = {
            "invitation": invitation,
            "site": invitation.site,
            "login_query": urlencode({"next": request.path}),
            "signup_query": urlencode({"next": request.path, "email": invitation.email}),
            "does": WHAT_SEATS_DO[SeatRole(invitation.role)],
        }
        return render(request, "sites/invitation/welcome.html", context)
    return _answer(request, invitation)


@FORM_METHODS
def invitation_answer(request, public_id):
    """The same page for somebody who is signed in with the invited address and no longer has the mail."""
    return _answer(request, get_object_or_404(addressed_to(request.user, request.arrived_at), public_id=public_id))


def _over(request, invitation):
    """The page of a link that was answered, withdrawn or expired, for a visitor."""
    context = {
        "invitation": invitation,
        "site": invitation.site,
        "reason": domain.why_over(invitation, request.arrived_at),
        "login_query": urlencode({"next": request.path}),
    }
    return render(request, "sites/invitation/over.html", context, status=410)


def _answer(request, invitation, status=200):
    if request.method == "POST":
        try:
            seat = domain.accept_invitation(invitation, actor=request.user, at=request.arrived_at)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Welcome to the team of {invitation.site}.")
            if seat.predecessor:
                return redirect("sites:seat-summary", invitation.site.reference, seat.public_id)
            return redirect("sites:coalition-detail", invitation.site.reference)
    context = {
        "invitation": invitation,
        "site": invitation.site,
        "hindrance": domain.hindrance(invitation, request.user, request.arrived_at),
    }
    context["does"] = WHAT_SEATS_DO[SeatRole(invitation.role)]
    return render(request, "sites/invitation/answer.html", context, status=409 if request.method == "POST" else status)
