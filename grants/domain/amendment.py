"""What is done to amendments: written down, asked for, recommended, approved and carried out, declined, withdrawn.

Locks: award, amendment, the award's years, the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from grants import rules
from grants.domain import amendment_notice as notice
from grants.domain.award_version import keep_next
from grants.domain.commitment import move
from grants.domain.queries import amendment as queries
from grants.enums import AmendmentKind, AmendmentState
from grants.models import Amendment, AmendmentAmount, Award, AwardAllocation
from grants.signals import award_amended
from grants.workflow import AMENDMENT
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.certain import certain
from portal.money import ZERO
from portal.record import bump, lock, lock_all
from sites.models import Partner

Grid = Mapping[tuple[int, str], Decimal]


def lock_award(amendment: Amendment) -> None:
    """Before every step: the award comes first in the order of locks."""
    amendment.award = lock(amendment.award)


def start_amendment(
    award: Award,
    kind: AmendmentKind,
    *,
    reason: str,
    actor: Any,
    at: datetime,
    amounts: Grid | None = None,
    ends_on: date | None = None,
    payee: Partner | None = None,
    people: str = "",
) -> Amendment:
    """Write down the draft of a change: `amounts` is the whole new grid of a move, the other facts are of their kinds.

    Locks the award. Raises `Refused` when the person may not, the award is not active, or another change is open.
    """
    with transaction.atomic():
        row = lock(award)
        demand(queries.may_start(row, actor))
        amendment = Amendment.objects.create(
            reference=allocate("M", timezone.localtime(at).year),
            created_at=at,
            award=row,
            kind=kind,
            reason=reason.strip(),
            ends_on=ends_on,
            payee=payee,
            people=people.strip(),
            started_by=actor,
        )
        _write_amounts(amendment, amounts or {})
        record(amendment, "start", actor=actor, at=at, summary=f"Began amendment {amendment.reference} of {row}.")
    return amendment


def change_amendment(
    amendment: Amendment,
    *,
    reason: str,
    actor: Any,
    at: datetime,
    version: int | None = None,
    amounts: Grid | None = None,
    ends_on: date | None = None,
    payee: Partner | None = None,
    people: str = "",
) -> Amendment:
    """Change a draft. Locks the award and the draft. Raises `Refused` (not the lead, asked for already) and `Stale`."""
    with transaction.atomic():
        lock_award(amendment)
        row = lock(amendment, version=version)
        demand(rules.may_amend(row, actor))
        if row.state != AmendmentState.DRAFT:
            raise Refused(f"{row} is {row.get_state_display().lower()}, so its text is fixed. Withdraw it to ask anew.")
        row.reason, row.ends_on, row.payee, row.people = reason.strip(), ends_on, payee, people.strip()
        bump(row, "reason", "ends_on", "payee", "people")
        row.amounts.all().delete()
        _write_amounts(row, amounts or {})
        record(row, "change", actor=actor, at=at, summary=f"Changed the draft of amendment {row.reference}.")
    return row


def request_amendment(amendment: Amendment, *, actor: Any, at: datetime, version: int | None = None) -> Amendment:
    """Ask for a draft. A small move is carried out at once, by the program's rules; anything else goes to an officer.

    Raises `Refused` with everything that is in the way, and `Stale`.
    """
    with transaction.atomic():
        lock_award(amendment)
        small = not queries.reasons_for_decision(amendment)
        return AMENDMENT.perform(amendment, "let_pass" if small else "request", actor=actor, at=at, version=version)


def stamp_requested(amendment: Amendment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `request`: who and when, and whether a director decides: on everything but people."""
    amendment.requested_by, amendment.requested_at = actor, at
    amendment.needs_approval = amendment.kind != AmendmentKind.PEOPLE
    notice.tell_officers(amendment)


