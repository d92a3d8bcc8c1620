"""The pool of reviewers: the list staff plan with, a page for each reviewer, what they say and disclose."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import reviewer as domain
from grants.domain.queries import reviewer as queries
from grants.forms.reviewer import DisclosureForm, ProfileForm, ReviewerFilter, StaffNoteForm
from grants.models import Disclosure
from portal import keyset
from portal.access import Refused, demand
from portal.activity.domain import timeline
from portal.conflict import Difference, overtaken
from portal.forms import typed
from portal.record import Stale

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def reviewer_list(request):
    """Everybody who may be asked, with what they know, their load in each round that is in review, and who is away."""
    demand(rules.may_read_as_staff(None, request.user))
    today = timezone.localdate(request.arrived_at)
    found = ReviewerFilter(request.GET, queries.pool(), day=today)
    page = keyset.page(found.qs, request, moment="name", oldest_first=True)
    rounds = queries.rounds_in_review()
    can_manage = rules.may_manage_reviewers(None, request.user)
    context = {
        "form": found.form,
        "page": page,
        "rows": [(each, each.is_away_on(today)) for each in queries.members(page.rows, rounds=rounds)],
        "rounds": rounds,
        "can_manage": can_manage,
        "invitations": queries.unanswered_invitations() if can_manage else (),
    }
    return render(request, "grants/reviewer/list.html", context)


@require_safe
def reviewer_detail(request, person):
    """One reviewer: what they know, their standing disclosures, what they were asked to review."""
    person = _person(request, person)
    staff = request.user.is_foundation_staff
    (member,) = queries.members([person], rounds=queries.rounds_in_review())
    context = {
        "person": person,
        "member": member,
        "is_away": member.is_away_on(timezone.localdate(request.arrived_at)),
        "is_own": person.pk == request.user.pk,
        "is_staff": staff,
        "staff_note": queries.profile_of(person).staff_note if staff else "",
        "can_keep": rules.may_keep_profile(person, request.user),
        "can_manage": rules.may_manage_reviewers(person, request.user),
        "disclosures": queries.disclosures_of(person),
        "reviews": queries.history_of(person),
        "history": timeline(person) if staff else (),
    }
    return render(request, "grants/reviewer/detail.html", context)


@_FORM
def reviewer_edit(request, person):
    """Change what a reviewer knows and takes on."""
    person = _person(request, person)
    demand(rules.may_keep_profile(person, request.user))
    form = ProfileForm(typed(request), profile=queries.profile_of(person))
    return _form_page(request, person, form, domain.save_profile, "What you review", "Save")


@_FORM
def reviewer_note(request, person):
    """Change the note that only staff read."""
    person = _person(request, person)
    demand(rules.may_manage_reviewers(person, request.user))
    profile = queries.profile_of(person)
    form = StaffNoteForm(typed(request), version=profile.version, initial={"staff_note": profile.staff_note})
    return _form_page(request, person, form, domain.write_staff_note, "Note for staff", "Save the note")


@_FORM
def disclosure_new(request, person):
    """Declare a standing conflict of interest."""
    person = _person(request, person)
    demand(rules.may_keep_profile(person, request.user))
    form = DisclosureForm(typed(request))
    return _form_page(request, person, form, domain.declare_disclosure, "Standing conflict of interest", "Declare it")


@require_POST
def disclosure_end(request, person, disclosure):
    """Say that a standing conflict has ended."""
    person = _person(request, person)
    row = get_object_or_404(Disclosure.objects.select_related("reviewer"), reviewer=person, public_id=disclosure)
    try:
        domain.end_disclosure(row, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        if not rules.may_keep_profile(person, request.user):
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The conflict of interest with {row.name} has ended. It stays on record.")
    return redirect("grants:reviewer-detail", person.public_id)


def _person(request, public_id):
    return get_object_or_404(queries.people_shown_to(request.user), public_id=public_id)


def _form_page(request, person, form, act, title, submit):
    """A page with one form about a reviewer; what the domain refuses is shown in it with what was typed."""
    back = reverse("grants:reviewer-detail", args=[person.public_id])
    differences: list[Difference] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(person, actor=request.user, at=request.arrived_at, **form.cleaned_data)
            except Stale as stale:
                differences, status = overtaken(form, stale), 409
            except (Refused, ValidationError) as error:
                form.add_refusal(error)
            else:
                messages.success(request, "Saved.")
                return redirect(back)
    context = {
        "person": person,
        "is_own": person.pk == request.user.pk,
        "form": form,
        "title": title,
        "submit": submit,
        "back": back,
        "differences": differences,
    }
    return render(request, "grants/reviewer/form.html", context, status=status)
