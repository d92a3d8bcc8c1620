"""An award's five years as one story: amounts, payments, and what the apps above register to stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from grants.domain.queries.payment import is_late, needs
from grants.models import Agreement, Award, AwardYear, Payment
from portal.activity.models import Entry
from portal.charts import Bar, Part
from portal.money import ZERO
from portal.states import PLAIN, Look
from sites.models import Component


@dataclass(frozen=True)
class TimelineItem:
    """One thing of one award year, such as its report.

    `unfinished` is a sentence that says why the award cannot be closed yet; empty once the thing is done. `due_on` is
    the day by which it is wanted, whatever became of it; `is_late` says that it is still wanted after that day.
    """

    year: int
    on: date
    text: str
    url: str = ""
    state_words: str = ""
    look: Look = PLAIN
    unfinished: str = ""
    due_on: date | None = None
    is_late: bool = False


Provider = Callable[[Award, datetime], Iterable[TimelineItem]]
_providers: list[Provider] = []


def provides_timeline(provider: Provider) -> Provider:
    """Register a function `(award, at) -> items`; each runs a fixed number of queries."""
    _providers.append(provider)
    return provider


def timeline_items(award: Award, at: datetime) -> list[TimelineItem]:
    """Everything the other apps know of the award's years, by day."""
    found = [item for provider in _providers for item in provider(award, at)]
    return sorted(found, key=lambda item: (item.year, item.on, item.text))


@dataclass(frozen=True)
class PaymentStory:
    """A payment in the timeline, with what it waits for as this reader is told."""

    payment: Payment
    needs: tuple[str, ...]
    is_late: bool


@dataclass(frozen=True)
class YearStory:
    """One award year: its amounts by component, its payments, and what else belongs to it."""

    year: AwardYear
    bar: Bar
    payments: tuple[PaymentStory, ...]
    items: tuple[TimelineItem, ...]
    is_current: bool

    @property
    def amounts(self) -> list:
        """The year's dollars by component, in the programme's order, None where a component gets nothing."""
        return [part.amount or None for part in self.bar.parts]


def history(award: Award, years: list[YearStory], agreements: Iterable[Agreement], limit: int = 15) -> list[Entry]:
    """The latest acts on an award, its payments and these of its agreements, newest first."""
    payments = [str(story.payment.pk) for year in years for story in year.payments]
    of_award = Q(noun=Award._meta.label_lower, subject_pk=str(award.pk))
    of_payments = Q(noun=Payment._meta.label_lower, subject_pk__in=payments)
    of_agreements = Q(noun=Agreement._meta.label_lower, subject_pk__in=[str(each.pk) for each in agreements])
    return list(Entry.objects.filter(of_award | of_payments | of_agreements)[:limit])


def five_years(award: Award, user: Any, at: datetime) -> list[YearStory]:
    """The five years of an award as this person reads them. Five queries, and what the providers need."""
    today = timezone.localdate(at)
    components = list(Component.objects.all())
    payments = Payment.objects.order_by("due_on", "pk").select_related("prepared_by", "released_by")
    years = list(
        award.years.prefetch_related("allocations", Prefetch("payments", payments.prefetch_related("conditions")))
    )
    items = timeline_items(award, at)
    stories = []
    for year in years:
        year.award = award
        amounts = {each.component_id: each.amount for each in year.allocations.all()}
        parts = tuple(Part(each.code, each.short_name, amounts.get(each.code, ZERO)) for each in components)
        stories.append(
            YearStory(
                year,
                Bar(f"Year {year.number}", parts, year.ceiling),
                tuple(_story(payment, year, user, today) for payment in year.payments.all()),
                tuple(item for item in items if item.year == year.number),
                year.starts_on <= today <= year.ends_on,
            )
        )
    return stories


def _story(payment: Payment, year: AwardYear, user: Any, today: date) -> PaymentStory:
    payment.award_year = year
    return PaymentStory(payment, tuple(needs(payment, user)), is_late(payment, today))
