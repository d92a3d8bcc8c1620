"""Ended awards and how long their papers are kept."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, TextChoices
from django.db.models.functions import Coalesce

from grants.enums import ENDED_AWARDS
from grants.models import Award, LegalHold
from portal.states import ATTENTION, INFO, STOPPED, Look


class Clock(TextChoices):
    """What an ended award's retention clock says of its papers."""

    KEPT = "kept", "Kept"
    HELD = "held", "Under a legal hold"
    OVER = "over", "May be destroyed"


_LOOKS = {Clock.KEPT: INFO, Clock.HELD: STOPPED, Clock.OVER: ATTENTION}


def archived(awards: QuerySet) -> QuerySet:
    """The ended ones of these awards with when they ended (`ended_at`) and whether a hold stands (`is_held`)."""
    return (
        awards.filter(state__in=ENDED_AWARDS, retained_until__isnull=False)
        .select_related("site")
        .annotate(ended_at=Coalesce("closed_at", "terminated_at", "withdrawn_at"), is_held=Exists(_standing()))
    )


def in_state(awards: QuerySet, clock: Clock, today: date) -> QuerySet:
    """Those of which the clock says this today."""
    held = Exists(_standing())
    match clock:
        case Clock.HELD:
            return awards.filter(held)
        case Clock.OVER:
            return awards.filter(~held, retained_until__lt=today)
        case Clock.KEPT:
            return awards.filter(~held, retained_until__gte=today)


def clock_of(award: Award, *, is_held: bool, today: date) -> Clock | None:
    """What the clock says of an award; None while it has not begun to count."""
    if is_held:
        return Clock.HELD
    if award.retained_until is None:
        return None
    return Clock.OVER if award.retained_until < today else Clock.KEPT


def look_of(clock: Clock) -> Look:
    """How its pill looks."""
    return _LOOKS[clock]


def standing_hold(award: Award) -> LegalHold | None:
    """The hold that stands on the award's papers."""
    return award.legal_holds.filter(lifted_at=None).select_related("placed_by").first()


def holds_of(award: Award) -> list[LegalHold]:
    """Every hold there ever was, the latest first."""
    return list(award.legal_holds.select_related("placed_by", "lifted_by"))


def _standing() -> QuerySet:
    return LegalHold.objects.filter(award=OuterRef("pk"), lifted_at=None)
