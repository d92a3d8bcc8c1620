"""The assignment board, the summary before a plan is sent, and what came of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants import tasks  # noqa: F401 - registers the handlers, as a worker does
from grants.domain.assignment import carry_out_plan, send_plan
from grants.domain.queries.assignment import planned_pairs
from grants.enums import ProposalState, ReviewState
from grants.models import AssignmentPlan, Review
from portal import clock
from portal.accounts.enums import Role
from portal.jobs.domain import run
from portal.jobs.models import Job
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.reviewers import a_plan, a_reviewer
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import SeatFactory
from tests.proof import proved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _while_reviewing():
    with clock.at(REVIEWED_AT + timedelta(hours=1)):
        yield


@pytest.fixture
def call():
    return RoundFactory()


@pytest.fixture
def proposal(call):
    return ProposalFactory(round=call, state=ProposalState.IN_REVIEW, submission=False)


@pytest.fixture
def page(client, omar_officer, call):
    """The board's address, with the officer signed in."""
    client.force_login(omar_officer)
    return reverse("grants:assignment-board", args=[call.reference])


def marks(*pairs, version=0, **fields):
    return {"version": version, "per_proposal": "2", "pair": [f"{p.pk}-{r.pk}" for p, r in pairs], **fields}


def test_board_offers_everybody_without_a_conflict_and_says_why_not(page, client, proposal, rita_reviewer):
    SeatFactory(site=proposal.site, holder=UserFactory(name="Ida Insider", roles=[Role.REVIEWER]))

    content = client.get(page).content.decode()

    assert content.count('name="pair"') == 1
    assert f'value="{proposal.pk}-{rita_reviewer.pk}"' in content
    assert "Ida Insider has held a seat on this site." in content


def test_board_of_a_round_without_proposals_in_review_says_what_to_do(page, client, rita_reviewer):
    assert "No proposal is in review" in client.get(page).content.decode()


def test_board_without_reviewers_says_what_to_do(page, client, proposal):
    assert "There are no reviewers yet" in client.get(page).content.decode()


def test_board_saves_marks_and_shows_them(page, client, proposal, rita_reviewer):
    response = client.post(page, marks((proposal, rita_reviewer), save="1"))

    assert response.url == page
    assert client.get(page).content.decode().count(" checked") == 1


def test_board_proposes_in_the_worker(page, client, call, proposal, rita_reviewer, rolf_reviewer):
    client.post(page, marks(propose="1"))
    assert "Propose who reviews what" in client.get(page).content.decode()

    run(str(Job.objects.get().pk))

    plan = AssignmentPlan.objects.get()
    assert set(planned_pairs(plan)) == {(proposal.pk, rita_reviewer.pk), (proposal.pk, rolf_reviewer.pk)}
    assert Job.objects.get().result_url == page


def test_board_a_colleague_saved_meanwhile_keeps_both(
    page, client, call, proposal, rita_reviewer, rolf_reviewer, olga_officer
):
    a_plan(call, olga_officer, (proposal, rita_reviewer))

    response = client.post(page, marks((proposal, rolf_reviewer), save="1"))

    content = response.content.decode()
    assert response.status_code == 409
    site = f"{proposal.site} ({proposal.reference})"
    assert response.context["theirs"] == [
        f"Rita Reviewer for {site}: only saved now",
        f"Rolf Reviewer for {site}: only yours",
    ]
    assert 'name="version" value="1"' in content
    assert client.post(page, marks((proposal, rolf_reviewer), version=1, save="1")).status_code == 302


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"per_proposal": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"due_on": "2026-01-01"}, "This day is over. Choose a later one."),
        ({"pair": ["nonsense"]}, "The board was incomplete. Open the page again and try once more."),
        ({"pair": ["1-2-3"]}, "The board was incomplete. Open the page again and try once more."),
    ],
)
def test_board_refuses_what_cannot_be_in_place(fields, text, page, client, proposal, rita_reviewer):
    response = client.post(page, marks(save="1") | fields)

    assert response.status_code == 422
    assert text in response.content.decode()


