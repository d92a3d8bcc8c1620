"""Pages of reviews: the queue, the conflict question, the rubric beside the proposal, and what was said."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from grants import rules
from grants.domain import review as domain
from grants.domain.queries import review as queries
from grants.domain.queries.blind import reading_of
from grants.domain.queries.calibration import obstacles_to_beginning, sample_to_score
from grants.domain.queries.discussion import kept_discussion
from grants.domain.queries.reading_copy import copies_of, unfinished_job
from grants.domain.section import Overtaken
from grants.enums import ReviewState
from grants.forms.review import ReviewFilter, ReviewForm
from grants.models import Review
from grants.workflow import REVIEW
from portal import keyset
from portal.access import Refused, demand
from portal.record import Stale
from portal.saving import by_itself, tell_saved
from portal.steps import step_view

CHANGED = "It was saved in another window meanwhile. Your text is kept here."

review_step = step_view(REVIEW, Review, "grants:review-detail", gone="grants:review-list")


def _visible(request):
    rows = Review.objects.visible_to(request.user)
    return rows.select_related("proposal__round", "proposal__site", "reviewer", "calibration__round")


@require_safe
def review_list(request):
    """A reviewer's own queue; for staff also every review, newest first."""
    mine = queries.with_progress(_visible(request).filter(reviewer=request.user))
    finished = mine.filter(state=ReviewState.SUBMITTED).order_by("-submitted_at", "-pk")
    context = {
        # Samples first: no real review of their round begins before.
        "todo": list(mine.waiting().order_by("kind", F("due_on").asc(nulls_last=True), "pk")),
        "done": list(finished[: keyset.SIZE]),
        "is_staff": request.user.is_foundation_staff,
    }
    submitted = finished.count()
    context |= {"submitted": submitted, "all_mine": submitted + len(context["todo"])}
    if context["is_staff"]:
        found = ReviewFilter(request.GET, queries.listed(_visible(request)))
        context |= {"form": found.form, "page": keyset.page(found.qs, request, moment="created_at")}
    return render(request, "grants/review/list.html", context)


@require_safe
def review_detail(request, reference):
    """The conflict question first; then the proposal beside the rubric; after submission what was said."""
    review = get_object_or_404(_visible(request), reference=reference)
    context = _frame(request, review)
    if review.state == ReviewState.SUBMITTED:
        return _submitted(request, review, context)
    if not context["is_reviewer"] or review.state == ReviewState.RECUSED:
        rows = queries.rubric(review)
        context |= {"done": sum(row.complete for row in rows), "criteria": len(rows)}
        context["frozen"] = list(review.submitted.all()) if request.user.is_foundation_staff else []
        return render(request, "grants/review/waiting.html", context)
    if review.state == ReviewState.ASSIGNED:
        context["partners"] = [] if context["blind"] else list(review.proposal.site.partners.all())
        context |= {"sample": sample_to_score(review), "obstacles": obstacles_to_beginning(review)}
        return render(request, "grants/review/conflict.html", context)
    return _write(request, review, context, _form(review))


def _submitted(request, review, context):
    """What the reviewer said, then what the others said: to their fellows without names, in a blind round neither way."""
    reading = reading_of(review, request.user)
    by_name = request.user.is_foundation_staff and not context["is_reviewer"]
    others = queries.others_shown_with(review, request.user)
    labels = queries.reviewer_labels(review.proposal_id) if others and not by_name else {}
    context |= {
        "rows": queries.rubric(review),
        "others": [
            {
                "who": str(each.reviewer) if by_name else labels[each.reviewer_id],
                "mean": each.weighted_mean,
                "scores": [
                    {"criterion": score.criterion, "points": score.points, "reason": reading.said(score.reason)}
                    for score in each.scores.all()
                ],
                "feedback": reading.said(each.feedback),
            }
            for each in others
        ],
        "content": reading.content,
        "frozen": list(review.submitted.all()) if request.user.is_foundation_staff else [],
        # Stepping back is a link, because it is not what comes next; scoring again is for discussions alone.
        "offers": [
            each
            for each in context["offers"]
            if each.step.name != "recuse" and (each.open or each.step.name != "rescore")
        ],
        **_copies(request, review),
    }
    return render(request, "grants/review/submitted.html", context)


