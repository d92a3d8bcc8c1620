"""The strengths and weaknesses staff choose to tell an applicant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.letter import write_letters
from grants.domain.queries.feedback_point import named_reviewers
from grants.enums import DocketState, PointKind
from grants.models import DocketLine, FeedbackPoint, Letter
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.record import Stale, bump, lock
from portal.words import counted, tidy

LONGEST = 1_000  # characters of one point
MOST = 12  # points of one kind


def save_points(
    line: DocketLine, *, actor: Any, at: datetime, version: int, strengths: Sequence[str], weaknesses: Sequence[str]
) -> list[FeedbackPoint]:
    """Set what a team is told, in this order; empty texts are left out. A letter nobody edited says it at once.

    `version` is that of the letter, or of the docket while no letter is written. Locks the docket. Raises `Stale` when
    it is behind, `Refused` once the letter is released or for somebody who does not announce decisions, and
    ValidationError keyed `strengths` or `weaknesses` for long texts, too many of them, and the names of reviewers.
    """
    given = {PointKind.STRENGTH: _tidied(strengths), PointKind.WEAKNESS: _tidied(weaknesses)}
    with transaction.atomic():
        docket = lock(line.docket)
        demand(rules.may_announce(docket, actor))
        if docket.state == DocketState.SET_ASIDE:
            raise Refused("Another docket was chosen instead of this one, so it sends no letters.")
        letter = Letter.objects.select_for_update(of=("self",)).filter(line=line).first()
        if letter is not None and letter.released_at is not None:
            raise Refused("This letter is released and stays as it was sent.")
        holder = letter or docket
        if holder.version != version:
            raise Stale(holder)
        _check(line, given)
        line.points.all().delete()
        points = FeedbackPoint.objects.bulk_create(
            FeedbackPoint(line=line, kind=kind, text=text, position=place)
            for kind, texts in given.items()
            for place, text in enumerate(texts, 1)
        )
        if letter is not None:
            letter.version += 1
            letter.save(update_fields=["version"])
            write_letters(docket)
        bump(docket)
        told = f"{counted(len(given[PointKind.STRENGTH]), 'strength')} and {_weak(len(given[PointKind.WEAKNESS]))}"
        summary = f"{line.proposal.site}: {told} chosen for the letter."
        record(
            docket, "choose_feedback", actor=actor, at=at, summary=summary, facts={"proposal": line.proposal.reference}
        )
    return points


def _tidied(texts: Sequence[str]) -> list[str]:
    return [text for text in (" ".join(tidy(each).split()) for each in texts) if text]


def _weak(number: int) -> str:
    return f"{number} weakness" if number == 1 else f"{number} weaknesses"


def _check(line: DocketLine, given: dict[PointKind, list[str]]) -> None:
    errors: dict[str, list[str]] = {}
    for name, texts in (("strengths", given[PointKind.STRENGTH]), ("weaknesses", given[PointKind.WEAKNESS])):
        found = [f"Shorten “{text[:40]}…” to {LONGEST:,} characters." for text in texts if len(text) > LONGEST]
        found += [
            f"“{text[:60]}…” names a reviewer, {named[0]}. Teams do not learn who reviewed them."
            for text in texts
            if (named := named_reviewers(line.proposal, text))
        ]
        if len(texts) > MOST:
            found.append(f"Choose at most {MOST}; a team that reads too many remembers none.")
        if found:
            errors[name] = found
    if errors:
        raise ValidationError(errors)
