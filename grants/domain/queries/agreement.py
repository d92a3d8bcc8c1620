"""How an agreement stands: what it lacks, who has signed, who is told, and where its PDFs are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grants.domain.queries.proposal import listed, team_addresses
from grants.enums import AgreementState, AwardState, SignOffState
from grants.models import Agreement, AgreementSignature, Award
from portal.access import ALLOWED, Verdict, refused
from portal.certain import certain
from portal.states import ATTENTION, GO, PLAIN, STOPPED, WAIT, Look
from portal.words import day_words

_AGREEABLE = (AwardState.OFFERED, AwardState.ACTIVE)


def may_have_agreement(award: Award) -> Verdict:
    """Whether an agreement can be written for the award now."""
    if award.state in _AGREEABLE:
        return ALLOWED
    if award.state == AwardState.APPROVED:
        return refused("The decision is not announced yet. The agreement is written once the award is offered.")
    return refused(f"The award is {award.get_state_display().lower()}, so it gets no agreement any more.")


def missing_to_send(agreement: Agreement) -> list[str]:
    """Blockers of `send`: the award's state, and partners of whom nobody knows who signs."""
    allowed = may_have_agreement(agreement.award)
    reasons = [] if allowed else [allowed.reason]
    partners = list(agreement.award.site.partners.all())
    if not partners:
        reasons.append("The coalition has no partners on its record, so there is nobody to sign.")
    nobody = [each.name for each in partners if not (each.signatory_name and each.signatory_email)]
    if nobody:
        reasons.append(f"The coalition’s record does not say who signs for {listed(nobody)}. The site lead adds that.")
    return reasons


def unsigned(agreement: Agreement) -> list[str]:
    """Blockers of `complete`: a sentence for each party that has not signed."""
    signed = agreement.signatures.filter(state=SignOffState.SIGNED).values_list("partner__public_id", flat=True)
    known = {str(each) for each in signed}
    parties = certain(agreement.content)["parties"]
    return [f"{party['name']} has not signed yet." for party in parties if party["partner"] not in known]


def obstacles_to_replacing(agreement: Agreement) -> list[str]:
    """Blockers of `replace`: only an award that still runs gets another agreement."""
    allowed = may_have_agreement(agreement.award)
    return [] if allowed else [allowed.reason]


def has_party(agreement: Agreement, partner: Any) -> bool:
    """Whether the partner is one of those the agreement was sent to."""
    return any(party["partner"] == str(partner.public_id) for party in certain(agreement.content)["parties"])


def people_of(agreement: Agreement) -> list[str]:
    """Everybody who gets the signed agreement: the team, who signed for the partners, and who wrote and approved it."""
    award = agreement.award
    signed = agreement.signatures.filter(state=SignOffState.SIGNED).order_by("pk").values_list("email", flat=True)
    staff = [certain(agreement.sent_by).email, award.recommended_by.email]
    return list(dict.fromkeys([*team_addresses(award.proposal), *signed, *staff]))


@dataclass(frozen=True)
class Standing:
    """Where one party's signature stands: the last request, and the ones before it, newest first."""

    name: str
    role: str
    partner: Any
    signature: AgreementSignature
    state_words: str
    look: Look
    is_open: bool
    earlier: tuple[AgreementSignature, ...] = ()

    @property
    def ask_words(self) -> str:
        """What the button says that asks for this signature once more."""
        return "Send a new link" if self.signature.state == SignOffState.REQUESTED else "Ask again"


def standings(agreement: Agreement, at: datetime) -> list[Standing]:
    """One row a party of an agreement that was sent out, in its order. One query."""
    rows: dict[str, list[AgreementSignature]] = {}
    for each in agreement.signatures.select_related("partner").order_by("-pk"):
        each.agreement = agreement
        rows.setdefault(str(each.partner.public_id), []).append(each)
    found = []
    for party in certain(agreement.content)["parties"]:
        latest, *earlier = rows[party["partner"]]
        words, look = _words(latest, at)
        is_open = agreement.state == AgreementState.OUT and latest.state != SignOffState.SIGNED
        found.append(
            Standing(party["name"], party["role"], latest.partner, latest, words, look, is_open, tuple(earlier))
        )
    return found


def _words(latest: AgreementSignature, at: datetime) -> tuple[str, Look]:
    match latest.state:
        case SignOffState.SIGNED:
            return f"Signed {day_words(certain(latest.answered_at))}", GO
        case SignOffState.DECLINED:
            return "Declined", STOPPED
        case SignOffState.REQUESTED:
            return ("Link expired", ATTENTION) if at > latest.expires_at else ("Waiting", WAIT)
        case SignOffState.VOID:
            return "Signed, then taken back", PLAIN
        case _:
            return "Not asked any more", PLAIN


def agreements_of(award: Award, user: Any) -> list[Agreement]:
    """The award's agreements this person may know of, the newest first. One query."""
    rows = Agreement.objects.visible_to(user).filter(award=award).order_by("-number")
    found = list(rows.select_related("document", "signed_document", "sent_by", "made_by", "countersigned_by"))
    for each in found:
        each.award = award
    return found
