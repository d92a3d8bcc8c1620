"""The public pages of calls: everything readable without an account, drafts never, at a fixed cost."""

import pytest
from django.urls import reverse

from grants.enums import RoundState
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import QuestionFactory, RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
LIST = reverse("grants:call-list")


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def call(round_):
    return reverse("grants:call-detail", args=[round_.reference])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_call_is_readable_without_an_account_with_every_question_and_limit(client):
    round_ = RoundFactory(guidelines="Plain words only.", blind=True)
    QuestionFactory(round=round_, prompt="Own question?", help="Own help.", word_limit=77, hidden_from_reviewers=True)

    text = text_of(client.get(call(round_)))

    for question in round_.questions.all():
        assert question.prompt in text
        assert question.help in text
    assert "Up to 77 words · reviewers do not see the answer" in text
    assert "Closes" in text
    assert "Fri 30 Oct 2026, 5:00 pm Eastern" in text
    assert "up to $250,000" in text
    assert "up to $1,250,000" in text
    assert "Answered fully and convincingly." in text
    assert "They do not see who applies." in text
    assert "25 days, 5 hours" in text
    assert "Sign up to apply" in text


def test_call_that_is_a_draft_is_not_there(client, ana_applicant, omar_officer):
    round_ = RoundFactory(state=RoundState.DRAFT)

    for user in (None, ana_applicant, omar_officer):
        if user:
            client.force_login(user)
        assert client.get(call(round_)).status_code == 404


def test_call_that_closed_says_so_and_offers_no_start(client):
    round_ = RoundFactory()

    with clock.at(round_.closes_at.replace(day=31)):
        text = text_of(client.get(call(round_)))

    assert "Sign up to apply" not in text
    assert "Closed" in text


def test_call_leads_a_team_to_its_proposal_and_nobody_elses(client, ana_applicant):
    round_ = RoundFactory()
    mine = ProposalFactory(round=round_, site=a_site(ana_applicant))
    other = ProposalFactory(round=round_)
    client.force_login(ana_applicant)

    text = text_of(client.get(call(round_)))

    assert f"Open the proposal of {mine.site}" in text
    assert str(other.site) not in text


def test_call_list_sorts_calls_by_where_they_stand(client):
    opened, decided = RoundFactory(), RoundFactory(state=RoundState.DECIDED, closes_at=NOON.replace(day=1))
    soon = RoundFactory(opens_at=NOON.replace(day=20))
    over = RoundFactory(closes_at=NOON.replace(day=2))
    draft = RoundFactory(state=RoundState.DRAFT)

    response = client.get(LIST)

    assert list(response.context["open"]) == [opened]
    assert list(response.context["scheduled"]) == [soon]
    assert list(response.context["past"]) == [over, decided]
    assert str(draft) not in text_of(response)


def test_call_list_without_calls_says_so(client):
    assert "No call is open right now" in text_of(client.get(LIST))


@pytest.mark.parametrize("extra", [0, 30])
def test_call_page_costs_at_most_six_queries(extra, client, django_assert_max_num_queries):
    round_ = RoundFactory()
    for _ in range(extra):
        QuestionFactory(round=round_)
    client.get(call(round_))

    with django_assert_max_num_queries(6):
        client.get(call(round_))


@pytest.mark.parametrize("rows", [1, 30])
def test_call_list_costs_at_most_six_queries(rows, client, django_assert_max_num_queries):
    for _ in range(rows):
        RoundFactory(core=False, criteria=0)
    client.get(LIST)

    with django_assert_max_num_queries(6):
        client.get(LIST)
