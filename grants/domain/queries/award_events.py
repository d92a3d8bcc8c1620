"""Everything that happens in an award's five years as one list of events, and the line they are drawn along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from grants.domain.queries.timeline import YearStory
from grants.enums import AgreementState, AmendmentState, PaymentState
from grants.models import Agreement, Amendment, Award
from portal.charts import percentage
from portal.money import dollars
from portal.states import GO, INFO, PLAIN, STOPPED, Look, look_of
from portal.words import counted, day_words

AGREEMENT, PAYMENTS, REPORTS, AMENDMENTS = LANES = ("Agreement", "Payments", "Reports", "Amendments")
# How an event is drawn: a full dot, a ring, a triangle, a cross. Words and shapes say the same.
DONE, AHEAD, LATE, STOPPED_SHORT = "done", "ahead", "late", "stopped"
SHAPES = {DONE: "Done", AHEAD: "Still to come", LATE: "Late", STOPPED_SHORT: "Cancelled or taken back"}
_NOT_MADE = (PaymentState.CANCELLED, PaymentState.VOIDED)
_UNDONE = (AmendmentState.DECLINED, AmendmentState.WITHDRAWN)
# Room at both ends, so that no mark is cut.
_MARGIN = Decimal("0.03")


@dataclass(frozen=True)
class Event:
    """One thing on one day: in which lane, how it is drawn, in words, and where to read more."""

    on: date
    lane: str
    shape: str
    text: str
    url: str = ""
    state_words: str = ""
    look: Look = PLAIN


@dataclass(frozen=True)
class Mark:
    """An event's place on its lane, from the left."""

    at: str
    event: Event


@dataclass(frozen=True)
class Lane:
    """One line of the drawing. `top` is where it runs, in pixels from the drawing's top."""

    name: str
    top: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class DrawnYear:
    """Where an award year begins and the middle of it."""

    number: int
    start: str
    middle: str


@dataclass(frozen=True)
class FiveYearLine:
    """The drawing: years, lanes, today (empty when it lies outside), and what it shows in words."""

    years: tuple[DrawnYear, ...]
    lanes: tuple[Lane, ...]
    today: str
    height: int
    description: str
    shapes: dict[str, str] = field(default_factory=lambda: SHAPES)


def events_of(award: Award, years: Sequence[YearStory], agreements: Iterable[Agreement], user: Any) -> list[Event]:
    """The award's events as this person may know them, by day. One query, for the amendments."""
    found = [
        *_of_award(award),
        *(event for each in agreements for event in _of_agreement(award, each)),
        *(event for story in years for event in _of_year(story)),
        *(_of_amendment(each) for each in Amendment.objects.visible_to(user).filter(award=award)),
    ]
    return sorted(found, key=lambda event: (event.on, LANES.index(event.lane), event.text))


def line_of(award: Award, years: Sequence[YearStory], events: Sequence[Event], at: datetime) -> FiveYearLine:
    """Where the events stand along the time from the first of them to the last."""
    days = [event.on for event in events]
    first, last = min([award.starts_on, *days]), max([award.ends_on, *days])
    span = (last - first).days or 1

    def place(day: date) -> str:
        return percentage(_MARGIN + (1 - 2 * _MARGIN) * Decimal((day - first).days) / span)

    today = timezone.localdate(at)
    named = [name for name in LANES if any(event.lane == name for event in events)]
    lanes = tuple(
        Lane(name, 62 + 42 * row, tuple(Mark(place(event.on), event) for event in events if event.lane == name))
        for row, name in enumerate(named)
    )
    drawn = tuple(
        DrawnYear(
            each.year.number,
            place(each.year.starts_on),
            place(each.year.starts_on + (each.year.ends_on - each.year.starts_on) / 2),
        )
        for each in years
    )
    return FiveYearLine(
        drawn, lanes, place(today) if first <= today <= last else "", 42 * len(named) + 42, _described(award, events)
    )


def _described(award: Award, events: Sequence[Event]) -> str:
    """What the drawing shows, for those who do not see it; the table beside it says the rest."""
    counts = []
    for lane in LANES:
        mine = [event.shape for event in events if event.lane == lane]
        if mine:
            done, late = mine.count(DONE), mine.count(LATE)
            counts.append(f"{lane}: {counted(len(mine), 'event')}, {done} done{f', {late} late' if late else ''}.")
    return f"From {day_words(award.starts_on)} to {day_words(award.ends_on)}. {' '.join(counts)}"


def _of_award(award: Award) -> Iterable[Event]:
    if award.offered_at:
        yield Event(timezone.localdate(award.offered_at), AGREEMENT, DONE, "Award announced", "", "Announced", INFO)
    ended = award.terminated_at or award.withdrawn_at
    if ended:
        words = "Ended early by the foundation" if award.terminated_at else "Given back by the site"
        yield Event(timezone.localdate(ended), AGREEMENT, STOPPED_SHORT, words, "", award.get_state_display(), STOPPED)
    if award.closed_at:
        yield Event(timezone.localdate(award.closed_at), AGREEMENT, DONE, "Award closed", "", "Closed", GO)


def _of_agreement(award: Award, agreement: Agreement) -> Iterable[Event]:
    url = reverse("grants:agreement-numbered", args=[award.reference, agreement.number])
    if agreement.sent_at:
        text = f"Agreement {agreement.reference} sent to the partners"
        shape = AHEAD if agreement.state in {AgreementState.OUT, AgreementState.SIGNED} else DONE
        yield Event(
            timezone.localdate(agreement.sent_at), AGREEMENT, shape, text, url, agreement.get_state_display(),
            look_of(agreement.state),
        )  # fmt: skip
    if agreement.countersigned_at:
        text = f"Agreement {agreement.reference} in force"
        yield Event(timezone.localdate(agreement.countersigned_at), AGREEMENT, DONE, text, url, "Signed by all", GO)
    if agreement.replaced_at and agreement.sent_at:
        text = f"Agreement {agreement.reference} taken back"
        on = timezone.localdate(agreement.replaced_at)
        yield Event(on, AGREEMENT, STOPPED_SHORT, text, url, "Replaced", PLAIN)


def _of_year(story: YearStory) -> Iterable[Event]:
    for each in story.payments:
        payment = each.payment
        shape = LATE if each.is_late else AHEAD
        if payment.state == PaymentState.PAID:
            shape = DONE
        elif payment.state in _NOT_MADE:
            shape = STOPPED_SHORT
        url = reverse("grants:payment-detail", args=[payment.reference])
        text = f"Payment of {dollars(payment.amount)}, year {story.year.number}"
        yield Event(
            payment.paid_on or payment.due_on, PAYMENTS, shape, text, url, payment.get_state_display(),
            look_of(payment.state),
        )  # fmt: skip
    for item in story.items:
        shape = DONE
        if item.unfinished:
            shape = LATE if item.is_late else AHEAD
        text = f"{item.text}, year {item.year}"
        yield Event(item.on, REPORTS, shape, text, item.url, item.state_words, item.look)


def _of_amendment(amendment: Amendment) -> Event:
    on = timezone.localdate(amendment.decided_at or amendment.requested_at or amendment.created_at)
    shape = AHEAD
    if amendment.state == AmendmentState.APPROVED:
        shape = DONE
    elif amendment.state in _UNDONE:
        shape = STOPPED_SHORT
    return Event(
        on, AMENDMENTS, shape, f"Amendment {amendment.reference}: {amendment.get_kind_display()}",
        reverse("grants:amendment-detail", args=[amendment.reference]), amendment.get_state_display(),
        look_of(amendment.state),
    )  # fmt: skip
