"""The ledger of what a site holds: two awards to one site count together, and no ceiling is passed."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.domain.commitment import commit
from grants.enums import AwardState
from grants.models import SiteCommitment
from grants.workflow import AWARD
from portal.access import Refused
from portal.money import ZERO
from sites.models import Site
from tests.factories.awards import APPROVED_AT, FULL_YEAR, an_award
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db
YEARS = ("2027-28", "2028-29", "2029-30", "2030-31", "2031-32")
TOTAL = FULL_YEAR * 5


@pytest.fixture
def harbor():
    return a_site(name="Harbor County Collaboration")


def raise_by(site, *amounts, yearly=FULL_YEAR, total=TOTAL, years=YEARS):
    amounts = [Decimal(amount) for amount in amounts] + [ZERO] * (5 - len(amounts))
    with transaction.atomic():
        commit(site, dict(zip(years, amounts, strict=True)), yearly_ceiling=yearly, total_ceiling=total)


def ledger(site):
    return list(SiteCommitment.objects.filter(site=site).values_list("school_year", "amount", "ceiling"))


def test_commitments_of_two_awards_are_added(harbor):
    raise_by(harbor, "100000", "50000")
    raise_by(harbor, "150000")

    assert ledger(harbor) == [
        ("2027-28", Decimal("250000.00"), FULL_YEAR),
        ("2028-29", Decimal("50000.00"), FULL_YEAR),
    ]


def test_commitment_a_cent_over_a_year_is_refused_in_words(harbor):
    raise_by(harbor, "200000", "200000")

    with pytest.raises(Refused) as refusal:
        raise_by(harbor, "50000.01", "60000")

    assert refusal.value.reasons == (
        "Harbor County Collaboration would hold $250,000.01 in 2027-28. "
        "That is $0.01 over the most it may hold in a year, $250,000.",
        "Harbor County Collaboration would hold $260,000 in 2028-29. "
        "That is $10,000 over the most it may hold in a year, $250,000.",
    )
    assert ledger(harbor) == [
        ("2027-28", Decimal("200000.00"), FULL_YEAR),
        ("2028-29", Decimal("200000.00"), FULL_YEAR),
    ]


def test_commitment_over_five_years_is_refused_in_words(harbor):
    with pytest.raises(Refused) as refusal:
        raise_by(harbor, "200000", "200000", "200000", total=Decimal("500000"))

    assert refusal.value.reasons == (
        "Harbor County Collaboration would hold $600,000 from 2027-28 to 2031-32. "
        "That is $100,000 over the most it may hold in five years, $500,000.",
    )


def test_commitment_meets_the_lowest_ceiling_among_the_awards_of_a_year(harbor):
    raise_by(harbor, "50000", yearly=Decimal("100000"))

    with pytest.raises(Refused, match=r"\$150,000 in 2027-28. That is \$50,000 over .* \$100,000"):
        raise_by(harbor, "100000", yearly=FULL_YEAR)

    raise_by(harbor, "0", "200000", yearly=FULL_YEAR)
    assert ledger(harbor) == [
        ("2027-28", Decimal("50000.00"), Decimal("100000.00")),
        ("2028-29", Decimal("200000.00"), FULL_YEAR),
    ]


def test_commitment_counts_in_the_five_years_of_an_earlier_award_too(harbor):
    quarter = Decimal("100000")
    an_award(harbor, amounts=(FULL_YEAR, FULL_YEAR, quarter, quarter, quarter), total_ceiling=Decimal("1000000"))
    later = ("2029-30", "2030-31", "2031-32", "2032-33", "2033-34")

    with pytest.raises(Refused) as refusal:
        raise_by(harbor, "100000", "100000", "100000", years=later, total=Decimal("1000000"))

    assert refusal.value.reasons == (
        "Harbor County Collaboration would hold $1,100,000 from 2027-28 to 2031-32. "
        "That is $100,000 over the most it may hold in five years, $1,000,000.",
    )


def test_commitments_of_another_site_do_not_count(harbor):
    raise_by(a_site(), "250000")
    raise_by(harbor, "250000")

    assert ledger(harbor) == [("2027-28", FULL_YEAR, FULL_YEAR)]


def test_commitment_released_forgets_the_ceiling_of_the_award_that_ended(harbor):
    low = Decimal("100000.00")
    an_award(harbor, amounts=(low,) * 5, yearly_ceiling=low, state=AwardState.TERMINATED)
    an_award(harbor, amounts=(Decimal("10000.00"),) * 5)

    assert ledger(harbor)[0] == ("2027-28", Decimal("10000.00"), FULL_YEAR)


def test_commitment_released_keeps_the_ceiling_of_the_awards_that_stay(harbor, dina_director):
    low, little = Decimal("100000.00"), Decimal("10000.00")
    an_award(harbor, amounts=(little,) * 5, yearly_ceiling=low)
    other = an_award(harbor, amounts=(little,) * 5)

    AWARD.perform(other, "terminate", actor=dina_director, at=APPROVED_AT, comment="Withdrawn.")

    assert ledger(harbor)[0] == ("2027-28", little, low)


@pytest.mark.skipif("not connection.features.has_select_for_update", reason="SQLite locks the whole file at BEGIN.")
def test_commitment_locks_the_row_of_the_site_before_it_reads(harbor):
    with CaptureQueriesContext(connection) as queries:
        raise_by(harbor, "100000")

    statements = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
    assert f'"{Site._meta.db_table}"' in statements[0]
    assert "FOR NO KEY UPDATE" in statements[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.lists(
        st.lists(st.integers(0, 26_000_000), min_size=5, max_size=5),
        min_size=1,
        max_size=8,
    )
)
def test_commitments_never_pass_a_ceiling_whatever_is_asked(harbor, asked):
    SiteCommitment.objects.all().delete()
    accepted = []
    for cents in asked:
        amounts = [Decimal(each) / 100 for each in cents]
        try:
            raise_by(harbor, *amounts)
        except Refused:
            continue
        accepted.append(amounts)

    sums = [sum(column, ZERO) for column in zip(*accepted, strict=True)] if accepted else [ZERO] * 5
    stored = {school_year: amount for school_year, amount, _ in ledger(harbor)}
    assert stored == {year: amount for year, amount in zip(YEARS, sums, strict=True) if amount}
    assert max(sums) <= FULL_YEAR
    assert sum(sums) <= TOTAL
