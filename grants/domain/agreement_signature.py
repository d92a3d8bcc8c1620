"""Partners' signatures under an agreement: asking for one by mail, signing and declining through a private link."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Value, When

from grants import rules
from grants.domain.private_link import (
    demand_signatory,
    digest_of,
    is_expired,
    put_refusal,
    put_signature,
    request_facts,
    token_for,
)
from grants.domain.queries.agreement import has_party, unsigned
from grants.domain.queries.proposal import team_addresses
from grants.enums import AgreementState, SignOffState
from grants.models import Agreement, AgreementSignature
from grants.workflow import AGREEMENT
from portal.access import ALLOWED, Refused, Verdict, demand, refused
from portal.activity.domain import record
from portal.certain import certain
from portal.mail.domain import send
from portal.record import lock
from portal.words import when_words
from sites.models import Partner

_ELSE_SIGNS = "somebody else signs now"
_LONGEST = AgreementSignature._meta.get_field("ended_because").max_length
_LIVE = (SignOffState.REQUESTED, SignOffState.SIGNED)


def request_first(agreement: Agreement, partner: Partner, *, actor: Any, at: datetime) -> AgreementSignature:
    """In the act of sending out: ask the signatory of the coalition's record, of a locked agreement."""
    demand_signatory(partner)
    row = AgreementSignature(agreement=agreement, partner=partner, public_id=uuid.uuid4(), requested_at=at)
    for name, value in request_facts(partner, _token(row), at=at).items():
        setattr(row, name, value)
    row.save(force_insert=True)
    _mail_link("agreement_request", row, actor=actor)
    return row


def request_again(agreement: Agreement, partner: Partner, *, actor: Any, at: datetime) -> AgreementSignature:
    """Mail whoever was asked last a new link, which replaces the one they had; after a refusal, ask them once more.

    Locks the award and the agreement. Raises `Refused` when the person may not, the agreement is not with the partners,
    or the partner has signed.
    """
    with transaction.atomic():
        row = _lock_out(agreement, partner, actor)
        latest = _latest(row, partner)
        partner.signatory_name, partner.signatory_email = latest.asked_name, latest.email
        if latest.state == SignOffState.REQUESTED:
            latest.requested_at = at
            _write(latest, request_facts(partner, _token(latest), at=at))
            _mail_link("agreement_request", latest, actor=actor)
        else:
            latest = request_first(row, partner, actor=actor, at=at)
        summary = f"{latest.asked_name} ({partner}) was sent a new link by {actor}."
        record(row, "request_signature", actor=actor, at=at, summary=summary)
    return latest


def name_signatory(
    agreement: Agreement, partner: Partner, *, name: str, title: str, email: str, actor: Any, at: datetime
) -> AgreementSignature:
    """Somebody else signs this agreement for a partner: the other's link is closed, and the new person is asked.

    The coalition's record stays as it is. Locks and raises as `request_again`.
    """
    partner.signatory_name = " ".join(name.split())
    partner.signatory_title, partner.signatory_email = " ".join(title.split()), email.strip().lower()
    demand_signatory(partner)
    with transaction.atomic():
        row = _lock_out(agreement, partner, actor)
        end_signatures(row, because=_ELSE_SIGNS, at=at, partner=partner)
        made = request_first(row, partner, actor=actor, at=at)
        summary = f"{made.asked_name} signs agreement {row.reference} for {partner} now."
        record(row, "name_signatory", actor=actor, at=at, summary=summary)
    return made


def find(token: str) -> AgreementSignature | None:
    """The request a link belongs to, with its agreement; None for a link that was replaced or never made."""
    rows = AgreementSignature.objects.select_related(
        "partner", "agreement__award__site", "agreement__award__round", "agreement__document", "agreement__sent_by"
    )
    return rows.filter(token_digest=digest_of(token)).first()


def may_answer(signature: AgreementSignature, at: datetime) -> Verdict:
    """Whether this link can still be used to sign or decline."""
    agreement = signature.agreement
    match signature.state:
        case SignOffState.SIGNED:
            return refused(f"You signed on {_when(signature, signature.answered_at)}. Thank you; nothing more to do.")
        case SignOffState.DECLINED:
            return refused(
                f"You declined on {_when(signature, signature.answered_at)}. The foundation and the team have been told."
            )
        case SignOffState.VOID:
            return refused(f"The agreement you signed was taken back: {signature.ended_because} {_NO_NEED}")
    if agreement.state == AgreementState.REPLACED:
        return refused(f"This agreement was taken back: {agreement.replaced_because} {_NO_NEED}")
    if signature.state == SignOffState.WITHDRAWN:
        return refused(f"Somebody else signs for {signature.partner} now. Thank you; nothing more to do.")
    if at > signature.expires_at:
        until = _when(signature, signature.expires_at)
        return refused(f"This link worked until {until}. Ask {settings.FOUNDATION_NAME} for a new one.")
    return ALLOWED


_NO_NEED = "You need do nothing more; if there is a new one, you get a new link."


def sign(signature: AgreementSignature, *, name: str, title: str, content_sha256: str, at: datetime) -> None:
    """Sign what was read; the last of all partners' signatures hands the agreement to the directors.

    Locks the award, the agreement, then the request. Raises `Refused` when the link no longer counts or another text
    was read, and ValidationError keyed by field for a missing name or title.
    """
    with transaction.atomic():
        row = _lock_open(signature, at)
        agreement = row.agreement
        if content_sha256 != agreement.sha256:
            raise Refused("This is not the text that was sent to you. Open the link again and read it.")
        put_signature(row, name=name, title=title, content_sha256=content_sha256, at=at)
        _record(row, "sign", f"Signed by {row.signed_name}, {row.signed_title}, for {row.partner}.", at=at)
        if not unsigned(agreement):
            AGREEMENT.perform(agreement, "complete", actor=None, at=at)


