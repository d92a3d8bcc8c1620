"""Putting files to a proposal and taking them away again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.completeness import recount
from grants.domain.queries.change_request import may_change_part
from grants.domain.voiding import void_outdated
from grants.enums import Section
from grants.models import Attachment, AttachmentSlot, Proposal
from portal.access import demand
from portal.activity.domain import record
from portal.certain import certain
from portal.documents.domain import Screened, discard, screen, store_upload
from portal.documents.enums import ContentType
from portal.record import lock


def attach(
    proposal: Proposal, upload: Any, *, actor: Any, at: datetime, title: str = "", slot: AttachmentSlot | None = None
) -> Attachment:
    """Keep an upload with the proposal, under a title, or as the document the round asks for in a slot.

    A slot has room for one file: a newer one takes the place of the one there is. A signature given before no longer
    holds. Raises ValidationError for a file that is refused, is of a kind the slot does not take or has no title, and
    `Refused` when the proposal may not be changed. The file goes to storage before the transaction begins, and is taken
    back when the act is refused.
    """
    demand(rules.may_write(proposal, actor))
    demand(may_change_part(proposal, Section.ATTACHMENTS, at))
    title = slot.name if slot else " ".join(title.split())
    longest = certain(Attachment._meta.get_field("title").max_length)
    if not title or len(title) > longest:
        raise ValidationError({"title": f"Say what this file is, in at most {longest} characters."})
    file = upload if isinstance(upload, Screened) else screen(upload)
    if slot and slot.kinds and file.content_type not in slot.kinds:
        raise ValidationError({"file": _not_this_kind(slot, file)})
    document = store_upload(file, actor=actor, at=at, quota_group=f"proposal:{proposal.reference}")
    try:
        with transaction.atomic():
            row = lock(proposal)
            demand(may_change_part(row, Section.ATTACHMENTS, at))
            before = Attachment.objects.current().filter(proposal=row, slot=slot).first() if slot else None
            if before is not None:
                _take_away(row, before, at=at)
            attachment = Attachment.objects.create(proposal=row, document=document, title=title, slot=slot)
            voided = void_outdated(row, actor=actor, at=at, because=f"the file “{title}”")
            done = "replaced" if before else "attached"
            _log(row, "attach", f"{title} {done} by {actor}.", voided, actor=actor, at=at)
            recount(row, at=at)
    except BaseException:
        discard(document)
        raise
    return attachment


def remove(attachment: Attachment, *, actor: Any, at: datetime) -> None:
    """Take a file away. One that was part of a submission is kept with it; any other is deleted for good."""
    proposal = attachment.proposal
    demand(rules.may_write(proposal, actor))
    with transaction.atomic():
        row = lock(proposal)
        demand(may_change_part(row, Section.ATTACHMENTS, at))
        held = Attachment.objects.current().filter(proposal=row, pk=attachment.pk).select_related("document").first()
        if held is None:
            return
        _take_away(row, held, at=at)
        voided = void_outdated(row, actor=actor, at=at, because=f"the file “{held.title}”")
        _log(row, "remove_attachment", f"{held.title} removed by {actor}.", voided, actor=actor, at=at)
        recount(row, at=at)


def _take_away(proposal: Proposal, held: Attachment, *, at: datetime) -> None:
    if proposal.submitted_at is None:
        document = held.document
        held.delete()
        discard(document)
    else:
        held.removed_at = at
        held.save(update_fields=["removed_at"])


def _not_this_kind(slot: AttachmentSlot, file: Screened) -> str:
    wanted = " or ".join(ContentType(each).label for each in slot.kinds)
    return f"“{slot}” takes a file of this kind: {wanted}. This one is a {ContentType(file.content_type).label}."


def _log(proposal: Proposal, verb: str, summary: str, voided: list, *, actor: Any, at: datetime) -> None:
    if voided:
        summary += f" No longer signed by {' and '.join(each.signed_name for each in voided)}."
    record(proposal, verb, actor=actor, at=at, summary=summary)
