"""Calibrations: one sample that all reviewers of a round score first, and that counts towards no decision."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grants.domain.calibration import ask_missing, call_off_calibration, close_calibration, open_calibration
from grants.domain.queries.calibration import obstacles_to_beginning, reviewers_to_ask, spread_of
from grants.domain.queries.review import (
    listed,
    marks_of,
    missing_to_submit,
    obstacles_to_reopening,
    others_shown_with,
    reviewer_pool,
    reviews_of,
    rubric,
    spoken_anchors,
    submitted_of,
)
from grants.enums import ProposalState, ReviewKind, ReviewState
from grants.models import Calibration, Review
from grants.workflow import REVIEW
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review, score
from tests.factories.rounds import CriterionFactory, RoundFactory
from tests.factories.sites import SeatFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = REVIEWED_AT + timedelta(hours=1)


@pytest.fixture
def round_():
    return RoundFactory()


@pytest.fixture
def proposal(round_):
    return ProposalFactory(round=round_, state=ProposalState.IN_REVIEW)


@pytest.fixture
def sample(round_):
    """Of an earlier round, with a rubric of its own."""
    earlier = RoundFactory(
        closes_at=round_.closes_at - timedelta(days=300), opens_at=round_.opens_at - timedelta(days=300)
    )
    return ProposalFactory(round=earlier, state=ProposalState.DECLINED)


def opened(round_, sample, officer, **facts):
    return open_calibration(round_, sample, actor=officer, at=REVIEWED_AT, **facts)


def the_sample_of(reviewer) -> Review:
    rows = Review.objects.select_related("proposal__round", "calibration__round", "reviewer")
    return rows.get(reviewer=reviewer, kind=ReviewKind.CALIBRATION)


def scored(reviewer, points=4):
    """The reviewer's sample, submitted."""
    review = REVIEW.perform(the_sample_of(reviewer), "declare_no_conflict", actor=reviewer, at=LATER)
    return REVIEW.perform(score(review, points, at=LATER), "submit", actor=reviewer, at=LATER)


def test_calibration_opened_asks_every_reviewer_of_the_round(round_, proposal, sample, rita_reviewer, omar_officer):
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    Message.objects.all().delete()

    calibration = opened(round_, sample, omar_officer, note="Look at the gaps.")

    review, message = the_sample_of(rita_reviewer), Message.objects.get()
    assert (review.proposal, review.calibration, review.assigned_by) == (sample, calibration, omar_officer)
    assert (message.to, message.subject) == (rita_reviewer.email, "Please score a sample first")
    assert "Look at the gaps." in message.text
    assert sample.title not in message.text
    assert Entry.objects.of(round_).first().summary == f"Calibration opened with {sample.reference}; 1 reviewer asked."


@pytest.mark.parametrize("who", ["dina_director", "otto_auditor", "rita_reviewer", "ana_applicant"])
def test_calibration_opened_by_anybody_but_an_officer_is_refused(who, request, round_, sample):
    with refuses("Only program officers calibrate reviewers."):
        opened(round_, sample, request.getfixturevalue(who))


def test_calibration_opened_twice_is_refused(round_, proposal, sample, omar_officer):
    opened(round_, sample, omar_officer)

    with refuses("This round has had its calibration."):
        opened(round_, proposal, omar_officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Calibration.objects.create(round=round_, proposal=proposal, opened_by=omar_officer, opened_at=REVIEWED_AT)


def test_calibration_with_a_draft_or_a_later_round_is_refused(round_, sample, omar_officer):
    draft = ProposalFactory(round=round_)

    with refuses(f"{draft.reference} cannot be read by reviewers: it is draft."):
        opened(round_, draft, omar_officer)
    later = ProposalFactory(round=RoundFactory(closes_at=round_.closes_at + timedelta(days=9)), state="in_review")
    with refuses("Take a proposal of this round or of an earlier one."):
        opened(round_, later, omar_officer)


def test_reviewer_assigned_while_a_calibration_is_open_is_asked_too(
    round_, proposal, sample, rita_reviewer, omar_officer
):
    opened(round_, sample, omar_officer)

    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)

    assert the_sample_of(rita_reviewer).proposal == sample
    assert reviewers_to_ask(Calibration.objects.get()) == []


