"""The routes of dockets, their lines, scenarios and books."""

from tests.guards.routes.route import DIRECTOR, OFFICER, STAFF, Route, step_route

_DOCKET = ("=ours.docket.reference",)
_LINE = (*_DOCKET, "=ours.proposal.reference")
DOCKETS = (
    Route("grants:docket-list", get=STAFF),
    Route("grants:docket-new", (), OFFICER, OFFICER, {"round": "=ours.asked.proposal.round.pk", "title": "A docket"}),
    Route("grants:docket-detail", _DOCKET, STAFF, sees=STAFF),
    step_route("grants:docket-step", "ours.docket", "send", OFFICER, STAFF),
    step_route("grants:docket-step", "ours.sent", "return", DIRECTOR, STAFF),
    step_route("grants:docket-step", "ours.agreed", "approve", DIRECTOR, STAFF, step_up=True),
    step_route("grants:docket-step", "ours.docket", "set_aside", OFFICER, STAFF),
    step_route("grants:docket-step", "ours.aside", "take_up_again", OFFICER, STAFF),
    step_route("grants:docket-step", "ours.approved", "announce", OFFICER, STAFF),
    Route("grants:docket-line-add", _DOCKET, None, OFFICER, {"proposal": "=ours.spare.pk"}, sees=STAFF),
    Route(
        "grants:docket-line",
        _LINE,
        STAFF,
        OFFICER,
        {"decision": "decline", "version": "=ours.docket.version"},
        sees=STAFF,
    ),
    Route("grants:docket-line-remove", _LINE, None, OFFICER, {}, sees=STAFF),
    Route("grants:docket-line-move", (*_LINE, "up"), None, OFFICER, sees=STAFF),
    Route("grants:docket-line-rank", _LINE, None, OFFICER, sees=STAFF),
    Route(
        "grants:docket-sort", _DOCKET, None, OFFICER, {"order": "raw", "version": "=ours.docket.version"}, sees=STAFF
    ),
    Route(
        "grants:docket-share", _DOCKET, None, OFFICER, {"percent": "90", "version": "=ours.docket.version"}, sees=STAFF
    ),
    Route("grants:docket-copy", _DOCKET, OFFICER, OFFICER, {"title": "Six sites, 90%"}, sees=STAFF),
    Route("grants:docket-compare", ("=ours.proposal.round.reference",), STAFF),
    Route(
        "grants:docket-line-verdict",
        ("=ours.sent.reference", "=ours.recommended.reference"),
        None,
        DIRECTOR,
        {"verdict": "returned", "reason": "Ask about year 2.", "version": "=ours.sent.version"},
        sees=STAFF,
    ),
    Route("grants:docket-agree", ("=ours.sent.reference",), None, DIRECTOR, {}, sees=STAFF),
    Route("grants:docket-book", ("=ours.sent.reference",), None, STAFF, {}, sees=STAFF),
    Route("grants:docket-book-file", (*_DOCKET, "1"), STAFF, sees=STAFF),
)
