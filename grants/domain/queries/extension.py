"""More time: who may get it and ask for it, until when, and what a page tells of deadlines that were moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import Q

from grants.domain.queries.deadline import closing_of
from grants.enums import ExtensionKind, ProposalState, RequestState, RoundState
from grants.models import Extension, ExtensionRequest, FundingRound, Proposal
from portal.access import ALLOWED, Verdict, refused
from portal.words import DAY, day_words, span_words, when_words, zone_named
from sites.enums import SeatRole
from sites.models import Seat

# When a team may ask for more time: in the last week, and after its call closed over a weekend, not into the screening.
ASKED_FROM = timedelta(days=7)
ASKED_UNTIL = timedelta(hours=72)
# The least time teams get after an outage is noted, so that somebody who gave up for the day can come back.
NOTICE = timedelta(hours=3)
QUARTER = timedelta(minutes=15)

# Proposals whose team still writes towards the deadline of the call.
WRITING = (ProposalState.DRAFT, ProposalState.SUBMITTED)


def may_extend_round(round_: FundingRound) -> Verdict:
    """Whether the closing of a round can be moved at all."""
    if round_.state == RoundState.DRAFT:
        return refused("This round is a draft: change its dates instead.")
    if round_.state == RoundState.DECIDED:
        return refused("This round is decided, so its deadline stays as it was.")
    return ALLOWED


def may_extend(proposal: Proposal) -> Verdict:
    """Whether one proposal can get more time than its round."""
    verdict = may_extend_round(proposal.round)
    if not verdict:
        return verdict
    if proposal.state == ProposalState.RETURNED:
        return refused("The changes you asked for have a day of their own. Move that one instead.")
    if proposal.state not in WRITING:
        return refused(f"More time helps a team that is still writing; this proposal is {_shown(proposal)}.")
    return ALLOWED


def may_ask(proposal: Proposal, at: datetime, latest: ExtensionRequest | None) -> Verdict:
    """Whether its team may ask for more time at this moment; `latest` is what it asked last, which is answered first."""
    round_ = proposal.round
    if not round_.takes_late_requests:
        return refused("This call gives no extra time to single teams.")
    if round_.state != RoundState.PUBLISHED or proposal.state not in WRITING:
        return refused("There is nothing to ask more time for: this proposal is no longer being written.")
    first = first_chance_to_ask(proposal)
    if at < first:
        return refused(f"More time can be asked for from {when_words(first, round_.time_zone)}.")
    if at > last_chance_to_ask(proposal):
        until = when_words(last_chance_to_ask(proposal), round_.time_zone)
        return refused(f"More time could be asked for until {until}.")
    if latest is not None and latest.state == RequestState.OPEN:
        return refused("Your team has asked already. You get an answer by mail, and here.")
    return ALLOWED


def first_chance_to_ask(proposal: Proposal) -> datetime:
    """The first instant at which more time can be asked for."""
    return max(proposal.round.opens_at, closing_of(proposal) - ASKED_FROM)


def last_chance_to_ask(proposal: Proposal) -> datetime:
    """The last instant at which more time can be asked for."""
    return closing_of(proposal) + ASKED_UNTIL


def latest_request(proposal: Proposal) -> ExtensionRequest | None:
    """What the team asked last, with who asked and who answered."""
    rows = ExtensionRequest.objects.filter(proposal=proposal).select_related("asked_by", "answered_by")
    return rows.order_by("-pk").first()


def requests_of(proposal: Proposal) -> list[ExtensionRequest]:
    """Everything the team asked, the latest first."""
    rows = ExtensionRequest.objects.filter(proposal=proposal).select_related("asked_by", "answered_by")
    return list(rows.order_by("-pk"))


def waiting_requests():
    """Requests for more time that nobody has answered, the oldest first."""
    rows = ExtensionRequest.objects.filter(state=RequestState.OPEN, proposal__state__in=WRITING)
    return rows.select_related("proposal__round", "proposal__site", "asked_by").order_by("pk")


def extensions_of(round_: FundingRound) -> list[Extension]:
    """How often the closing of the whole round was moved, the latest first."""
    return list(Extension.objects.filter(round=round_, proposal=None).order_by("-pk"))


def latest_extension(proposal: Proposal) -> Extension | None:
    """The extension that sets this proposal's deadline; None when it was never moved."""
    rows = Extension.objects.filter(Q(proposal=None) | Q(proposal=proposal), round=proposal.round)
    return rows.filter(until=closing_of(proposal)).last()


def own_extensions(round_: FundingRound) -> list[Extension]:
    """Single proposals of a round that got more time, the latest first."""
    rows = Extension.objects.filter(round=round_, proposal__isnull=False).select_related("proposal__site")
    return list(rows.order_by("-pk"))


def teams_to_tell(round_: FundingRound) -> list[tuple[Proposal, str]]:
    """Everybody who may act on a proposal still being written in a round, with their address. Two queries."""
    proposals = {
        each.site_id: each for each in round_.proposals.filter(state__in=WRITING).select_related("round", "site")
    }
    seats = Seat.objects.current().filter(site__in=proposals, holder__is_active=True).exclude(role=SeatRole.VIEWER)
    return [(proposals[site], email) for site, email in seats.order_by("pk").values_list("site", "holder__email")]


def after_outage(round_: FundingRound, down_from: datetime, down_until: datetime, at: datetime) -> datetime:
    """The closing to offer after an outage: later by its length, on a full quarter of an hour.

    Where that leaves too little notice, it is the usual hour of closing on the first day that leaves enough.
    """
    fair = round_.closes_at + (down_until - down_from)
    past = (fair - datetime.min.replace(tzinfo=fair.tzinfo)) % QUARTER
    fair += QUARTER - past if past else timedelta(0)
    least = max(fair, at + NOTICE)
    zone = zone_named(round_.time_zone)
    usual = round_.closes_at.astimezone(zone).replace(tzinfo=None)
    while fair < least:
        usual += DAY
        fair = usual.replace(tzinfo=zone).astimezone(UTC)
    return fair


def warnings_about(round_: FundingRound, until: datetime) -> list[str]:
    """What is allowed with a new closing but deserves a second look."""
    local = until.astimezone(zone_named(round_.time_zone))
    warnings = []
    if local.weekday() >= 5:
        warnings.append(f"{day_words(local.date())} is a {local:%A}.")
    if round_.decision_by and local.date() >= round_.decision_by:
        warnings.append(f"The call promises a decision by {day_words(round_.decision_by)}, which is earlier.")
    return warnings


def story_of(extension: Extension, zone: str) -> str:
    """One move in words: `Extended from Fri 30 Oct …, because …`."""
    was = when_words(extension.was, zone)
    if extension.kind == ExtensionKind.OUTAGE and extension.down_from and extension.down_until:
        return (
            f"The portal could not be reached from {when_words(extension.down_from, zone)} until "
            f"{when_words(extension.down_until, zone)} ({span_words(extension.down_until - extension.down_from)}). "
            f"The call would have closed on {was}."
        )
    return f"Extended from {was}."


def _shown(proposal: Proposal) -> str:
    return str(proposal.get_state_display()).lower()
