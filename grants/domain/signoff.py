"""Partners' signatures under a proposal: asking for one by mail, signing and declining through a private link."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.completeness import recount
from grants.domain.private_link import (
    demand_signatory,
    digest_of,
    is_expired,
    put_refusal,
    put_signature,
    request_facts,
    token_for,
)
from grants.domain.queries.change_request import may_change_part
from grants.domain.queries.deadline import deadline_of
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import may_change, signable, stands, team_addresses
from grants.domain.voiding import end
from grants.enums import ProposalState, Section, SignOffState
from grants.models import Proposal, SignOff
from portal.access import ALLOWED, Refused, Verdict, demand, refused
from portal.activity.domain import record
from portal.certain import certain
from portal.mail.domain import send
from portal.record import lock
from portal.words import when_words
from sites.domain.partner import change_partner
from sites.models import Partner

_ELSE_SIGNS = "somebody else signs now"


class ContentChanged(Refused):
    """The proposal changed between reading and signing, so it has to be read again."""


def request_sign_off(proposal: Proposal, partner: Partner, *, actor: Any, at: datetime) -> SignOff:
    """Mail the partner's signatory a private link, which replaces the one they had; whoever signed before keeps none.

    Locks the proposal. Raises `Refused` when the person may not, the proposal may not be changed now or the partner has
    signed what it says; ValidationError when the partner is not of this site or nobody is named to sign for it.
    """
    demand(rules.may_write(proposal, actor))
    with transaction.atomic():
        row = lock(proposal)
        demand(may_change_part(row, Section.SIGNOFFS, at))
        dossier = dossier_of(row)
        if partner.site_id != row.site_id:
            raise ValidationError("This organization is not a partner of the coalition.")
        demand_signatory(partner)
        latest = dossier.latest_sign_off(partner)
        if latest is not None and stands(latest, dossier):
            raise Refused(f"{partner} has signed this proposal already.")
        latest = _ended(latest, partner, actor=actor, at=at)
        asked = [each for each in dossier.sign_offs if each.partner_id == partner.pk]
        place = asked.index(latest) if latest else len(asked)
        facts = request_facts(partner, _token(row.pk, partner.pk, place, at), at=at)
        if latest is not None:
            verb, words, sign_off = "remind_signatory", "sent a new link", latest
            for name, value in facts.items():
                setattr(sign_off, name, value)
            sign_off.save(update_fields=list(facts))
        else:
            verb, words = "request_sign_off", "asked to sign"
            sign_off = SignOff.objects.create(proposal=row, partner=partner, **facts)
        _mail_link("sign_off_request", sign_off, _token(row.pk, partner.pk, place, at), actor=actor)
        summary = f"{partner.signatory_name} ({partner}) {words} by {actor}."
        record(row, verb, actor=actor, at=at, summary=summary)
    return sign_off


def replace_signatory(
    proposal: Proposal, partner: Partner, *, name: str, title: str, email: str, actor: Any, at: datetime
) -> SignOff:
    """Somebody else signs for a partner: the coalition's record says so from now on, and they are asked.

    The link of whoever was asked before is closed. Locks the site, the partner, then the proposal. Raises as
    `request_sign_off` and `change_partner`, which is the site lead's.
    """
    name, email = " ".join(name.split()), email.strip().lower()
    if not (name and email):
        missing = {"signatory_name": name, "signatory_email": email}
        raise ValidationError({field: "Fill this in." for field, value in missing.items() if not value})
    with transaction.atomic():
        changed = change_partner(
            partner, version=partner.version, signatory_name=name, signatory_title=" ".join(title.split()),
            signatory_email=email, actor=actor, at=at,
        )  # fmt: skip
        return request_sign_off(proposal, changed, actor=actor, at=at)


def token_of(sign_off: SignOff) -> str:
    """The token of a request's link, made again for a reminder; empty when it cannot be."""
    place = SignOff.objects.filter(
        proposal=sign_off.proposal_id, partner=sign_off.partner_id, pk__lt=sign_off.pk
    ).count()
    token = _token(sign_off.proposal_id, sign_off.partner_id, place, sign_off.requested_at)
    return token if digest_of(token) == sign_off.token_digest else ""


def find(token: str) -> SignOff | None:
    """The request a link belongs to, with its proposal; None for a link that was replaced or never made."""
    rows = SignOff.objects.select_related("partner", "proposal__round", "proposal__site", "ended_by")
    return rows.filter(token_digest=digest_of(token)).first()


def may_answer(sign_off: SignOff, at: datetime) -> Verdict:
    """Whether this link can still be used to sign or decline."""
    if sign_off.state == SignOffState.SIGNED:
        return refused(
            f"You signed on {_when(sign_off, certain(sign_off.answered_at))}. Thank you; nothing more to do."
        )
    if sign_off.state == SignOffState.DECLINED:
        return refused(f"You declined on {_when(sign_off, certain(sign_off.answered_at))}. The team has been told.")
    wanted = _is_wanted(sign_off.proposal, at)
    if sign_off.state == SignOffState.VOID:
        what = f" ({sign_off.ended_because})" if sign_off.ended_because else ""
        again = " The team will ask you again with a new link." if wanted else ""
        return refused(f"The proposal was changed after you signed{what}.{again}")
    if sign_off.state == SignOffState.WITHDRAWN:
        return refused(
            f"The team has named somebody else to sign for {sign_off.partner}. Thank you; nothing more to do."
        )
    if not wanted:
        return wanted
    if at > sign_off.expires_at:
        return refused(f"This link worked until {_when(sign_off, sign_off.expires_at)}. Ask the team for a new one.")
    return ALLOWED


