"""Starting a proposal, and the stamps its steps leave on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grants.domain.completeness import recount
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import team_addresses
from grants.domain.section import save_section
from grants.domain.submission import restore_submitted
from grants.enums import ProposalState, RoundPhase, Section
from grants.models import ChangeRequest, FundingRound, Proposal
from portal.access import Refused, demand
from portal.activity.domain import allocate, record
from portal.certain import certain
from portal.mail.domain import send
from portal.record import lock
from portal.words import when_words
from sites import rules as site_rules
from sites.models import Site


def start_proposal(
    round_: FundingRound,
    site: Site,
    *,
    actor: Any,
    at: datetime,
    title: str,
    eligibility: Mapping[str, str] | None = None,
    is_demo: bool = False,
) -> Proposal:
    """Start the one proposal of a site in a round, while the call is open.

    `eligibility` are answers its starter gave before, by question; those that are asked in the section are filled in.
    Locks the round's row, so that it answers the questions asked now, then the site's, so that two people starting at
    once make one. Raises `Refused` when the call is not open, the person holds no writing seat or the site already has
    a proposal, and ValidationError for an empty or long title.
    """
    demand(site_rules.may_write(site, actor))
    title = title.strip()
    longest = certain(Proposal._meta.get_field("title").max_length)
    if not title:
        raise ValidationError({"title": "Give the proposal a title. You can change it later."})
    if len(title) > longest:
        raise ValidationError({"title": f"Shorten the title to {longest} characters."})
    with transaction.atomic():
        round_ = lock(round_)
        site = lock(site)
        phase = round_.phase_at(at)
        if phase != RoundPhase.OPEN:
            raise Refused(_not_open(round_, phase))
        if round_.proposals.filter(site=site).exists():
            raise Refused(f"{site} already has a proposal in this round.")
        proposal = Proposal(
            reference=allocate("P", timezone.localtime(at).year),
            created_at=at,
            round=round_,
            site=site,
            title=title,
            started_by=actor,
            total_ceiling=round_.total_ceiling,
            questions_version=round_.questions_version,
        )
        proposal.save(force_insert=True)
        record(proposal, "start", actor=actor, at=at, summary=f"Proposal started by {actor}.")
        known = {key: text for key, text in (eligibility or {}).items() if text in {"yes", "no"}}
        if known and dossier_of(proposal).part(Section.ELIGIBILITY):
            save_section(proposal, Section.ELIGIBILITY, actor=actor, at=at, version=0, answers=known)
        recount(proposal, at=at)
    return proposal


def stamp_withdrawn(proposal: Proposal, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `withdraw`: what was still asked of the team is off the table."""
    proposal.withdrawn_at = at
    if proposal.submitted_at is not None:
        ChangeRequest.objects.filter(proposal=proposal, closed_at=None).update(closed_at=at)


def stamp_screened(proposal: Proposal, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of both screening results: what goes to review is what was submitted, and the team is told."""
    proposal.screened_at = at
    if proposal.state == ProposalState.IN_REVIEW:
        restore_submitted(proposal, at=at)
        tell_team(proposal, "proposal_in_review")
    else:
        tell_team(proposal, "proposal_ineligible", reason=comment)


def stamp_decided(proposal: Proposal, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of the announced decisions; the docket writes the letters."""
    proposal.decided_at = at


def tell_team(proposal: Proposal, template: str, **facts: Any) -> None:
    """Mail everybody on the team who may act, with a link to the proposal."""
    context = {"proposal": proposal, "round": proposal.round, **facts}
    for address in team_addresses(proposal):
        send(template, address, context=context)


def _not_open(round_: FundingRound, phase: RoundPhase) -> str:
    if phase == RoundPhase.SCHEDULED:
        return f"The call opens on {when_words(round_.opens_at, round_.time_zone)}."
    if phase == RoundPhase.CLOSED:
        return f"The call closed on {when_words(round_.closes_at, round_.time_zone)}."
    return "This call takes no proposals now."
