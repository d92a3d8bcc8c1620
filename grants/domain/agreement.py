"""What is done to agreements: written, sent out for signatures, countersigned and so put in force, replaced."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from grants import rules
from grants.domain.agreement_content import build
from grants.domain.agreement_document import SENT, SIGNED, ask_for_document, mail_key
from grants.domain.agreement_signature import end_signatures, request_first
from grants.domain.content import digest
from grants.domain.issued import PATIENCE
from grants.domain.queries.agreement import may_have_agreement, people_of
from grants.enums import AgreementState, AwardState
from grants.models import Agreement, Award
from grants.workflow import AGREEMENT, AWARD
from portal.access import Refused, demand
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.activity.domain import allocate, record
from portal.mail.domain import send, send_each
from portal.record import Stale, bump, lock

NEW = 0


def lock_award(agreement: Agreement) -> None:
    """Before every step: the award comes first in the order of locks."""
    agreement.award = lock(agreement.award)


def write_agreement(
    award: Award, *, terms: str, conditions: str, actor: Any, at: datetime, version: int = NEW
) -> Agreement:
    """Write the draft of an award's agreement, or change it; `version` is the draft's, `NEW` when there is none.

    Locks the award, then the agreement. Raises `Refused` when the person may not, the award is not offered or active,
    or its agreement was sent out; `Stale` when somebody else wrote meanwhile; ValidationError without terms.
    """
    demand(rules.may_manage_awards(award, actor))
    if not terms.strip():
        raise ValidationError({"terms": "Write the terms of this agreement."})
    with transaction.atomic():
        row = lock(award)
        demand(may_have_agreement(row))
        live = row.agreements.exclude(state=AgreementState.REPLACED).first()
        if live is None:
            return _create(row, terms=terms, conditions=conditions, actor=actor, at=at)
        draft = lock(live)
        if draft.state != AgreementState.DRAFT:
            raise Refused("This agreement was sent out, so its text is fixed. Replace it to change it.")
        if draft.version != version:
            raise Stale(draft)
        draft.terms, draft.conditions, draft.made_by = terms.strip(), conditions.strip(), actor
        bump(draft, "terms", "conditions", "made_by")
        record(draft, "write", actor=actor, at=at, summary=f"Changed the draft of agreement {draft.reference}.")
    return draft


def freeze(agreement: Agreement, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `send`: what is signed is fixed, every partner is asked, and the PDF is on its way."""
    agreement.sent_by, agreement.sent_at = actor, at
    agreement.content = build(agreement)
    agreement.sha256 = digest(agreement.content)
    for partner in agreement.award.site.partners.all():
        request_first(agreement, partner, actor=actor, at=at)
    ask_for_document(agreement, SENT, actor=actor)


def tell_directors(agreement: Agreement, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `complete`: every director who may sign for the foundation learns that it is their turn."""
    directors = User.objects.filter(is_active=True, role_grants__role=Role.DIRECTOR)
    context = {"agreement": agreement, "award": agreement.award, "site": agreement.award.site}
    for person in directors.exclude(pk__in=[agreement.made_by_id, agreement.sent_by_id]):
        send("agreement_complete", person.email, context=context, key=f"agreement-complete:{agreement.pk}:{person.pk}")


def countersign(
    agreement: Agreement, *, title: str, content_sha256: str, actor: Any, at: datetime, version: int | None = None
) -> Agreement:
    """Sign for the foundation what was read, which puts the agreement in force and starts an offered award."""
    return AGREEMENT.perform(
        agreement, "countersign", actor=actor, at=at, version=version, title=title, content_sha256=content_sha256
    )


def put_in_force(
    agreement: Agreement, *, actor: Any, at: datetime, comment: str, title: str, content_sha256: str
) -> None:
    """Effect of `countersign`: the award's payments are scheduled in the same transaction, and all are told.

    Raises ValidationError for a missing title, and `Refused` for the hash of other words.
    """
    title = " ".join(title.split())
    if not title:
        raise ValidationError({"title": "Type your title."})
    if content_sha256 != agreement.sha256:
        raise Refused("This is not the text the partners signed. Open the page again and read it.")
    agreement.countersigned_by, agreement.countersigned_at, agreement.countersigned_title = actor, at, title
    if agreement.award.state == AwardState.OFFERED:
        agreement.award = AWARD.perform(agreement.award, "activate", actor=actor, at=at)
    context = {"agreement": agreement, "award": agreement.award, "site": agreement.award.site}
    people = people_of(agreement)
    send_each("agreement_in_force", people, context=context, key=mail_key(agreement), due_at=at + PATIENCE)
    ask_for_document(agreement, SIGNED, actor=actor)


def replace_agreement(
    agreement: Agreement, *, because: str, actor: Any, at: datetime, version: int | None = None
) -> Agreement:
    """Take an agreement back, whoever signed it, and start the draft of its successor from the same words."""
    with transaction.atomic():
        award = lock(agreement.award)
        # The series' counter is locked before the activity log's head.
        reference = _reference(at)
        old = AGREEMENT.perform(agreement, "replace", actor=actor, at=at, comment=because, version=version)
        return _create(award, terms=old.terms, conditions=old.conditions, actor=actor, at=at, reference=reference)


def stamp_replaced(agreement: Agreement, *, actor: Any, at: datetime, comment: str) -> None:
    """Effect of `replace` and `end_with_award`: its signatures end, and whoever was asked for one is told why."""
    agreement.replaced_at, agreement.replaced_because = at, comment
    context = {"agreement": agreement, "award": agreement.award, "site": agreement.award.site, "reason": comment}
    for each in end_signatures(agreement, because=comment, at=at):
        send("agreement_replaced", each.email, context=context | {"signature": each, "partner": each.partner})


def _create(award: Award, *, terms: str, conditions: str, actor: Any, at: datetime, reference: str = "") -> Agreement:
    number = (award.agreements.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Agreement.objects.create(
        reference=reference or _reference(at), created_at=at, award=award, number=number, terms=terms.strip(),
        conditions=conditions.strip(), made_by=actor,
    )  # fmt: skip
    record(made, "write", actor=actor, at=at, summary=f"Wrote a draft of agreement {made.reference} for {award.site}.")
    return made


def _reference(at: datetime) -> str:
    return allocate("G", timezone.localtime(at).year)
