"""What an award needs before it can be closed: what the portal sees by itself, and what only a person can confirm."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from grants.domain.queries.amendment import open_amendment
from grants.domain.queries.reconciliation import Balance, balance_of
from grants.domain.queries.timeline import timeline_items
from grants.enums import OPEN_AGREEMENTS, STILL_TO_PAY, AgreementState, PaymentState
from grants.models import Agreement, Award, CloseOut, Payment
from portal import clock
from portal.money import ZERO, dollars
from portal.words import counted

# What only a person can confirm, by key, each with what it asks.
POINTS = {
    "property": (
        "Equipment and property",
        "What was bought with the money is listed, and it is agreed who keeps it.",
    ),
    "publications": (
        "Publications and data",
        "Publications, tools and data made with the money are with us, or we know where they can be found.",
    ),
    "contact": (
        "Contact for later questions",
        "Somebody at the fiscal agent answers our questions, and an auditor’s, once the award is closed.",
    ),
}
UNSPENT = "unspent"


@dataclass(frozen=True)
class Check:
    """One line of the check list: its name, whether it is done, and a sentence for everything that is not."""

    key: str
    title: str
    missing: tuple[str, ...] = ()
    done_text: str = ""
    url: str = ""

    @property
    def is_done(self) -> bool:
        return not self.missing


def obstacles_to_closing(award: Award) -> list[str]:
    """Blockers of `close`: every sentence of the check list."""
    return [text for check in check_list(award) for text in check.missing]


def check_list(award: Award) -> list[Check]:
    """What closing asks for, in the order in which it is usually done."""
    found = close_out_of(award)
    return [
        _payments(award),
        _reports(award),
        _unspent(award, found),
        _agreement(award),
        _papers(award),
        _amendments(award),
        *(_point(award, found, key) for key in POINTS),
    ]


def close_out_of(award: Award) -> CloseOut | None:
    """The award's close-out, when somebody began it."""
    return CloseOut.objects.select_related("begun_by").filter(award=award).first()


def frozen(balance: Balance) -> dict[str, str]:
    """A balance as it stands once the award is closed, in dollars as text: what was not scheduled went back."""
    return {
        "awarded": str(balance.awarded),
        "paid": str(balance.paid),
        "refunded": str(balance.refunded),
        "kept": str(balance.kept),
        "returned": str(balance.remaining + balance.returned),
    }


def refunded_since(award: Award, found: CloseOut) -> Decimal:
    """What came back after somebody stated what is unspent."""
    return balance_of(award).refunded - Decimal(found.confirmed[UNSPENT]["refunded_before"])


def _payments(award: Award) -> Check:
    moving = Payment.objects.filter(award_year__award=award, state__in=STILL_TO_PAY).order_by("due_on", "pk")
    missing = []
    for payment in moving:
        words = f"{payment.reference}, {dollars(payment.amount)}, is {payment.get_state_display().lower()}."
        held = payment.state == PaymentState.HELD
        missing.append(f"{words} {'Lift the hold, then it' if held else 'It'} has to be paid or cancelled.")
    return Check(
        "payments",
        "Payments",
        tuple(missing),
        "All payments are paid or cancelled.",
        _award_url(award) if missing else "",
    )


def _reports(award: Award) -> Check:
    """What the apps above say is unfinished: their reports, the final one too."""
    items = [item for item in timeline_items(award, clock.now()) if item.unfinished]
    url = items[0].url if items else ""
    return Check("reports", "Reports", tuple(each.unfinished for each in items), "All reports are accepted.", url)