def test_reviewer_with_a_conflict_with_the_sample_is_not_asked_and_may_begin(
    round_, proposal, sample, rita_reviewer, omar_officer
):
    SeatFactory(site=sample.site, holder=rita_reviewer)
    opened(round_, sample, omar_officer)

    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)

    assert not Review.objects.filter(kind=ReviewKind.CALIBRATION).exists()
    assert obstacles_to_beginning(review) == []


def test_reviewer_who_joined_in_another_way_can_be_asked_afterwards(
    round_, proposal, sample, rita_reviewer, omar_officer
):
    calibration = opened(round_, sample, omar_officer)
    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    the_sample_of(rita_reviewer).delete()

    assert obstacles_to_beginning(review) == [
        "All reviewers of this round score a sample first, and you have not been asked yet. Write to the program officer."
    ]
    assert len(ask_missing(calibration, actor=omar_officer, at=LATER)) == 1
    assert list(ask_missing(calibration, actor=omar_officer, at=LATER)) == []


# --- what it holds back, and until when ---


@pytest.mark.parametrize("state", ["assigned", "in_progress", "submitted", "recused"])
def test_real_review_begins_only_when_the_sample_is_done(state, round_, proposal, sample, rita_reviewer, omar_officer):
    opened(round_, sample, omar_officer)
    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    mine = the_sample_of(rita_reviewer)
    if state == "submitted":
        scored(rita_reviewer)
    elif state != "assigned":
        name = {"in_progress": "declare_no_conflict", "recused": "recuse"}[state]
        REVIEW.perform(mine, name, actor=rita_reviewer, at=LATER, comment="I know them.")

    if state in {"assigned", "in_progress"}:
        with refuses(f"All reviewers of this round score the same sample first. Yours is review {mine.reference}."):
            REVIEW.perform(review, "declare_no_conflict", actor=rita_reviewer, at=LATER)
    else:
        assert REVIEW.perform(review, "declare_no_conflict", actor=rita_reviewer, at=LATER).state == "in_progress"


def test_calibration_closed_lets_everybody_begin_and_tells_who_took_part(
    round_, proposal, sample, rita_reviewer, rolf_reviewer, omar_officer
):
    reviews = [a_review(proposal, each, state=ReviewState.ASSIGNED) for each in (rita_reviewer, rolf_reviewer)]
    calibration = opened(round_, sample, omar_officer)
    scored(rita_reviewer)

    close_calibration(calibration, actor=omar_officer, at=LATER)

    told = Message.objects.filter(template="calibration_closed").values_list("to", flat=True)
    assert list(told) == [rita_reviewer.email]
    assert [obstacles_to_beginning(each) for each in reviews] == [[], []]
    late = the_sample_of(rolf_reviewer)
    with refuses("The calibration is closed."):
        REVIEW.perform(late, "declare_no_conflict", actor=rolf_reviewer, at=LATER)
    assert list(Review.objects.filter(reviewer=rolf_reviewer).waiting()) == [reviews[1]]


def test_calibration_closed_before_anybody_scored_is_refused(round_, sample, omar_officer):
    calibration = opened(round_, sample, omar_officer)

    with refuses("Nobody has scored the sample yet. You can call the calibration off instead."):
        close_calibration(calibration, actor=omar_officer, at=LATER)


def test_calibration_called_off_takes_its_reviews_along(round_, proposal, sample, rita_reviewer, omar_officer):
    calibration = opened(round_, sample, omar_officer)
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)

    call_off_calibration(calibration, actor=omar_officer, at=LATER)

    assert [each.kind for each in Review.objects.all()] == ["real"]
    assert opened(round_, proposal, omar_officer).proposal == proposal


def test_calibration_called_off_after_somebody_scored_is_refused(round_, proposal, sample, rita_reviewer, omar_officer):
    calibration = opened(round_, sample, omar_officer)
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    scored(rita_reviewer)

    with refuses("Somebody has scored the sample already. You can close the calibration instead."):
        call_off_calibration(calibration, actor=omar_officer, at=LATER)


def test_calibration_that_is_over_is_closed_once(round_, proposal, sample, rita_reviewer, omar_officer):
    calibration = opened(round_, sample, omar_officer)
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    mine = scored(rita_reviewer)
    close_calibration(calibration, actor=omar_officer, at=LATER)

    with refuses("This calibration is over."):
        close_calibration(calibration, actor=omar_officer, at=LATER)
    mine = the_sample_of(rita_reviewer)
    assert obstacles_to_reopening(mine) == missing_to_submit(mine) == ["The calibration is closed."]


