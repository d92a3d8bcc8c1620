"""Starting a round from an earlier one: everything but the dates, which move on by whole years."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grants import rules
from grants.domain.core_questions import core_rows
from grants.domain.queries.question_version import current_questions
from grants.domain.queries.round_dates import working_day
from grants.domain.round import FIELDS
from grants.enums import RoundState
from grants.models import AttachmentSlot, Criterion, FundingRound, Question
from portal.access import demand
from portal.activity.domain import allocate, record
from portal.certain import certain
from portal.record import lock
from portal.words import zone_named

# A year that keeps the day of the week.
YEAR = timedelta(weeks=52)
_YEAR_IN_NAME = re.compile(r"\b20\d\d\b")


def copy_round(round_: FundingRound, *, actor: Any, at: datetime, name: str) -> FundingRound:
    """A new draft like this round, with the questions it asks now, its rubric and its documents.

    Core questions are the programme's of today, with the explanations this round gives them. The dates are moved by
    `moved_dates`. Pressed twice, the draft there is comes back. Raises ValidationError for an empty or long name.
    """
    demand(rules.may_run_rounds(round_, actor))
    name = " ".join(name.split())
    longest = certain(FundingRound._meta.get_field("name").max_length)
    if not name or len(name) > longest:
        raise ValidationError({"name": f"Give the new round a name of at most {longest} characters."})
    with transaction.atomic():
        source = lock(round_)
        made = FundingRound.objects.filter(copied_from=source, created_by=actor, state=RoundState.DRAFT, name=name)
        if (before := made.first()) is not None:
            return before
        fields = {each: getattr(source, each) for each in FIELDS} | moved_dates(source, at) | {"name": name}
        copy = FundingRound(**fields, created_by=actor, created_at=at, copied_from=source, is_demo=source.is_demo)
        copy.reference = allocate("R", timezone.localtime(at).year)
        copy.save(force_insert=True)
        Question.objects.bulk_create(_questions(source, copy))
        Criterion.objects.bulk_create(_again(source.criteria.all(), copy, Criterion))
        AttachmentSlot.objects.bulk_create(_again(source.slots.all(), copy, AttachmentSlot))
        summary = f"Round {copy} started as a draft, from {source} ({source.reference})."
        record(copy, "start", actor=actor, at=at, summary=summary, facts={"copied_from": source.reference})
    return copy


def moved_dates(round_: FundingRound, at: datetime) -> dict[str, Any]:
    """The dates of the next round after this one that opens after `at`.

    Opening, closing and decision move by 52 weeks at a time, which keeps the weekday and the hour on the clock of the
    zone, then to the next working day. The award years start on the same day of a later year.
    """
    years = 1
    while round_.opens_at + years * YEAR <= at:
        years += 1
    first = round_.first_year_starts_on
    decided = working_day(round_.decision_by + years * YEAR) if round_.decision_by else None
    closes = _moved(round_.closes_at, round_.time_zone, years)
    moved = {
        "opens_at": _moved(round_.opens_at, round_.time_zone, years),
        "closes_at": closes,
        "decision_by": decided,
    }
    last = max(closes.date(), decided or date.min)
    while True:
        starts = _in_year(first, first.year + years)
        if starts > last:
            return moved | {"first_year_starts_on": starts}
        years += 1


def suggested_name(round_: FundingRound, at: datetime) -> str:
    """The name with its year moved on as the dates are, or marked as a copy when it names none."""
    moved = moved_dates(round_, at)["first_year_starts_on"].year - round_.first_year_starts_on.year
    name = _YEAR_IN_NAME.sub(lambda found: str(int(found[0]) + moved), round_.name)
    return name if name != round_.name else f"{name} (copy)"


def _moved(moment: datetime, zone: str, years: int) -> datetime:
    """The same hour on the clock of the zone; one the clocks skip becomes the hour after."""
    local = moment.astimezone(zone_named(zone))
    day = working_day(local.date() + years * YEAR)
    wall = datetime.combine(day, time(local.hour, local.minute), tzinfo=local.tzinfo)
    return wall.astimezone(UTC)


def _in_year(day: date, year: int) -> date:
    """The same day of another year; 29 February becomes 1 March."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _questions(source: FundingRound, copy: FundingRound) -> list[Question]:
    asked = {each.key: each for each in current_questions(source)}
    core = core_rows(copy)
    for each in core:
        if each.key in asked and asked[each.key].core:
            before = asked[each.key]
            each.help, each.if_no, each.position = before.help, before.if_no or each.if_no, before.position
    own = [each for each in asked.values() if not each.core]
    return core + _again(own, copy, Question, since=1, until=None)


def _again(rows, copy: FundingRound, model: Any, **more: Any) -> list:
    """Unsaved rows with the same content in another round."""
    left_out = {"id", "round", "public_id", *more}
    names = [each.attname for each in model._meta.concrete_fields if each.name not in left_out]
    return [model(round=copy, **{name: getattr(each, name) for name in names}, **more) for each in rows]
