"""Conflicts of interest the portal sees by itself."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from grants.domain.queries.conflict import conflicts_between, known_conflicts, plain_name
from grants.enums import DisclosureKind, ProposalState, ReviewState
from grants.models import Disclosure, Review, ReviewerProfile
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.sites import PartnerFactory, SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal():
    return ProposalFactory(state=ProposalState.IN_REVIEW, submission=False)


def disclose(reviewer, kind, name, address="", **fields):
    return Disclosure.objects.create(
        reviewer=reviewer, kind=kind, name=name, address=address, relationship="We worked together.",
        declared_at=REVIEWED_AT, declared_by=reviewer, **fields,
    )  # fmt: skip


def why(proposal, reviewer):
    return known_conflicts(proposal, [reviewer]).get(reviewer.pk, "")


@pytest.mark.once
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Harbor Fund, Inc.", "harbor fund"),
        ("Martínez & Sons", "Martinez and Sons"),
        ("Harbor  Public-Schools", "HARBOR PUBLIC SCHOOLS"),
    ],
)
def test_plain_name_of_two_spellings_is_one(one, other):
    assert plain_name(one) == plain_name(other)


def test_conflict_of_a_seat_that_ended_over_three_years_ago_is_none(proposal, rita_reviewer):
    ended = REVIEWED_AT - timedelta(days=4 * 365)
    SeatFactory(site=proposal.site, holder=rita_reviewer, started_at=ended - timedelta(days=9), ended_at=ended)

    assert known_conflicts(proposal, [rita_reviewer]) == {}


def test_conflict_of_whoever_signs_for_a_partner(proposal):
    rita = UserFactory(name="Rita", email="rita@gmail.com", roles=[Role.REVIEWER])
    PartnerFactory(site=proposal.site, name="Harbor Fund", signatory_email="RITA@gmail.com")

    assert why(proposal, rita) == "Rita signs for Harbor Fund, a partner of this site."


def test_conflict_of_the_mail_domain_of_a_seat_names_its_holder(proposal, rita_reviewer):
    SeatFactory(site=proposal.site, holder=UserFactory(name="Lea Lead", email="lea@reviewer.example"))

    assert why(proposal, rita_reviewer) == (
        "Rita Reviewer has the same mail domain as Lea Lead, who holds or held a seat on this site."
    )


@pytest.mark.parametrize(("verified", "found"), [(True, True), (False, False)])
def test_conflict_of_another_address_counts_once_it_is_confirmed(verified, found, proposal, rita_reviewer):
    EmailAddress.objects.create(user=rita_reviewer, email="rita@fund.example", verified=verified)

    assert bool(why(proposal, rita_reviewer)) is found


def test_conflict_of_the_employer_is_found_under_another_spelling(proposal, rita_reviewer):
    PartnerFactory(site=proposal.site, name="The Harbor Fund, Inc.", signatory_email="")
    ReviewerProfile.objects.create(user=rita_reviewer, organization="Harbor Fund")

    assert why(proposal, rita_reviewer) == "Rita Reviewer works for The Harbor Fund, Inc., a partner of this site."


@pytest.mark.parametrize(
    ("kind", "name", "address"),
    [
        (DisclosureKind.ORGANIZATION, "harbor fund", ""),
        (DisclosureKind.ORGANIZATION, "My old employer", "harborfund.example"),
        (DisclosureKind.ORGANIZATION, "My old employer", "grants@harborfund.example"),
        (DisclosureKind.PERSON, "grace hopper", ""),
        (DisclosureKind.PERSON, "My sister", "grace@mail.harborfund.example"),
        (DisclosureKind.PERSON, "Lea Lead", ""),
        (DisclosureKind.PERSON, "My neighbor", "lea@gmail.com"),
    ],
)
def test_conflict_of_a_standing_disclosure_matches(kind, name, address, proposal, rita_reviewer):
    PartnerFactory(
        site=proposal.site, name="Harbor Fund", signatory_name="Grace Hopper",
        signatory_email="grace@mail.harborfund.example",
    )  # fmt: skip
    SeatFactory(site=proposal.site, holder=UserFactory(name="Lea Lead", email="lea@gmail.com"))
    disclose(rita_reviewer, kind, name, address)

    assert why(proposal, rita_reviewer) == f"Rita Reviewer declared a conflict of interest with {name}."


@pytest.mark.parametrize(
    ("kind", "name", "address"),
    [
        (DisclosureKind.ORGANIZATION, "Grace Hopper", "gmail.com"),
        (DisclosureKind.PERSON, "Harbor Fund", "bob@gmail.com"),
        (DisclosureKind.ORGANIZATION, "—", ""),
    ],
)
def test_conflict_of_a_disclosure_about_something_else_is_none(kind, name, address, proposal, rita_reviewer):
    PartnerFactory(site=proposal.site, name="Harbor Fund", signatory_name="Grace Hopper", signatory_email="g@gmail.com")
    disclose(rita_reviewer, kind, name, address)

    assert why(proposal, rita_reviewer) == ""


def test_conflict_of_a_disclosure_that_ended_is_none(proposal, rita_reviewer):
    PartnerFactory(site=proposal.site, name="Harbor Fund")
    disclose(rita_reviewer, DisclosureKind.ORGANIZATION, "Harbor Fund", ended_at=REVIEWED_AT)

    assert why(proposal, rita_reviewer) == ""


def test_conflict_declared_for_a_proposal_stays_with_its_site(proposal, rita_reviewer):
    a_review(proposal, rita_reviewer, state=ReviewState.RECUSED)
    later = ProposalFactory(site=proposal.site, state=ProposalState.IN_REVIEW, submission=False)

    assert conflicts_between([proposal, later], [rita_reviewer]) == {
        (proposal.pk, rita_reviewer.pk): "Rita Reviewer stepped back from this proposal.",
        (later.pk, rita_reviewer.pk): (
            "Rita Reviewer declared a conflict of interest with another proposal of this site."
        ),
    }


def test_conflict_of_stepping_back_after_reading_is_about_that_proposal_only(proposal, rita_reviewer):
    review = a_review(proposal, rita_reviewer, state=ReviewState.RECUSED)
    Review.objects.filter(pk=review.pk).update(no_conflict_at=REVIEWED_AT)
    later = ProposalFactory(site=proposal.site, state=ProposalState.IN_REVIEW, submission=False)

    assert list(conflicts_between([proposal, later], [rita_reviewer])) == [(proposal.pk, rita_reviewer.pk)]


@pytest.mark.parametrize("number", [1, 8])
def test_conflicts_cost_six_queries_whatever_the_numbers(number, django_assert_num_queries):
    proposals = ProposalFactory.create_batch(number, state=ProposalState.IN_REVIEW, submission=False)
    people = UserFactory.create_batch(number, roles=[Role.REVIEWER])

    with django_assert_num_queries(6):
        assert conflicts_between(proposals, people) == {}