def stamp_recommended(amendment: Amendment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `recommend`: the officer's note, which the directors are told of."""
    amendment.recommended_by, amendment.recommended_at, amendment.recommendation = actor, at, comment
    notice.tell_directors(amendment)


def stamp_declined(amendment: Amendment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `decline`: the team reads why."""
    amendment.decided_by, amendment.decided_at, amendment.decision_reason = actor, at, comment
    notice.tell_of_decline(amendment)


def tell_of_withdrawal(amendment: Amendment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `withdraw`: whoever had it to decide is told; of a draft nobody knew."""
    notice.tell_of_withdrawal(amendment)


def let_pass(amendment: Amendment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `let_pass`: asked for and approved in one, by nobody but the program's rules."""
    amendment.requested_by, amendment.requested_at, amendment.needs_approval = actor, at, False
    amendment.decided_at = at
    _carry_out(amendment, by=actor, at=at)


def apply(amendment: Amendment, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `approve` and `agree`: who decided, and the award changes in the same transaction."""
    amendment.decided_by, amendment.decided_at, amendment.decision_reason = actor, at, comment
    _carry_out(amendment, by=actor, at=at)


def _carry_out(amendment: Amendment, *, by: Any, at: datetime) -> None:
    """Change the locked award, keep its next version, and tell everybody.

    Locks the award's years and the site. Raises `Refused` for what changed since the blockers were asked: payments
    that were planned meanwhile, or money the site holds from another award.
    """
    award = amendment.award
    years = {year.number: year for year in lock_all(award.years.all())}
    match amendment.kind:
        case AmendmentKind.MOVE_MONEY:
            _move_money(amendment, award, years)
        case AmendmentKind.EXTEND:
            award.ends_on = years[max(years)].ends_on = certain(amendment.ends_on)
            years[max(years)].save(update_fields=["ends_on"])
        case AmendmentKind.PAYEE:
            agent = certain(amendment.payee)
            award.payee_name, award.payee_ein, award.payee_tax_status = agent.name, agent.ein, agent.tax_status
    bump(award, "ends_on", "payee_name", "payee_ein", "payee_tax_status")
    people = [amendment.people] if amendment.kind == AmendmentKind.PEOPLE else []
    version = keep_next(award, amendment, people=people, by=by, at=at)
    award_amended.send(Award, award=award, amendment=amendment, actor=by, at=at)
    notice.tell_of_approval(amendment)
    summary = f"Amendment {amendment.reference} is carried out: version {version.number} of the award."
    record(award, "amend", actor=by, at=at, summary=summary, facts={"amendment": amendment.reference})


def _move_money(amendment: Amendment, award: Award, years) -> None:
    lock(award.site)
    reasons = queries.obstacles_to_approving(amendment)
    if reasons:
        raise Refused(*reasons)
    grid = queries.asked_grid(amendment)
    sums = queries.by_year(grid)
    changes = {year.school_year: sums[number] - year.amount for number, year in years.items()}
    for number, year in years.items():
        if year.amount != sums[number]:
            year.amount = sums[number]
            year.save(update_fields=["amount"])
    AwardAllocation.objects.filter(award_year__award=award).delete()
    AwardAllocation.objects.bulk_create(
        AwardAllocation(award_year=years[number], component_id=component, amount=amount)
        for (number, component), amount in grid.items()
    )
    move(award, changes)


def end_with_award(award: Award, *, actor: Any, at: datetime, because: str, amendments: list[Amendment]) -> None:
    """End what was asked for and not decided, of a locked award that ends; `amendments` are locked."""
    for each in amendments:
        each.award = award
        AMENDMENT.perform(each, "end_with_award", actor=actor, at=at, comment=because)


def _write_amounts(amendment: Amendment, amounts: Grid) -> None:
    AmendmentAmount.objects.bulk_create(
        AmendmentAmount(amendment=amendment, year=year, component_id=component, amount=amount)
        for (year, component), amount in amounts.items()
        if amount > ZERO
    )
