"""A word to every team once its call has closed: once, and with the right number."""

from datetime import timedelta

import pytest

from grants.domain.progress_note import LATEST, PAUSE, tell_of_closing
from grants.enums import ProposalState
from grants.models import Proposal
from portal.activity.models import Entry
from portal.mail.domain import send_each
from portal.mail.models import Message
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def round_(ana_applicant, ben_colleague):
    """A call with two submitted proposals, a draft and one that was withdrawn."""
    made = RoundFactory()
    ProposalFactory(round=made, state=ProposalState.SUBMITTED, site=a_site(ana_applicant))
    ProposalFactory(round=made, state=ProposalState.SUBMITTED, site=a_site(ben_colleague))
    ProposalFactory(round=made)
    ProposalFactory(round=made, state=ProposalState.WITHDRAWN)
    return made


def mails():
    return Message.objects.filter(template="round_closed").order_by("to")


def test_teams_are_told_once_that_the_call_has_closed(round_, ana_applicant, ben_colleague):
    at = round_.closes_at + PAUSE + HOUR

    assert [tell_of_closing(at=at), tell_of_closing(at=at + HOUR)] == [1, 0]

    assert [each.to for each in mails()] == [ana_applicant.email, ben_colleague.email]
    assert "We received 2 proposals, yours among them" in mails()[0].text
    assert "We decide by 1 Mar 2027." in mails()[0].text
    assert Entry.objects.of(round_).get().summary == "2 teams told that the call has closed and what comes next."


@pytest.mark.parametrize("after", [timedelta(0), PAUSE, LATEST + HOUR])
def test_nobody_is_told_too_early_or_much_too_late(round_, after):
    assert tell_of_closing(at=round_.closes_at + after) == 0
    assert mails().count() == 0


def test_nobody_is_told_while_one_team_has_more_time(round_):
    at = round_.closes_at + PAUSE + HOUR
    Proposal.objects.filter(state=ProposalState.DRAFT).update(extended_until=at + HOUR)

    assert tell_of_closing(at=at) == 0
    assert tell_of_closing(at=at + HOUR + PAUSE + HOUR) == 1


def test_note_interrupted_is_finished_without_a_second_mail(round_, ana_applicant, ben_colleague):
    at = round_.closes_at + PAUSE + HOUR
    mine = Proposal.objects.get(round=round_, site__seats__holder=ana_applicant)
    key, context = f"closed:{round_.pk}:{mine.pk}", {"proposal": mine, "round": round_, "number": 2}
    send_each("round_closed", [ana_applicant.email], context=context, key=key, due_at=at)
    first = mails().get()

    assert tell_of_closing(at=at) == 1
    assert [each.to for each in mails()] == [ana_applicant.email, ben_colleague.email]
    assert mails().first() == first


def test_note_costs_no_query_a_message(round_, django_assert_max_num_queries):
    for _ in range(28):
        ProposalFactory(round=round_, state=ProposalState.SUBMITTED, submission=False)

    with django_assert_max_num_queries(30 * 2 + 14):
        assert tell_of_closing(at=round_.closes_at + PAUSE + HOUR) == 1
