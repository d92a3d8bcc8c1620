"""What the database itself refuses of awards, their years and the ledger, whatever the code above it does."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grants.enums import AwardState
from grants.models import Award, AwardAllocation, AwardYear, SiteCommitment
from tests.factories.awards import APPROVED_AT, an_award

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")
YEARLY, TOTAL = Decimal("250000.00"), Decimal("1250000.00")


def refusal(rows, **change) -> str:
    """What the database says to a change of these rows."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        rows.update(**change)
    return str(error.value)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("award_state_is_known", {"state": "promised"}),
        ("award_yearly_ceiling_within_programme", {"yearly_ceiling": YEARLY + CENT}),
        ("award_yearly_ceiling_within_programme", {"yearly_ceiling": Decimal(0)}),
        ("award_total_ceiling_within_programme", {"total_ceiling": TOTAL + CENT}),
        ("award_amount_within_ceiling", {"amount": TOTAL + CENT}),
        ("award_amount_within_ceiling", {"amount": Decimal(0)}),
        ("award_ends_after_it_starts", {"ends_on": date(2027, 7, 1)}),
        ("award_offered_at_follows_state", {"offered_at": None}),
        ("award_offered_at_follows_state", {"state": AwardState.APPROVED}),
        ("award_agreed_at_follows_state", {"agreed_at": None}),
        ("award_closed_at_follows_state", {"closed_at": APPROVED_AT}),
        ("award_closed_at_follows_state", {"state": AwardState.CLOSED}),
        ("award_terminated_at_follows_state", {"terminated_at": APPROVED_AT}),
        ("award_terminated_at_follows_state", {"state": AwardState.TERMINATED}),
    ],
)
def test_award_against_a_constraint_is_refused(constraint, change):
    assert constraint in refusal(Award.objects.filter(pk=an_award().pk), **change)


def test_award_approved_by_whoever_recommended_it_is_refused():
    award = an_award()

    assert "award_approved_by_somebody_else" in refusal(Award.objects.all(), approved_by=award.recommended_by)


@pytest.mark.parametrize("field", ["proposal", "docket_line"])
def test_second_award_of_one_recommendation_is_refused(field):
    first, second = an_award(state=AwardState.APPROVED), an_award(state=AwardState.APPROVED)

    assert "unique" in refusal(Award.objects.filter(pk=second.pk), **{field: getattr(first, field)}).lower()


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("award_year_one_to_five", {"number": 0}),
        ("award_year_one_to_five", {"number": 6}),
        ("award_year_ends_after_it_starts", {"ends_on": date(2027, 7, 1)}),
        ("award_year_ceiling_within_programme", {"ceiling": YEARLY + CENT}),
        ("award_year_within_ceiling", {"amount": YEARLY + CENT}),
        ("award_year_payments_within_amount", {"scheduled": YEARLY + CENT}),
        ("award_year_payments_within_amount", {"scheduled": -CENT}),
    ],
)
def test_award_year_against_a_constraint_is_refused(constraint, change):
    assert constraint in refusal(AwardYear.objects.filter(award=an_award(), number=1), **change)


def test_award_year_numbered_twice_is_refused():
    award = an_award(state=AwardState.APPROVED)

    assert "unique" in refusal(AwardYear.objects.filter(award=award, number=2), number=1).lower()


@pytest.mark.parametrize("amount", [Decimal(0), -CENT, YEARLY + CENT])
def test_allocation_of_nothing_or_too_much_is_refused(amount):
    year = an_award(state=AwardState.APPROVED).years.first()

    assert "allocation_within_programme" in refusal(AwardAllocation.objects.filter(award_year=year), amount=amount)


def test_allocation_given_twice_is_refused():
    year = an_award(state=AwardState.APPROVED).years.first()

    assert "unique" in refusal(year.allocations.filter(component="coherence"), component="partnerships").lower()


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("commitment_ceiling_within_programme", {"ceiling": YEARLY + CENT}),
        ("commitment_within_ceiling", {"amount": YEARLY + CENT}),
        ("commitment_within_ceiling", {"amount": -CENT}),
    ],
)
def test_commitment_against_a_constraint_is_refused(constraint, change):
    an_award(state=AwardState.APPROVED)

    assert constraint in refusal(SiteCommitment.objects.filter(school_year="2027-28"), **change)


def test_commitment_of_one_site_and_year_twice_is_refused():
    an_award(state=AwardState.APPROVED)

    assert "unique" in refusal(SiteCommitment.objects.filter(school_year="2027-28"), school_year="2028-29").lower()
