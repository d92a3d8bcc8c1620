"""Staff's pages of a round's reviews: the matrix, its file, and one proposal's reviews side by side."""

from datetime import timedelta

import pytest

from grants.enums import ProposalState, ReviewState
from portal import clock
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.discussions import a_discussion, scored_again
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.rounds import RoundFactory
from tests.grants.views.reviewing import step_of
from tests.proof import proved

pytestmark = pytest.mark.django_db
QUERIES, SIDE_QUERIES = 16, 13


@pytest.fixture(autouse=True)
def _a_day_later():
    with clock.at(REVIEWED_AT + timedelta(days=1)):
        yield


@pytest.fixture
def round_():
    return RoundFactory(reviews_per_proposal=2)


def in_review(round_, **fields):
    return ProposalFactory(round=round_, state=ProposalState.IN_REVIEW, **fields)


def matrix(round_, query=""):
    return f"/rounds/{round_.reference}/matrix/{query}"


def test_matrix_shows_marks_states_and_a_link_to_discuss_where_reviewers_disagree(
    client, round_, omar_officer, rita_reviewer, rolf_reviewer
):
    split, waiting = in_review(round_, title="Every School"), in_review(round_, title="Every Family")
    high = a_review(split, rita_reviewer, points=5)
    a_review(split, rolf_reviewer, points=2)
    a_review(waiting, rita_reviewer, state=ReviewState.ASSIGNED)
    a_review(waiting, rolf_reviewer, state=ReviewState.RECUSED)
    client.force_login(omar_officer)

    text = client.get(matrix(round_)).content.decode()

    assert f'href="/reviews/{high.reference}/">5.00</a>' in text
    assert ">Asked</a>" in text
    assert ">Stepped back</a>" in text
    assert f'href="/proposals/{split.reference}/discussion/">Open a discussion' in text
    assert f"/proposals/{waiting.reference}/discussion/" not in text
    assert text.count("<math ") == 9


def test_matrix_of_a_round_without_proposals_says_what_to_do(client, round_, omar_officer):
    client.force_login(omar_officer)

    text = client.get(matrix(round_)).content.decode()

    assert "No proposal is in review yet" in text
    assert "Undefined: no proposal has two submitted reviews yet." in text


def test_matrix_of_groups_that_share_no_reviewer_warns(client, round_, omar_officer):
    for _ in range(2):
        a_review(in_review(round_))
    client.force_login(omar_officer)

    assert "The reviews fall into 2 groups that share no reviewer." in client.get(matrix(round_)).content.decode()


def test_matrix_before_discussions_shows_the_marks_of_then(client, round_, omar_officer, rita_reviewer, rolf_reviewer):
    proposal = in_review(round_)
    a_review(proposal, rita_reviewer, points=5)
    low = a_review(proposal, rolf_reviewer, points=2)
    a_discussion(proposal)
    scored_again(low, 4)
    client.force_login(omar_officer)

    latest = client.get(matrix(round_))
    before = client.get(matrix(round_, "?marks=before"))

    for response in (latest, before):
        assert "2.00 → 4.00 (+2.00)" in response.content.decode()
    standing = [each.context["rows"][0].standing.values["weighted"] for each in (latest, before)]
    assert standing == [4.5, 3.5]
    assert "Discussion open" in latest.content.decode()


@pytest.mark.parametrize(
    "sort", ["raw", "-standardized", "adjusted", "-spread", "apart", "reviews", "-proposal", "nonsense"]
)
def test_matrix_sorts_by_any_measure_and_says_so(sort, client, round_, omar_officer, rita_reviewer):
    a_review(in_review(round_), rita_reviewer, points=2)
    a_review(in_review(round_), rita_reviewer, points=4)
    client.force_login(omar_officer)

    text = client.get(matrix(round_, f"?sort={sort}&people=-mean")).content.decode()

    assert text.count("aria-sort=") == 2


