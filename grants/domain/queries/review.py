"""Reading reviews: what is missing, how far they are, who may see whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from grants.domain.queries.scores import Mark
from grants.enums import UNANNOUNCED, ProposalState, ReviewState
from grants.models import Criterion, Review, Score
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.certain import certain

# Where an instance keeps its rubric, as Django's own cached properties do.
_KEPT = "_rubric"
_DONE = Q(points__isnull=False) & ~Q(reason="")


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked to review, and how many reviews they have not finished."""

    person: User
    open_reviews: int


@dataclass(frozen=True)
class Scored:
    """A criterion of the rubric with what this review says about it, if anything yet."""

    criterion: Criterion
    points: int | None
    reason: str

    @property
    def complete(self) -> bool:
        return self.points is not None and bool(self.reason.strip())

    @property
    def anchor(self) -> str:
        """What the given score means, in the rubric's words."""
        return str(self.criterion.anchors.get(str(self.points), ""))


def rubric(review: Review) -> list[Scored]:
    """Every criterion of the round in order. Two queries besides the proposal's, once for this instance."""
    known: list[Scored] | None = vars(review).get(_KEPT)
    if known is None:
        known = vars(review)[_KEPT] = _read_rubric(review)
    return known


def forget_rubric(review: Review) -> None:
    """Read the scores again when they are next asked for: this act has just changed them."""
    vars(review).pop(_KEPT, None)


def _read_rubric(review: Review) -> list[Scored]:
    given = {score.criterion_id: score for score in review.scores.all()}
    blank = Score(points=None, reason="")
    return [
        Scored(each, given.get(each.pk, blank).points, given.get(each.pk, blank).reason)
        for each in Criterion.objects.filter(round=review.rubric_round.pk)
    ]


def missing_to_submit(review: Review) -> list[str]:
    """Blockers of `submit`: the sentences of `gaps`, once nothing else stands in the way."""
    proposal = review.proposal
    if review.is_calibration:
        return _missing_for_sample(review)
    if proposal.state in UNANNOUNCED:
        return ["Reviewing is over: a decision on the proposal is being made."]
    if proposal.state != ProposalState.IN_REVIEW:
        return [f"Reviewing is over: the proposal is {proposal.get_state_display().lower()}."]
    return _unscored(review)


def _missing_for_sample(review: Review) -> list[str]:
    if certain(review.calibration).closed_at is not None:
        return ["The calibration is closed."]
    return _unscored(review)


def _unscored(review: Review) -> list[str]:
    rows = rubric(review)
    if not rows:
        return ["The round has no criteria to score yet."]
    return [text for _, text in gaps(rows)]


def gaps(rows: Iterable[Scored]) -> list[tuple[str, str]]:
    """What a rubric still lacks: the place (`points-<key>` or `reason-<key>` of the criterion) and a sentence."""
    found = []
    for row in rows:
        if row.points is None:
            found.append((f"points-{row.criterion.pk}", f"Give a score for “{row.criterion}”."))
        if not row.reason.strip():
            found.append((f"reason-{row.criterion.pk}", f"Write your reason for “{row.criterion}”."))
    return found


def obstacles_to_reopening(review: Review) -> list[str]:
    """A review is part of the decision once its proposal's docket was sent; that of a sample, of the spread shown."""
    if review.is_calibration:
        return [] if certain(review.calibration).closed_at is None else ["The calibration is closed."]
    proposal = review.proposal
    if proposal.state == ProposalState.IN_REVIEW:
        return []
    return [f"The proposal is {proposal.get_state_display().lower()}, so its reviews stay as they are."]


def marks_of(round_id: int) -> list[Mark]:
    """The marks of every submitted review of a round, keyed by reviewer and proposal."""
    rows = (
        Review.objects.real()
        .filter(proposal__round=round_id, state=ReviewState.SUBMITTED)
        .order_by("pk")
        .values_list("reviewer", "proposal", "weighted_mean")
    )
    return [Mark(reviewer, proposal, certain(mean)) for reviewer, proposal, mean in rows]


