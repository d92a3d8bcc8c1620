"""Planning who reviews what: the board, the portal's proposal, sending, moving a review."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grants.domain.assignment import (
    PROPOSE_JOB,
    compute_plan,
    drop_plan,
    save_plan,
    send_plan,
)
from grants.domain.queries.assignment import board, field_of, planned_pairs
from grants.enums import PlanSource, ProposalState, ReviewState
from grants.models import AssignmentPlan, BudgetLine
from portal.access import Refused
from portal.accounts.enums import Role
from portal.activity.models import Entry
from portal.jobs.models import Job
from portal.record import Stale
from sites.models import KeyIssue
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.reviewers import a_plan, a_reviewer
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import SeatFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)
DUE = date(2026, 12, 7)
LATER = REVIEWED_AT + timedelta(minutes=5)


@pytest.fixture
def call():
    return RoundFactory()


@pytest.fixture
def proposals(call):
    return ProposalFactory.create_batch(3, round=call, state=ProposalState.IN_REVIEW, submission=False)


def compute(plan, officer):
    return compute_plan(plan, actor=officer, at=LATER, progress=lambda *_: None)


# --- the board ---


def test_first_save_makes_the_draft_of_the_round(call, proposals, rita_reviewer, omar_officer):
    plan = a_plan(call, omar_officer, (proposals[0], rita_reviewer), due_on=DUE)

    assert (plan.reference, plan.state, plan.version, plan.due_on) == ("PL-2026-0001", "draft", 1, DUE)
    assert planned_pairs(plan) == {(proposals[0].pk, rita_reviewer.pk): PlanSource.CHOSEN}
    assert Entry.objects.of(plan).first().summary == f"Planned 1 review of {call}."


def test_save_on_top_of_a_colleagues_is_stale(call, proposals, rita_reviewer, omar_officer, olga_officer):
    a_plan(call, olga_officer, (proposals[0], rita_reviewer))

    with pytest.raises(Stale):
        save_plan(call, actor=omar_officer, at=LATER, version=0, per_proposal=2, due_on=None, pairs=set())


def test_save_of_a_plan_that_was_sent_is_refused(call, proposals, rita_reviewer, omar_officer):
    plan = a_plan(call, omar_officer, (proposals[0], rita_reviewer))
    send_plan(plan, actor=omar_officer, at=LATER, version=plan.version)

    with refuses("This plan was sent or dropped meanwhile. Open the board again to see how it stands."):
        save_plan(call, actor=omar_officer, at=LATER, version=1, per_proposal=2, due_on=None, pairs=set())


def test_save_against_a_conflict_of_interest_is_refused(call, proposals, omar_officer):
    insider = UserFactory(name="Ida", roles=[Role.REVIEWER])
    SeatFactory(site=proposals[0].site, holder=insider)

    with refuses("Ida has held a seat on this site."):
        a_plan(call, omar_officer, (proposals[0], insider))
    assert not AssignmentPlan.objects.exists()


def test_save_with_somebody_outside_the_pool_is_refused(call, proposals, sam_stranger, omar_officer):
    with pytest.raises(Refused, match="left the review, or somebody the pool"):
        a_plan(call, omar_officer, (proposals[0], sam_stranger))


def test_save_with_a_proposal_of_another_round_is_refused(call, proposals, rita_reviewer, omar_officer):
    other = ProposalFactory(state=ProposalState.IN_REVIEW, submission=False)

    with pytest.raises(Refused, match="left the review, or somebody the pool"):
        a_plan(call, omar_officer, (other, rita_reviewer))


def test_save_without_a_proposal_in_review_is_refused(call, omar_officer):
    with refuses("No proposal of this round is in review, so there is nothing to assign."):
        a_plan(call, omar_officer)


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"per_proposal": 0}, {"per_proposal": ["Enter a number from 1 to 20."]}),
        ({"per_proposal": 21}, {"per_proposal": ["Enter a number from 1 to 20."]}),
        ({"due_on": TODAY - timedelta(days=1)}, {"due_on": ["This day is over. Choose a later one."]}),
    ],
)
def test_save_of_wrong_facts_is_refused_beside_the_field(fields, errors, call, proposals, omar_officer):
    with pytest.raises(ValidationError) as caught:
        a_plan(call, omar_officer, **fields)
    assert caught.value.message_dict == errors


@pytest.mark.parametrize("who", ["dina_director", "otto_auditor", "rita_reviewer", "ana_applicant"])
def test_save_by_anybody_but_an_officer_is_refused(who, request, call, proposals):
    with refuses("Only program officers assign reviews."):
        a_plan(call, request.getfixturevalue(who))


def test_second_draft_of_a_round_is_refused_by_the_database(call, proposals, omar_officer):
    a_plan(call, omar_officer)

    with pytest.raises(IntegrityError):
        AssignmentPlan.objects.create(reference="PL-2", round=call, per_proposal=2, made_by=omar_officer)


def test_board_shows_what_is_asked_planned_and_impossible(call, proposals, rita_reviewer, omar_officer):
    ida = UserFactory(name="Ida", roles=[Role.REVIEWER])
    SeatFactory(site=proposals[2].site, holder=ida)
    a_review(proposals[0], rita_reviewer, officer=omar_officer)
    plan = a_plan(call, omar_officer, (proposals[1], rita_reviewer))

    shown = board(field_of(call), planned_pairs(plan), wanted=2, due_on=None, today=TODAY)

    assert [(str(each.member.person), each.asked, each.planned) for each in shown.columns] == [
        ("Ida", 0, 0),
        ("Rita Reviewer", 1, 1),
    ]
    assert [(row.have, row.planned, row.lacks) for row in shown.rows] == [(1, 0, 1), (0, 1, 1), (0, 0, 2)]
    assert [[cell.is_open for cell in row.cells] for row in shown.rows] == [[True, False], [True, True], [False, True]]
    assert shown.rows[2].cells[0].conflict == "Ida has held a seat on this site."
    assert (shown.planned, shown.lacking) == (1, 3)


def test_match_is_half_the_budget_a_reviewer_knows_and_half_the_claimed_issues(call, proposals):
    BudgetLine.objects.create(proposal=proposals[0], year=1, component_id="coherence", category="travel", amount=300)
    BudgetLine.objects.create(proposal=proposals[0], year=1, component_id="partnerships", category="travel", amount=100)
    proposals[0].key_issues.set(list(_issues()[:2]))
    knows = a_reviewer(components=["coherence"], key_issues=[_issues()[0].code])

    matches = field_of(call).matches

    assert matches[proposals[0].pk, knows.pk] == 12  # 20 × (3/4 + 1/2) / 2, rounded to even
    assert matches[proposals[1].pk, knows.pk] == 7  # a third of the components, no issue claimed


def _issues():
    return KeyIssue.objects.order_by("position")


@pytest.mark.parametrize("number", [1, 12])
def test_field_of_a_round_costs_seventeen_queries_whatever_the_numbers(number, call, django_assert_max_num_queries):
    for _ in range(number):
        a_reviewer(components=["coherence"])
    ProposalFactory.create_batch(number, round=call, state=ProposalState.IN_REVIEW, submission=False)

    with django_assert_max_num_queries(17):
        field_of(call)


# --- the portal's proposal ---


def test_proposal_of_the_portal_is_asked_for_with_the_save(call, proposals, omar_officer):
    plan = save_plan(
        call, actor=omar_officer, at=LATER, version=0, per_proposal=2, due_on=None, pairs=set(), propose=True
    )

    job = Job.objects.get(kind=PROPOSE_JOB)
    assert (job.key, job.facts) == (plan.reference, {"plan": plan.pk})


def test_plan_keeps_what_staff_chose_and_fills_the_rest_evenly(call, proposals, omar_officer):
    people = [a_reviewer() for _ in range(3)]
    plan = a_plan(call, omar_officer, (proposals[0], people[0]), (proposals[1], people[0]))

    plan = compute(plan, omar_officer)

    pairs = planned_pairs(plan)
    assert [pair for pair, source in pairs.items() if source == PlanSource.CHOSEN] == [
        (proposals[0].pk, people[0].pk),
        (proposals[1].pk, people[0].pk),
    ]
    assert Counter(proposal for proposal, _ in pairs) == {each.pk: 2 for each in proposals}
    assert Counter(person for _, person in pairs) == {each.pk: 2 for each in people}
    assert (plan.remarks, plan.computed_at) == ([], LATER)


def test_plan_computed_twice_is_the_same(call, proposals, omar_officer):
    for _ in range(4):
        a_reviewer()
    plan = a_plan(call, omar_officer)

    first = planned_pairs(compute(plan, omar_officer))

    assert planned_pairs(compute(plan, omar_officer)) == first


def test_plan_counts_the_reviews_there_are_and_never_asks_anybody_twice(call, proposals, rita_reviewer, omar_officer):
    a_review(proposals[0], rita_reviewer, state=ReviewState.ASSIGNED, officer=omar_officer)
    plan = compute(a_plan(call, omar_officer, per_proposal=1), omar_officer)

    assert set(planned_pairs(plan)) == {(each.pk, rita_reviewer.pk) for each in proposals[1:]}


def test_plan_leaves_out_who_is_away_and_says_what_it_lacks_and_why(call, proposals, omar_officer):
    a_reviewer("Away", away_from=TODAY, away_until=DUE)
    a_reviewer("Busy", capacity=2)
    ida = a_reviewer("Ida", capacity=0)
    SeatFactory(site=proposals[0].site, holder=ida)

    plan = compute(a_plan(call, omar_officer, due_on=DUE, per_proposal=1), omar_officer)

    assert len(planned_pairs(plan)) == 2
    lacking = next(each for each in proposals if each.pk not in {pair[0] for pair in planned_pairs(plan)})
    told = "1 reviewer at the most they take on"
    if lacking == proposals[0]:
        told += "; 1 reviewer away for most of the time; 1 reviewer must not because of a conflict of interest"
    else:
        told = "1 reviewer away for most of the time; 2 reviewers at the most they take on"
    assert plan.remarks == [f"{lacking.site} ({lacking.reference}) lacks 1 of 1: {told}."]


def test_plan_without_anybody_says_so(call, proposals, omar_officer):
    plan = compute(a_plan(call, omar_officer), omar_officer)

    site = f"{proposals[0].site} ({proposals[0].reference})"
    assert plan.remarks[0] == f"{site} lacks 2 of 2: there are not enough reviewers in the pool."


def test_plan_that_was_dropped_meanwhile_is_not_filled(call, proposals, omar_officer):
    plan = a_plan(call, omar_officer)
    drop_plan(plan, actor=omar_officer, at=LATER, version=plan.version)

    with refuses("This plan was sent or dropped meanwhile."):
        compute(plan, omar_officer)
