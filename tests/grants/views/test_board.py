"""The live board of a round in its last hours."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from grants.enums import ProposalState
from grants.models import ExtensionRequest, Proposal, Submission
from portal import clock
from sites.models import Site
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
CLOSES = datetime(2026, 10, 30, 21, 0, tzinfo=UTC)
AT = CLOSES - timedelta(minutes=20)


@pytest.fixture(autouse=True)
def _late():
    with clock.at(AT):
        yield


@pytest.fixture
def officer(client, omar_officer):
    client.force_login(omar_officer)
    return client


def live(round_, **query):
    return reverse("grants:round-live", args=[round_.reference], query=query)


def text_of(response):
    return " ".join(response.content.decode().split())


def a_draft(round_, done, total=12, **facts):
    return ProposalFactory(round=round_, sections_done=done, sections_total=total, **facts)


def submissions(round_, *minutes_ago):
    for number, minutes in enumerate(minutes_ago, start=1):
        proposal = ProposalFactory(round=round_, state=ProposalState.SUBMITTED, submission=False)
        Submission.objects.create(
            proposal=proposal, number=1, at=AT - timedelta(minutes=minutes), by=proposal.started_by, content={},
            sha256="0" * 64, key=f"{proposal.reference}:{number:032x}",
        )  # fmt: skip


def test_board_counts_drafts_by_what_they_lack(officer):
    round_ = RoundFactory()
    for done in (12, 11, 11, 3):
        a_draft(round_, done)
    a_draft(round_, 5, state=ProposalState.WITHDRAWN)
    submissions(round_, 5)

    board = officer.get(live(round_)).context["board"]

    assert [(each.words, each.number) for each in board.groups] == [
        ("Nothing missing, not submitted", 1),
        ("1 section missing", 2),
        ("9 sections missing", 1),
    ]
    assert (board.started, board.submitted, board.drafts) == (5, 1, 4)


def test_board_draws_the_submissions_of_each_minute_of_the_last_hour(officer):
    round_ = RoundFactory()
    submissions(round_, 0, 0, 59, 60, 75)

    response = officer.get(live(round_))

    board = response.context["board"]
    assert (board.last_hour, board.top, len(board.columns)) == (3, 2, 60)
    assert [(each.column.label, each.column.number) for each in board.columns if each.column.number] == [
        ("3:41 pm", 1),
        ("4:40 pm", 2),
    ]
    assert "3 in all, at most 2 in one minute." in text_of(response)


def test_board_lists_who_is_close_in_the_chosen_order(officer):
    round_ = RoundFactory()
    a_draft(round_, 9, title="Nearly")
    a_draft(round_, 12, title="All there")
    a_draft(round_, 2, title="Hardly begun")

    by_missing = officer.get(live(round_)).context["board"].close
    by_title = officer.get(live(round_, sort="title")).context["board"].close

    assert [str(each) for each in by_missing] == ["All there", "Nearly"]
    assert [str(each) for each in by_title] == ["All there", "Nearly"]


def test_board_leads_to_requests_for_more_time(officer, ana_applicant):
    round_ = RoundFactory()
    proposal = a_draft(round_, 9, site=a_site(ana_applicant))
    ExtensionRequest.objects.create(proposal=proposal, reason="A fire.", asked_by=ana_applicant, asked_at=AT)

    text = text_of(officer.get(live(round_)))

    assert reverse("grants:proposal-extend", args=[proposal.reference]) in text
    assert "A fire." in text


def test_board_renews_itself_and_can_be_held_still(officer):
    round_ = RoundFactory()

    assert 'hx-trigger="every 15s"' in text_of(officer.get(live(round_)))
    assert "hx-trigger" not in text_of(officer.get(live(round_, still="1")))


def test_board_of_an_empty_round_says_so(officer):
    text = text_of(officer.get(live(RoundFactory())))

    assert "There are no drafts now." in text
    assert "None in the last hour." in text


@pytest.mark.parametrize(("before", "offered"), [(timedelta(hours=48), True), (timedelta(hours=48, seconds=1), False)])
def test_board_is_offered_to_officers_in_the_last_two_days(officer, before, offered):
    round_ = RoundFactory()

    with clock.at(CLOSES - before):
        text = text_of(officer.get(reverse("portal:home")))

    assert (live(round_) in text) == offered


@pytest.mark.parametrize("number", [1, 300])
def test_board_costs_the_same_however_many_proposals(officer, number, django_assert_num_queries):
    round_ = RoundFactory()
    starter, site = UserFactory(), a_site()
    drafts = ProposalFactory.build_batch(number, round=round_, started_by=starter, site=site, sections_total=12)

    sites = Site.objects.bulk_create(
        Site(reference=f"S-{n}", name=f"Site {n}", place="Lowell", state="MA") for n in range(number)
    )
    for n, draft in enumerate(drafts):
        draft.reference, draft.site, draft.sections_done = f"P-{n}", sites[n], n % 13
    Proposal.objects.bulk_create(drafts)
    officer.get(live(round_))

    with django_assert_num_queries(11):
        officer.get(live(round_))