def test_matrix_has_pages_that_cost_the_same(client, round_, omar_officer, rita_reviewer, monkeypatch):
    monkeypatch.setattr("grants.domain.queries.matrix.SIZE", 2)
    proposals = [in_review(round_) for _ in range(5)]
    for number, proposal in enumerate(proposals):
        a_review(proposal, rita_reviewer, points=number + 1)
    client.force_login(omar_officer)

    pages = [client.get(matrix(round_, f"?page={number}")) for number in (1, 2, 3, 99)]

    shown = [[row.proposal for row in page.context["rows"]] for page in pages]
    assert shown == [proposals[:2:-1], proposals[2:0:-1], proposals[:1], proposals[:1]]
    assert "3 to 4 of 5" in pages[1].content.decode()
    assert pages[1].context["previous_url"] == "?page=1"


@pytest.mark.parametrize("number", [1, 30])
def test_matrix_takes_as_many_queries_for_1_as_for_30(number, client, round_, omar_officer, django_assert_num_queries):
    pair = [UserFactory(roles=[Role.REVIEWER]) for _ in range(2)]
    for _ in range(number):
        a_review(in_review(round_), pair[0], points=3)
    a_review(in_review(round_), pair[1], points=3)
    client.force_login(omar_officer)

    with django_assert_num_queries(QUERIES):
        assert client.get(matrix(round_)).status_code == 200


@pytest.mark.parametrize("who", ["rita_reviewer", "ana_applicant", "ada_admin"])
def test_matrix_is_forbidden_to_everybody_outside_the_foundation(who, request, client, round_):
    client.force_login(request.getfixturevalue(who))

    assert client.get(matrix(round_)).status_code == 403


# --- the file ---


def test_export_says_what_it_holds_and_gives_the_file(client, round_, dina_director, rita_reviewer):
    proposal = in_review(round_)
    a_review(proposal, rita_reviewer)
    proved(client, dina_director)

    page = client.get(matrix(round_, "export/?show=few"))
    file = client.post(matrix(round_, "export/?show=few"), {"kind": "csv"})

    assert "Fewer reviews than wanted" in page.content.decode()
    assert file["Content-Disposition"] == f'attachment; filename="review-matrix-{round_.reference}.csv"'
    assert proposal.reference in file.content.decode()


# --- side by side ---


def test_side_by_side_shows_scores_reasons_and_no_private_notes(
    client, round_, omar_officer, rita_reviewer, rolf_reviewer
):
    proposal = in_review(round_)
    a_review(proposal, rita_reviewer, points=5)
    low = a_review(proposal, rolf_reviewer, points=2)
    a_discussion(proposal)
    scored_again(low, [2, 4, 4])
    client.force_login(omar_officer)

    text = client.get(f"/proposals/{proposal.reference}/reviews/").content.decode()

    assert "Rita Reviewer" in text
    assert "2 → 4" in text
    assert "Convincing, with a clear measure for every year." in text
    assert "Say more about how the union takes part." in text
    assert "Strong, in my view." not in text


def test_side_by_side_without_a_submitted_review_says_who_it_waits_for(client, round_, omar_officer, rita_reviewer):
    proposal = in_review(round_)
    a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(omar_officer)

    text = client.get(f"/proposals/{proposal.reference}/reviews/").content.decode()

    assert "No review is submitted yet" in text
    assert "Rita Reviewer</a> (in progress)" in text


@pytest.mark.parametrize("number", [1, 30])
def test_side_by_side_takes_as_many_queries_for_1_as_for_30(
    number, client, round_, otto_auditor, django_assert_num_queries
):
    proposal = in_review(round_)
    for _ in range(number):
        a_review(proposal, points=3)
    client.force_login(otto_auditor)

    with django_assert_num_queries(SIDE_QUERIES):
        assert client.get(f"/proposals/{proposal.reference}/reviews/").status_code == 200


def test_side_by_side_is_refused_to_staff_who_still_review_it(client, round_):
    both = UserFactory(roles=[Role.OFFICER, Role.REVIEWER])
    proposal = in_review(round_)
    a_review(proposal, both, state=ReviewState.IN_PROGRESS)
    client.force_login(both)

    response = client.get(f"/proposals/{proposal.reference}/reviews/")

    assert response.status_code == 403
    assert "submit your review first" in response.content.decode()


def test_review_page_says_why_it_cannot_be_scored_again(client, round_, rita_reviewer):
    review = a_review(in_review(round_), rita_reviewer)
    client.force_login(rita_reviewer)

    text = client.get(step_of(review, "rescore")).content.decode()

    assert "You can score again while the foundation has the discussion of this proposal open." in text
