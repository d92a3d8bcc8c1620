"""The ledger of what each site holds in each school year, raised and lowered under a lock on the site's row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Case, F, Min, Q, Value, When
from django.db.models.functions import Least

from grants.enums import LIVE_AWARDS
from grants.models import Award, AwardYear, SiteCommitment
from portal.access import Refused
from portal.money import ZERO, MoneyField, dollars
from portal.record import lock

# An award year that counts under the ceilings: of a live award with its amount, of an ended one with what is kept.
_HELD = Q(award__state__in=LIVE_AWARDS, amount__gt=ZERO) | Q(scheduled__gt=ZERO)


def commit(site, amounts: Mapping[str, Decimal], *, yearly_ceiling: Decimal, total_ceiling: Decimal) -> None:
    """Raise what the site holds by an award's dollars per school year (all five, zero where there is nothing).

    Locks the site's row until the transaction ends, so two awards to one site count together even when they are made
    at the same instant. Raises `Refused`, with a sentence for every limit that would be passed: the lowest yearly
    ceiling among the site's awards of a year, and the five-year ceiling of this award and of every live one.
    """
    lock(site)
    held = {row.school_year: row for row in SiteCommitment.objects.filter(site=site)}
    raised = {school_year: amount for school_year, amount in amounts.items() if amount}
    after = {year: row.amount for year, row in held.items()}
    reasons = []
    for school_year, amount in raised.items():
        after[school_year] = after.get(school_year, ZERO) + amount
        ceiling = min(held[school_year].ceiling, yearly_ceiling) if school_year in held else yearly_ceiling
        if after[school_year] > ceiling:
            reasons.append(_refusal(site, after[school_year], f"in {school_year}", ceiling, "a year"))
    periods = {(tuple(sorted(amounts)), total_ceiling), *_periods(site)}
    reasons += _over_in_five_years(site, after, periods)
    if reasons:
        raise Refused(*reasons)
    SiteCommitment.objects.bulk_create(
        SiteCommitment(site=site, school_year=school_year, amount=ZERO, ceiling=yearly_ceiling)
        for school_year in raised
        if school_year not in held
    )
    _add(site.pk, raised, ceiling=Least("ceiling", Value(yearly_ceiling, output_field=MoneyField())))


def release(award: Award, amounts: Mapping[str, Decimal]) -> None:
    """Lower what the award's site holds by dollars per school year: money of an award that ends and was not paid.

    Locks the site's row. `AwardYear.scheduled` must already say what the award keeps in each year.
    """
    lock(award.site)
    lowered = {school_year: -amount for school_year, amount in amounts.items() if amount}
    if not lowered:
        return
    stays = _ceilings_without(award, lowered)
    _add(award.site_id, lowered, ceiling=_by_year(stays, default=F("ceiling")) if stays else F("ceiling"))
    SiteCommitment.objects.filter(site=award.site_id, amount=ZERO).delete()


def over_ceilings(award: Award, changes: Mapping[str, Decimal]) -> list[str]:
    """Every limit that would be passed if this live award held so many dollars more (or less) in these school years.

    Asks about the years that would rise: the lowest yearly ceiling among the site's awards, and the five-year ceiling
    of every live one. Three queries; to be relied on only while the site's row is locked.
    """
    held = {row.school_year: row for row in SiteCommitment.objects.filter(site=award.site_id)}
    after = {year: row.amount for year, row in held.items()}
    reasons = []
    for school_year, change in sorted(changes.items()):
        after[school_year] = after.get(school_year, ZERO) + change
        lowest = held[school_year].ceiling if school_year in held else award.yearly_ceiling
        ceiling = min(lowest, award.yearly_ceiling)
        if change > ZERO and after[school_year] > ceiling:
            reasons.append(_refusal(award.site, after[school_year], f"in {school_year}", ceiling, "a year"))
    raised = {school_year for school_year, change in changes.items() if change > ZERO}
    touched = {period for period in _periods(award.site) if raised & set(period[0])}
    return reasons + _over_in_five_years(award.site, after, touched)


def move(award: Award, changes: Mapping[str, Decimal]) -> None:
    """Change what a live award's site holds: dollars per school year, above zero or below, which cancel each other out.

    Locks the site's row. `AwardYear.amount` must already say what the award gets in each year. Raises `Refused` with a
    sentence for every limit that would be passed.
    """
    lock(award.site)
    changed = {school_year: change for school_year, change in changes.items() if change}
    if not changed:
        return
    reasons = over_ceilings(award, changed)
    if reasons:
        raise Refused(*reasons)
    known = set(SiteCommitment.objects.filter(site=award.site_id).values_list("school_year", flat=True))
    SiteCommitment.objects.bulk_create(
        SiteCommitment(site=award.site, school_year=school_year, amount=ZERO, ceiling=award.yearly_ceiling)
        for school_year in sorted(changed.keys() - known)
    )
    stays = _lowest_ceilings(award.site_id, _HELD, changed)
    _add(award.site_id, changed, ceiling=_by_year(stays, default=F("ceiling")) if stays else F("ceiling"))
    SiteCommitment.objects.filter(site=award.site_id, amount=ZERO).delete()


def _add(site: int, amounts: Mapping[str, Decimal], *, ceiling) -> None:
    """Change the ledger in the database's own arithmetic, so that its CHECK would refuse even what no lock had kept."""
    rows = SiteCommitment.objects.filter(site=site, school_year__in=amounts)
    rows.update(amount=F("amount") + _by_year(amounts), ceiling=ceiling)


