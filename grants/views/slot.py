"""Staff's pages of the documents a round asks for by name."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants import rules
from grants.domain.slot import SLOTS
from grants.enums import RoundState
from grants.forms.slot import SlotForm
from grants.views.round import staff_round
from grants.views.round_list import MOVES, ListPages, views_of


def _find(round_, slot):
    return round_.slots.filter(public_id=slot).first()


slot_new, slot_edit, slot_move, slot_remove = views_of(
    ListPages(SLOTS, SlotForm, _find, "grants:slot", "Documents to attach")
)


@require_safe
def slot_list(request, reference):
    """Every document the round asks for, with what it says about it."""
    round_ = staff_round(request, reference)
    context = {
        "round": round_,
        "slots": round_.slots.all(),
        "can_edit": round_.state == RoundState.DRAFT and rules.may_run_rounds(round_, request.user),
        "moves": MOVES,
    }
    return render(request, "grants/slot/list.html", context)
