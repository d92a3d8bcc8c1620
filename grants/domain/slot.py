"""The documents a round asks for by name: adding, changing, moving and removing their slots."""

from __future__ import annotations

from grants.domain.round_list import RoundList
from grants.models import AttachmentSlot
from portal.documents.enums import ContentType


class Slots(RoundList):
    """The slots in order. `kinds` are the kinds of file one takes (`ContentType`); none are all of them."""

    model = AttachmentSlot
    noun = "document"
    fields = ("name", "help", "kinds", "required", "hidden_from_reviewers")

    def errors(self, row: AttachmentSlot) -> dict[str, str]:
        # In one order, whatever the boxes' was; all of them is no limit.
        known = set(row.kinds)
        row.kinds = [] if known >= set(ContentType.values) else [each for each in ContentType.values if each in known]
        errors = {}
        if not row.name.strip():
            errors["name"] = "Name the document."
        elif self.rows(row.round).exclude(pk=row.pk).filter(name=row.name).exists():
            errors["name"] = "The round asks for a document of this name already."
        if not known <= set(ContentType.values):
            errors["kinds"] = "Choose among the kinds of file of the list."
        return errors


SLOTS = Slots()
add_slot, change_slot, remove_slot, move_slot = SLOTS.add, SLOTS.change, SLOTS.remove, SLOTS.move