# --- it counts nowhere ---


def test_sample_of_the_round_counts_towards_no_decision(round_, proposal, rita_reviewer, rolf_reviewer, omar_officer):
    """The same proposal is the sample and reviewed for real, by the same people."""
    opened(round_, proposal, omar_officer)
    real = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    a_review(proposal, rolf_reviewer, state=ReviewState.ASSIGNED)
    before = {each.person: each.open_reviews for each in reviewer_pool()}
    scored(rita_reviewer, 1)
    scored(rolf_reviewer, 1)
    real = REVIEW.perform(real, "declare_no_conflict", actor=rita_reviewer, at=LATER)
    real = REVIEW.perform(score(real, 5, at=LATER), "submit", actor=rita_reviewer, at=LATER)

    assert [mark.value for mark in marks_of(round_.pk)] == [Decimal("5.000")]
    assert submitted_of(proposal) == [real]
    assert {each.kind for each in reviews_of(proposal)} == {"real"}
    assert others_shown_with(real, rita_reviewer) == []
    assert others_shown_with(the_sample_of(rita_reviewer), rita_reviewer) == []
    assert before == {rita_reviewer: 1, rolf_reviewer: 1}


def test_sample_is_scored_by_the_rubric_of_the_calibrated_round(round_, proposal, sample, rita_reviewer, omar_officer):
    CriterionFactory(round=round_, name="Only here", position=9)
    opened(round_, sample, omar_officer)
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)

    review = the_sample_of(rita_reviewer)

    assert [row.criterion.round for row in rubric(review)] == [round_] * 4
    assert listed(Review.objects.filter(pk=review.pk)).get().criteria == 4


# --- the spread ---


def test_spread_says_what_everybody_gave_and_which_is_mine(
    round_, proposal, sample, rita_reviewer, rolf_reviewer, omar_officer
):
    calibration = opened(round_, sample, omar_officer)
    for each in (rita_reviewer, rolf_reviewer):
        a_review(proposal, each, state=ReviewState.ASSIGNED)
    scored(rita_reviewer, [2, 3, 5])
    scored(rolf_reviewer, [4, 3, 1])

    first, second, third = spread_of(calibration, rita_reviewer)

    assert [(row.mean, row.low, row.high, row.own) for row in (first, second, third)] == [
        (Decimal(3), 2, 4, 2), (Decimal(3), 3, 3, 3), (Decimal(3), 1, 5, 5),
    ]  # fmt: skip
    assert [(step.score, step.number, step.own) for step in first.steps if step.number] == [(2, 1, True), (4, 1, False)]
    assert first.described == "Criterion 1: 1 gave 2, 1 gave 4."
    assert sorted((dot.x, dot.own) for dot in second.dots) == [(120, False), (120, True)]
    assert len({dot.y for dot in second.dots}) == 2


def test_spread_is_seen_by_reviewers_who_took_part_once_it_is_closed(
    round_, proposal, sample, rita_reviewer, rolf_reviewer, omar_officer, ana_applicant
):
    calibration = opened(round_, sample, omar_officer)
    for each in (rita_reviewer, rolf_reviewer):
        a_review(proposal, each, state=ReviewState.ASSIGNED)
    scored(rita_reviewer)
    assert not Calibration.objects.visible_to(rita_reviewer).exists()

    close_calibration(calibration, actor=omar_officer, at=LATER)

    people = (rita_reviewer, rolf_reviewer, omar_officer, ana_applicant)
    assert [Calibration.objects.visible_to(each).exists() for each in people] == [True, False, True, False]


def test_anchors_are_said_for_every_score():
    criterion = CriterionFactory.build(anchors={"1": "Hardly answered.", "3": "With gaps.", "5": "Fully."}, round=None)

    assert spoken_anchors(criterion, 5) == {
        1: "Hardly answered.", 2: "between “Hardly answered” and “With gaps”", 3: "With gaps.",
        4: "between “With gaps” and “Fully”", 5: "Fully.",
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "has"), [("real", True), ("calibration", False)])
def test_review_is_a_calibration_exactly_when_it_belongs_to_one(kind, has, round_, sample, rita_reviewer, omar_officer):
    calibration = opened(round_, sample, omar_officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            reference="V-1", proposal=sample, reviewer=rita_reviewer, assigned_by=omar_officer, kind=kind,
            calibration=calibration if has else None,
        )  # fmt: skip
