"""How a state looks: the tone and the icon of its pill. The words always come from the state itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """A pill's tone (`go`, `wait`, `bad`, `info`, `plain`) and the icon that says the same without colour."""

    tone: str
    icon: str = ""


PLAIN = Look("plain")
INFO = Look("info")
GO = Look("go", "check2")
WAIT = Look("wait")
ATTENTION = Look("wait", "exclamation-circle")
BAD = Look("bad", "exclamation-triangle")
STOPPED = Look("bad", "x-circle")

# By the stored value of a state or a recommendation, the same for every noun; a value that is not here looks plain.
LOOKS = {
    "draft": PLAIN, "closed": PLAIN, "withdrawn": PLAIN, "void": PLAIN, "recused": PLAIN, "kept": PLAIN,
    "replaced": PLAIN, "dropped": PLAIN, "set_aside": PLAIN,
    "published": INFO, "scheduled": INFO, "open": INFO, "submitted": INFO, "in_review": INFO, "sent": INFO,
    "offered": INFO, "proposed": INFO, "queued": INFO, "running": INFO, "sending": INFO,
    "active": GO, "done": GO, "accepted": GO, "award": GO, "awarded": GO, "recommended": GO, "approved": GO,
    "announced": GO, "decided": GO, "signed": GO, "cleared": GO, "in_force": GO, "paid": GO, "granted": GO,
    "assigned": WAIT, "in_progress": WAIT, "requested": WAIT, "waitlist": WAIT, "waitlisted": WAIT, "prepared": WAIT,
    "out": WAIT, "returned": ATTENTION, "held": ATTENTION,
    "failed": BAD,
    "not_recommended": STOPPED, "decline": STOPPED, "declined": STOPPED, "ineligible": STOPPED, "rejected": STOPPED,
    "cancelled": STOPPED, "terminated": STOPPED, "voided": STOPPED,
}  # fmt: skip


def look_of(state: str) -> Look:
    """How the pill of a stored state value looks."""
    return LOOKS.get(state, PLAIN)
