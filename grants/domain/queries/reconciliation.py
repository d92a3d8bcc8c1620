"""Where awarded money is: awarded, scheduled, cleared, paid, refunded and what is left, so that it always adds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from grants.enums import LIVE_AWARDS, UNRELEASED, PaymentState
from grants.models import Award, AwardYear, Payment
from portal.money import ZERO, total


@dataclass(frozen=True)
class Balance:
    """Dollars of some award years, and where they are now. Always, to the cent:

    `awarded == scheduled + cleared + (paid - refunded) + remaining + returned`

    `scheduled` is of payments nobody has released (held ones as well), `cleared` of released ones the bank has not
    paid. `paid` is all that left the bank and stayed out (a voided payment never left), `refunded` what came back of
    it. What is in none of these can still be scheduled while the award lives (`remaining`), and has gone back to the
    envelope once it has ended (`returned`); so has a refund, which is why only `paid - refunded` counts.
    """

    awarded: Decimal = ZERO
    scheduled: Decimal = ZERO
    cleared: Decimal = ZERO
    paid: Decimal = ZERO
    refunded: Decimal = ZERO
    remaining: Decimal = ZERO
    returned: Decimal = ZERO

    @property
    def kept(self) -> Decimal:
        """What the site has of it: paid, and not refunded."""
        return self.paid - self.refunded

    @property
    def on_its_way(self) -> Decimal:
        """What is scheduled or cleared."""
        return self.scheduled + self.cleared

    def __add__(self, other: Balance) -> Balance:
        return Balance(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def balance_of(award: Award) -> Balance:
    """The whole of one award. Two queries."""
    return together(balances_by(AwardYear.objects.filter(award=award)).values())


def balances_by(years: QuerySet, *keys: str) -> dict[tuple[Any, ...], Balance]:
    """The balance of these award years by the values of `keys`, which are paths from `AwardYear`.

    Two queries, whatever is asked for; only keys that some year has are in the answer.
    """
    balances: dict[tuple[Any, ...], Balance] = {}
    used = _used(years, keys)
    for *key, is_live, awarded in _grouped(years, keys, "").annotate(awarded=total("amount")):
        sums = used.get((*key, is_live), (ZERO,) * 4)
        balance = _balance(awarded, *sums, is_live=is_live)
        balances[tuple(key)] = balances.get(tuple(key), Balance()) + balance
    return balances


def together(balances: Iterable[Balance]) -> Balance:
    """Their sum, column by column."""
    return sum(balances, Balance())


def _balance(
    awarded: Decimal, scheduled: Decimal, cleared: Decimal, paid: Decimal, refunded: Decimal, *, is_live: bool
) -> Balance:
    left = awarded - scheduled - cleared - (paid - refunded)
    return Balance(awarded, scheduled, cleared, paid, refunded, left if is_live else ZERO, ZERO if is_live else left)


def _used(years: QuerySet, keys: tuple[str, ...]) -> dict[tuple[Any, ...], tuple[Decimal, Decimal, Decimal, Decimal]]:
    """Scheduled, cleared, paid and refunded by the keys and whether the award lives, from the payments themselves."""
    payments = Payment.objects.filter(award_year__in=years)
    rows = _grouped(payments, keys, "award_year__").annotate(
        to_pay=total("amount", filter=Q(state__in=UNRELEASED)),
        cleared_sum=total("amount", filter=Q(state=PaymentState.CLEARED)),
        paid_sum=total("amount", filter=Q(state=PaymentState.PAID)),
        refunded_sum=total("refunded", filter=Q(state=PaymentState.PAID)),
    )
    return {tuple(row[:-4]): row[-4:] for row in rows}


def _grouped(rows: QuerySet, keys: tuple[str, ...], prefix: str) -> QuerySet:
    is_live = Case(
        When(**{f"{prefix}award__state__in": sorted(LIVE_AWARDS)}, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return rows.order_by().annotate(is_live=is_live).values_list(*(f"{prefix}{key}" for key in keys), "is_live")
