"""Reminding teams of a deadline: each moment once, whoever else reminds at the same time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from grants.domain.queries.deadline import deadline_of
from grants.domain.queries.proposal import team_addresses
from grants.domain.queries.reminder import Due, due_reminders, missing_links, passed_moments
from grants.enums import ProposalState
from grants.models import Proposal, Reminder
from portal.mail.domain import send
from portal.record import lock
from portal.words import span_words

# Proposals looked at in one run: the next run, minutes later, goes on with the rest.
AT_ONCE = 200
TEMPLATES = {
    ProposalState.DRAFT: "reminder",
    ProposalState.SUBMITTED: "reminder_changes",
    ProposalState.RETURNED: "reminder_asked",
}


def remind(*, at: datetime) -> int:
    """Write to the teams that have not submitted, at 14, 7, 3 and 1 days and 3 hours before their deadline.

    Any number may run at once. After a pause only the latest moment that fell due is sent; those before it are marked.
    Returns how many proposals were reminded of.
    """
    return sum(_remind_of(due, at) for due in due_reminders(at, AT_ONCE))


def _remind_of(due: Due, at: datetime) -> bool:
    """Remind one team, or note that this moment needs nothing.

    What is missing is read before the transaction; its lock decides between two who remind at once, and between a
    reminder and a submission.
    """
    proposal = due.proposal
    missing = [] if due.needless else missing_links(proposal)
    people = [] if due.needless else team_addresses(proposal)
    with transaction.atomic():
        row = lock(proposal)
        known = set(Reminder.objects.filter(proposal=row, deadline=due.deadline).values_list("moment", flat=True))
        if row.state != proposal.state or deadline_of(row) != due.deadline or due.moment in known:
            return False
        Reminder.objects.bulk_create(
            Reminder(
                proposal=row,
                deadline=due.deadline,
                moment=moment,
                at=at,
                superseded=due.needless or moment != due.moment,
            )
            for moment in passed_moments(due.deadline, at)
            if moment not in known
        )
        if not due.needless:
            _write(row, due, people, missing, at)
    return not due.needless


def _write(proposal: Proposal, due: Due, people: list[str], missing: list[tuple[str, str]], at: datetime) -> None:
    facts = {
        "proposal": proposal,
        "round": proposal.round,
        "deadline": due.deadline,
        "left": span_words(due.deadline - at),
        "missing": missing,
    }
    for address in people:
        key = f"reminder:{proposal.pk}:{due.deadline.isoformat()}:{due.moment}:{address}"
        send(TEMPLATES[ProposalState(proposal.state)], address, context=facts, key=key)
