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
from grants.domain.queries.agreement import unsigned
from grants.domain.queries.reconciliation import Balance, balances_by, together
from grants.domain.queries.timeline import PaymentStory, YearStory
from grants.enums import LIVE_AWARDS, STILL_TO_PAY, AgreementState, AwardState, PaymentState
from grants.models import Agreement, Award, AwardYear, Payment, SiteCommitment
from portal.certain import certain
from portal.money import ZERO, MoneyField, dollars, total
from portal.words import day_words


@dataclass(frozen=True)
class Reconciliation:
    """An award's money: the balance of each year by its number, and their sum."""

    by_year: dict[int, Balance]
    together: Balance


@dataclass(frozen=True)
class NextStep:
    """What happens next with an award, as one person is told; `clear` when nothing is left."""

    title: str
    text: str = ""
    items: tuple[str, ...] = ()
    url: str = ""
    action: str = ""
    clear: bool = False


def reconciliation(award: Award) -> Reconciliation:
    """What was awarded in each year and where that money is now. Two queries."""
    found = balances_by(AwardYear.objects.filter(award=award), "number")
    by_year = {number: found[(number,)] for (number,) in sorted(found)}
    return Reconciliation(by_year, together(by_year.values()))


def at_stake(award: Award) -> list[tuple[str, str]]:
    """What ending an award now would do, in dollars: for whoever is about to."""
    money = reconciliation(award).together
    back = money.scheduled + money.remaining
    return [
        ("Paid, and not refunded", dollars(money.kept)),
        ("Released, on its way to the bank", dollars(money.cleared)),
        ("Returns to the foundation’s envelope", dollars(back)),
    ]


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


def next_step(
    award: Award, years: Sequence[YearStory], money: Balance, user: Any, agreement: Agreement | None = None
) -> NextStep:
    """What happens next with an award and who does it, from its years and its newest agreement as this person reads them."""
    match award.state:
        case AwardState.APPROVED:
            return NextStep(
                "The decision is not announced yet",
                "The coalition learns of this award when a program officer announces the docket’s decisions.",
            )
        case AwardState.OFFERED:
            return _agreement(award, agreement, user)
        case AwardState.ACTIVE:
            return _payment(years) or _closing(award, years, user)
        case AwardState.CLOSED:
            return NextStep(
                "This award is closed", f"Closed on {day_words(certain(award.closed_at))}. {_spent(money)}", clear=True
            )
        case _:
            return _ended(award, years, money)


def _agreement(award: Award, agreement: Agreement | None, user: Any) -> NextStep:
    """Who is waited for until the agreement is in force, which starts the award."""
    url = reverse("grants:agreement-detail", args=[award.reference])
    officer = bool(rules.may_manage_awards(award, user))
    match agreement.state if agreement else AgreementState.REPLACED:
        case AgreementState.OUT:
            return NextStep(
                "The agreement is with the partners", items=tuple(unsigned(certain(agreement))), url=url,
                action="Open the agreement",
            )  # fmt: skip
        case AgreementState.SIGNED:
            if rules.may_countersign(agreement, user):
                url = reverse("grants:agreement-countersign", args=[award.reference])
                text = "Every partner has signed. The award starts when you have."
                return NextStep("Sign the agreement for the foundation", text, url=url, action="Read and sign")
            return NextStep(
                "A director signs the agreement next",
                "Every partner has signed it.",
                url=url,
                action="Open the agreement",
            )
        case AgreementState.DRAFT:
            text = "It goes out to every partner of the coalition to sign, then a director signs it."
            action = "Read it and send it out" if officer else "Open the draft"
            return NextStep("The agreement is a draft", text, url=url, action=action)
    if officer:
        url = reverse("grants:agreement-write", args=[award.reference])
        text = "Every partner signs it through a private link, then a director does. The payments are scheduled then."
        return NextStep("The agreement has to be written", text, url=url, action="Write the agreement")
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
            "Payments and reports are done: close the award out",
            url=reverse("grants:close-out", args=[award.reference]),
            action="Open the close-out",
        )
    return NextStep("Payments and reports are done", "A program officer closes the award out next.", clear=True)


def _ended(award: Award, years: Sequence[YearStory], money: Balance) -> NextStep:
    """What is left of an award that was ended early: payments released before, which finance pays or cancels."""
    given_back = award.state == AwardState.WITHDRAWN
    title = "This award was given back" if given_back else "This award was ended early"
    day = day_words(certain(award.withdrawn_at or award.terminated_at))
    text = f"{'Given back' if given_back else 'Ended'} on {day}. {_spent(money)}"
    waiting = _waiting(years)
    if not waiting:
        return NextStep(title, text, clear=True)
    items = tuple(f"{dollars(each.payment.amount)}: {each.needs[0]}" for each in waiting)
    url = reverse("grants:payment-detail", args=[waiting[0].payment.reference])
    return NextStep(title, text, items=items, url=url, action="Open the payment")


def _spent(money: Balance) -> str:
    kept = f"{dollars(money.paid)} was paid."
    if money.refunded:
        kept += f" {dollars(money.refunded)} of it came back."
    if money.cleared:
        kept += f" {dollars(money.cleared)} is on its way."
    if money.scheduled:
        kept += f" {dollars(money.scheduled)} was released before the end and stopped since: it is paid or cancelled."
    return f"{kept} {dollars(money.returned)} went back to the envelope." if money.returned else kept
