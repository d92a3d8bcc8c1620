"""How an award stands: what comes next, what is in the way of closing it, its money year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from grants import rules
from grants.domain.queries.timeline import PaymentStory, YearStory, timeline_items
from grants.enums import LIVE_AWARDS, STILL_TO_PAY, UNRELEASED, AwardState, PaymentState
from grants.models import Award, AwardYear, Payment, SiteCommitment
from portal import clock
from portal.certain import certain
from portal.money import ZERO, MoneyField, dollars, total
from portal.words import day_words


@dataclass(frozen=True)
class Line:
    """One line of an award's reconciliation, in dollars: `awarded` is the sum of the other four."""

    label: str
    awarded: Decimal
    scheduled: Decimal
    cleared: Decimal
    paid: Decimal

    @property
    def remaining(self) -> Decimal:
        """What no payment has been made for yet."""
        return self.awarded - self.scheduled - self.cleared - self.paid


@dataclass(frozen=True)
class Reconciliation:
    """An award's money: one line a year and their sum."""

    lines: tuple[Line, ...]
    together: Line


@dataclass(frozen=True)
class NextStep:
    """What happens next with an award, as one person is told; `clear` when nothing is left."""

    title: str
    text: str = ""
    items: tuple[str, ...] = ()
    url: str = ""
    action: str = ""
    clear: bool = False


def obstacles_to_closing(award: Award) -> list[str]:
    """Why an award cannot be closed yet: payments on their way, and what the apps above say is unfinished."""
    moving = Payment.objects.filter(award_year__award=award, state__in=STILL_TO_PAY)
    reasons = [
        f"{payment.reference}, {dollars(payment.amount)}, is {payment.get_state_display().lower()}. "
        "It has to be paid or cancelled."
        for payment in moving
    ]
    return reasons + [item.unfinished for item in timeline_items(award, clock.now()) if item.unfinished]


def reconciliation(award: Award) -> Reconciliation:
    """What was awarded in each year and where that money is now. One query."""
    state = "payments__state"
    years = AwardYear.objects.filter(award=award).annotate(
        to_pay=total("payments__amount", filter=Q(**{f"{state}__in": UNRELEASED})),
        cleared=total("payments__amount", filter=Q(**{state: PaymentState.CLEARED})),
        paid=total("payments__amount", filter=Q(**{state: PaymentState.PAID})),
    )
    lines = tuple(
        Line(f"Year {year.number}, {year.school_year}", year.amount, year.to_pay, year.cleared, year.paid)
        for year in years
    )
    sums = {
        name: sum((getattr(line, name) for line in lines), ZERO) for name in ("awarded", "scheduled", "cleared", "paid")
    }
    return Reconciliation(lines, Line("Together", **sums))


def held_by_site(award: Award) -> list[SiteCommitment]:
    """What the award's site holds in each of the award's school years, from all its awards together."""
    school_years = award.years.values("school_year")
    return list(SiteCommitment.objects.filter(site=award.site_id, school_year__in=school_years))


def held_from(awards: QuerySet) -> Decimal:
    """What these awards take out of an envelope: all of a live one, of an ended one what was paid or is on its way."""
    live = Q(award__state__in=LIVE_AWARDS)
    sums = AwardYear.objects.filter(award__in=awards).aggregate(
        live=total("amount", filter=live), ended=total("scheduled", filter=~live)
    )
    return sums["live"] + sums["ended"]


def listed(awards: QuerySet) -> QuerySet:
    """The awards with what a list says of them: `paid` so far and the day the `next_due` payment is due."""
    payments = Payment.objects.filter(award_year__award=OuterRef("pk")).order_by().values("award_year__award")
    paid = payments.filter(state=PaymentState.PAID).values(sum=Sum("amount", output_field=MoneyField()))
    due = payments.filter(state__in=STILL_TO_PAY).values(first=Min("due_on"))
    return awards.select_related("site", "round").annotate(
        paid=Coalesce(Subquery(paid), Value(ZERO, output_field=MoneyField()), output_field=MoneyField()),
        next_due=Subquery(due),
    )


