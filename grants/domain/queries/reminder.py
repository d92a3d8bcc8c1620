"""Whom to remind of a deadline now: at fixed moments before it, the latest one that fell due, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from grants.domain import content
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.extension import latest_extension
from grants.domain.queries.proposal import gaps
from grants.enums import ProposalState, ReminderMoment, RoundState
from grants.models import Attachment, ChangeRequest, Proposal, ProposalSection, Reminder

# The latest first: of several that fell due while nothing ran, only the first of these is sent.
SPANS = {
    ReminderMoment.HOURS_3: timedelta(hours=3),
    ReminderMoment.DAY_1: timedelta(days=1),
    ReminderMoment.DAYS_3: timedelta(days=3),
    ReminderMoment.DAYS_7: timedelta(days=7),
    ReminderMoment.DAYS_14: timedelta(days=14),
}
FIRST = max(SPANS.values())
# Nobody is reminded twice within these hours, whatever moved meanwhile; the last call before the deadline always goes.
APART = timedelta(hours=12)
# A team that has submitted and wrote on is asked only now whether it meant to submit again.
AFTER_SUBMITTING = frozenset({ReminderMoment.DAY_1, ReminderMoment.HOURS_3})


@dataclass(frozen=True)
class Due:
    """A proposal with the moment that fell due before its deadline, and why nobody is written to, if so."""

    proposal: Proposal
    deadline: datetime
    moment: ReminderMoment
    needless: bool


def due_reminders(at: datetime, most: int) -> list[Due]:
    """Proposals whose latest due moment has no row yet, those that close first on top; at most so many."""
    rows = list(_candidates(at).select_related("round", "site").defer("set_aside")[:most])
    return [due_of(each, at) for each in rows]


def due_of(proposal: Any, at: datetime) -> Due:
    """What is due for one of the rows of `due_reminders`."""
    deadline, moment = proposal.deadline, ReminderMoment(proposal.moment)
    fell_due = deadline - SPANS[moment]
    return Due(proposal, deadline, moment, _is_needless(proposal, moment, fell_due, at))


def passed_moments(deadline: datetime, at: datetime) -> list[ReminderMoment]:
    """The moments that have fallen due before this deadline, the latest first."""
    return [moment for moment, span in SPANS.items() if deadline - span <= at]


def missing_links(proposal: Proposal) -> list[tuple[str, str]]:
    """What is missing: the key of the section's page, and a sentence."""
    return [(gap.section, gap.text) for gap in gaps(dossier_of(proposal))]


def _candidates(at: datetime) -> QuerySet[Proposal]:
    due_at = ChangeRequest.objects.filter(proposal=OuterRef("pk"), closed_at=None).values("due_at")[:1]
    closing = Greatest("round__closes_at", Coalesce("extended_until", "round__closes_at"))
    rows = Proposal.objects.filter(round__state=RoundState.PUBLISHED, round__opens_at__lte=at).annotate(
        deadline=Case(
            When(state=ProposalState.RETURNED, then=Subquery(due_at)),
            default=closing,
            output_field=DateTimeField(),
        )
    )
    # Before the annotation is asked, what the index can tell: no deadline lies before its round's closing.
    calls = Q(round__closes_at__lte=at + FIRST, state__in=[ProposalState.DRAFT, ProposalState.SUBMITTED])
    rows = rows.filter(calls | Q(state=ProposalState.RETURNED))
    rows = rows.filter(deadline__gte=at, deadline__lte=at + FIRST).annotate(
        moment=Case(*(When(deadline__lte=at + span, then=Value(moment.value)) for moment, span in SPANS.items()))
    )
    wrote = Q(Exists(ProposalSection.objects.filter(proposal=OuterRef("pk"), saved_at__gt=OuterRef("submitted_at"))))
    files = Attachment.objects.filter(proposal=OuterRef("pk"))
    newer = Q(document__created_at__gt=OuterRef("submitted_at")) | Q(removed_at__gt=OuterRef("submitted_at"))
    wrote |= Q(Exists(files.filter(newer)))
    rows = rows.filter(~Q(state=ProposalState.SUBMITTED) | wrote & Q(moment__in=AFTER_SUBMITTING))
    known = Reminder.objects.filter(proposal=OuterRef("pk"), deadline=OuterRef("deadline"), moment=OuterRef("moment"))
    return rows.filter(~Exists(known)).order_by(F("deadline").asc(), "pk")


def _is_needless(proposal: Proposal, moment: ReminderMoment, fell_due: datetime, at: datetime) -> bool:
    """Whether this team need not hear of it: it knows already, heard lately, or changed nothing after all."""
    if fell_due <= _knows_since(proposal):
        return True
    last = Reminder.objects.filter(proposal=proposal, superseded=False).order_by("-at").first()
    if last is not None and abs(at - last.at) < APART and moment != ReminderMoment.HOURS_3:
        return True
    if proposal.state == ProposalState.SUBMITTED:
        submitted = proposal.submissions.order_by("-number").values_list("sha256", flat=True).first()
        return submitted == content.digest(content.build(proposal))
    return False


def _knows_since(proposal: Proposal) -> datetime:
    """When the team was last told of this deadline: it started then, or a mail said that it moved."""
    if proposal.state == ProposalState.RETURNED:
        asked = dossier_of(proposal).change_request
        return asked.asked_at if asked else proposal.created_at
    extension = latest_extension(proposal)
    return max(proposal.created_at, extension.granted_at) if extension else proposal.created_at