# What a list says of a review; the texts of round, site and proposal stay where they are.
_LISTED = (
    "reference", "kind", "state", "due_on", "weighted_mean", "created_at", "proposal__reference", "proposal__title",
    "proposal__round__name", "reviewer__name", "reviewer__email",
)  # fmt: skip


def listed(reviews: QuerySet) -> QuerySet:
    """The reviews with what the list of all reviews says of them."""
    return with_progress(reviews.select_related(None).select_related("proposal__round", "reviewer").only(*_LISTED))


def with_progress(reviews):
    """Annotates `done` and `criteria`: how many criteria have a score and a reason, and how many there are.

    Counted for each row that is shown: a join would count for every review there is before the first is shown.
    """
    done = _counted(Score.objects.filter(_DONE, review=OuterRef("pk")), "review")
    rubrics = Criterion.objects.filter(round=Coalesce(OuterRef("calibration__round"), OuterRef("proposal__round")))
    return reviews.annotate(done=done, criteria=_counted(rubrics, "round"))


def reviews_of(proposal) -> list[Review]:
    """The reviews of a proposal for its record page, submitted ones first."""
    reviews = with_progress(proposal.reviews.real().select_related("reviewer"))
    return list(reviews.order_by(F("submitted_at").asc(nulls_last=True), "pk"))


def submitted_of(proposal) -> list[Review]:
    """The submitted reviews of a proposal with their reviewers, in the order they came in."""
    reviews = Review.objects.real().filter(proposal=proposal, state=ReviewState.SUBMITTED)
    return list(reviews.select_related("reviewer").order_by("submitted_at", "pk"))


def reviewer_labels(proposal_id: int) -> dict[int, str]:
    """By the reviewer's key what other reviewers call them: “Reviewer 1”, in the order in which they were asked.

    Who stepped back keeps the number, so that the others keep theirs.
    """
    asked = Review.objects.real().filter(proposal=proposal_id).order_by("pk").values_list("reviewer", flat=True)
    return {reviewer: f"Reviewer {number}" for number, reviewer in enumerate(asked, 1)}


def others_shown_with(review: Review, user) -> list[Review]:
    """The other submitted reviews of the proposal: to staff, and to a reviewer once their own is submitted.

    Of a sample none: what others made of it is told by the calibration's own page, once it is closed.
    """
    if review.is_calibration or (review.state != ReviewState.SUBMITTED and not user.is_foundation_staff):
        return []
    others = Review.objects.real().filter(proposal=review.proposal_id, state=ReviewState.SUBMITTED)
    others = others.exclude(pk=review.pk)
    return list(others.select_related("reviewer").prefetch_related("scores__criterion").order_by("pk"))


def spoken_anchors(criterion: Criterion, top_score: int) -> dict[int, str]:
    """What every score means in words; one without words of its own stands between its neighbours that have some."""
    said = {score: str(criterion.anchors.get(str(score), "")).strip() for score in range(1, top_score + 1)}
    spoken = dict(said)
    for score, words in said.items():
        below = next((said[each] for each in range(score - 1, 0, -1) if said[each]), "")
        above = next((said[each] for each in range(score + 1, top_score + 1) if said[each]), "")
        if not words and below and above:
            spoken[score] = f"between “{below.rstrip('.')}” and “{above.rstrip('.')}”"
    return spoken


def reviewer_pool() -> list[Candidate]:
    """Everybody who may be assigned, by name."""
    unfinished = Review.objects.real().filter(
        reviewer=OuterRef("pk"), state__in=[ReviewState.ASSIGNED, ReviewState.IN_PROGRESS]
    )
    people = User.objects.filter(is_active=True, role_grants__role=Role.REVIEWER).order_by("name", "email")
    people = people.only("name", "email", "is_active")
    return [
        Candidate(each, each.open_reviews) for each in people.annotate(open_reviews=_counted(unfinished, "reviewer"))
    ]


def _counted(rows, of: str) -> Coalesce:
    """How many `rows` there are of the outer row, whose key they hold in `of`."""
    return Coalesce(Subquery(rows.order_by().values(of).annotate(number=Count("pk")).values("number")), 0)