def next_step(award: Award, years: Sequence[YearStory], money: Line, user: Any) -> NextStep:
    """What happens next with an award and who does it, from its years as this person reads them."""
    match award.state:
        case AwardState.APPROVED:
            return NextStep(
                "The decision is not announced yet",
                "The coalition learns of this award when a program officer announces the docket’s decisions.",
            )
        case AwardState.OFFERED:
            return _agreement(award, user)
        case AwardState.ACTIVE:
            return _payment(years) or _closing(award, years, user)
        case AwardState.CLOSED:
            return NextStep(
                "This award is closed", f"Closed on {day_words(certain(award.closed_at))}. {_spent(money)}", clear=True
            )
        case _:
            return _ended(award, years, money)


def _agreement(award: Award, user: Any) -> NextStep:
    if rules.may_manage_awards(award, user):
        return NextStep(
            "The agreement has to be signed",
            "Record it here once every partner and the foundation have signed. The payments are scheduled then.",
            url=reverse("grants:award-step", args=[award.reference, "activate"]),
            action="Record the signed agreement",
        )
    return NextStep(
        "The agreement has to be signed",
        "Every partner of the coalition and the foundation sign it. Then the payments are scheduled.",
    )


def _waiting(years: Sequence[YearStory]) -> list[PaymentStory]:
    """The payments still to be made, the earliest due first."""
    waiting = [story for year in years for story in year.payments if story.payment.state in STILL_TO_PAY]
    return sorted(waiting, key=lambda each: (each.payment.due_on, each.payment.pk))


def _payment(years: Sequence[YearStory]) -> NextStep | None:
    story = next(iter(_waiting(years)), None)
    if story is None:
        return None
    payment = story.payment
    due = f"{'was ' if story.is_late else ''}due on {day_words(payment.due_on)}"
    return NextStep(
        f"Next payment: {dollars(payment.amount)}, {due}",
        text=story.needs[0] if len(story.needs) == 1 else "",
        items=story.needs if len(story.needs) > 1 else (),
        url=reverse("grants:payment-detail", args=[payment.reference]),
        action="Open the payment",
    )


def _closing(award: Award, years: Sequence[YearStory], user: Any) -> NextStep:
    unfinished = tuple(item.unfinished for year in years for item in year.items if item.unfinished)
    if unfinished:
        return NextStep("No payment is waiting. Before the award can be closed:", items=unfinished)
    if rules.may_manage_awards(award, user):
        return NextStep(
            "Everything is done: the award can be closed",
            url=reverse("grants:award-step", args=[award.reference, "close"]),
            action="Close the award",
        )
    return NextStep("Everything is done", "A program officer closes the award next.", clear=True)


def _ended(award: Award, years: Sequence[YearStory], money: Line) -> NextStep:
    """What is left of an award that was ended early: payments released before, which finance pays or cancels."""
    title = "This award was ended early"
    text = f"Ended on {day_words(certain(award.terminated_at))}. {_spent(money)}"
    waiting = _waiting(years)
    if not waiting:
        return NextStep(title, text, clear=True)
    items = tuple(f"{dollars(each.payment.amount)}: {each.needs[0]}" for each in waiting)
    url = reverse("grants:payment-detail", args=[waiting[0].payment.reference])
    return NextStep(title, text, items=items, url=url, action="Open the payment")


def _spent(money: Line) -> str:
    kept = f"{dollars(money.paid)} was paid."
    if money.cleared:
        kept += f" {dollars(money.cleared)} is on its way."
    if money.scheduled:
        kept += f" {dollars(money.scheduled)} was released before the end and stopped since: it is paid or cancelled."
    return f"{kept} {dollars(money.remaining)} went back to the envelope." if money.remaining else kept
