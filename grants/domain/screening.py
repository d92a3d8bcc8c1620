"""Screening: an officer finds proposals eligible or not, one or many, knowing what the automatic checks found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from grants import rules
from grants.domain.queries.screening_checks import Screening, screenings
from grants.enums import ProposalState
from grants.models import Proposal
from grants.workflow import PROPOSAL
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.record import Stale, lock
from portal.words import counted

ELIGIBLE, INELIGIBLE = "screen_in", "screen_out"
AT_ONCE = 50  # proposals


class Warned(Refused):
    """The checks found something the officer has not said to know; the text says what."""


@dataclass(frozen=True)
class Choice:
    """One proposal of a bulk act: the version that was shown, and the mark of the warnings somebody goes on over."""

    proposal: Proposal
    version: int
    known: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one proposal of a bulk act."""

    proposal: Proposal
    done: bool
    text: str


def screen_proposal(
    proposal: Proposal, step: str, *, actor: Any, at: datetime, version: int, reason: str = "", known: str = ""
) -> Proposal:
    """Find a submitted proposal eligible (`screen_in`) or not (`screen_out`, with a reason the team reads).

    What the checks find never decides. To find a proposal eligible over it, `known` has to be the mark of exactly these
    problems (`Screening.mark`); they are kept in the activity log then. Raises `Warned` when it is not, `Refused` when
    the person may not or not now, and `Stale` when the proposal has changed since `version`.
    """
    demand(rules.may_screen(proposal, actor))
    with transaction.atomic():
        row = lock(proposal)
        if row.state == ProposalState.SUBMITTED and row.version != version:
            raise Stale(row)
        found = _found(row) if step == ELIGIBLE and row.state == ProposalState.SUBMITTED else None
        if found is not None and found.mark != known and not found.obstacles:
            raise Warned(*(f"Say that you know this, or ask for changes: {text}" for text in found.problems))
        done: Proposal = PROPOSAL.perform(row, step, actor=actor, at=at, comment=reason)
        if found is not None and found.problems:
            summary = f"Found eligible knowing of {counted(len(found.problems), 'warning')}."
            record(done, "pass_warnings", actor=actor, at=at, summary=summary, facts={"warnings": found.problems})
    return done


def screen_many(choices: Sequence[Choice], step: str, *, actor: Any, at: datetime, reason: str = "") -> list[Outcome]:
    """Do the same to several proposals, each in a transaction of its own; what is refused says why and stops no other.

    Raises `Refused` for somebody who does not screen, for none and for too many.
    """
    demand(rules.may_screen(None, actor))
    if not choices:
        raise Refused("Tick at least one proposal.")
    if len(choices) > AT_ONCE:
        raise Refused(f"Choose at most {AT_ONCE} proposals at once.")
    if step == INELIGIBLE and not reason.strip():
        raise Refused("Write a reason; every team reads it.")
    return [_outcome(each, step, actor=actor, at=at, reason=reason) for each in choices]


def _outcome(choice: Choice, step: str, *, actor: Any, at: datetime, reason: str) -> Outcome:
    try:
        screen_proposal(
            choice.proposal, step, actor=actor, at=at, version=choice.version, reason=reason, known=choice.known
        )
    except Refused as refusal:
        return Outcome(choice.proposal, False, str(refusal))
    except Stale:
        return Outcome(choice.proposal, False, "It was changed while you were looking. Read it again and decide then.")
    return Outcome(
        choice.proposal, True, "Eligible, sent to review." if step == ELIGIBLE else "Not eligible; the team is told."
    )


def _found(proposal: Proposal) -> Screening | None:
    """The checks of the proposal's last submission; None for a row without one."""
    rows = screenings([Proposal.objects.select_related("round", "site").get(pk=proposal.pk)])
    return rows[0] if rows else None