def _unspent(award: Award, found: CloseOut | None) -> Check:
    title, url = "Unspent money", _edit_url(award)
    stated = found.confirmed.get(UNSPENT) if found else None
    if found is None or stated is None:
        return Check(UNSPENT, title, ("Nobody has said yet what is unspent according to the last report.",), url=url)
    amount = Decimal(stated["amount"])
    back = refunded_since(award, found)
    if back < amount:
        text = f"{dollars(amount)} is unspent and {dollars(back)} of it has come back. Finance records the refund."
        return Check(UNSPENT, title, (text,), url=_award_url(award))
    words = f"{dollars(amount)} was unspent, and it has come back." if amount else "All the money was spent."
    return Check(UNSPENT, title, (), f"{words} Stated by {stated['by']}.", url)


def _agreement(award: Award) -> Check:
    """In force; an award that never had one here needs a word of where it is (with the person's points)."""
    title, url = "Agreement", reverse("grants:agreement-detail", args=[award.reference])
    open_ = list(award.agreements.filter(state__in=OPEN_AGREEMENTS))
    missing = [
        f"Agreement {each.reference} is {each.get_state_display().lower()}. It has to be in force, or replaced by one."
        for each in open_
    ]
    has_one = award.agreements.exclude(state=AgreementState.REPLACED).exists()
    return Check("agreement", title, tuple(missing), "In force." if has_one else "Recorded outside the portal.", url)


def _papers(award: Award) -> Check:
    """The agreement in force has both its PDFs, as it was sent and with all signatures, in the portal’s own storage."""
    papers = Agreement.objects.filter(award=award, state=AgreementState.IN_FORCE)
    missing = [f"The PDF of agreement {each.reference} is still being made." for each in papers.filter(document=None)]
    missing += [
        f"The signed PDF of agreement {each.reference} is still being made."
        for each in papers.filter(signed_document=None)
    ]
    return Check("papers", "Papers", tuple(missing), "Every paper of the award is stored.")


def _amendments(award: Award) -> Check:
    waiting = open_amendment(award)
    if waiting is None:
        return Check("amendments", "Amendments", (), "None is open.")
    text = f"Amendment {waiting.reference} is {waiting.get_state_display().lower()}. It has to be decided or withdrawn."
    return Check("amendments", "Amendments", (text,), url=reverse("grants:award-amendments", args=[award.reference]))


def _point(award: Award, found: CloseOut | None, key: str) -> Check:
    title, asks = POINTS[key]
    said = found.confirmed.get(key) if found else None
    if said is None:
        return Check(key, title, (f"{title}: nobody has confirmed this yet.",), url=_edit_url(award))
    note = f" {said['note']}" if said["note"] else ""
    return Check(key, title, (), f"{asks} Confirmed by {said['by']}.{note}", _edit_url(award))


def _award_url(award: Award) -> str:
    return reverse("grants:award-detail", args=[award.reference])


def _edit_url(award: Award) -> str:
    return f"{reverse('grants:close-out', args=[award.reference])}#confirm"


def settled(found: CloseOut | None) -> list[tuple[str, str]]:
    """What people confirmed, by title: who, and the remark."""
    if found is None:
        return []
    said = [(POINTS[key][0], found.confirmed[key]) for key in POINTS if key in found.confirmed]
    lines = [(title, f"{each['note'] or 'Settled.'} ({each['by']})") for title, each in said]
    stated = found.confirmed.get(UNSPENT)
    if stated:
        lines.append(("Unspent", f"{dollars(Decimal(stated['amount']))} ({stated['by']})"))
    return lines


def progress(checks: list[Check]) -> str:
    """`6 of 9 points are done.`"""
    return f"{sum(each.is_done for each in checks)} of {counted(len(checks), 'point')} are done."


def facts_of(award: Award) -> list[tuple[str, Any]]:
    """What closing freezes, for the person who is about to."""
    balance = frozen(balance_of(award))
    return [
        ("Awarded", dollars(Decimal(balance["awarded"]))),
        ("Paid", dollars(Decimal(balance["paid"]))),
        ("Came back", dollars(Decimal(balance["refunded"]))),
        ("Returns to the envelope", dollars(Decimal(balance["returned"]) or ZERO)),
    ]
