"""A round's own wording of its letters, and going back to the portal's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from grants import rules
from grants.domain.letter import write_letters
from grants.domain.queries.letter_text import Wording, check_wording
from grants.enums import Decision, DocketState
from grants.models import Docket, FundingRound, LetterTemplate
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.record import Stale, bump, lock_all
from portal.words import tidy


def save_template(
    round_: FundingRound, decision: Decision, *, actor: Any, at: datetime, version: int, subject: str, body: str
) -> LetterTemplate:
    """Set the round's wording for a decision; `version` is 0 while it has none of its own.

    Letters of approved dockets that nobody edited and that are not released are written again with it. Raises `Stale`
    when a colleague saved it since, and ValidationError keyed `subject` or `body` for an unknown field and the like.
    """
    demand(rules.may_announce(round_, actor))
    wording = Wording(" ".join(subject.split()), tidy(body).strip())
    check_wording(wording)
    with transaction.atomic():
        row = _locked(round_, decision, version)
        row.subject, row.body, row.saved_by, row.saved_at = wording.subject, wording.body, actor, at
        row.version = version + 1
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as collision:
            raise Stale(LetterTemplate.objects.get(round=round_, decision=decision)) from collision
        _write_again(round_)
        summary = f"Changed the wording of the letters for “{decision.label.lower()}”."
        record(round_, "save_letter_template", actor=actor, at=at, summary=summary, facts={"decision": decision.value})
    return row


def drop_template(round_: FundingRound, decision: Decision, *, actor: Any, at: datetime, version: int) -> None:
    """Go back to the portal's wording; what the round had is kept in the activity log."""
    demand(rules.may_announce(round_, actor))
    with transaction.atomic():
        row = _locked(round_, decision, version)
        if row.pk is None:
            raise Refused("This letter has the portal’s wording already.")
        was = {"decision": decision.value, "subject": row.subject, "body": row.body}
        row.delete()
        _write_again(round_)
        summary = f"The letters for “{decision.label.lower()}” have the portal’s wording again."
        record(round_, "drop_letter_template", actor=actor, at=at, summary=summary, facts=was)


def _locked(round_: FundingRound, decision: Decision, version: int) -> LetterTemplate:
    """The round's template locked, or a new one where it has none."""
    rows = LetterTemplate.objects.select_for_update(of=("self",)).filter(round=round_, decision=decision)
    row = rows.first() or LetterTemplate(round=round_, decision=decision, version=0)
    if row.version != version:
        raise Stale(row)
    return row


def _write_again(round_: FundingRound) -> None:
    for docket in lock_all(Docket.objects.filter(round=round_, state=DocketState.APPROVED)):
        if write_letters(docket):
            bump(docket)