def decline(signature: AgreementSignature, *, name: str, reason: str, at: datetime) -> None:
    """Decline to sign, with a reason that the foundation and the team are mailed. Locks and raises as `sign`."""
    with transaction.atomic():
        row = _lock_open(signature, at)
        put_refusal(row, name=name, reason=reason, at=at)
        for address in _told(row):
            send("agreement_declined", address, context=_facts(row))
        summary = f"{row.signed_name} declined to sign for {row.partner}: {row.decline_reason}"
        _record(row, "decline_signature", summary, at=at)


def ask_for_new_link(signature: AgreementSignature, *, at: datetime) -> None:
    """A signatory whose link expired asks for another; the officer is mailed once for each link.

    Raises `Refused` for a link that did not expire, or whose signature nobody needs any more.
    """
    with transaction.atomic():
        row = _locked(signature)
        if not is_expired(row, at) or row.agreement.state != AgreementState.OUT:
            raise Refused("This link did not expire, so there is nothing to ask for.")
        officer = certain(row.agreement.sent_by)
        key = f"agreement-wanted:{row.token_digest}"
        send("agreement_wanted", officer.email, context=_facts(row), key=key)


def end_signatures(
    agreement: Agreement, *, because: str, at: datetime, partner: Partner | None = None
) -> list[AgreementSignature]:
    """End what is asked for or signed under a locked agreement, of one partner or of all; returns what there was."""
    rows = agreement.signatures.filter(state__in=_LIVE, **({"partner": partner} if partner else {}))
    ended = list(rows.select_related("partner"))
    outcome = Case(
        When(state=SignOffState.SIGNED, then=Value(SignOffState.VOID)), default=Value(SignOffState.WITHDRAWN)
    )
    rows.update(state=outcome, ended_at=at, ended_because=because[:_LONGEST])
    return ended


def token_of(signature: AgreementSignature) -> str:
    """The token of a request's link, made again for a reminder; empty when it cannot be."""
    token = _token(signature)
    return token if digest_of(token) == signature.token_digest else ""


def mail_again(signature: AgreementSignature, *, key: str) -> None:
    """Write the reminder with the link the signatory has already."""
    _mail_link("agreement_reminder", signature, key=key)


def _token(row: AgreementSignature) -> str:
    # The database gives instants back in UTC, whatever the zone they came in.
    return token_for("grants.agreement", f"{row.public_id}:{row.requested_at.astimezone(UTC).isoformat()}")


def _write(row: AgreementSignature, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))


def _lock_out(agreement: Agreement, partner: Partner, actor: Any) -> Agreement:
    """The agreement locked, of which a partner's signature may be asked for now."""
    award = lock(agreement.award)
    row = lock(agreement)
    demand(rules.may_name_signatory(award, actor))
    if row.state != AgreementState.OUT:
        raise Refused(f"The agreement is {row.get_state_display().lower()}, so nobody is asked to sign it now.")
    if not has_party(row, partner):
        raise ValidationError("This organization is not a party to the agreement.")
    if _latest(row, partner).state == SignOffState.SIGNED:
        raise Refused(f"{partner} has signed this agreement already.")
    return row


def _latest(agreement: Agreement, partner: Partner) -> AgreementSignature:
    return agreement.signatures.select_related("partner").filter(partner=partner).latest("pk")


def _locked(signature: AgreementSignature) -> AgreementSignature:
    award = lock(signature.agreement.award)
    agreement = lock(signature.agreement)
    agreement.award = award
    row = AgreementSignature.objects.select_for_update(of=("self",)).select_related("partner").get(pk=signature.pk)
    row.agreement = agreement
    return row


def _lock_open(signature: AgreementSignature, at: datetime) -> AgreementSignature:
    row = _locked(signature)
    if row.token_digest != signature.token_digest:
        raise Refused("You were sent a newer link. Please use that one.")
    demand(may_answer(row, at))
    return row


def _told(row: AgreementSignature) -> Iterable[str]:
    award = row.agreement.award
    return dict.fromkeys([certain(row.agreement.sent_by).email, *team_addresses(award.proposal)])


def _facts(row: AgreementSignature) -> dict[str, Any]:
    award = row.agreement.award
    return {
        "signature": row,
        "name": row.asked_name or row.email,
        "partner": row.partner,
        "agreement": row.agreement,
        "award": award,
        "site": award.site,
        "asked": _when(row, row.requested_at),
        "expires": _when(row, row.expires_at),
    }


def _mail_link(template: str, row: AgreementSignature, *, actor: Any = None, key: str = "") -> None:
    context = _facts(row) | {"actor": actor, "token": _token(row)}
    send(template, row.email, context=context, secret=True, key=key)


def _record(row: AgreementSignature, verb: str, summary: str, *, at: datetime) -> None:
    label = f"{row.signed_name} ({row.email})"
    facts = {"partner": row.partner.name, "sha256": row.agreement.sha256}
    record(row.agreement, verb, actor=None, at=at, summary=summary, actor_label=label, facts=facts)


def _when(row: AgreementSignature, moment: datetime | None) -> str:
    return when_words(certain(moment), row.agreement.award.round.time_zone)
