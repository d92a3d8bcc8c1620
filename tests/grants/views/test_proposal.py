"""A team's pages of its proposals: list, start, workspace; and the staff's list."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.enums import ProposalState
from grants.models import Proposal
from portal import clock
from portal.activity.models import Entry
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal, a_submitted_proposal
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
LIST = reverse("grants:proposal-list")
TEAM_SECRETS = (ProposalState.RECOMMENDED, ProposalState.NOT_RECOMMENDED)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def page(proposal, name="proposal-detail", *more):
    return reverse(f"grants:{name}", args=[proposal.reference, *more])


def start(round_):
    return reverse("grants:proposal-start", args=[round_.reference])


def text_of(response):
    return " ".join(response.content.decode().split())


# --- starting ---


def test_proposal_started_from_the_form_opens_its_workspace(client, ana_applicant):
    round_, site = RoundFactory(), a_site(ana_applicant)
    client.force_login(ana_applicant)
    assert f"For {site}." in text_of(client.get(start(round_)))

    response = client.post(start(round_), {"site": site.reference, "title": "Every student counts"})

    proposal = Proposal.objects.get()
    assert (response.url, proposal.site, proposal.round) == (page(proposal), site, round_)


def test_proposal_of_somebody_elses_site_cannot_be_started(client, ana_applicant):
    round_, foreign = RoundFactory(), a_site()
    a_site(ana_applicant)
    client.force_login(ana_applicant)

    response = client.post(start(round_), {"site": foreign.reference, "title": "Mine now"})

    assert (response.status_code, Proposal.objects.count()) == (422, 0)


def test_proposal_form_ignores_fields_nobody_enters(client, ana_applicant):
    round_, site = RoundFactory(), a_site(ana_applicant)
    client.force_login(ana_applicant)

    client.post(
        start(round_),
        {"site": site.reference, "title": "Ours", "state": "awarded", "amount_requested": "9", "total_ceiling": "1"},
    )

    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.amount_requested, proposal.total_ceiling) == ("draft", 0, round_.total_ceiling)


def test_proposal_started_after_closing_is_refused_in_words(client, ana_applicant):
    round_, site = RoundFactory(), a_site(ana_applicant)
    client.force_login(ana_applicant)

    with clock.at(round_.closes_at + timedelta(seconds=1)):
        response = client.post(start(round_), {"site": site.reference, "title": "Late"})

    assert (response.status_code, Proposal.objects.count()) == (409, 0)


@pytest.mark.parametrize(
    ("seat", "words"),
    [
        ("viewers", "Your seat can read, not write"),
        ("finance", "Your seat can read, not write"),
        (None, "First, your coalition"),
    ],
)
def test_start_page_says_what_to_do_without_a_writing_seat(seat, words, client, ben_colleague):
    if seat:
        a_site(**{seat: [ben_colleague]})
    client.force_login(ben_colleague)

    assert words in text_of(client.get(start(RoundFactory())))


def test_start_page_leads_to_the_proposal_there_is(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    client.force_login(ana_applicant)

    text = text_of(client.get(start(proposal.round)))

    assert "Your coalition already has its proposal in this round." in text
    assert page(proposal) in text


# --- the workspace ---


def test_workspace_links_what_is_missing_to_its_pages(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    client.force_login(ana_applicant)

    response = client.get(page(proposal))

    urls = [url for url, _ in response.context["missing"]]
    assert len(urls) == 13
    assert all(client.get(url).status_code == 200 for url in set(urls))
    assert "Thirteen things are missing before you can submit" not in text_of(response)
    assert "13 things are missing before you can submit" in text_of(response)


def test_workspace_of_a_complete_proposal_offers_to_submit(client, ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)

    text = text_of(client.get(page(proposal)))

    assert "Everything is there" in text
    assert "Check and submit" in text
    assert "3 of 3 signed" in text
    assert "$1,200,000" in text


def test_workspace_of_a_viewer_reads_and_offers_nothing_to_do(client, ana_applicant, ben_colleague):
    proposal = a_complete_proposal(a_site(ana_applicant, viewers=[ben_colleague]), actor=ana_applicant)
    client.force_login(ben_colleague)

    text = text_of(client.get(page(proposal)))

    assert "Check and submit" not in text
    assert "Withdraw" not in text


@pytest.mark.parametrize("state", [state for state in ProposalState if state != ProposalState.DRAFT])
def test_workspace_shows_in_every_state_without_telling_secrets(state, client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=state)
    client.force_login(ana_applicant)

    with clock.at(proposal.round.closes_at + timedelta(days=1)):
        text = text_of(client.get(page(proposal)))

    shown = ProposalState.IN_REVIEW if state in TEAM_SECRETS else state
    assert shown.label in text
    assert "ecommended" not in text


def test_workspace_after_an_edit_says_which_version_counts(client, ana_applicant):
    proposal = a_submitted_proposal(actor=ana_applicant)
    client.force_login(ana_applicant)
    assert "We have your proposal" in text_of(client.get(page(proposal)))

    Proposal.objects.filter(pk=proposal.pk).update(title="A better title")

    text = text_of(client.get(page(proposal)))
    assert "You have changes that are not submitted" in text
    assert "You submitted version 1 on" in text
    assert page(proposal, "proposal-changes") in text


def test_workspace_of_a_closed_call_says_when_it_closed(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    client.force_login(ana_applicant)

    with clock.at(proposal.round.closes_at + timedelta(days=1, seconds=3)):
        text = text_of(client.get(page(proposal)))

    assert "Fri 30 Oct 2026, 5:00:00 pm Eastern</time>" in text
    assert "Sat 31 Oct 2026, 5:00:03 pm Eastern</time>" in text
    assert page(proposal, "proposal-ask-time") in text
    assert page(proposal, "proposal-content") in text


def test_proposal_sent_back_shows_what_is_wanted(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.RETURNED)
    client.force_login(ana_applicant)

    assert "Please explain year 2." in text_of(client.get(page(proposal)))


def test_staff_see_the_record_at_the_same_address(client, omar_officer):
    proposal = a_submitted_proposal()
    client.force_login(omar_officer)

    response = client.get(page(proposal))

    assert (response.status_code, "Who holds it" in text_of(response)) == (200, True)


def test_withdrawing_asks_for_a_reason_and_then_shows_it(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    client.force_login(ana_applicant)
    url = page(proposal, "proposal-step", "withdraw")

    assert client.post(url, {"version": 1, "comment": ""}).status_code == 200
    client.post(url, {"version": 1, "comment": "We are not ready."})

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    assert Entry.objects.of(proposal).first().facts["comment"] == "We are not ready."
    assert "This proposal was withdrawn" in text_of(client.get(page(proposal)))


# --- who is let in ---


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("proposal-detail", ()),
        ("proposal-content", ()),
        ("proposal-set-aside", ()),
        ("proposal-budget", ()),
        ("proposal-attachments", ()),
        ("proposal-signoffs", ()),
        ("proposal-section", ("need",)),
        ("proposal-submit", ()),
        ("proposal-step", ("withdraw",)),
        ("submission-detail", (1,)),
        ("submission-content", (1,)),
    ],
)
@pytest.mark.parametrize("who", ["sam_stranger", "rita_reviewer", "ada_admin"])
def test_proposal_pages_are_not_there_for_strangers(name, more, who, request, client):
    proposal = ProposalFactory(state=ProposalState.SUBMITTED)
    client.force_login(request.getfixturevalue(who))
    url = page(proposal, name, *more)

    assert client.get(url).status_code == 404
    assert client.post(url, {"version": 0, "key": "0" * 32}).status_code in {404, 405}


def test_seat_that_ended_lets_nobody_in(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    client.force_login(ana_applicant)
    assert client.get(page(proposal)).status_code == 200

    ana_applicant.seats.update(ended_at=clock.now())

    assert client.get(page(proposal)).status_code == 404


# --- lists ---


def test_list_shows_a_team_its_own_proposals_only(client, ana_applicant):
    mine = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.RECOMMENDED)
    ProposalFactory()
    client.force_login(ana_applicant)

    response = client.get(LIST)

    assert [(row, state.label) for row, state, _ in response.context["rows"]] == [(mine, "In review")]


def test_list_filtered_by_state_keeps_the_secret(client, ana_applicant):
    site = a_site(ana_applicant)
    reviewed = ProposalFactory(site=site, state=ProposalState.IN_REVIEW)
    recommended = ProposalFactory(site=site, state=ProposalState.RECOMMENDED)
    client.force_login(ana_applicant)

    shown = client.get(LIST, {"state": "in_review"}).context["page"].rows
    hidden = client.get(LIST, {"state": "recommended"}).context["page"].rows

    assert shown == [recommended, reviewed]
    assert hidden == [recommended, reviewed]


def test_staff_list_is_filtered_searched_and_ordered(client, omar_officer):
    first = ProposalFactory(title="Harbor Promise", amount_requested="10.00")
    second = ProposalFactory(title="Prairie", state=ProposalState.AWARDED, amount_requested="20.00", submission=False)
    client.force_login(omar_officer)

    def rows(**query):
        return client.get(LIST, query).context["page"].rows

    assert rows() == [second, first]
    assert rows(q="harbor prom") == [first]
    assert rows(q=second.reference.lower()) == [second]
    assert rows(q=first.site.name) == [first]
    assert rows(round=first.round.reference) == [first]
    assert rows(state="awarded") == [second]
    first.amount_requested = "30.00"
    first.save()
    assert rows(order="amount") == [first, second]


def test_staff_list_pages_forth_and_back(client, omar_officer):
    site, rounds = a_site(), [RoundFactory(core=False, criteria=0) for _ in range(101)]
    made = [ProposalFactory(round=each, site=site) for each in rounds]
    client.force_login(omar_officer)

    first = client.get(LIST).context["page"]
    second = client.get(LIST + first.next_url).context["page"]
    third = client.get(LIST + second.next_url).context["page"]
    back = client.get(LIST + third.previous_url).context["page"]

    assert [*first, *second, *third] == made[::-1]
    assert (third.next_url, list(back)) == ("", list(second))


@pytest.mark.parametrize("rows", [1, 30])
def test_staff_list_costs_at_most_twelve_queries(rows, client, omar_officer, django_assert_max_num_queries):
    for _ in range(rows):
        ProposalFactory(round=RoundFactory(core=False, criteria=0))
    client.force_login(omar_officer)
    client.get(LIST)

    with django_assert_max_num_queries(12):
        client.get(LIST)


@pytest.mark.parametrize("rows", [1, 30])
def test_team_list_costs_the_same_for_many_proposals(rows, client, ana_applicant, django_assert_max_num_queries):
    site = a_site(ana_applicant)
    for _ in range(rows):
        ProposalFactory(site=site, round=RoundFactory(core=False, criteria=0))
    client.force_login(ana_applicant)
    client.get(LIST)

    with django_assert_max_num_queries(8):
        client.get(LIST)


@pytest.mark.parametrize("rows", [1, 30])
def test_workspace_costs_the_same_however_much_is_written(rows, client, ana_applicant, django_assert_max_num_queries):
    proposal = a_complete_proposal(actor=ana_applicant)
    for _ in range(rows):
        proposal.milestones.create(component_id="coherence", year=2, text="More")
    client.force_login(ana_applicant)
    client.get(page(proposal))

    with django_assert_max_num_queries(18):
        client.get(page(proposal))
