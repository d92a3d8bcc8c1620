"""The chapters of a hand-over that grants contribute: open proposals, what is asked of them, who has yet to sign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from grants.domain.queries.deadline import deadline_of
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import gaps
from grants.domain.queries.signature import signatures_of
from grants.domain.voiding import CHANGEABLE
from grants.enums import LIVE_AWARDS, UNANNOUNCED, ProposalState
from grants.models import Award, ChangeRequest, Proposal, TeamMessage
from portal.handover import Chapter, Line, provides_hand_over
from portal.words import counted
from sites.models import Site

# As many of each as fit a page and a mail; there are rarely more than two.
MOST = 10
_LONGEST = 160


@provides_hand_over
def proposals(site: Site, at: datetime) -> Iterator[Chapter]:
    """Proposals that are not decided, with what they lack and whose signature is missing."""
    rows = Proposal.objects.filter(site=site).select_related("round", "site").defer("set_aside").order_by("-created_at")
    open_ones = [row for row in rows.filter(state__in=CHANGEABLE)[:MOST] if _is_open(row, at)]
    yield Chapter("Open proposals", tuple(_proposal(row) for row in open_ones))
    waiting = [line for row in open_ones for line in _signatures(row, at)]
    yield Chapter("Signatures to gather", tuple(waiting[:MOST]))
    with_foundation = rows.filter(state__in=[ProposalState.IN_REVIEW, *UNANNOUNCED])[:MOST]
    yield Chapter("With the foundation", tuple(Line(f"{row}: in review", _page(row)) for row in with_foundation))


@provides_hand_over
def requests_and_messages(site: Site, at: datetime) -> Iterator[Chapter]:
    """Changes the foundation asked for, and messages nobody has answered."""
    asked = ChangeRequest.objects.filter(proposal__site=site, closed_at=None).select_related("proposal")[:MOST]
    yield Chapter(
        "Changes asked for",
        tuple(
            Line(f"Change {each.proposal} as asked", _page(each.proposal), each.due_at, (_short(each.note),))
            for each in asked
        ),
    )
    messages = TeamMessage.objects.filter(proposal__site=site, from_foundation=True, settled_at=None)
    yield Chapter(
        "Messages to answer",
        tuple(
            Line(f"{each.author} wrote about {each.proposal}", _messages(each.proposal), details=(_short(each.text),))
            for each in messages.select_related("proposal", "author").order_by("-sent_at")[:MOST]
        ),
    )


@provides_hand_over
def awards(site: Site, at: datetime) -> Iterator[Chapter]:
    """Awards that run."""
    rows = Award.objects.filter(site=site, state__in=LIVE_AWARDS, offered_at__isnull=False).order_by("-pk")[:MOST]
    yield Chapter("Awards", tuple(Line(str(row), reverse("grants:award-detail", args=[row.reference])) for row in rows))


def _is_open(proposal: Proposal, at: datetime) -> bool:
    """A submitted proposal can be changed until its deadline; a draft of a closed call is of no use any more."""
    return at <= deadline_of(proposal)


def _proposal(proposal: Proposal) -> Line:
    lacks = [gap.text for gap in gaps(dossier_of(proposal))]
    if proposal.state == ProposalState.SUBMITTED:
        told = (f"Submitted; it can be changed and submitted again. {_missing(lacks)}".strip(),)
    else:
        told = (_missing(lacks) or "Nothing is missing: it can be submitted.",)
    return Line(f"{proposal} for {proposal.round}", _page(proposal), deadline_of(proposal), (*told, *lacks[:MOST]))


def _missing(lacks: list[str]) -> str:
    return f"{counted(len(lacks), 'thing')} still missing:" if lacks else ""


def _signatures(proposal: Proposal, at: datetime) -> Iterator[Line]:
    url = reverse("grants:proposal-signoffs", args=[proposal.reference])
    for each in signatures_of(dossier_of(proposal), at):
        if each.may_ask:
            yield Line(f"{each.partner}: {each.state_words.lower()}", url, details=(str(proposal),))


def _page(proposal: Proposal) -> str:
    return reverse("grants:proposal-detail", args=[proposal.reference])


def _messages(proposal: Proposal) -> str:
    return reverse("grants:proposal-messages", args=[proposal.reference])


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"
