"""One step with many payments: each by itself, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from grants.models import Payment
from grants.workflow import PAYMENT
from portal.access import Refused
from portal.record import Stale

# The steps that are taken with many payments at once, and what is said of each that was done.
STEPS = {"prepare": "Prepared.", "release": "Released: cleared to pay."}
# Payments on one page for a step with many.
MOST = 200


@dataclass(frozen=True)
class Outcome:
    """What came of one payment: done, or why not."""

    payment: Payment
    done: bool
    text: str


def take_step(payments: Collection[Payment], step: str, *, actor: Any, at: datetime) -> list[Outcome]:
    """Take one of `STEPS` with each payment. Who may not (such as whoever prepared it) is told so in its row."""
    return one_by_one(payments, lambda each: PAYMENT.perform(each, step, actor=actor, at=at), STEPS[step])


def one_by_one(payments: Iterable[Payment], act: Callable[[Payment], Any], done: str) -> list[Outcome]:
    """Do something with each payment in a transaction of its own, and say what came of it."""
    outcomes = []
    for payment in payments:
        try:
            act(payment)
        except Stale:
            text = "Somebody else changed it meanwhile."
        except (Refused, ValidationError) as error:
            text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        else:
            outcomes.append(Outcome(payment, True, done))
            continue
        outcomes.append(Outcome(payment, False, text))
    return outcomes
