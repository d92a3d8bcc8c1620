"""Publishing the prepared changes of a call's questions: drafts move on with their answers, what was submitted stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.queries.proposal import team_addresses
from grants.domain.queries.question_version import (
    REMOVED,
    Change,
    changes_in,
    drafts_carried_over,
    edited_version,
    told_changes,
)
from grants.domain.voiding import void_outdated
from grants.enums import RoundPhase, RoundState, SignOffState
from grants.models import Answer, FundingRound, Proposal, QuestionVersion
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.jobs.domain import enqueue
from portal.mail.domain import send
from portal.record import bump, lock, lock_all
from portal.words import counted

TELL_JOB = "tell-of-questions"
_BECAUSE = "the questions of the call"


def publish_changes(
    round_: FundingRound, *, notice: str, actor: Any, at: datetime, version: int | None = None
) -> QuestionVersion:
    """Ask the prepared questions from now on. `notice` tells teams what changed and why; `version` is the round's.

    Drafts are carried over in the same transaction: every answer that fits its question's successor is copied to it,
    the old one stays where it was. Signatures on a draft that reads differently now no longer hold.
    Locks the round, then the drafts in primary-key order, as a save of a section locks its proposal and starting one
    locks the round: whatever is typed meanwhile is saved before and carried over, or after and to the new questions.
    Raises `Refused` when nothing is prepared or the call is over, ValidationError for an empty notice.
    """
    demand(rules.may_run_rounds(round_, actor))
    notice = notice.strip()
    if not notice:
        raise ValidationError({"notice": "Tell teams in a few words what changes and why."})
    with transaction.atomic():
        row = _opened(round_, version=version, at=at)
        number = edited_version(row)
        changes = changes_in(row, number)
        if not changes:
            raise Refused("No changes are prepared, so there is nothing to publish.")
        published = QuestionVersion.objects.create(
            round=row, number=number, notice=notice, published_by=actor, published_at=at
        )
        row.questions_version = number
        bump(row, "questions_version")
        drafts = lock_all(drafts_carried_over(row).select_related("round", "site"))
        voided = _carry_over(drafts, changes, number, actor=actor, at=at)
        for proposal, names in voided:
            summary = f"The questions of the call changed. No longer signed by {' and '.join(names)}."
            record(proposal, "carry_over", actor=actor, at=at, summary=summary)
        summary = f"Questions changed: version {number}, {counted(len(drafts), 'draft')} carried over."
        record(row, "publish_questions", actor=actor, at=at, summary=summary, facts={"notice": notice})
        if drafts and told_changes(changes):
            title = f"Telling {counted(len(drafts), 'team')} of the new questions"
            enqueue(TELL_JOB, actor=actor, key=str(published.pk), title=title, version=published.pk)
    return published


def drop_changes(round_: FundingRound, *, actor: Any, at: datetime, version: int | None = None) -> None:
    """Forget everything that was prepared: the questions stay as they are asked now."""
    demand(rules.may_run_rounds(round_, actor))
    with transaction.atomic():
        row = _opened(round_, version=version, at=None)
        number = edited_version(row)
        rows = row.questions
        if not changes_in(row, number):
            raise Refused("No changes are prepared, so there is nothing to drop.")
        rows.filter(since=number).delete()
        rows.filter(until=number).update(until=None)
        bump(row)
        record(row, "drop_questions", actor=actor, at=at, summary="The prepared changes of the questions were dropped.")


def tell_team_of(version: QuestionVersion, proposal: Proposal, changes: list[Change]) -> None:
    """Mail one team what changed; a second call writes nothing."""
    context = {
        "proposal": proposal,
        "round": version.round,
        "version": version,
        "changes": changes,
        "signatures_lost": proposal.sign_offs.filter(state=SignOffState.VOID).exists(),
    }
    for address in team_addresses(proposal):
        send("questions_changed", address, context=context, key=f"questions:{version.pk}:{proposal.pk}:{address}")


def _opened(round_: FundingRound, *, version: int | None, at: datetime | None) -> FundingRound:
    """Lock a published round; with `at` also one that is not over by then."""
    row = lock(round_, version=version)
    if row.state == RoundState.DRAFT:
        raise Refused("This call is a draft, so its questions change at once and nothing is prepared.")
    if at and row.phase_at(at) in {RoundPhase.CLOSED, RoundPhase.DECIDED}:
        raise Refused("This call is over, so its questions stay as teams answered them.")
    return row


def _carry_over(
    drafts: list[Proposal], changes: list[Change], number: int, *, actor: Any, at: datetime
) -> list[tuple[Proposal, list[str]]]:
    """Move locked drafts to the new version with their answers; returns whose signatures no longer hold."""
    successors = {each.before.pk: each.question for each in changes if each.before and each.kind != REMOVED}
    answers = Answer.objects.filter(proposal__in=drafts, question__in=list(successors))
    Answer.objects.bulk_create(
        [
            Answer(proposal_id=each.proposal_id, question=successors[each.question_id], text=each.text)
            for each in answers.iterator()
            if successors[each.question_id].takes(each.text)
        ],
        batch_size=500,
    )
    Proposal.objects.filter(pk__in=[each.pk for each in drafts]).update(questions_version=number)
    signed = set(
        Proposal.objects.filter(pk__in=[each.pk for each in drafts], sign_offs__state=SignOffState.SIGNED).values_list(
            "pk", flat=True
        )
    )
    found = []
    for proposal in drafts:
        proposal.questions_version = number
        voided = void_outdated(proposal, actor=actor, at=at, because=_BECAUSE) if proposal.pk in signed else []
        if voided:
            found.append((proposal, [each.signed_name for each in voided]))
    return found
