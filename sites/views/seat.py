"""Pages of one seat: another role, a successor, the end."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal.access import Refused, demand
from portal.forms import typed
from sites.domain import seat as domain
from sites.domain.hand_over import write_note
from sites.domain.invitation import invite
from sites.enums import SeatRole
from sites.forms.seat import HandOverForm, NoteForm, RoleForm
from sites.models import Site
from sites.rules import WHAT_SEATS_DO, may_end_seat, may_manage_seats
from sites.views.coalition import FORM_METHODS, crumbs_to, site_for


@require_safe
def seat_detail(request, reference, public_id):
    """One seat, and what can be done with it."""
    seat = _seat(request, reference, public_id)
    return _page(request, seat)


@FORM_METHODS
def seat_summary(request, reference, public_id):
    """What whoever takes the seat over gets to read, and the note its holder leaves them."""
    seat = _seat(request, reference, public_id)
    form, status = NoteForm(typed(request), initial={"note": seat.hand_over_note}), 200
    if request.method == "POST" and form.is_valid():
        try:
            write_note(seat, form.cleaned_data["note"], actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, "Your note is saved.")
            return redirect("sites:seat-summary", reference, public_id)
    context = {
        **domain.summary(seat, at=request.arrived_at),
        "crumbs": [*crumbs_to(seat.site), _crumb(seat)],
        "form": form,
    }
    return render(request, "sites/seat/summary.html", context, status=status)


@require_POST
def seat_role(request, reference, public_id):
    """Give the holder another role."""
    seat = _seat(request, reference, public_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            domain.change_role(seat, role=form.cleaned_data["role"], actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{seat.holder} has another role now.")
            return redirect("sites:coalition-detail", seat.site.reference)
    return _page(request, seat, role_form=form)


@require_POST
def seat_hand_over(request, reference, public_id):
    """Give the seat to a colleague, or invite somebody to take it over."""
    seat = _seat(request, reference, public_id)
    form = HandOverForm(request.POST, seat=seat)
    if form.is_valid():
        try:
            done = _hand_over(seat, form.cleaned_data, actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, done)
            return _onwards(request, seat)
    return _page(request, seat, hand_over_form=form)


@require_POST
def seat_end(request, reference, public_id):
    """End the seat without a successor."""
    seat = _seat(request, reference, public_id)
    try:
        domain.end_seat(seat, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        return _page(request, seat, refusal=str(refusal))
    messages.success(request, f"The seat of {seat.holder} on {seat.site} has ended.")
    return _onwards(request, seat)


def _hand_over(seat, chosen, *, actor, at) -> str:
    """Do whichever of the two was chosen, and say what happened."""
    if chosen["colleague"]:
        successor = chosen["colleague"].holder
        domain.hand_over(seat, to=successor, actor=actor, at=at)
        return f"The seat is {successor}'s now."
    invite(seat.site, email=chosen["email"], role=seat.role, hand_over_of=seat, actor=actor, at=at)
    return f"{chosen['email']} is invited to take the seat over. Until they accept, nothing changes."


def _crumb(seat):
    return f"Seat of {seat.holder}", reverse("sites:seat-detail", args=[seat.site.reference, seat.public_id])


def _seat(request, reference, public_id):
    site = site_for(request, reference)
    seats = site.seats.current().select_related("holder", "predecessor__holder")
    seat = get_object_or_404(seats, public_id=public_id)
    seat.site = site
    demand(may_end_seat(seat, request.user))
    return seat


def _page(request, seat, role_form=None, hand_over_form=None, refusal=""):
    failed = role_form or hand_over_form or refusal
    context = {
        "site": seat.site,
        "seat": seat,
        "crumbs": crumbs_to(seat.site),
        "last_lead": domain.is_last_lead(seat),
        "does": WHAT_SEATS_DO[SeatRole(seat.role)],
        "manages": bool(may_manage_seats(seat.site, request.user)),
        "role_form": role_form or RoleForm(initial={"role": seat.role}),
        "hand_over_form": hand_over_form or HandOverForm(seat=seat),
        "refusal": refusal,
    }
    return render(request, "sites/seat/detail.html", context, status=409 if failed else 200)


def _onwards(request, seat):
    """Back to the coalition, or, for whoever has just left it, to what they still have."""
    if Site.objects.visible_to(request.user).filter(pk=seat.site_id).exists():
        return redirect("sites:coalition-detail", seat.site.reference)
    return redirect("sites:coalition-list")
