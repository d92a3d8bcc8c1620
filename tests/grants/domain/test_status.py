"""Where a proposal stands in its applicant's words, and what is never told."""

from datetime import date, timedelta

import pytest

from grants.domain.queries.status import Standing, stages_of
from grants.enums import ProposalState
from tests.conftest import NOON
from tests.factories.proposals import CHANGES_DUE, SUBMITTED_AT, ProposalFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(proposal, at):
    return [(each.title, each.standing.value, each.at) for each in stages_of(proposal, at)]


def test_status_of_a_draft_says_until_when():
    proposal = ProposalFactory()

    stages = stages_of(proposal, NOON)

    assert [(each.title, each.standing) for each in stages] == [
        ("Writing", Standing.NOW), ("Check", Standing.NEXT), ("Review", Standing.NEXT), ("Decision", Standing.NEXT),
    ]  # fmt: skip
    assert "until Fri 30 Oct 2026, 5:00 pm Eastern" in stages[0].text


def test_status_of_a_draft_of_a_closed_call_ends_there():
    proposal = ProposalFactory()
    closes = proposal.round.closes_at

    assert told(proposal, closes + DAY) == [("Not submitted", "ended", closes)]


def test_status_before_and_after_the_call_has_closed():
    proposal = ProposalFactory(state=ProposalState.SUBMITTED)
    closes = proposal.round.closes_at

    before = told(proposal, closes)
    after = told(proposal, closes + DAY)

    assert before[:2] == [("Received", "done", SUBMITTED_AT), ("Check", "next", None)]
    assert after[:2] == [("Received", "done", SUBMITTED_AT), ("Being checked", "now", closes)]
    assert before[2:] == after[2:] == [("Review", "next", None), ("Decision", "next", None)]


def test_status_while_changes_are_asked_for_says_by_when():
    proposal = ProposalFactory(state=ProposalState.RETURNED)

    stage = stages_of(proposal, CHANGES_DUE)[1]
    late = stages_of(proposal, CHANGES_DUE + DAY)[1]

    assert (stage.title, stage.at) == ("Changes", SUBMITTED_AT)
    assert stage.text == "We asked you to change something, by Sun 8 Nov 2026, 5:00 pm Eastern."
    assert (late.title, "ended on Sun 8 Nov 2026" in late.text) == ("Being checked", True)


@pytest.mark.parametrize("state", ["recommended", "not_recommended"])
def test_status_never_tells_what_is_not_announced(state):
    at = NOON + 60 * DAY
    secret, plain = ProposalFactory(state=state), ProposalFactory(state=ProposalState.IN_REVIEW)

    assert stages_of(secret, at) == stages_of(plain, at)
    assert told(secret, at)[2:] == [("In review", "now", None), ("Decision", "next", None)]


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (ProposalState.AWARDED, "Your proposal is funded"),
        (ProposalState.WAITLISTED, "Your proposal is on the waitlist"),
        (ProposalState.DECLINED, "Your proposal was not funded"),
    ],
)
def test_status_after_the_decision_is_all_behind(state, title):
    proposal = ProposalFactory(state=state)

    stages = told(proposal, NOON)

    assert [standing for _, standing, _ in stages] == ["done"] * 4
    assert stages[-1] == (title, "done", SUBMITTED_AT)


def test_status_where_the_way_ended_says_so():
    ineligible = ProposalFactory(state=ProposalState.INELIGIBLE)
    withdrawn = ProposalFactory(state=ProposalState.WITHDRAWN)
    withdrawn_late = ProposalFactory(state=ProposalState.WITHDRAWN, submitted_at=SUBMITTED_AT)

    assert told(ineligible, NOON)[-1] == ("Not eligible", "ended", SUBMITTED_AT)
    assert told(withdrawn, NOON) == [("Withdrawn", "ended", SUBMITTED_AT)]
    assert told(withdrawn_late, NOON)[0] == ("Received", "done", SUBMITTED_AT)


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (date(2027, 3, 1), "We decide by 1 Mar 2027. You hear from us by mail and here."),
        (
            date(2026, 10, 1),
            "We meant to decide by 1 Oct 2026, and it takes longer. We write to you as soon as we know.",
        ),
        (None, "We decide after the reviews. You hear from us by mail and here."),
    ],
)
def test_status_says_when_the_decision_comes(expected, words):
    proposal = ProposalFactory(state=ProposalState.IN_REVIEW)
    proposal.round.decision_by = expected

    assert stages_of(proposal, NOON)[-1].text == words


def test_status_costs_no_query(django_assert_num_queries):
    for state in set(ProposalState) - {ProposalState.RETURNED}:
        proposal = ProposalFactory(state=state)
        with django_assert_num_queries(0):
            stages_of(proposal, NOON)
