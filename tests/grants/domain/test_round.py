"""Making and changing rounds, their ceilings, and the steps they take."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grants.domain.queries.round import (
    counts_by_state,
    missing_to_publish,
    obstacles_to_closing,
    obstacles_to_unpublishing,
    summary_of,
    warnings_about,
)
from grants.domain.round import create_round, update_round
from grants.enums import ProposalState, QuestionKind, RoundPhase, RoundState
from grants.models import FundingRound
from grants.workflow import ROUND
from portal import clock
from portal.access import Refused
from portal.activity.models import Entry
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import CriterionFactory, QuestionFactory, RoundFactory, SlotFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
AFTER = NOON + timedelta(days=60)


def facts(**more):
    return {
        "name": "Closing the Gaps 2027",
        "summary": "Five-year grants.",
        "guidelines": "",
        "time_zone": "America/New_York",
        "opens_at": NOON + timedelta(days=1),
        "closes_at": NOON + timedelta(days=30),
        "decision_by": date(2027, 3, 1),
        "first_year_starts_on": date(2027, 7, 1),
        "yearly_ceiling": Decimal("250000.00"),
        "total_ceiling": Decimal("1250000.00"),
        "envelope": Decimal("7500000.00"),
        "reviews_per_proposal": 3,
        "top_score": 5,
        "blind": False,
        "sign_offs_required": True,
        "report_due_days": 60,
    } | more


def a_draft(actor, **more):
    return create_round(actor=actor, at=NOON, **facts(**more))


def test_round_made_is_a_draft_with_the_core_questions(omar_officer):
    round_ = a_draft(omar_officer)

    assert (round_.reference, round_.state, round_.created_by) == ("R-2026-0001", RoundState.DRAFT, omar_officer)
    assert [question.key for question in round_.questions.all()] == [
        "district-partner", "union-partner", "community-partner", "district-schools", "working-together", "gaps",
        "baseline", "collaboration-strategy", "collaboration-activities", "collaboration-measures",
        "partnerships-strategy", "partnerships-activities", "partnerships-measures", "coherence-strategy",
        "coherence-activities", "coherence-measures", "after-the-grant",
    ]  # fmt: skip
    assert Entry.objects.of(round_).get().summary == "Round Closing the Gaps 2027 started as a draft."


@pytest.mark.parametrize("who", ["dina_director", "fay_finance", "otto_auditor", "ana_applicant", "rita_reviewer"])
def test_round_made_by_anybody_but_an_officer_is_refused(who, request):
    with refuses("Only program officers run funding rounds."):
        a_draft(request.getfixturevalue(who))


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        (
            {"yearly_ceiling": Decimal("250000.01")},
            {"yearly_ceiling": ["$250,000.01 is more than the program allows: at most $250,000."]},
        ),
        (
            {"total_ceiling": Decimal("1250000.01")},
            {"total_ceiling": ["$1,250,000.01 is more than the program allows: at most $1,250,000."]},
        ),
        ({"yearly_ceiling": Decimal("0.00")}, {"yearly_ceiling": ["Enter an amount above zero."]}),
        (
            {"total_ceiling": Decimal("200000.00")},
            {"total_ceiling": ["The five years together cannot be less than one year."]},
        ),
        ({"envelope": Decimal("0.00")}, {"envelope": ["Enter the money there is for all awards of this round."]}),
        ({"closes_at": NOON + timedelta(days=1)}, {"closes_at": ["The call has to close after it opens."]}),
        ({"decision_by": date(2026, 11, 4)}, {"decision_by": ["The decision comes after the call closes."]}),
        (
            {"first_year_starts_on": date(2026, 11, 4)},
            {"first_year_starts_on": ["The first award year starts after the call closes."]},
        ),
    ],
)
def test_round_with_facts_that_cannot_stand_is_refused_in_words(change, errors, omar_officer):
    with pytest.raises(ValidationError) as raised:
        a_draft(omar_officer, **change)

    assert raised.value.message_dict == errors
    assert FundingRound.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"yearly_ceiling": Decimal("250000.01")},
        {"total_ceiling": Decimal("1250000.01")},
        {"yearly_ceiling": Decimal("0.00")},
        {"closes_at": NOON - timedelta(days=90)},
        {"top_score": 11},
        {"state": RoundState.DRAFT},
        {"state": RoundState.DECIDED},
    ],
)
def test_round_row_that_breaks_a_rule_is_refused_by_the_database(change):
    round_ = RoundFactory()

    with pytest.raises(IntegrityError):
        FundingRound.objects.filter(pk=round_.pk).update(**change)


def test_round_changed_counts_its_version_and_names_what_changed(omar_officer):
    round_ = a_draft(omar_officer)

    changed = update_round(
        round_, actor=omar_officer, at=NOON, version=1, name="Rural Bridges", envelope=Decimal("5000000.00")
    )

    assert (changed.name, changed.version) == ("Rural Bridges", 2)
    latest = Entry.objects.of(round_).first()
    assert latest.summary == "Round Rural Bridges changed: name, money for all awards of the round, five years."


def test_round_changed_from_an_old_page_is_stale(omar_officer):
    round_ = a_draft(omar_officer)
    update_round(round_, actor=omar_officer, at=NOON, version=1, name="Rural Bridges")

    with pytest.raises(Stale):
        update_round(round_, actor=omar_officer, at=NOON, version=1, name="City Bridges")


def test_round_changed_after_publishing_is_refused(omar_officer):
    with refuses("This call is published, so it stays as it is. Take it back to draft first."):
        update_round(RoundFactory(), actor=omar_officer, at=NOON, name="Another name")


def test_round_with_a_field_nobody_enters_is_a_mistake(omar_officer):
    with pytest.raises(TypeError):
        a_draft(omar_officer, published_at=NOON)


# --- steps ---

# What each step makes of each state for an officer; "no" is a refusal.
GRID = {
    "publish": {"draft": "published", "published": "no", "decided": "no"},
    "unpublish": {"draft": "no", "published": "draft", "decided": "no"},
    "decide": {"draft": "no", "published": "decided", "decided": "no"},
}


@pytest.mark.parametrize(("step", "state"), [(step, state) for step, row in GRID.items() for state in row])
def test_round_step_from_each_state(step, state, omar_officer):
    # A draft can only be published before it closes, and a round only be decided after.
    at = NOON if step == "publish" else AFTER
    round_ = RoundFactory(state=state)
    wanted = GRID[step][state]

    with clock.at(at):
        if wanted == "no":
            with pytest.raises(Refused, match="is not possible now"):
                ROUND.perform(round_, step, actor=omar_officer, at=at)
        else:
            assert ROUND.perform(round_, step, actor=omar_officer, at=at).state == wanted


def test_round_grid_names_every_step_and_state():
    assert set(GRID) == set(ROUND.by_name)
    assert all(set(row) == set(RoundState.values) for row in GRID.values())


def test_round_published_unpublished_and_decided_is_stamped(omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)

    with clock.at(NOON):
        published = ROUND.perform(round_, "publish", actor=omar_officer, at=NOON)
        draft = ROUND.perform(round_, "unpublish", actor=omar_officer, at=NOON)
        ROUND.perform(round_, "publish", actor=omar_officer, at=NOON)
    with clock.at(AFTER):
        decided = ROUND.perform(round_, "decide", actor=omar_officer, at=AFTER)

    assert (published.published_at, draft.published_at) == (NOON, None)
    assert (decided.published_at, decided.decided_at) == (NOON, AFTER)


def test_round_not_ready_says_what_is_missing_to_publish():
    round_ = RoundFactory(state=RoundState.DRAFT, core=False, criteria=0, summary=" ")

    with clock.at(AFTER):
        missing = missing_to_publish(round_)

    assert missing == [
        "Write the summary visitors see in the list of open calls.",
        "Add questions.",
        "Add at least one criterion to the rubric.",
        "The closing date has passed: choose a later one.",
    ]


def test_round_with_half_finished_parts_says_which_to_publish():
    round_ = RoundFactory(state=RoundState.DRAFT, core=False, criteria=1, decision_by=NOON.date() - timedelta(days=1))
    QuestionFactory(round=round_, prompt="Who leads?", word_limit=None)
    QuestionFactory(round=round_, prompt="Is it new?", kind=QuestionKind.YES_NO, qualifying=True)
    QuestionFactory(round=round_, prompt="Which one?", kind=QuestionKind.CHOICE, choices=["One"])
    CriterionFactory(round=round_, name="Need", anchors={"1": "Hardly."}, position=2)
    CriterionFactory(round=round_, name="Courage", anchors={"1": "Hardly.", "5": "Fully.", "7": "Wow."}, position=3)
    SlotFactory(round=round_, name="Letter", help=" ")

    with clock.at(NOON):
        missing = missing_to_publish(round_)

    assert missing == [
        "Questions: set a word limit for “Who leads?”.",
        "Questions: write what a “no” means to “Is it new?”.",
        "Questions: write the answers to choose from for “Which one?”.",
        "Rubric: say what a score of 1 and of 5 means for “Need”.",
        "Rubric: “Courage” explains scores above 5. Open and save it.",
        "Documents: explain what belongs in “Letter”.",
        "The day of the decision has passed: choose a later one.",
    ]


def test_round_that_is_short_or_poor_is_pointed_out():
    round_ = RoundFactory(
        state=RoundState.DRAFT, opens_at=datetime(2026, 10, 26, 13, tzinfo=UTC), envelope=Decimal("1000000")
    )

    assert warnings_about(round_) == [
        "The call is open for 4 days, 8 hours only: a coalition has to meet, write and sign.",
        "The money for all awards is less than one site may get.",
    ]


def test_round_with_a_proposal_cannot_be_taken_back():
    round_ = RoundFactory()
    ProposalFactory(round=round_)

    assert obstacles_to_unpublishing(round_) == ["One team has already started a proposal."]
    ProposalFactory(round=round_)
    assert obstacles_to_unpublishing(round_) == ["2 teams have already started a proposal."]


def test_round_with_open_proposals_cannot_be_closed():
    round_ = RoundFactory()
    for state in (ProposalState.IN_REVIEW, ProposalState.DRAFT, ProposalState.WITHDRAWN, ProposalState.AWARDED):
        ProposalFactory(round=round_, state=state)

    with clock.at(round_.closes_at):
        assert obstacles_to_closing(round_) == [
            "The call is open until Fri 30 Oct 2026, 5:00 pm Eastern.",
            "1 proposal still waits for a decision.",
        ]
    with clock.at(round_.closes_at + MICROSECOND):
        assert obstacles_to_closing(round_) == ["1 proposal still waits for a decision."]


# --- where it stands ---


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        ("opens_at", RoundPhase.OPEN),
        ("closes_at", RoundPhase.OPEN),
    ],
)
def test_round_is_open_from_the_first_to_the_last_instant(moment, phase):
    round_ = RoundFactory()
    edge = getattr(round_, moment)
    outside = edge - MICROSECOND if moment == "opens_at" else edge + MICROSECOND

    assert round_.phase_at(edge) == phase
    assert list(FundingRound.objects.open_at(edge)) == [round_]
    assert round_.phase_at(outside) == (RoundPhase.SCHEDULED if moment == "opens_at" else RoundPhase.CLOSED)
    assert list(FundingRound.objects.open_at(outside)) == []


def test_round_dates_on_a_weekend_are_pointed_out():
    round_ = RoundFactory(closes_at=NOON + timedelta(days=5), decision_by=date(2027, 2, 28))

    assert warnings_about(round_) == [
        "The call closes on a Saturday: 10 Oct 2026.",
        "The decision is due on a Sunday: 28 Feb 2027.",
    ]


def test_round_counts_its_proposals_by_state_in_one_query(django_assert_num_queries):
    rounds = [RoundFactory(), RoundFactory()]
    for state in (ProposalState.DRAFT, ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.AWARDED):
        ProposalFactory(round=rounds[0], state=state, submission=False)

    with django_assert_num_queries(1):
        counts = counts_by_state(rounds)

    assert counts == {rounds[0].pk: {"draft": 2, "submitted": 1, "awarded": 1}}
    assert summary_of(counts[rounds[0].pk]) == {"drafts": 2, "submitted": 2, "awarded": 1}
