"""Making, changing and moving funding rounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grants import rules
from grants.domain.call_file import ask_for_call_files
from grants.domain.core_questions import core_rows
from grants.enums import RoundState
from grants.models import FundingRound, Question
from portal import programme
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.money import ZERO, dollars
from portal.record import bump, lock

# What staff enter; everything else of a round follows from acts.
FIELDS = (
    "name", "summary", "guidelines", "time_zone", "opens_at", "closes_at", "decision_by", "first_year_starts_on",
    "yearly_ceiling", "total_ceiling", "envelope", "reviews_per_proposal", "top_score", "blind", "sign_offs_required",
    "report_due_days", "takes_late_requests",
)  # fmt: skip


def create_round(*, actor: Any, at: datetime, is_demo: bool = False, **fields: Any) -> FundingRound:
    """Start a round as a draft, with the programme's core questions. `fields` are among `FIELDS`.

    Raises ValidationError keyed by field for dates out of order and ceilings above the programme's.
    """
    demand(rules.may_run_rounds(None, actor))
    round_ = FundingRound(created_by=actor, created_at=at, is_demo=is_demo)
    _fill(round_, fields)
    with transaction.atomic():
        round_.reference = allocate("R", timezone.localtime(at).year)
        round_.save(force_insert=True)
        Question.objects.bulk_create(core_rows(round_))
        record(round_, "start", actor=actor, at=at, summary=f"Round {round_} started as a draft.")
    return round_


def update_round(
    round_: FundingRound, *, actor: Any, at: datetime, version: int | None = None, **fields: Any
) -> FundingRound:
    """Change a draft. Raises `Refused` once it is published, `Stale` when somebody else saved meanwhile."""
    demand(rules.may_run_rounds(round_, actor))
    with transaction.atomic():
        row = lock_draft(round_, version=version)
        before = {name: getattr(row, name) for name in fields}
        _fill(row, fields)
        changed = [name for name in fields if getattr(row, name) != before[name]]
        if changed:
            bump(row, *changed)
            summary = f"Round {row} changed: {', '.join(_words(name) for name in changed)}."
            record(row, "change", actor=actor, at=at, summary=summary, facts={"fields": changed})
    return row


def lock_draft(round_: FundingRound, *, version: int | None = None) -> FundingRound:
    """Lock a round that may still be changed. Raises `Refused` when it is published: teams rely on what they read."""
    row = lock(round_, version=version)
    if row.state != RoundState.DRAFT:
        raise Refused("This call is published, so it stays as it is. Take it back to draft first.")
    return row


def stamp_published(round_: FundingRound, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `publish`: the call's files are made at once."""
    round_.published_at = at
    ask_for_call_files(round_, actor=actor)


def stamp_unpublished(round_: FundingRound, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `unpublish`."""
    round_.published_at = None


def stamp_decided(round_: FundingRound, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `decide`."""
    round_.decided_at = at


def _fill(round_: FundingRound, fields: dict[str, Any]) -> None:
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"A round has no field of these names to enter: {', '.join(unknown)}")
    for name, value in fields.items():
        setattr(round_, name, value)
    errors = _errors(round_)
    if errors:
        raise ValidationError(errors)
    round_.clean_fields(exclude=["created_by", "reference"])


def _errors(round_: FundingRound) -> dict[str, str]:
    """Why these facts cannot stand together, by field."""
    errors = {}
    for name, ceiling in (
        ("yearly_ceiling", programme.YEARLY_CEILING),
        ("total_ceiling", programme.TOTAL_CEILING),
    ):
        amount = getattr(round_, name)
        if amount <= ZERO:
            errors[name] = "Enter an amount above zero."
        elif amount > ceiling:
            errors[name] = f"{dollars(amount)} is more than the program allows: at most {dollars(ceiling)}."
    if "yearly_ceiling" not in errors and round_.total_ceiling < round_.yearly_ceiling:
        errors["total_ceiling"] = "The five years together cannot be less than one year."
    if round_.envelope is None or round_.envelope <= ZERO:
        errors["envelope"] = "Enter the money there is for all awards of this round."
    if round_.closes_at <= round_.opens_at:
        errors["closes_at"] = "The call has to close after it opens."
    elif round_.decision_by and round_.decision_by <= round_.closes_at.date():
        errors["decision_by"] = "The decision comes after the call closes."
    if "closes_at" not in errors and round_.first_year_starts_on <= round_.closes_at.date():
        errors["first_year_starts_on"] = "The first award year starts after the call closes."
    return errors


def _words(name: str) -> str:
    return next(str(each.verbose_name) for each in FundingRound._meta.fields if each.name == name)