def sign(sign_off: SignOff, *, name: str, title: str, content_sha256: str, at: datetime) -> SignOff:
    """Sign what was read: `content_sha256` is the hash of the content the signatory was shown.

    Raises `ContentChanged` when the proposal says something else by now, `Refused` when the link no longer counts, and
    ValidationError keyed by field for a missing name or title.
    """
    with transaction.atomic():
        proposal = lock(sign_off.proposal)
        row = _lock_open(sign_off, at)
        if content_sha256 != signable(dossier_of(proposal)):
            raise ContentChanged("The proposal was changed while you were reading. Read it again before you sign.")
        put_signature(row, name=name, title=title, content_sha256=content_sha256, at=at)
        _record(row, "sign", f"Signed by {row.signed_name}, {row.signed_title}, for {row.partner}.", at=at)
        recount(proposal, at=at)
    return row


def decline(sign_off: SignOff, *, name: str, reason: str, at: datetime) -> SignOff:
    """Decline to sign, with a reason that the team is mailed."""
    with transaction.atomic():
        proposal = lock(sign_off.proposal)
        row = _lock_open(sign_off, at)
        put_refusal(row, name=name, reason=reason, at=at)
        for address in team_addresses(proposal):
            send("sign_off_declined", address, context={"sign_off": row, "proposal": proposal, "partner": row.partner})
        summary = f"{row.signed_name} declined to sign for {row.partner}: {row.decline_reason}"
        _record(row, "decline_sign_off", summary, at=at)
    return row


def ask_for_new_link(sign_off: SignOff, *, at: datetime) -> None:
    """A signatory whose link expired asks the team for another; the team is mailed once for each link.

    Raises `Refused` for a link that did not expire, or whose signature nobody needs any more.
    """
    with transaction.atomic():
        proposal = lock(sign_off.proposal)
        row = SignOff.objects.select_for_update(of=("self",)).select_related("partner").get(pk=sign_off.pk)
        if not is_expired(row, at) or not _is_wanted(proposal, at):
            raise Refused("This link did not expire, so there is nothing to ask for.")
        for address in team_addresses(proposal):
            key = f"sign-off-wanted:{row.token_digest}:{address}"
            send("sign_off_wanted", address, context={"sign_off": row, "proposal": proposal}, key=key)


def mail_again(sign_off: SignOff, token: str, *, key: str) -> None:
    """Write the reminder with the link the signatory has already."""
    _mail_link("sign_off_reminder", sign_off, token, key=key)


def _token(proposal: int, partner: int, place: int, at: datetime) -> str:
    # The database gives instants back in UTC, whatever the zone they came in.
    what = f"{proposal}:{partner}:{place}:{at.astimezone(UTC).isoformat()}"
    return token_for("grants.sign-off", what)


def _ended(latest: SignOff | None, partner: Partner, *, actor: Any, at: datetime) -> SignOff | None:
    """The open request that can go on; one that cannot is ended: given for other words, or sent to somebody else."""
    if latest is None:
        return None
    if latest.state == SignOffState.SIGNED:
        end([latest], SignOffState.VOID, actor=None, at=at, because="")
    elif latest.state == SignOffState.REQUESTED:
        if latest.email.lower() == partner.signatory_email.lower():
            return latest
        end([latest], SignOffState.WITHDRAWN, actor=actor, at=at, because=_ELSE_SIGNS)
    return None


def _is_wanted(proposal: Proposal, at: datetime) -> Verdict:
    """Whether a signature is of any use now, in a signatory's words."""
    if proposal.state == ProposalState.WITHDRAWN:
        return refused("The team has withdrawn this proposal, so it needs no signature any more. Thank you.")
    closes = deadline_of(proposal)
    if at > closes and proposal.state in {ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.RETURNED}:
        closed = when_words(closes, proposal.round.time_zone)
        return refused(f"The call closed on {closed}, so this proposal needs no signature any more. Thank you.")
    if not may_change(proposal, at):
        return refused("The proposal is with the foundation now and needs no signature any more. Thank you.")
    return ALLOWED


def _lock_open(sign_off: SignOff, at: datetime) -> SignOff:
    rows = SignOff.objects.select_for_update(of=("self",)).select_related("partner", "proposal__round")
    row = rows.get(pk=sign_off.pk)
    if row.token_digest != sign_off.token_digest:
        raise Refused("The team has sent you a newer link. Please use that one.")
    demand(may_answer(row, at))
    return row


def _record(row: SignOff, verb: str, summary: str, *, at: datetime) -> None:
    label = f"{row.signed_name} ({row.email})"
    facts = {"partner": row.partner.name}
    record(row.proposal, verb, actor=None, at=at, summary=summary, actor_label=label, facts=facts)


def _mail_link(template: str, sign_off: SignOff, token: str, *, actor: Any = None, key: str = "") -> None:
    proposal = sign_off.proposal
    context = {
        "name": sign_off.asked_name or sign_off.partner.signatory_name,
        "partner": sign_off.partner,
        "proposal": proposal,
        "round": proposal.round,
        "site": proposal.site,
        "actor": actor,
        "asked": when_words(sign_off.requested_at, proposal.round.time_zone),
        "closes": when_words(deadline_of(proposal), proposal.round.time_zone),
        "expires": when_words(sign_off.expires_at, proposal.round.time_zone),
        "token": token,
    }
    send(template, sign_off.email, context=context, secret=True, key=key)


def _when(sign_off: SignOff, moment: datetime) -> str:
    return when_words(moment, sign_off.proposal.round.time_zone)
