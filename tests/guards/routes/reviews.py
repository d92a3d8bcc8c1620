"""The routes of reviews and dockets."""

from tests.guards.routes.route import DIRECTOR, OFFICER, READERS, REVIEWER, STAFF, Route, step_route

_POOL = REVIEWER | {"other_reviewer"}
_REVIEW = ("=ours.review.reference",)
_HIS = STAFF | REVIEWER
REVIEWS = (
    Route("grants:review-assign", ("=ours.proposal.reference",), None, OFFICER, {
        "reviewer": "=staff.other_reviewer.pk",
    }, sees=READERS),
    Route("grants:review-list"),
    Route("grants:review-detail", _REVIEW, _HIS, sees=_HIS, note="in-progress"),
    Route("grants:review-detail", ("=ours.asked.reference",), _HIS, sees=_HIS, note="asked"),
    Route("grants:review-detail", ("=ours.given.reference",), STAFF, sees=STAFF, note="of-another"),
    Route("grants:attachment", ("=ours.proposal.reference", "=ours.letter.document.pk"), READERS | REVIEWER,
          sees=READERS | REVIEWER, note="under-review"),
    Route("grants:attachment", ("=ours.asked.proposal.reference", "=ours.unread.document.pk"), READERS, sees=READERS,
          note="before-the-conflict-question"),
    Route("grants:review-no-conflict", ("=ours.asked.reference",), None, REVIEWER, {}, sees=_HIS, told=STAFF),
    Route("grants:review-save", _REVIEW, None, REVIEWER, {
        "version": "=ours.review.version", "feedback": "Well thought out.", "private_notes": "", "editor": "",
    }, sees=_HIS),
    Route("grants:review-unassign", ("=ours.asked.reference",), None, OFFICER, {}, sees=_HIS),
    step_route("grants:review-step", "ours.review", "recuse", REVIEWER, _HIS),
    step_route("grants:review-step", "ours.given", "reopen", OFFICER, STAFF),
)  # fmt: skip

_DOCKET = ("=ours.docket.reference",)
_LINE = (*_DOCKET, "=ours.proposal.reference")
DOCKETS = (
    Route("grants:docket-list", get=STAFF),
    Route("grants:docket-new", (), OFFICER, OFFICER, {"round": "=ours.asked.proposal.round.pk", "title": "A docket"}),
    Route("grants:docket-detail", _DOCKET, STAFF, sees=STAFF),
    step_route("grants:docket-step", "ours.docket", "send", OFFICER, STAFF),
    step_route("grants:docket-step", "ours.sent", "return", DIRECTOR, STAFF),
    step_route("grants:docket-step", "ours.sent", "approve", DIRECTOR, STAFF, step_up=True),
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
)
