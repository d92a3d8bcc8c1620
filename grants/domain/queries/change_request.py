"""What the foundation asked a team to change: the open request, and which sections it opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grants.domain import content
from grants.domain.queries.differences import changes_between
from grants.domain.queries.dossier import Dossier, dossier_of
from grants.domain.queries.proposal import listed, may_change
from grants.enums import ProposalState, Section
from grants.models import ChangeItem, ChangeRequest, Proposal
from portal.access import ALLOWED, Verdict, refused
from portal.words import when_words


@dataclass(frozen=True)
class Wanted:
    """What is wanted in one section, and whether the team changed it since it submitted."""

    key: str
    title: str
    what: str
    changed: bool


def open_request(dossier: Dossier) -> ChangeRequest | None:
    """The request the team has to answer now, with its items at hand; None when nothing is asked."""
    return dossier.change_request


def may_change_part(proposal: Proposal, key: str, at: datetime) -> Verdict:
    """Whether the team may write in this section at this moment; the sentence says why not, and what is open instead.

    While the foundation asks for changes, the sections it named are open until the day it set, and the rest stays as it
    was submitted. Signatures can be asked for again all that time, because a change takes them away.
    """
    verdict = may_change(proposal, at)
    if not verdict or proposal.state != ProposalState.RETURNED:
        return verdict
    dossier = dossier_of(proposal)
    asked = dossier.change_request
    if asked is None or key == Section.SIGNOFFS or key in keys_of(asked):
        return ALLOWED
    names = [f"“{each}”" for each in titles_of(dossier, asked)]
    opened = f"{listed(names)} {'is' if len(names) == 1 else 'are'}"
    return refused(
        f"Only {opened} open for changes until {when_words(asked.due_at, proposal.round.time_zone)}. "
        "Everything else stays as you submitted it."
    )


def why_closed(proposal: Proposal, at: datetime) -> str:
    """Why the team may not write everywhere now; empty while every section is open."""
    return may_change_part(proposal, "", at).reason


def keys_of(request: ChangeRequest) -> list[str]:
    """The keys of the sections a request names, in the order they were asked."""
    return [each.section for each in request.items.all()]


def titles_of(dossier: Dossier, request: ChangeRequest) -> list[str]:
    """The titles of the sections a request names, in the proposal's order."""
    named = set(keys_of(request))
    return [part.title for part in dossier.parts if part.key in named]


def wanted_of(dossier: Dossier) -> list[Wanted]:
    """What the open request wants, in the proposal's order, and what the team has changed already. None is open: empty.

    Compares what is written with what was submitted: one query more than building the content.
    """
    asked = dossier.change_request
    if asked is None:
        return []
    now = content.build(dossier.proposal)
    changed = {each.key: each for each in changes_between(dossier.submitted, now)}
    what = {each.section: each.what for each in asked.items.all()}
    return [
        Wanted(part.key, part.title, what[part.key], part.key in changed) for part in dossier.parts if part.key in what
    ]


def requests_of(proposal: Proposal, says: Mapping[str, Any]) -> list[tuple[ChangeRequest, list[tuple[str, str]]]]:
    """Every request there was, the latest first, with the titles of its sections as `says` has them and what was wanted.

    Two queries, one when nothing was ever asked.
    """
    rows = ChangeRequest.objects.filter(proposal=proposal).select_related("asked_by", "answered_by")
    titles = {each["key"]: each["title"] for each in says.get("sections", [])}
    return [
        (each, [(titles.get(item.section) or Section(item.section).label, item.what) for item in each.items.all()])
        for each in rows.defer("answered_by__content").prefetch_related("items").order_by("-pk")
    ]


def still_open(proposal: Proposal) -> ChangeRequest | None:
    """The open request by its own row, for acts that have moved the proposal's state already. Two queries."""
    return ChangeRequest.objects.filter(proposal=proposal, closed_at=None).prefetch_related("items").first()


def items_by_key(items: Iterable[ChangeItem]) -> dict[str, str]:
    """What is wanted, by the key of the section."""
    return {each.section: each.what for each in items}
