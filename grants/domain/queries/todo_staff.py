"""What officers, directors and reviewers should do next, for the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, F, Min
from django.urls import reverse

from grants.domain.queries.completeness import LAST_HOURS
from grants.domain.queries.deadline import closed_before
from grants.domain.queries.extension import waiting_requests
from grants.enums import DocketState, ProposalState, ReviewState
from grants.models import Docket, FundingRound, Proposal, Review
from portal.accounts.enums import Role
from portal.todo import Todo, provides_todos
from portal.words import DAY, counted

# A home page names this many reviews one by one; a longer queue is said in one line.
NAMED = 10


@provides_todos
def screening_todos(user, at: datetime) -> Iterator[Todo]:
    """For officers, a line for each round that has closed with proposals to screen."""
    if Role.OFFICER not in user.roles:
        return
    waiting = (
        Proposal.objects.filter(closed_before(at), state=ProposalState.SUBMITTED)
        .order_by()
        .values("round__reference", "round__name")
        .annotate(number=Count("pk"), first=Min("reference"))
        .order_by("round__closes_at")
    )
    for row in waiting:
        url = f"{reverse('grants:screening-list')}?{urlencode({'round': row['round__reference']})}"
        if row["number"] == 1:
            url = reverse("grants:proposal-detail", args=[row["first"]])
        yield Todo(f"Screen {counted(row['number'], 'proposal')}", url, row["round__name"])


@provides_todos
def deadline_todos(user, at: datetime) -> Iterator[Todo]:
    """For officers, teams that wait for more time, and calls in their last hours. Two queries."""
    if Role.OFFICER not in user.roles:
        return
    asked = list(waiting_requests()[:NAMED])
    for each in asked:
        url = reverse("grants:proposal-extend", args=[each.proposal.reference])
        yield Todo("Answer a request for more time", url, str(each.proposal), each.asked_at + DAY)
    closing = FundingRound.objects.open_at(at).filter(closes_at__lte=at + LAST_HOURS).order_by("closes_at", "pk")
    for round_ in closing:
        url = reverse("grants:round-live", args=[round_.reference])
        yield Todo("Watch the last hours of the call", url, str(round_), round_.closes_at)


@provides_todos
def docket_todos(user, at: datetime) -> Iterator[Todo]:
    """Dockets that wait for a director who may decide on them, and approved ones that wait to be announced."""
    if Role.DIRECTOR in user.roles:
        sent = Docket.objects.filter(state=DocketState.SENT).exclude(prepared_by=user).exclude(sent_by=user)
        for docket in sent.select_related("round").order_by("sent_at"):
            url = reverse("grants:docket-detail", args=[docket.reference])
            yield Todo(f"Decide on the docket “{docket}”", url, str(docket.round), docket.round.decision_by)
    if Role.OFFICER in user.roles:
        for docket in Docket.objects.filter(state=DocketState.APPROVED).select_related("round").order_by("approved_at"):
            url = reverse("grants:letter-list", args=[docket.reference])
            yield Todo(f"Announce the decisions of “{docket}”", url, str(docket.round), docket.round.decision_by)


@provides_todos
def review_todos(user, at: datetime) -> Iterator[Todo]:
    """For reviewers, their open reviews with due dates; never the proposal's name, which may have to stay hidden."""
    if Role.REVIEWER not in user.roles:
        return
    mine = Review.objects.waiting().filter(reviewer=user).select_related("proposal__round", "calibration__round")
    rows = list(mine.order_by("kind", F("due_on").asc(nulls_last=True), "pk")[: NAMED + 1])
    for review in rows[:NAMED]:
        verb = "Answer the conflict question of" if review.state == ReviewState.ASSIGNED else "Finish"
        url = reverse("grants:review-detail", args=[review.reference])
        what = "the sample, review" if review.is_calibration else "review"
        yield Todo(f"{verb} {what} {review.reference}", url, str(review.rubric_round), review.due_on)
    if len(rows) > NAMED:
        yield Todo("See the rest of your reviews", reverse("grants:review-list"))
