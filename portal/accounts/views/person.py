"""People: the list, one person's page, and what administrators do there. Whoever acts proves again who they are."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from portal.access import Refused, demand
from portal.accounts.domain import person as domain
from portal.accounts.domain.queries.person import for_list, grants_of, sign_in_of
from portal.accounts.domain.role import grant_role, revoke_role
from portal.accounts.enums import Role
from portal.accounts.forms import GrantForm, PersonFilter, ReasonForm
from portal.accounts.models import User
from portal.accounts.rules import may_manage, may_see_people
from portal.accounts.tables import PersonTable
from portal.activity.domain import timeline
from portal.forms import typed
from portal.words import counted

PER_PAGE = 50


@require_safe
def person_list(request):
    """Everybody with an account."""
    demand(may_see_people(None, request.user))
    found = PersonFilter(request.GET, User.objects.visible_to(request.user))
    table = PersonTable(for_list(found.qs))
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    return render(request, "accounts/person/list.html", {"form": found.form, "table": table})


@require_safe
def person_detail(request, public_id):
    """One person: roles, seats, how they sign in, what was done to the account."""
    person = _person(request, public_id)
    return _page(request, person, GrantForm(held=person.roles))


@require_POST
@reauthentication_required
def role_grant(request, public_id):
    """Give a role."""
    person = _managed(request, public_id)
    form = GrantForm(request.POST, held=person.roles)
    if form.is_valid():
        try:
            grant = grant_role(person, form.cleaned_data["role"], actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"{person} is {grant.get_role_display().lower()} now.")
            return redirect("accounts:person-detail", person.public_id)
    return _page(request, person, form, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def role_revoke(request, public_id, role):
    """Say what taking the role away does, then do it."""
    person = _managed(request, public_id)
    grant = get_object_or_404(person.role_grants, role=role)
    return _confirmed(
        request,
        person,
        title=f"Take the role {grant.get_role_display().lower()} from {person}?",
        consequence="It works at once: the next page they open no longer lets them act in this role.",
        button="Take the role away",
        act=lambda: revoke_role(person, role, actor=request.user, at=request.arrived_at),
        done=lambda ended: f"{person} is no longer {Role(role).label.lower()}.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def person_deactivate(request, public_id):
    """Ask for a reason, then close the account."""
    person = _managed(request, public_id)
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            domain.deactivate(person, reason=form.cleaned_data["reason"], actor=request.user, at=request.arrived_at)
        except (Refused, ValidationError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, f"The account of {person} is closed.")
            return redirect("accounts:person-detail", person.public_id)
    return render(
        request, "accounts/person/deactivate.html", {"person": person, "form": form, "crumbs": _crumbs(person)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def person_reactivate(request, public_id):
    """Open a closed account again."""
    person = _managed(request, public_id)
    return _confirmed(
        request,
        person,
        title=f"Open the account of {person} again?",
        consequence="They can sign in again, with the roles and seats they had.",
        button="Open the account",
        act=lambda: domain.reactivate(person, actor=request.user, at=request.arrived_at),
        done=lambda row: f"The account of {person} is open again.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def person_end_sessions(request, public_id):
    """Sign a person out everywhere."""
    person = _managed(request, public_id)
    return _confirmed(
        request,
        person,
        title=f"Sign {person} out everywhere?",
        consequence="What they have not saved is lost. They can sign in again at once.",
        button="Sign out everywhere",
        act=lambda: domain.end_sessions(person, actor=request.user, at=request.arrived_at),
        done=lambda ended: f"{counted(ended, 'session')} ended.",
    )


def _person(request, public_id):
    demand(may_see_people(None, request.user))
    return get_object_or_404(User.objects.visible_to(request.user), public_id=public_id)


def _managed(request, public_id):
    person = _person(request, public_id)
    demand(may_manage(person, request.user))
    return person


def _crumbs(person):
    return [
        ("People", reverse("accounts:person-list")),
        (str(person), reverse("accounts:person-detail", args=[person.public_id])),
    ]


def _page(request, person, form, status=200):
    context = {
        "person": person,
        "crumbs": _crumbs(person)[:1],
        "grants": grants_of(person),
        "sign_in": sign_in_of(person),
        "seats": person.seats.filter(ended_at=None).count(),
        "verdict": may_manage(person, request.user),
        "form": form,
        "history": timeline(person, limit=12),
    }
    return render(request, "accounts/person/detail.html", context, status=status)


def _confirmed(request, person, *, title, consequence, button, act, done):
    """A page that says what will happen, then the act; a refusal is shown on the same page."""
    refusal = ""
    if request.method == "POST":
        try:
            result = act()
        except (Refused, ValidationError) as error:
            refusal = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        else:
            messages.success(request, done(result))
            return redirect("accounts:person-detail", person.public_id)
    context = {
        "person": person, "crumbs": _crumbs(person), "title": title, "consequence": consequence, "button": button, "refusal": refusal,
    }  # fmt: skip
    return render(request, "accounts/person/confirm.html", context, status=409 if refusal else 200)
