"""When a proposal closes: to the microsecond, on the days the clocks change, and in the filter that lists use."""

from datetime import UTC, datetime, timedelta

import pytest

from grants.domain.queries.deadline import closed_before, closing_of, deadline_of
from grants.domain.submission import submit_proposal
from grants.enums import ProposalState
from grants.forms.wall_clock import instant
from grants.models import FundingRound, Proposal
from portal.access import Refused
from tests.factories.proposals import ProposalFactory, a_complete_proposal

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
CLOSES = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
# The hour before the clocks skip one in spring, the one after it, and the second of the two equal ones in autumn.
AROUND_THE_CLOCKS = [
    datetime.fromisoformat(each) for each in ("2027-03-14T01:59", "2027-03-14T03:00", "2026-11-01T01:30")
]


@pytest.mark.parametrize("wall", AROUND_THE_CLOCKS)
@pytest.mark.parametrize(("shift", "in_time"), [(-MICROSECOND, True), (timedelta(0), True), (MICROSECOND, False)])
def test_submission_on_a_day_the_clocks_change_is_judged_to_the_microsecond(ana_applicant, wall, shift, in_time):
    closes = instant(wall, "America/New_York", later=True)
    proposal = a_complete_proposal(actor=ana_applicant)
    FundingRound.objects.update(closes_at=closes)
    proposal.refresh_from_db()

    if in_time:
        assert submit_proposal(proposal, actor=ana_applicant, at=closes + shift, key=KEY).at == closes + shift
    else:
        with pytest.raises(Refused, match="less than a second too late"):
            submit_proposal(proposal, actor=ana_applicant, at=closes + shift, key=KEY)


def test_closing_in_autumn_is_the_second_half_past_one():
    assert instant(AROUND_THE_CLOCKS[2], "America/New_York", later=True) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(("own", "closes"), [(None, CLOSES), (CLOSES - DAY, CLOSES), (CLOSES + DAY, CLOSES + DAY)])
def test_proposal_closes_with_its_round_or_later(own, closes):
    assert closing_of(ProposalFactory(extended_until=own)) == closes


def test_asked_changes_have_a_deadline_of_their_own():
    proposal = ProposalFactory(state=ProposalState.RETURNED)

    assert deadline_of(proposal) == proposal.change_requests.get().due_at
    assert closing_of(proposal) == CLOSES


@pytest.mark.parametrize(
    ("own", "at", "closed"),
    [
        (None, CLOSES, False),
        (None, CLOSES + MICROSECOND, True),
        (CLOSES + DAY, CLOSES + MICROSECOND, False),
        (CLOSES + DAY, CLOSES + DAY, False),
        (CLOSES + DAY, CLOSES + DAY + MICROSECOND, True),
    ],
)
def test_filter_of_closed_proposals_agrees_with_the_deadline(own, at, closed):
    proposal = ProposalFactory(extended_until=own)

    assert Proposal.objects.filter(closed_before(at)).exists() == closed == (at > deadline_of(proposal))
