"""Sending a plan of who reviews what, and moving a review to somebody else."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from grants.domain.assignment import (
    SEND_JOB,
    carry_out_plan,
    drop_plan,
    move_review,
    send_plan,
)
from grants.domain.queries.assignment import field_of, outcomes, planned_pairs, shares
from grants.enums import PlanSource, PlanState, ProposalState, ReviewState
from grants.models import AssignmentPlan, PlannedReview, Proposal, Review
from portal.accounts.enums import Role
from portal.jobs.models import Job
from portal.mail.models import Message
from portal.record import Stale
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.reviewers import a_plan
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import SeatFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)
DUE = date(2026, 12, 7)
LATER = REVIEWED_AT + timedelta(minutes=5)


@pytest.fixture
def call():
    return RoundFactory()


@pytest.fixture
def proposals(call):
    return ProposalFactory.create_batch(3, round=call, state=ProposalState.IN_REVIEW, submission=False)


def carry_out(plan):
    return carry_out_plan(
        AssignmentPlan.objects.select_related("round", "sent_by").get(pk=plan.pk), progress=lambda *_: None
    )


# --- sending ---


@pytest.fixture
def sent(call, proposals, rita_reviewer, rolf_reviewer, omar_officer):
    plan = a_plan(
        call, omar_officer, (proposals[0], rita_reviewer), (proposals[1], rita_reviewer), (proposals[0], rolf_reviewer),
        due_on=DUE,
    )  # fmt: skip
    send_plan(plan, actor=omar_officer, at=LATER, version=plan.version)
    return plan


def test_shares_tell_how_many_each_reviewer_is_asked_for(call, proposals, rita_reviewer, omar_officer):
    plan = a_plan(call, omar_officer, (proposals[0], rita_reviewer), (proposals[1], rita_reviewer))

    assert [(str(each.member.person), each.number, each.is_over) for each in shares(field_of(call), planned_pairs(plan))] == [
        ("Rita Reviewer", 2, False)
    ]  # fmt: skip


def test_sending_settles_the_plan_and_a_job_asks(sent, omar_officer):
    plan = AssignmentPlan.objects.get()

    assert (plan.state, plan.sent_by, plan.sent_at) == (PlanState.SENT, omar_officer, LATER)
    assert Job.objects.get(kind=SEND_JOB).facts == {"plan": plan.pk}
    assert not Review.objects.exists()


def test_sent_plan_asks_each_reviewer_once_with_one_mail(sent, call, proposals, rita_reviewer, rolf_reviewer):
    carry_out(sent)
    carry_out(sent)

    assert sorted(Review.objects.values_list("proposal", "reviewer", "due_on", "state")) == sorted(
        [
            (proposals[0].pk, rita_reviewer.pk, DUE, "assigned"),
            (proposals[1].pk, rita_reviewer.pk, DUE, "assigned"),
            (proposals[0].pk, rolf_reviewer.pk, DUE, "assigned"),
        ]
    )
    mails = {each.to: each for each in Message.objects.all()}
    assert {to: mail.subject for to, mail in mails.items()} == {
        rita_reviewer.email: "2 proposals are waiting for your review",
        rolf_reviewer.email: "A proposal is waiting for your review",
    }
    told = mails[rita_reviewer.email].text
    assert "Please submit your reviews by 7 Dec 2026." in told
    assert not any(each.reference in told or str(each.site) in told for each in proposals)


def test_sent_plan_tells_row_by_row_what_was_refused(sent, proposals, rita_reviewer):
    Proposal.objects.filter(pk=proposals[1].pk).update(state=ProposalState.WITHDRAWN, withdrawn_at=LATER)

    plan = carry_out(sent)

    assert plan.remarks == [
        f"Rita Reviewer for {proposals[1].site} ({proposals[1].reference}): Reviewers can be assigned while a proposal "
        "is in review. This one: withdrawn."
    ]
    assert [(each.planned.proposal_id, bool(each.review)) for each in outcomes(plan)] == [
        (proposals[0].pk, True),
        (proposals[0].pk, True),
        (proposals[1].pk, False),
    ]


def test_sending_twice_is_refused(sent, olga_officer):
    with refuses("This plan was sent already, by Omar Officer."):
        send_plan(sent, actor=olga_officer, at=LATER, version=sent.version)


def test_sending_an_empty_plan_is_refused(call, proposals, omar_officer):
    plan = a_plan(call, omar_officer)

    with refuses("Nobody is planned yet. Choose reviewers on the board first."):
        send_plan(plan, actor=omar_officer, at=LATER, version=plan.version)


def test_sending_after_the_due_day_is_refused(call, proposals, rita_reviewer, omar_officer):
    plan = a_plan(call, omar_officer, (proposals[0], rita_reviewer), due_on=DUE)

    with refuses("The day on which reviews are due is over. Choose a later one on the board."):
        send_plan(plan, actor=omar_officer, at=REVIEWED_AT + timedelta(days=60), version=plan.version)


def test_sending_what_a_colleague_changed_is_stale(call, proposals, rita_reviewer, omar_officer):
    plan = a_plan(call, omar_officer, (proposals[0], rita_reviewer))

    with pytest.raises(Stale):
        send_plan(plan, actor=omar_officer, at=LATER, version=plan.version - 1)


def test_dropped_plan_makes_room_for_a_new_one(call, proposals, rita_reviewer, omar_officer):
    plan = a_plan(call, omar_officer, (proposals[0], rita_reviewer))

    drop_plan(plan, actor=omar_officer, at=LATER, version=plan.version)

    assert planned_pairs(a_plan(call, omar_officer)) == {}
    assert list(AssignmentPlan.objects.values_list("state", flat=True)) == ["draft", "dropped"]
    with refuses("This plan was dropped."):
        send_plan(plan, actor=omar_officer, at=LATER, version=plan.version)


def test_same_row_twice_in_a_plan_is_refused_by_the_database(call, proposals, rita_reviewer, omar_officer):
    plan = a_plan(call, omar_officer, (proposals[0], rita_reviewer))

    with pytest.raises(IntegrityError):
        PlannedReview.objects.create(plan=plan, proposal=proposals[0], reviewer=rita_reviewer, source=PlanSource.CHOSEN)


# --- moving a review to somebody else ---


def test_moved_review_that_nobody_began_is_taken_back(proposals, rita_reviewer, rolf_reviewer, omar_officer):
    review = a_review(proposals[0], rita_reviewer, state=ReviewState.ASSIGNED, officer=omar_officer)

    move_review(review, rolf_reviewer, actor=omar_officer, at=LATER, due_on=DUE)

    assert list(Review.objects.values_list("reviewer", "due_on")) == [(rolf_reviewer.pk, DUE)]


def test_moved_review_somebody_stepped_back_from_stays(proposals, rita_reviewer, rolf_reviewer, omar_officer):
    review = a_review(proposals[0], rita_reviewer, state=ReviewState.RECUSED, officer=omar_officer)

    move_review(review, rolf_reviewer, actor=omar_officer, at=LATER, due_on=DUE)

    assert sorted(Review.objects.values_list("reviewer", "state")) == sorted(
        [(rita_reviewer.pk, "recused"), (rolf_reviewer.pk, "assigned")]
    )


@pytest.mark.parametrize("state", [ReviewState.IN_PROGRESS, ReviewState.SUBMITTED])
def test_moving_a_review_that_was_begun_is_refused(state, proposals, rita_reviewer, rolf_reviewer, omar_officer):
    review = a_review(proposals[0], rita_reviewer, state=state, officer=omar_officer)

    with refuses("Rita Reviewer has already begun, so this review stays. Ask one more reviewer instead."):
        move_review(review, rolf_reviewer, actor=omar_officer, at=LATER, due_on=None)


def test_moving_a_review_to_somebody_with_a_conflict_takes_nothing_back(proposals, rita_reviewer, omar_officer):
    review = a_review(proposals[0], rita_reviewer, state=ReviewState.ASSIGNED, officer=omar_officer)
    insider = UserFactory(name="Ida", roles=[Role.REVIEWER])
    SeatFactory(site=proposals[0].site, holder=insider)

    with refuses("Ida has held a seat on this site."):
        move_review(review, insider, actor=omar_officer, at=LATER, due_on=None)
    assert Review.objects.get() == review
