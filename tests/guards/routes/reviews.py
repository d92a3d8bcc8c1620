"""The routes of reviews."""

from tests.guards.routes.route import OFFICER, READERS, REVIEWER, STAFF, Route, step_route

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
