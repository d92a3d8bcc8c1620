"""The live board of a round, for staff in the last hours."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants import rules
from grants.domain.queries import board
from grants.views.round import staff_round


@require_safe
def round_live(request, reference):
    """Who is how far and what comes in. The page asks for itself again every quarter of a minute."""
    round_ = staff_round(request, reference)
    at = request.arrived_at
    sort = request.GET.get("sort", "")
    context = {
        "round": round_,
        "phase": round_.phase_at(at),
        "at": at,
        "board": board.board_of(round_, at, sort),
        "close_means": board.CLOSE,
        "sorts": [(name, words) for name, (words, _) in board.SORTS.items()],
        "sort": sort if sort in board.SORTS else next(iter(board.SORTS)),
        "still": "still" in request.GET,
        "can_answer": rules.may_run_rounds(round_, request.user),
    }
    return render(request, "grants/board/live.html", context)
