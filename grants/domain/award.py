"""What is done to awards: made with their five years, offered, started, closed, ended early."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from grants import rules
from grants.domain.amendment import end_with_award
from grants.domain.anniversary import years_later
from grants.domain.award_notice import tell_of_end
from grants.domain.award_version import keep_first
from grants.domain.close_out import freeze_reconciliation
from grants.domain.commitment import commit, release
from grants.domain.instalment import schedule_first
from grants.domain.retention import kept_until
from grants.enums import OPEN_AGREEMENTS, OPEN_AMENDMENTS, UNRELEASED, Decision
from grants.models import Award, AwardAllocation, AwardYear, DocketLine, Payment
from grants.signals import award_made
from grants.workflow import AGREEMENT, PAYMENT
from portal import programme
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.certain import certain
from portal.money import ZERO, dollars
from portal.record import lock, lock_all
from sites.identifiers import school_year_of


def make_award(line: DocketLine, *, actor: Any, at: datetime) -> Award:
    """Make the award a docket line recommends, with its five years, for a director who approves the docket.

    Locks the site's row, so that two awards to one site count together. Whoever makes several awards in one
    transaction locks their sites first, in primary-key order (`portal.record.lock_all`), or two dockets could wait
    for each other. Raises `Refused`: not a director, nothing recommended, no fiscal agent, already awarded, or a
    ceiling would be passed (with site, school year and the amount over it).
    """
    with transaction.atomic():
        demand(rules.may_approve_docket(line.docket, actor))
        site = lock(line.proposal.site)
        cells = {(each.year, each.component_id): each.amount for each in line.amounts.all()}
        _check(line, site, cells)
        round_ = line.docket.round
        years = [_year(number, cells, round_) for number in programme.YEAR_NUMBERS]
        commit(
            site,
            {year.school_year: year.amount for year in years},
            yearly_ceiling=round_.yearly_ceiling,
            total_ceiling=round_.total_ceiling,
        )
        agent = site.fiscal_agent
        award = Award.objects.create(
            reference=allocate("A", timezone.localtime(at).year),
            created_at=at,
            proposal=line.proposal,
            docket_line=line,
            round=round_,
            site=site,
            amount=sum((year.amount for year in years), ZERO),
            yearly_ceiling=round_.yearly_ceiling,
            total_ceiling=round_.total_ceiling,
            starts_on=years[0].starts_on,
            ends_on=years[-1].ends_on,
            payee_name=agent.name,
            payee_ein=agent.ein,
            payee_tax_status=agent.tax_status,
            recommended_by=certain(line.docket.sent_by),
            approved_by=actor,
            approved_at=at,
        )
        for year in years:
            year.award = award
        numbered = {year.number: year for year in AwardYear.objects.bulk_create(years)}
        AwardAllocation.objects.bulk_create(
            AwardAllocation(award_year=numbered[number], component_id=component, amount=amount)
            for (number, component), amount in cells.items()
        )
        keep_first(award, actor=actor, at=at)
        award_made.send(Award, award=award, actor=actor, at=at)
        record(
            award,
            "make",
            actor=actor,
            at=at,
            summary=f"Awarded {dollars(award.amount)} over five years to {site}.",
            facts={
                "docket": line.docket.reference,
                "proposal": line.proposal.reference,
                "amounts": {year.school_year: year.amount for year in years},
                "yearly_ceiling": award.yearly_ceiling,
                "total_ceiling": award.total_ceiling,
                "payee": award.payee_name,
            },
        )
    return award


def stamp_offered(award: Award, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `offer`: the decision was announced, the site's team sees the award from now on."""
    award.offered_at = at


def start_payments(award: Award, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `activate`: the agreement is signed; every year with money gets its payment, due when it starts."""
    award.agreed_at = at
    schedule_first(lock_all(award.years.filter(amount__gt=ZERO)), at=at)


def stamp_closed(award: Award, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `close`: what was not paid no longer counts under the site's ceilings, and the retention clock starts.

    Where the money went is frozen on the close-out.
    """
    award.closed_at = at
    award.retained_until = kept_until(at)
    years = lock_all(award.years.all())
    lock(award.site)
    freeze_reconciliation(award)
    _release(award, years)


def terminate(award: Award, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `terminate`: the foundation ends it early."""
    award.terminated_at = at
    _end_early(award, actor=actor, at=at, because=comment)


def withdraw(award: Award, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `withdraw`: the site gives it back."""
    award.withdrawn_at = at
    _end_early(award, actor=actor, at=at, because=comment)


def _end_early(award: Award, *, actor: Any, at: datetime, because: str) -> None:
    """Payments not yet released are cancelled, all money not on its way returns, an open agreement or amendment ends.

    Locks amendment, agreement, payments, years and site, in that order, before anything is written: a payment that is being
    released at the same instant is either released before and kept, or cancelled here and refused there. One that was
    released and is put on hold at the same instant is either held before, and cancelled here, or held after and kept:
    then its hold can still be lifted, and two people prepare and release it again, or finance cancels it. Either way
    `AwardYear.scheduled` and the site's ledger hold exactly what may still be paid or was.
    """
    award.end_reason = because
    award.retained_until = kept_until(at)
    amendments = lock_all(award.amendments.filter(state__in=OPEN_AMENDMENTS))
    agreements = lock_all(award.agreements.filter(state__in=OPEN_AGREEMENTS))
    payments = lock_all(Payment.objects.filter(award_year__award=award, state__in=UNRELEASED))
    lock_all(award.years.all())
    lock(award.site)
    end_with_award(award, actor=actor, at=at, because=because, amendments=amendments)
    for agreement in agreements:
        AGREEMENT.perform(agreement, "end_with_award", actor=actor, at=at, comment=because)
    for payment in payments:
        PAYMENT.perform(payment, "end_with_award", actor=actor, at=at, comment=because)
    _release(award, award.years.all())
    tell_of_end(award, by=actor)


def _release(award: Award, years) -> None:
    release(award, {year.school_year: year.amount - year.scheduled for year in years})


def _check(line: DocketLine, site, cells: Mapping[tuple[int, str], Decimal]) -> None:
    if line.decision != Decision.AWARD or not cells:
        raise Refused(f"The docket recommends no money for {site}.")
    if site.fiscal_agent is None:
        raise Refused(f"{site} has not chosen a fiscal agent yet, so there is nobody to pay.")
    made = Award.objects.filter(proposal=line.proposal_id).first()
    if made is not None:
        raise Refused(f"{site} already has an award for this proposal, {made.reference}.")


def _year(number: int, cells: Mapping[tuple[int, str], Decimal], round_) -> AwardYear:
    starts_on = years_later(round_.first_year_starts_on, number - 1)
    return AwardYear(
        number=number,
        school_year=school_year_of(starts_on),
        starts_on=starts_on,
        ends_on=years_later(round_.first_year_starts_on, number) - timedelta(days=1),
        amount=sum((amount for (year, _), amount in cells.items() if year == number), ZERO),
        ceiling=round_.yearly_ceiling,
    )
