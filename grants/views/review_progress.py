"""How far the reviews of a round are, reminding a reviewer, and asking somebody else instead."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import rules
from grants.domain import export, review_reminder
from grants.domain.assignment import move_review
from grants.domain.queries.conflict import known_conflicts
from grants.domain.queries.review import reviewer_pool
from grants.domain.queries.review_progress import is_overdue, progress_of
from grants.domain.queries.reviewer import people_shown_to
from grants.enums import ReviewState
from grants.forms.assignment import MoveForm
from grants.models import Review
from grants.views.round import staff_round
from portal.access import Refused, demand
from portal.forms import typed
from portal.words import counted


@require_safe
def review_progress(request, reference):
    """Who was asked for how many, what became of it, and what each proposal still lacks."""
    round_ = staff_round(request, reference)
    today = timezone.localdate(request.arrived_at)
    progress = progress_of(round_, request.arrived_at)
    context = {
        "round": round_,
        "progress": progress,
        "rows": [(row, [(each, is_overdue(each, today)) for each in row.reviews]) for row in progress.proposals],
        "can_assign": rules.may_assign(round_, request.user),
    }
    return render(request, "grants/assignment/progress.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_progress_export(request, reference):
    """The same as a file; who takes it proves again who they are."""
    round_ = staff_round(request, reference)
    return _proved(request, round_)


@reauthentication_required
def _proved(request, round_):
    if request.method != "POST":
        number = Review.objects.real().filter(proposal__round=round_).count()
        return render(request, "grants/assignment/export.html", {"round": round_, "count": number})
    content = export.export_review_progress(round_, actor=request.user, at=request.arrived_at)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="reviews-{round_.reference}.csv"'
    return response


@require_POST
def reviewer_remind(request, reference, person):
    """Remind one reviewer of what they have not finished in a round."""
    round_ = staff_round(request, reference)
    demand(rules.may_assign(round_, request.user))
    reviewer = get_object_or_404(people_shown_to(request.user), public_id=person)
    try:
        number = review_reminder.remind_reviewer(round_, reviewer, actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{reviewer} was reminded of {counted(number, 'review')}.")
    return redirect("grants:review-progress", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def review_move(request, reference):
    """Ask somebody else instead of a reviewer who has not begun, or who stepped back."""
    reviews = Review.objects.visible_to(request.user).select_related("proposal__round", "proposal__site", "reviewer")
    review = get_object_or_404(reviews, reference=reference)
    demand(rules.may_assign(review, request.user))
    form = MoveForm(typed(request), choices=_free(review), initial={"due_on": review.due_on})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                move_review(
                    review, form.cleaned_data["reviewer"], actor=request.user, at=request.arrived_at,
                    due_on=form.cleaned_data["due_on"],
                )  # fmt: skip
            except Refused as refusal:
                form.add_refusal(refusal)
                status = 409
            else:
                messages.success(request, f"{form.cleaned_data['reviewer']} was asked instead of {review.reviewer}.")
                return redirect("grants:review-progress", review.proposal.round.reference)
    context = {
        "review": review,
        "proposal": review.proposal,
        "round": review.proposal.round,
        "form": form,
        "back": reverse("grants:review-progress", args=[review.proposal.round.reference]),
        "has_begun": review.state in {ReviewState.IN_PROGRESS, ReviewState.SUBMITTED},
    }
    return render(request, "grants/assignment/move.html", context, status=status)


def _free(review):
    """Who can be asked, with how many open reviews they have."""
    asked = set(Review.objects.real().filter(proposal=review.proposal_id).values_list("reviewer", flat=True))
    pool = [each for each in reviewer_pool() if each.person.pk not in asked]
    conflicts = known_conflicts(review.proposal, [each.person for each in pool])
    return [
        (each.person, f"{each.person} · {counted(each.open_reviews, 'open review')}")
        for each in pool
        if each.person.pk not in conflicts
    ]
