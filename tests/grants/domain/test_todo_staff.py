"""What officers, directors and reviewers find on their home pages."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from grants.domain.queries.todo_staff import docket_todos, review_todos, screening_todos
from grants.enums import DocketState, ProposalState, ReviewState
from portal.accounts.enums import Role
from portal.todo import Todo
from tests.factories.accounts import UserFactory
from tests.factories.dockets import a_docket, a_reviewed_proposal
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import a_review
from tests.factories.rounds import RoundFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
EVERYBODY_ELSE = ["fay_finance", "otto_auditor", "ada_admin", "ana_applicant"]


def a_submitted(round_, title):
    return ProposalFactory(round=round_, state=ProposalState.SUBMITTED, title=title, submission=False)


def test_officer_is_told_to_screen_round_by_round(omar_officer):
    one, two = (
        RoundFactory(name="Round one"),
        RoundFactory(name="Round two", closes_at=datetime(2026, 11, 1, tzinfo=UTC)),
    )
    only = a_submitted(one, "Only")
    a_submitted(two, "First")
    a_submitted(two, "Second")

    assert list(screening_todos(omar_officer, AT)) == [
        Todo("Screen 1 proposal", reverse("grants:proposal-detail", args=[only.reference]), "Round one"),
        Todo(
            "Screen 2 proposals",
            f"{reverse('grants:screening-list')}?round={two.reference}",
            "Round two",
        ),
    ]


def test_officer_is_not_told_to_screen_while_the_call_is_open(omar_officer):
    a_submitted(RoundFactory(closes_at=datetime(2026, 12, 1, tzinfo=UTC)), "Early")

    assert list(screening_todos(omar_officer, AT)) == []


def test_director_is_told_to_decide_on_what_somebody_else_sent(dina_director, omar_officer):
    docket = a_docket(state=DocketState.SENT, officer=omar_officer)
    both = UserFactory(roles=[Role.OFFICER, Role.DIRECTOR])
    a_docket(state=DocketState.SENT, officer=both)

    url = reverse("grants:docket-detail", args=[docket.reference])
    todo = Todo(f"Decide on the docket “{docket}”", url, str(docket.round), date(2027, 3, 1))
    assert todo in list(docket_todos(dina_director, AT))
    assert list(docket_todos(both, AT)) == [todo]


def test_officer_is_told_to_announce_what_is_approved(omar_officer):
    docket = a_docket(state=DocketState.APPROVED)
    a_docket(state=DocketState.ANNOUNCED)

    url = reverse("grants:letter-list", args=[docket.reference])
    assert list(docket_todos(omar_officer, AT)) == [
        Todo(f"Announce the decisions of “{docket}”", url, str(docket.round), date(2027, 3, 1))
    ]


def test_reviewer_is_told_of_open_reviews_without_the_name_of_a_proposal(rita_reviewer):
    begun = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    asked = a_review(reviewer=rita_reviewer, state=ReviewState.ASSIGNED, due_on=date(2026, 12, 1))
    a_review(reviewer=rita_reviewer)
    a_review(reviewer=rita_reviewer, state=ReviewState.RECUSED)

    assert list(review_todos(rita_reviewer, AT)) == [
        Todo(
            f"Answer the conflict question of review {asked.reference}",
            reverse("grants:review-detail", args=[asked.reference]),
            str(asked.proposal.round),
            date(2026, 12, 1),
        ),
        Todo(
            f"Finish review {begun.reference}",
            reverse("grants:review-detail", args=[begun.reference]),
            str(begun.proposal.round),
            None,
        ),
    ]


def test_reviewer_with_a_long_queue_is_shown_ten_and_the_way_to_the_rest(rita_reviewer):
    for _ in range(11):
        proposal = ProposalFactory(state=ProposalState.IN_REVIEW, submission=False)
        a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)

    todos = list(review_todos(rita_reviewer, AT))

    assert len(todos) == 11
    assert todos[-1] == Todo("See the rest of your reviews", reverse("grants:review-list"))


@pytest.mark.parametrize("who", EVERYBODY_ELSE)
def test_others_are_told_nothing_of_it(who, request):
    a_docket(a_reviewed_proposal().round, state=DocketState.SENT)
    a_submitted(RoundFactory(), "Waiting")
    person = request.getfixturevalue(who)

    told = [*screening_todos(person, AT), *docket_todos(person, AT), *review_todos(person, AT)]

    assert told == []
