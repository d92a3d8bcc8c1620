"""Where each partner's signature under a proposal stands, and what changing the coalition's record would take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grants.domain.queries.dossier import Dossier
from grants.domain.queries.proposal import may_change, stands
from grants.enums import ProposalState, SignOffState
from grants.models import SignOff
from portal.certain import certain
from portal.panels import Panel, provides_panel
from portal.states import ATTENTION, GO, PLAIN, STOPPED, WAIT, Look
from portal.words import day_words
from sites.models import Partner

_CHANGEABLE = (ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.RETURNED)


@dataclass(frozen=True)
class Signature:
    """Where one partner's signature stands: the last request, and the ones before it, newest first."""

    partner: Partner
    sign_off: SignOff | None
    state_words: str
    look: Look
    may_ask: bool
    earlier: tuple[SignOff, ...] = ()

    @property
    def is_stale_address(self) -> bool:
        """Whether the open request went to somebody who does not sign for the partner any more."""
        asked = self.sign_off
        return (
            asked is not None
            and asked.state == SignOffState.REQUESTED
            and asked.email.lower() != self.partner.signatory_email.lower()
        )


def signatures_of(dossier: Dossier, at: datetime | None = None) -> list[Signature]:
    """One row a partner; `at` tells links that expired from those that work."""
    return [_signature(dossier, partner, at) for partner in dossier.partners]


def _signature(dossier: Dossier, partner: Partner, at: datetime | None) -> Signature:
    asked = [each for each in dossier.sign_offs if each.partner_id == partner.pk]
    latest, earlier = (asked[-1] if asked else None), tuple(reversed(asked[:-1]))
    words, look, may_ask = _standing(latest, dossier, at)
    return Signature(partner, latest, words, look, may_ask, earlier)


def _standing(latest: SignOff | None, dossier: Dossier, at: datetime | None) -> tuple[str, Look, bool]:
    if latest is None:
        return "Not asked yet", PLAIN, True
    if stands(latest, dossier):
        return f"Signed {day_words(certain(latest.answered_at))}", GO, False
    if latest.state == SignOffState.REQUESTED:
        expired = at is not None and at > latest.expires_at
        return ("Link expired", ATTENTION, True) if expired else ("Waiting", WAIT, True)
    if latest.state == SignOffState.DECLINED:
        return "Declined", STOPPED, True
    if latest.state == SignOffState.WITHDRAWN:
        return "Not asked yet", PLAIN, True
    return "Signed an earlier version", ATTENTION, True


@provides_panel("coalition-change")
def signatures_at_stake(site, user, at: datetime) -> Panel | None:
    """Said before the coalition's record is saved: whose signatures under open proposals that takes away. One query."""
    rows = SignOff.objects.filter(
        state=SignOffState.SIGNED, proposal__site=site, proposal__state__in=_CHANGEABLE
    ).select_related("proposal__round", "partner")
    found: dict = {}
    for row in rows.order_by("proposal", "pk"):
        if may_change(row.proposal, at):
            found.setdefault(row.proposal_id, (row.proposal, []))[1].append(row)
    if not found:
        return None
    number = sum(len(signed) for _, signed in found.values())
    return Panel("grants/signoff/at_stake.html", {"proposals": list(found.values()), "number": number})