def _by_year(amounts: Mapping[str, Decimal], default=None) -> Case:
    return Case(
        *(When(school_year=year, then=Value(amount, output_field=MoneyField())) for year, amount in amounts.items()),
        default=default,
        output_field=MoneyField(),
    )


def _periods(site) -> set[tuple[tuple[str, ...], Decimal]]:
    """The school years and the five-year ceiling of each live award of the site."""
    years: dict[tuple[int, Decimal], list[str]] = {}
    found = AwardYear.objects.filter(award__site=site, award__state__in=LIVE_AWARDS).order_by("school_year")
    for award, ceiling, school_year in found.values_list("award", "award__total_ceiling", "school_year"):
        years.setdefault((award, ceiling), []).append(school_year)
    return {(tuple(period), ceiling) for (_, ceiling), period in years.items()}


def _over_in_five_years(
    site, held: Mapping[str, Decimal], periods: Iterable[tuple[tuple[str, ...], Decimal]]
) -> list[str]:
    reasons = []
    for period, ceiling in sorted(periods):
        together = sum((held.get(year, ZERO) for year in period), ZERO)
        if together > ceiling:
            reasons.append(_refusal(site, together, f"from {period[0]} to {period[-1]}", ceiling, "five years"))
    return reasons


def _refusal(site, held: Decimal, when: str, ceiling: Decimal, span: str) -> str:
    over = f"That is {dollars(held - ceiling)} over the most it may hold in {span}, {dollars(ceiling)}."
    return f"{site} would hold {dollars(held)} {when}. {over}"


def _ceilings_without(award: Award, school_years: Iterable[str]) -> dict[str, Decimal]:
    """The lowest yearly ceiling per school year among what the site still holds once the award has ended."""
    holding = Q(award__state__in=LIVE_AWARDS, amount__gt=ZERO) & ~Q(award=award) | Q(scheduled__gt=ZERO)
    return _lowest_ceilings(award.site_id, holding, school_years)


def _lowest_ceilings(site: int, holding: Q, school_years: Iterable[str]) -> dict[str, Decimal]:
    found = AwardYear.objects.filter(holding, award__site=site, school_year__in=school_years)
    return dict(found.order_by().values_list("school_year").annotate(lowest=Min("ceiling")))
