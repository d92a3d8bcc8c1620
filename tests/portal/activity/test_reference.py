"""Public references: counted per prefix and year, without gaps, also by many at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from portal.activity.domain import allocate
from portal.activity.models import Counter

pytestmark = pytest.mark.django_db


def test_allocate_counts_from_one():
    assert [allocate("P", 2026), allocate("P", 2026)] == ["P-2026-0001", "P-2026-0002"]


def test_allocate_counts_each_series_by_itself():
    allocate("P", 2026)

    assert [allocate("A", 2026), allocate("P", 2027)] == ["A-2026-0001", "P-2027-0001"]


def test_allocate_past_four_digits_goes_on():
    Counter.objects.create(prefix="P", year=2026, last=9999)

    assert allocate("P", 2026) == "P-2026-10000"


def test_allocate_rolled_back_gives_the_number_again():
    with transaction.atomic():
        allocate("P", 2026)
        transaction.set_rollback(True)

    assert allocate("P", 2026) == "P-2026-0001"


@pytest.mark.django_db(transaction=True)
def test_allocate_by_many_at_once_gives_each_another_number():
    def take(_):
        try:
            return allocate("P", 2026)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        numbers = list(people.map(take, range(40)))

    assert sorted(numbers) == [f"P-2026-{n:04d}" for n in range(1, 41)]
