"""Staff's pages of a round's rubric."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants import rules
from grants.domain.criterion import RUBRIC
from grants.domain.queries import call
from grants.enums import RoundState
from grants.forms.criterion import CriterionForm
from grants.views.round import staff_round
from grants.views.round_list import MOVES, ListPages, views_of


def _find(round_, position):
    return round_.criteria.filter(position=position).first()


criterion_new, criterion_edit, criterion_move, criterion_remove = views_of(
    ListPages(RUBRIC, CriterionForm, _find, "grants:criterion", "Rubric")
)


@require_safe
def criterion_list(request, reference):
    """The rubric: every criterion with its weight and what its scores mean."""
    round_ = staff_round(request, reference)
    context = {
        "round": round_,
        "rubric": call.anchors_of(round_.criteria.all(), round_.top_score),
        "can_edit": round_.state == RoundState.DRAFT and rules.may_run_rounds(round_, request.user),
        "moves": MOVES,
    }
    return render(request, "grants/criterion/list.html", context)
