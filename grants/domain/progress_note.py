"""A word to every team once its call has closed: how many proposals came, what happens now, when the decision comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from grants.domain.queries.proposal import team_addresses
from grants.enums import ProposalState, RoundState
from grants.models import FundingRound, Proposal
from portal.activity.domain import record
from portal.activity.models import Entry
from portal.mail.domain import send_each
from portal.record import lock
from portal.words import counted

# What arrived at the closing instant is served by then, and outages are known.
PAUSE = timedelta(hours=2)
# A portal that was down for longer than this has other things to say.
LATEST = timedelta(days=7)
# Teams written to in one transaction: the database is not kept from others meanwhile.
AT_ONCE = 50
TOLD = "tell_received"


def tell_of_closing(*, at: datetime) -> int:
    """Write once to each team whose proposal was received in a call that is closed for everybody.

    Any number may run at once, and one that was interrupted is finished by the next: each message has a key of its own.
    Returns how many rounds were done.
    """
    return sum(_tell_round(round_, at) for round_ in list(_just_closed(at)))


def _just_closed(at: datetime) -> Iterator[FundingRound]:
    done = Entry.objects.filter(noun=FundingRound._meta.label_lower, verb=TOLD, at__gte=at - 2 * LATEST)
    told = set(done.values_list("subject_pk", flat=True))
    rounds = FundingRound.objects.filter(
        state=RoundState.PUBLISHED, closes_at__lt=at - PAUSE, closes_at__gte=at - LATEST
    )
    for round_ in rounds.order_by("closes_at", "pk"):
        # A team that was given more time may still submit, and the number is not known yet.
        if str(round_.pk) not in told and not round_.proposals.filter(extended_until__gte=at - PAUSE).exists():
            yield round_


def _tell_round(round_: FundingRound, at: datetime) -> bool:
    received = round_.proposals.exclude(submitted_at=None).exclude(state=ProposalState.WITHDRAWN)
    teams = list(received.select_related("round", "site").defer("set_aside").order_by("pk"))
    for start in range(0, len(teams), AT_ONCE):
        with transaction.atomic():
            for proposal in teams[start : start + AT_ONCE]:
                _tell(proposal, len(teams), at)
    with transaction.atomic():
        row = lock(round_)
        if Entry.objects.of(row).filter(verb=TOLD).exists():
            return False
        summary = f"{counted(len(teams), 'team')} told that the call has closed and what comes next."
        record(row, TOLD, actor=None, at=at, summary=summary)
    return True


def _tell(proposal: Proposal, number: int, at: datetime) -> None:
    context = {"proposal": proposal, "round": proposal.round, "number": number}
    key = f"closed:{proposal.round_id}:{proposal.pk}"
    send_each("round_closed", team_addresses(proposal), context=context, key=key, due_at=at)
