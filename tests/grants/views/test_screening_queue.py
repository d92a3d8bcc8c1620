"""The queue of proposals to screen: filter, one decision over a warning, several at once."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from grants.enums import ProposalState
from grants.models import Proposal
from portal import clock
from tests.factories.proposals import ProposalFactory, a_submitted_proposal
from tests.factories.rounds import RoundFactory

pytestmark = pytest.mark.django_db
AFTER_CLOSING = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
QUEUE = reverse("grants:screening-list")
DECIDE = reverse("grants:screening-decide")


@pytest.fixture(autouse=True)
def _after_closing():
    with clock.at(AFTER_CLOSING):
        yield


def a_submitted(**fields):
    return ProposalFactory(state=ProposalState.SUBMITTED, **fields)


def shown(response):
    return [row.proposal for row in response.context["rows"]]


def test_queue_shows_what_waits_oldest_first_of_calls_that_closed(client, omar_officer):
    first, second = a_submitted(), a_submitted()
    early = a_submitted(round=RoundFactory(closes_at=datetime(2026, 12, 1, tzinfo=UTC)))
    ProposalFactory(state=ProposalState.IN_REVIEW)
    client.force_login(omar_officer)

    assert shown(client.get(QUEUE)) == [first, second]
    assert shown(client.get(QUEUE, {"round": second.round.reference})) == [second]
    still_open = client.get(QUEUE, {"when": "open"})
    assert shown(still_open) == [early]
    assert "the team may still change its proposal" in still_open.content.decode()


def test_empty_queue_says_when_proposals_come(client, omar_officer):
    client.force_login(omar_officer)

    assert "Proposals come here when their call has closed." in client.get(QUEUE).content.decode()


def test_queue_is_read_only_for_other_staff(client, dina_director):
    a_submitted()
    client.force_login(dina_director)

    response = client.get(QUEUE)

    assert DECIDE not in response.content.decode()
    assert client.get(DECIDE, {"step": "screen_in"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 25])
def test_queue_takes_the_same_queries_however_long(rows, client, omar_officer, django_assert_max_num_queries):
    round_ = RoundFactory()
    for _ in range(rows):
        a_submitted(round=round_)
    client.force_login(omar_officer)

    with django_assert_max_num_queries(20):
        assert len(shown(client.get(QUEUE))) == rows


def test_decision_over_a_warning_needs_the_tick(client, omar_officer):
    proposal = a_submitted(round=RoundFactory(sign_offs_required=True))
    step = reverse("grants:proposal-step", args=[proposal.reference, "screen_in"])
    client.force_login(omar_officer)
    page = client.get(step)
    data = {"version": proposal.version, "mark": page.context["row"].mark}

    without = client.post(step, data)
    done = client.post(step, data | {"known": "on"})

    assert "have not signed." in page.content.decode()
    assert without.status_code == 422
    assert "Tick this to go on, or ask the team for changes." in without.content.decode()
    assert done.status_code == 302
    assert Proposal.objects.get().state == ProposalState.IN_REVIEW


def test_several_are_shown_first_and_then_have_a_result_each(client, omar_officer):
    fine, warned = a_submitted_proposal(), a_submitted()
    client.force_login(omar_officer)
    chosen = {"proposal": [fine.reference, warned.reference], "step": "screen_in"}

    confirm = client.get(DECIDE, chosen)
    result = client.post(DECIDE, chosen | {"version": [fine.version, warned.version]})

    assert [bool(row.problems) for row in confirm.context["rows"]] == [False, True]
    assert [(each.proposal, each.done) for each in result.context["outcomes"]] == [(fine, True), (warned, False)]
    assert "1 done, 1 refused" in result.content.decode()


def test_warned_one_among_several_goes_on_with_its_tick(client, omar_officer):
    warned = a_submitted()
    client.force_login(omar_officer)
    chosen = {"proposal": [warned.reference], "step": "screen_in"}
    mark = client.get(DECIDE, chosen).context["rows"][0].mark

    client.post(DECIDE, chosen | {"version": [warned.version], "known": [f"{warned.reference}:{mark}"]})

    assert Proposal.objects.get().state == ProposalState.IN_REVIEW


def test_several_not_eligible_need_one_reason(client, omar_officer):
    one, two = a_submitted(), a_submitted()
    client.force_login(omar_officer)
    data = {"proposal": [one.reference, two.reference], "version": [one.version, two.version], "step": "screen_out"}

    without = client.post(DECIDE, data | {"comment": " "})
    done = client.post(DECIDE, data | {"comment": "No union takes part."})

    assert without.status_code == 422
    assert done.context["done"] == 2
    assert set(Proposal.objects.values_list("state", flat=True)) == {"ineligible"}


def test_nothing_ticked_says_what_to_do(client, omar_officer):
    client.force_login(omar_officer)

    assert "Tick at least one in the queue." in client.get(DECIDE, {"step": "screen_in"}).content.decode()
    assert client.get(DECIDE).url == QUEUE