@require_POST
def review_no_conflict(request, reference):
    """The reviewer says they have no conflict of interest."""
    review = get_object_or_404(_visible(request), reference=reference)
    try:
        REVIEW.perform(review, "declare_no_conflict", actor=request.user, at=request.arrived_at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("grants:review-detail", reference)


@require_POST
def review_save(request, reference):
    """Keep the draft: by itself while somebody types (htmx), or with a button, which may go on to submitting."""
    review = get_object_or_404(_visible(request), reference=reference)
    demand(rules.may_answer_review(review, request.user))
    if review.state == ReviewState.ASSIGNED:
        raise Refused("Answer the conflict question first.")
    form = _form(review, request.POST)
    theirs, status = (), 422
    if form.is_valid():
        try:
            saved = _save(request, review, form)
        except Overtaken as late:
            # A later save of this same page got here first, and stands.
            return tell_saved(_after_saving(request, review, late.current), form.cleaned_data["editor"])
        except Stale as stale:
            if by_itself(request):
                # The page keeps its version, so that the button, too, leads to both texts.
                return _save_state(request, form["version"].value(), problem=CHANGED, status=409, overtaken=True)
            review, form, theirs = _beside(review, stale.current, request.POST)
            form.add_refusal(stale)
            status = 409
        except Refused as refusal:
            form.add_refusal(refusal)
            status = 409
        else:
            return tell_saved(_after_saving(request, review, saved), form.cleaned_data["editor"])
    if by_itself(request):
        return _save_state(request, form["version"].value(), problem=_first_error(form), status=status)
    return _write(request, review, _frame(request, review), form, theirs=theirs, status=status)


def _save(request, review, form):
    return domain.save_draft(
        review,
        actor=request.user,
        at=request.arrived_at,
        version=form.cleaned_data["version"],
        editor=form.cleaned_data["editor"],
        scores=form.scores,
        feedback=form.cleaned_data["feedback"],
        private_notes=form.cleaned_data["private_notes"],
        turn=form.cleaned_data["turn"] or 0,
    )


def _after_saving(request, review, saved):
    if by_itself(request):
        return _save_state(request, saved.version, saved_at=request.arrived_at)
    if "submit" not in request.POST:
        messages.success(request, "Your draft is saved.")
        return redirect("grants:review-detail", saved.reference)
    review, form, rows = _beside(review, saved, request.POST)
    missing = queries.gaps(rows)
    for field, text in missing:
        form.add_error(field, text)
    if missing:
        return _write(request, review, _frame(request, review), form, status=422)
    return redirect("grants:review-step", saved.reference, "submit")


def _save_state(request, version, *, saved_at=None, problem="", status=200, overtaken=False):
    """The outcome of a draft that saved itself, with the version the page goes on from."""
    context = {"version": version, "saved_at": saved_at, "problem": problem, "overtaken": overtaken}
    return render(request, "grants/proposal/save_state.html", context, status=status)


def _first_error(form) -> str:
    return next(text for texts in form.errors.values() for text in texts)


def _beside(review, current, posted):
    """What was typed, made from the version that is stored now: saving it once more is then a decision."""
    current.proposal, current.reviewer, current.calibration = review.proposal, review.reviewer, review.calibration
    typed = posted.copy()
    typed["version"] = str(current.version)
    form = _form(current, typed)
    form.full_clean()
    return current, form, queries.rubric(current)


def _form(review, data=None):
    rows = queries.rubric(review)
    return ReviewForm(data, review=review, rows=rows, top_score=review.rubric_round.top_score)


def _frame(request, review) -> dict:
    """What every page of a review shows; a blind reviewer is not told even the title."""
    proposal = review.proposal
    is_reviewer = bool(rules.may_answer_review(review, request.user))
    blind = review.is_blind and review.reviewer_id == request.user.pk
    return {
        "review": review,
        "proposal": proposal,
        "round": review.rubric_round,
        "is_reviewer": is_reviewer,
        "blind": blind,
        "title": _neutral(review) if blind else proposal.title,
        "offers": REVIEW.offered(review, request.user),
        "discussion": _discussion(request, review),
    }


def _discussion(request, review):
    """The discussion this reader may go to from the review, if there is one."""
    if review.is_calibration:
        return None
    may_read = request.user.is_foundation_staff or rules.may_discuss(review, request.user)
    return kept_discussion(review.proposal) if may_read else None


def _neutral(review) -> str:
    return "Sample proposal" if review.is_calibration else f"Proposal {review.proposal.reference}"


def _write(request, review, context, form, *, theirs=(), status=200):
    context |= {
        "form": form,
        "theirs": theirs,
        "content": reading_of(review, request.user).content,
        "missing": queries.missing_to_submit(review),
        **_copies(request, review),
    }
    return render(request, "grants/review/write.html", context, status=status)


def _copies(request, review) -> dict:
    """The PDFs for reading offline, and the one that is being made."""
    return {
        "copies": list(copies_of(review, at=request.arrived_at)[:1]),
        "copy_job": unfinished_job(review, request.user),
    }
