"""What reviewers say about themselves, and what staff see of the pool."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grants.domain.queries.reviewer import Member, members, people_shown_to, pool, profile_of, rounds_in_review
from grants.domain.reviewer import declare_disclosure, end_disclosure, save_profile, write_staff_note
from grants.enums import DisclosureKind, ProposalState, ReviewState
from grants.models import Disclosure, ReviewerProfile
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.models import Entry
from portal.record import Stale
from sites.models import Component, KeyIssue
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.reviewers import a_reviewer
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = REVIEWED_AT + timedelta(days=1)
DAY = date(2026, 11, 20)


def save(person, *, actor=None, version=0, **fields):
    facts = {
        "organization": "Harbor University", "capacity": 5, "components": Component.objects.filter(code="coherence"),
        "key_issues": KeyIssue.objects.none(), "away_from": None, "away_until": None,
    }  # fmt: skip
    return save_profile(person, actor=actor or person, at=REVIEWED_AT, version=version, **(facts | fields))


def declare(person, *, actor=None, **fields):
    facts = {"kind": DisclosureKind.PERSON, "name": "Grace Hopper", "address": "", "relationship": "My sister."}
    return declare_disclosure(person, actor=actor or person, at=REVIEWED_AT, **(facts | fields))


# --- the profile ---


def test_profile_is_made_by_the_first_save_and_counted_up_by_the_next(rita_reviewer):
    save(rita_reviewer)
    row = save(rita_reviewer, version=1, capacity=3, away_from=DAY, away_until=DAY)

    assert (row.version, row.organization, row.capacity, row.away_from) == (2, "Harbor University", 3, DAY)
    assert [each.code for each in profile_of(rita_reviewer).components.all()] == ["coherence"]
    assert Entry.objects.of(rita_reviewer).first().summary == (
        "Changed what Rita Reviewer reviews: up to 3 in a round, away 2026-11-20 to 2026-11-20."
    )


def test_profile_saved_by_somebody_else_meanwhile_is_stale(rita_reviewer, omar_officer):
    save(rita_reviewer, actor=omar_officer)

    with pytest.raises(Stale):
        save(rita_reviewer, version=0)


@pytest.mark.parametrize("who", ["rolf_reviewer", "dina_director", "ana_applicant", "ada_admin"])
def test_profile_of_another_is_refused(who, request, rita_reviewer):
    with refuses("Only program officers look after the pool of reviewers."):
        save(rita_reviewer, actor=request.getfixturevalue(who))


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"capacity": 101}, {"capacity": ["Enter a number from 0 to 100."]}),
        ({"away_from": DAY}, {"away_until": ["Enter both days, or neither."]}),
        ({"away_until": DAY}, {"away_from": ["Enter both days, or neither."]}),
        ({"away_from": DAY, "away_until": DAY - timedelta(1)}, {"away_until": ["This day is before the first one."]}),
    ],
)
def test_profile_with_wrong_facts_is_refused_beside_the_field(fields, errors, rita_reviewer):
    with pytest.raises(ValidationError) as caught:
        save(rita_reviewer, **fields)
    assert caught.value.message_dict == errors


@pytest.mark.parametrize(
    "fields", [{"capacity": 101}, {"away_from": DAY}, {"away_from": DAY, "away_until": date(2026, 1, 1)}]
)
def test_profile_with_wrong_facts_is_refused_by_the_database(fields, rita_reviewer):
    with pytest.raises(IntegrityError):
        ReviewerProfile.objects.create(user=rita_reviewer, **fields)


def test_staff_note_is_for_officers_and_stays_out_of_the_log(rita_reviewer, omar_officer):
    row = write_staff_note(rita_reviewer, actor=omar_officer, at=REVIEWED_AT, version=0, staff_note="Slow but sharp.")

    assert row.staff_note == "Slow but sharp."
    assert Entry.objects.of(rita_reviewer).first().summary == "Changed the staff's note about Rita Reviewer."
    with refuses("Only program officers look after the pool of reviewers."):
        write_staff_note(rita_reviewer, actor=rita_reviewer, at=REVIEWED_AT, version=1, staff_note="")


# --- disclosures ---


def test_disclosure_is_kept_with_its_dates_when_it_ends(rita_reviewer):
    row = declare(rita_reviewer, kind=DisclosureKind.ORGANIZATION, name="  Harbor   Fund ", address="@Harbor.Example")

    ended = end_disclosure(row, actor=rita_reviewer, at=LATER)

    assert (row.name, row.address, row.declared_by) == ("Harbor Fund", "harbor.example", rita_reviewer)
    assert (ended.declared_at, ended.ended_at) == (REVIEWED_AT, LATER)
    with refuses("This disclosure has ended already."):
        end_disclosure(row, actor=rita_reviewer, at=LATER)


def test_disclosure_on_behalf_of_a_reviewer_names_the_officer(rita_reviewer, omar_officer):
    assert declare(rita_reviewer, actor=omar_officer).declared_by == omar_officer


@pytest.mark.parametrize("who", ["rolf_reviewer", "otto_auditor", "ana_applicant"])
def test_disclosure_of_another_is_refused(who, request, rita_reviewer):
    other = request.getfixturevalue(who)
    with refuses("Only program officers look after the pool of reviewers."):
        declare(rita_reviewer, actor=other)
    with refuses("Only program officers look after the pool of reviewers."):
        end_disclosure(declare(rita_reviewer), actor=other, at=LATER)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "pet"}, "kind"),
        ({"name": "  "}, "name"),
        ({"relationship": " "}, "relationship"),
        ({"address": "harbor.example"}, "address"),
        ({"kind": DisclosureKind.ORGANIZATION, "address": "no domain"}, "address"),
    ],
)
def test_disclosure_with_wrong_facts_is_refused_beside_the_field(fields, field, rita_reviewer):
    with pytest.raises(ValidationError) as caught:
        declare(rita_reviewer, **fields)
    assert list(caught.value.message_dict) == [field]


def test_disclosure_declared_twice_is_refused(rita_reviewer):
    declare(rita_reviewer)

    with pytest.raises(ValidationError, match="stands already"):
        declare(rita_reviewer, name="grace hopper")


@pytest.mark.parametrize(
    "fields", [{"kind": "pet"}, {"name": ""}, {"address": "A@b.example"}, {"ended_at": REVIEWED_AT - timedelta(1)}]
)
def test_disclosure_with_wrong_facts_is_refused_by_the_database(fields, rita_reviewer):
    facts = {"kind": "person", "name": "Grace", "declared_at": REVIEWED_AT, "declared_by": rita_reviewer} | fields
    with pytest.raises(IntegrityError):
        Disclosure.objects.create(reviewer=rita_reviewer, **facts)


# --- the pool ---


def test_pool_tells_load_capacity_and_disclosures(rita_reviewer, omar_officer):
    proposal = ProposalFactory(state=ProposalState.IN_REVIEW)
    second = ProposalFactory(round=proposal.round, state=ProposalState.IN_REVIEW)
    third = ProposalFactory(round=proposal.round, state=ProposalState.IN_REVIEW)
    a_review(proposal, rita_reviewer, state=ReviewState.SUBMITTED, officer=omar_officer)
    a_review(second, rita_reviewer, state=ReviewState.ASSIGNED, officer=omar_officer)
    a_review(third, rita_reviewer, state=ReviewState.RECUSED, officer=omar_officer)
    declare(rita_reviewer)
    end_disclosure(declare(rita_reviewer, name="Ada"), actor=rita_reviewer, at=LATER)

    (member,) = members([rita_reviewer], rounds=rounds_in_review())

    assert [(each.round, each.asked, each.open) for each in member.loads] == [(proposal.round, 2, 1)]
    assert (member.capacity, member.disclosures, member.components) == (8, 1, ())


def test_pool_leaves_out_closed_accounts_and_other_roles(rita_reviewer, omar_officer):
    UserFactory(roles=[Role.REVIEWER], is_active=False)

    assert list(pool()) == [rita_reviewer]


def test_people_are_shown_to_staff_and_to_themselves(rita_reviewer, rolf_reviewer, omar_officer, ana_applicant):
    assert set(people_shown_to(omar_officer)) == {rita_reviewer, rolf_reviewer}
    assert set(people_shown_to(rita_reviewer)) == {rita_reviewer}
    assert set(people_shown_to(ana_applicant)) == set()


@pytest.mark.parametrize(
    ("away", "due", "misses"),
    [
        ((DAY, DAY), None, True),
        ((DAY + timedelta(1), DAY + timedelta(2)), None, False),
        ((DAY, DAY + timedelta(4)), DAY + timedelta(9), False),
        ((DAY, DAY + timedelta(5)), DAY + timedelta(9), True),
        ((None, None), DAY, False),
    ],
)
def test_member_misses_a_review_when_away_for_more_than_half_of_the_time(away, due, misses):
    member = Member(User(name="Rita"), away_from=away[0], away_until=away[1])

    assert member.misses(DAY, due) is misses


@pytest.mark.parametrize("number", [1, 30])
def test_members_cost_five_queries_whatever_their_number(number, django_assert_num_queries):
    people = [a_reviewer(components=["coherence"]) for _ in range(number)]
    ProposalFactory(state=ProposalState.IN_REVIEW, submission=False)
    rounds = rounds_in_review()

    with django_assert_num_queries(5):
        members(people, rounds=rounds)
