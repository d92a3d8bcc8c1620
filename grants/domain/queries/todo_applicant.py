"""What a team should do next about its proposals, for the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from grants.domain.queries.deadline import closed_before, closing_of, deadline_of
from grants.domain.queries.extension import ASKED_UNTIL
from grants.enums import ProposalState, RoundState, SignOffState
from grants.models import ChangeRequest, ExtensionRequest, FundingRound, Letter, Proposal, SignOff
from portal.todo import Todo, provides_todos
from sites.enums import SeatRole

_WRITERS = {SeatRole.LEAD, SeatRole.CONTRIBUTOR}
# A closed call's draft is of no use any more, but a team that just missed the deadline should see why.
LATE = ASKED_UNTIL
# How long a letter of decision stands among what to do.
READ_FOR = timedelta(days=14)


@provides_todos
def proposals_to_write(user, at: datetime) -> Iterator[Todo]:
    """Drafts of open calls, what was asked to change, and open calls nobody of a site has started on. Three queries."""
    sites = _written_by(user)
    if not sites:
        return
    rows = Proposal.objects.filter(site__in=sites).select_related("round", "site").defer("set_aside")
    open_ = ChangeRequest.objects.filter(closed_at=None, due_at__gte=at, proposal__round__state=RoundState.PUBLISHED)
    asked = open_.filter(proposal__site__in=sites).select_related("proposal").defer("proposal__set_aside")
    for each in asked.order_by("due_at", "pk"):
        verb = "Change the proposal as asked and submit it again"
        yield Todo(verb, _page(each.proposal), str(each.proposal), each.due_at)
    wanted_more = Exists(ExtensionRequest.objects.filter(proposal=OuterRef("pk")))
    drafts = rows.filter(state=ProposalState.DRAFT, round__opens_at__lte=at).exclude(closed_before(at - LATE))
    drafts = drafts.annotate(has_asked=wanted_more)
    for proposal in drafts:
        closes = deadline_of(proposal)
        verb = "Finish and submit the proposal" if at <= closes else _too_late(proposal)
        yield Todo(verb, _page(proposal), str(proposal), closes)
    for round_ in FundingRound.objects.open_at(at).exclude(proposals__site__in=sites):
        url = reverse("grants:call-detail", args=[round_.reference])
        yield Todo("Read the open call and start a proposal", url, str(round_), round_.closes_at)


@provides_todos
def signatures_to_gather(user, at: datetime) -> Iterator[Todo]:
    """Partners who declined, whose signature no longer holds, or whose link expired, while the call is open. One query."""
    sites = _written_by(user)
    if not sites:
        return
    latest: dict[tuple[int, int], SignOff] = {}
    for sign_off in (
        SignOff.objects.filter(
            proposal__site__in=sites,
            proposal__state__in=[ProposalState.DRAFT, ProposalState.RETURNED],
            proposal__round__state=RoundState.PUBLISHED,
        )
        .select_related("proposal__round", "partner")
        .order_by("pk")
    ):
        latest[sign_off.proposal_id, sign_off.partner_id] = sign_off
    for sign_off in latest.values():
        proposal = sign_off.proposal
        closes = closing_of(proposal)
        if proposal.state == ProposalState.DRAFT and at > closes:
            continue
        text = _about(sign_off, at)
        if text:
            url = reverse("grants:proposal-signoffs", args=[proposal.reference])
            yield Todo(text, url, str(proposal), closes if at <= closes else None)


@provides_todos
def letters_to_read(user, at: datetime) -> Iterator[Todo]:
    """Letters of decision that came in the last two weeks, for the whole team. One query, none for nobody's team."""
    if not user.seat_roles:
        return
    letters = Letter.objects.filter(
        line__proposal__site__in=user.seat_roles, released_at__gt=at - READ_FOR, released_at__lte=at
    )
    for letter in letters.select_related("line__proposal").order_by("released_at", "pk"):
        proposal = letter.line.proposal
        url = reverse("grants:proposal-letter", args=[proposal.reference])
        yield Todo("Read our letter about the decision", url, str(proposal))


def _about(sign_off: SignOff, at: datetime) -> str:
    if sign_off.state == SignOffState.DECLINED:
        return f"Talk with {sign_off.partner}, who declined to sign"
    if sign_off.state == SignOffState.VOID:
        return f"Ask {sign_off.partner} to sign again, because the text changed"
    if sign_off.state == SignOffState.REQUESTED and sign_off.email.lower() != sign_off.partner.signatory_email.lower():
        return f"Send a link to whoever signs for {sign_off.partner} now"
    if sign_off.state == SignOffState.REQUESTED and at > sign_off.expires_at:
        return f"Send {sign_off.partner} a new link to sign, because the old one expired"
    return ""


def _too_late(proposal) -> str:
    """What is left to do after the deadline; `has_asked` says whether more time was asked for already."""
    if proposal.round.takes_late_requests and not proposal.has_asked:
        return "Ask for more time if you need it: the call closed with your draft"
    return "This call closed with your draft"


def _written_by(user) -> list[int]:
    """The sites for which this person may write."""
    return [pk for pk, role in user.seat_roles.items() if role in _WRITERS]


def _page(proposal: Proposal) -> str:
    return reverse("grants:proposal-detail", args=[proposal.reference])
