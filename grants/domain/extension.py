"""Moving a deadline forward, for a round or one proposal, and answering a team that asks for more time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.proposal import tell_team
from grants.domain.queries.deadline import closing_of
from grants.domain.queries.extension import after_outage, latest_request, may_ask, may_extend, may_extend_round
from grants.enums import ExtensionKind, RequestState
from grants.models import Extension, ExtensionRequest, FundingRound, Proposal
from portal.access import Refused, demand
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.domain import record
from portal.jobs.domain import enqueue
from portal.mail.domain import send
from portal.record import bump, lock
from portal.words import span_words, when_words

# The job that writes to every team of a round whose closing moved; see `grants.tasks`.
TELL_JOB = "tell-extension"


def extend_round(
    round_: FundingRound, *, until: datetime, reason: str, actor: Any, at: datetime, version: int | None = None
) -> Extension:
    """Close the whole round later. Every team that writes is told by mail, through a job.

    Locks the round. Raises `Refused` when the person may not or the round is a draft or decided, ValidationError keyed
    `until` or `reason` for a time that is not later than the closing and than `at`, and for no reason, and `Stale`.
    """
    demand(rules.may_run_rounds(round_, actor))
    with transaction.atomic():
        row = lock(round_, version=version)
        until = check_round(row, until=until, reason=reason, at=at)
        return _move_round(row, ExtensionKind.GRANTED, until=until, reason=reason, actor=actor, at=at)


def note_outage(
    round_: FundingRound,
    *,
    down_from: datetime,
    down_until: datetime,
    until: datetime | None,
    reason: str,
    actor: Any,
    at: datetime,
    version: int | None = None,
) -> Extension:
    """Tell the public that the portal could not be reached, and close the round later by at least as long.

    Without `until` the time is `after_outage`'s. Raises as `extend_round`, and ValidationError keyed `down_from` or
    `down_until` for an outage that ends before it begins, lies ahead or had nothing to do with this call.
    """
    demand(rules.may_run_rounds(round_, actor))
    with transaction.atomic():
        row = lock(round_, version=version)
        until = check_outage(row, down_from=down_from, down_until=down_until, until=until, reason=reason, at=at)
        return _move_round(
            row, ExtensionKind.OUTAGE, until=until, reason=reason, actor=actor, at=at,
            down_from=down_from, down_until=down_until,
        )  # fmt: skip


def extend_proposal(
    proposal: Proposal, *, until: datetime, reason: str, actor: Any, at: datetime, version: int | None = None
) -> Extension:
    """Give one proposal more time than its round; its team is told, and a request of theirs that waits is granted.

    Locks the proposal. Raises `Refused` when the person may not or the team no longer writes, ValidationError keyed
    `until` or `reason`, and `Stale`.
    """
    demand(rules.may_run_rounds(proposal.round, actor))
    with transaction.atomic():
        row = lock(proposal, version=version)
        was, reason = closing_of(row), reason.strip()
        check_proposal(row, until=until, reason=reason, at=at)
        extension = Extension.objects.create(
            round=row.round, proposal=row, kind=ExtensionKind.GRANTED, was=was, until=until, reason=reason,
            granted_by=actor, granted_at=at,
        )  # fmt: skip
        row.extended_until = until
        bump(row, "extended_until")
        asked = ExtensionRequest.objects.filter(proposal=row, state=RequestState.OPEN)
        asked.update(state=RequestState.GRANTED, answer=reason, answered_by=actor, answered_at=at)
        words = when_words(until, row.round.time_zone)
        summary = f"More time given by {actor}: until {words}. {reason}"
        record(row, "extend", actor=actor, at=at, summary=summary, facts=_facts(extension))
        tell_team(row, "extension_proposal", extension=extension)
    return extension


def ask_for_time(proposal: Proposal, *, reason: str, actor: Any, at: datetime) -> ExtensionRequest:
    """Ask the foundation for more time, with a reason; one request waits at a time. Program officers are told.

    Locks the proposal. Raises `Refused` when the person may not or it is too late even for that, ValidationError keyed
    `reason` without one.
    """
    demand(rules.may_submit(proposal, actor))
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Say why you need more time; the foundation decides by it."})
    with transaction.atomic():
        row = lock(proposal)
        demand(may_ask(row, at, latest_request(row)))
        asked = ExtensionRequest.objects.create(proposal=row, reason=reason, asked_by=actor, asked_at=at)
        record(row, "ask_for_time", actor=actor, at=at, summary=f"{actor} asked for more time: {reason}")
        officers = User.objects.filter(is_active=True, role_grants__role=Role.OFFICER).order_by("pk")
        for address in officers.values_list("email", flat=True):
            send("extension_asked", address, context={"proposal": row, "round": row.round, "asked": asked})
    return asked


def decline_request(asked: ExtensionRequest, *, answer: str, actor: Any, at: datetime) -> ExtensionRequest:
    """Say no to a team that asked for more time, with a reason it reads.

    Locks the proposal. Raises `Refused` when the person may not or somebody has answered already, ValidationError keyed
    `reason` without an answer.
    """
    demand(rules.may_run_rounds(asked.proposal.round, actor))
    answer = answer.strip()
    if not answer:
        raise ValidationError({"reason": "Write a reason; the team reads it."})
    with transaction.atomic():
        proposal = lock(asked.proposal)
        row = ExtensionRequest.objects.select_related("answered_by").get(pk=asked.pk)
        if row.state != RequestState.OPEN:
            raise Refused(f"{row.answered_by} has answered this already: {row.get_state_display().lower()}.")
        row.state, row.answer, row.answered_by, row.answered_at = RequestState.DECLINED, answer, actor, at
        row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
        summary = f"More time declined by {actor}: {answer}"
        record(proposal, "decline_time", actor=actor, at=at, summary=summary)
        tell_team(proposal, "extension_declined", asked=row)
    return row


def check_round(round_: FundingRound, *, until: datetime, reason: str, at: datetime) -> datetime:
    """The closing a round would get; raises as `extend_round` for what stands against it. Writes nothing."""
    demand(may_extend_round(round_))
    _check(round_, round_.closes_at, until, reason, at)
    return until


def check_outage(
    round_: FundingRound,
    *,
    down_from: datetime,
    down_until: datetime,
    until: datetime | None,
    reason: str,
    at: datetime,
) -> datetime:
    """The closing a round would get after an outage; raises as `note_outage`. Writes nothing."""
    demand(may_extend_round(round_))
    errors = _outage_errors(round_, down_from, down_until, at)
    if errors:
        raise ValidationError(errors)
    length = down_until - down_from
    until = until or after_outage(round_, down_from, down_until, at)
    if until - round_.closes_at < length:
        least = when_words(round_.closes_at + length, round_.time_zone)
        raise ValidationError({"until": f"The outage took {span_words(length)}: choose {least} or later."})
    _check(round_, round_.closes_at, until, reason, at)
    return until


def check_proposal(proposal: Proposal, *, until: datetime, reason: str, at: datetime) -> datetime:
    """The closing one proposal would get; raises as `extend_proposal`. Writes nothing."""
    demand(may_extend(proposal))
    _check(proposal.round, closing_of(proposal), until, reason, at)
    return until


def tell_round(extension: Extension, people: list[tuple[Proposal, str]]) -> None:
    """Write to these members of teams that the round closes later; nobody is written to twice for one extension."""
    for proposal, address in people:
        context = {"proposal": proposal, "round": proposal.round, "extension": extension}
        send("extension_round", address, context=context, key=f"extension:{extension.pk}:{proposal.pk}:{address}")


def _move_round(
    row: FundingRound, kind: ExtensionKind, *, until: datetime, reason: str, actor: Any, at: datetime, **down: Any
) -> Extension:
    reason = reason.strip()
    extension = Extension.objects.create(
        round=row, kind=kind, was=row.closes_at, until=until, reason=reason, granted_by=actor, granted_at=at, **down
    )
    row.closes_at = until
    bump(row, "closes_at")
    words = when_words(until, row.time_zone)
    what = "An outage was noted" if kind == ExtensionKind.OUTAGE else "The deadline was moved"
    summary = f"{what} by {actor}: the call now closes {words}. {reason}"
    record(row, "extend", actor=actor, at=at, summary=summary, facts=_facts(extension))
    title = f"Tell the teams of {row} about the new deadline"
    enqueue(TELL_JOB, actor=actor, key=str(extension.pk), title=title, extension=extension.pk)
    return extension


def _check(round_: FundingRound, was: datetime, until: datetime, reason: str, at: datetime) -> None:
    """Raise ValidationError unless the new time is later than the old one and than now, with a reason."""
    errors = {}
    zone = round_.time_zone
    if until <= was:
        errors["until"] = f"A deadline is never shortened: choose a time after {when_words(was, zone)}."
    elif until <= at:
        errors["until"] = "This time has passed already: choose one that lies ahead."
    elif until.date() >= round_.first_year_starts_on:
        errors["until"] = "The first award year starts before that. Choose an earlier time."
    if not reason.strip():
        errors["reason"] = "Say why; the teams read it."
    if errors:
        raise ValidationError(errors)


def _outage_errors(row: FundingRound, down_from: datetime, down_until: datetime, at: datetime) -> dict[str, str]:
    if down_until <= down_from:
        return {"down_until": "The outage has to end after it began."}
    if down_until > at:
        return {"down_until": "This lies ahead. Note an outage when it is over."}
    if down_from > row.closes_at:
        closed = when_words(row.closes_at, row.time_zone)
        return {"down_from": f"The call had closed before that, on {closed}."}
    if down_until < row.opens_at:
        return {"down_until": "The call was not open yet."}
    return {}


def _facts(extension: Extension) -> dict[str, str]:
    return {"was": extension.was.isoformat(), "until": extension.until.isoformat(), "reason": extension.reason}