def test_board_refuses_a_conflict_that_came_up_meanwhile(page, client, proposal, rita_reviewer):
    SeatFactory(site=proposal.site, holder=rita_reviewer)

    response = client.post(page, marks((proposal, rita_reviewer), save="1"))

    assert (response.status_code, AssignmentPlan.objects.count()) == (409, 0)
    assert "Rita Reviewer has held a seat on this site." in response.content.decode()


def test_board_is_read_only_for_a_director(client, call, proposal, rita_reviewer, dina_director):
    client.force_login(dina_director)
    page = reverse("grants:assignment-board", args=[call.reference])

    content = client.get(page).content.decode()

    assert "Save and see what is sent" not in content
    assert client.post(page, marks(save="1")).status_code == 403


@pytest.mark.parametrize("number", [1, 30])
def test_board_takes_at_most_25_queries_whatever_its_size(number, page, client, call, django_assert_max_num_queries):
    for _ in range(number):
        a_reviewer(components=["coherence"])
    ProposalFactory.create_batch(number, round=call, state=ProposalState.IN_REVIEW, submission=False)

    with django_assert_max_num_queries(25):
        client.get(page)


# --- sending ---


@pytest.fixture
def plan(call, proposal, rita_reviewer, omar_officer):
    return a_plan(call, omar_officer, (proposal, rita_reviewer))


def test_summary_tells_who_is_asked_and_what_is_missing(page, client, plan, proposal):
    response = client.get(f"{page}send/")

    assert [(str(each.member.person), each.number) for each in response.context["shares"]] == [("Rita Reviewer", 1)]
    assert response.context["lacking"] == [
        f"{proposal.site} ({proposal.reference}) lacks 1 of 2: there are not enough reviewers in the pool."
    ]


def test_sending_leads_to_what_came_of_it(page, client, plan, rita_reviewer):
    response = client.post(f"{page}send/", {"version": plan.version})
    assert "Waiting" in client.get(response.url).content.decode()

    run(str(Job.objects.get().pk))

    assert Review.objects.get().reviewer == rita_reviewer
    assert Review.objects.get().reference in client.get(response.url).content.decode()
    assert "See what came of it" in client.get(page).content.decode()


def test_sending_what_a_colleague_changed_is_refused(page, client, plan):
    response = client.post(f"{page}send/", {"version": plan.version + 1})

    assert response.status_code == 409
    assert "Somebody else changed this while you had it open." in response.content.decode()


def test_sending_without_a_plan_goes_back_to_the_board(page, client, proposal):
    assert client.get(f"{page}send/").url == page


def test_dropping_a_plan_asks_nobody(page, client, plan):
    client.post(f"{page}drop/", {"version": plan.version})

    assert (AssignmentPlan.objects.get().state, Review.objects.count()) == ("dropped", 0)


@pytest.mark.parametrize("version", ["", "7"])
def test_dropping_another_plan_than_was_seen_is_refused(version, page, client, plan):
    client.post(f"{page}drop/", {"version": version})

    assert AssignmentPlan.objects.get().state == "draft"


@pytest.mark.parametrize("number", [1, 12])
def test_outcome_of_a_plan_takes_at_most_12_queries(
    number, page, client, call, rita_reviewer, omar_officer, django_assert_max_num_queries
):
    rows = ProposalFactory.create_batch(number, round=call, state=ProposalState.IN_REVIEW, submission=False)
    plan = a_plan(call, omar_officer, *((each, rita_reviewer) for each in rows))
    send_plan(plan, actor=omar_officer, at=REVIEWED_AT, version=plan.version)
    carry_out_plan(AssignmentPlan.objects.select_related("round", "sent_by").get(), progress=lambda *_: None)

    with django_assert_max_num_queries(12):
        client.get(f"{page}{plan.reference}/")


# --- progress ---


