"""The reviewer's queue, and for staff the list of every review."""

from datetime import date, timedelta

import pytest

from grants.enums import ProposalState, ReviewState
from portal import clock
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review, score
from tests.grants.views.reviewing import LIST

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_later():
    with clock.at(REVIEWED_AT + timedelta(days=1)):
        yield


def test_queue_shows_open_reviews_the_earliest_due_first_then_submitted_ones(client, rita_reviewer, rolf_reviewer):
    late = a_review(reviewer=rita_reviewer, state=ReviewState.ASSIGNED, due_on=date(2026, 12, 9))
    soon = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS, due_on=date(2026, 12, 1))
    undated = a_review(reviewer=rita_reviewer, state=ReviewState.ASSIGNED)
    done = a_review(reviewer=rita_reviewer)
    a_review(reviewer=rita_reviewer, state=ReviewState.RECUSED)
    a_review(reviewer=rolf_reviewer)
    client.force_login(rita_reviewer)

    context = client.get(LIST).context

    assert context["todo"] == [soon, late, undated]
    assert context["done"] == [done]


def test_queue_counts_what_is_scored(client, rita_reviewer):
    score(a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS), points=[4, None, None])
    client.force_login(rita_reviewer)

    assert "1 of 3 criteria scored" in client.get(LIST).content.decode()


def test_queue_for_staff_shows_every_review_and_filters(client, omar_officer, rita_reviewer):
    submitted = a_review(reviewer=rita_reviewer)
    recused = a_review(reviewer=rita_reviewer, state=ReviewState.RECUSED)
    client.force_login(omar_officer)

    assert list(client.get(LIST).context["page"]) == [recused, submitted]
    assert list(client.get(LIST, {"state": "recused"}).context["page"]) == [recused]


def test_queue_of_somebody_without_reviews_is_empty(client, ana_applicant):
    a_review()
    client.force_login(ana_applicant)

    context = client.get(LIST).context

    assert (context["todo"], context["done"], context["is_staff"]) == ([], [], False)


@pytest.mark.parametrize("who", ["rita_reviewer", "omar_officer"])
@pytest.mark.parametrize("rows", [1, 30])
def test_queue_takes_the_same_queries_for_any_number_of_rows(
    rows, who, request, client, rita_reviewer, django_assert_max_num_queries
):
    for _ in range(rows):
        proposal = ProposalFactory(state=ProposalState.IN_REVIEW, submission=False)
        a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(request.getfixturevalue(who))

    with django_assert_max_num_queries(12):
        response = client.get(LIST)

    assert len(response.context["page" if who == "omar_officer" else "todo"]) == rows