def progress_url(call):
    return reverse("grants:review-progress", args=[call.reference])


def test_progress_counts_by_reviewer_and_by_proposal(
    page, client, call, proposal, rita_reviewer, rolf_reviewer, omar_officer
):
    late = (REVIEWED_AT - timedelta(days=2)).date()
    a_review(proposal, rita_reviewer, state=ReviewState.SUBMITTED, officer=omar_officer)
    a_review(proposal, rolf_reviewer, state=ReviewState.IN_PROGRESS, officer=omar_officer, due_on=late)

    progress = client.get(progress_url(call)).context["progress"]

    assert [
        (str(row.person), row.asked, row.waiting, row.in_progress, row.submitted, row.recused, row.overdue)
        for row in progress.reviewers
    ] == [("Rita Reviewer", 1, 0, 0, 1, 0, 0), ("Rolf Reviewer", 1, 0, 1, 0, 0, 1)]
    assert [(row.submitted, row.wanted, row.lacks) for row in progress.proposals] == [(1, 3, 1)]
    assert (progress.asked, progress.submitted, progress.overdue, progress.lacking) == (2, 1, 1, 1)


@pytest.mark.parametrize("number", [1, 12])
def test_progress_takes_at_most_9_queries(
    number, page, client, call, rita_reviewer, omar_officer, django_assert_max_num_queries
):
    for each in ProposalFactory.create_batch(number, round=call, state=ProposalState.IN_REVIEW, submission=False):
        a_review(each, rita_reviewer, state=ReviewState.ASSIGNED, officer=omar_officer)

    with django_assert_max_num_queries(9):
        client.get(progress_url(call))


def test_progress_is_exported_without_marks(page, client, call, proposal, rita_reviewer, omar_officer):
    a_review(proposal, rita_reviewer, state=ReviewState.SUBMITTED, officer=omar_officer)
    proved(client, omar_officer)
    lines = client.post(f"{progress_url(call)}export/").content.decode("utf-8-sig").splitlines()

    review = Review.objects.get()
    assert lines == [
        "Proposal,Coalition,Review,Reviewer,Address,State,Asked,Due,Submitted,Stepped back,Overdue",
        f"{proposal.reference},{proposal.site},{review.reference},Rita Reviewer,rita@reviewer.example,Submitted,"
        "2026-11-16,,2026-11-16,,",
    ]


def test_reminding_from_the_progress_page_is_once_a_day(page, client, call, proposal, rita_reviewer, omar_officer):
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED, officer=omar_officer)
    url = reverse("grants:reviewer-remind", args=[call.reference, rita_reviewer.public_id])

    said = [str(message) for _ in range(2) for message in client.post(url, follow=True).context["messages"]]

    assert said == [
        "Rita Reviewer was reminded of 1 review.",
        "Rita Reviewer was reminded today already. Once a day is enough.",
    ]


def test_moving_a_review_offers_who_is_free(page, client, call, proposal, rita_reviewer, rolf_reviewer, omar_officer):
    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED, officer=omar_officer)
    url = reverse("grants:review-move", args=[review.reference])
    choices = client.get(url).context["form"].fields["reviewer"].choices
    assert [words for _, words in choices] == ["Choose a reviewer", "Rolf Reviewer · 0 open reviews"]

    assert client.post(url, {"reviewer": rita_reviewer.pk}).status_code == 422
    assert client.post(url, {"reviewer": rolf_reviewer.pk}).url == progress_url(call)
    assert Review.objects.get().reviewer == rolf_reviewer


def test_moving_a_review_that_was_begun_is_not_offered(
    page, client, proposal, rita_reviewer, rolf_reviewer, omar_officer
):
    review = a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS, officer=omar_officer)
    url = reverse("grants:review-move", args=[review.reference])

    assert "has already begun, so this review stays" in client.get(url).content.decode()
    assert client.post(url, {"reviewer": rolf_reviewer.pk}).status_code == 409
