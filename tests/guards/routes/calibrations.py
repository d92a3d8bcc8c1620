"""The routes of calibrations, and of what a reviewer takes away to read."""

from tests.guards.routes.route import OFFICER, REVIEWER, STAFF, Route

_HIS = STAFF | REVIEWER
_SCORED, _FRESH = ("=ours.scored.round.reference",), ("=ours.fresh.round.reference",)
CALIBRATIONS = (
    Route("grants:calibration-detail", _SCORED, STAFF, sees=STAFF),
    Route("grants:calibration-detail", ("=ours.closed.round.reference",), _HIS, sees=_HIS, note="closed"),
    Route("grants:calibration-new", ("=call.reference",), OFFICER, OFFICER, {
        "sample": "=ours.proposal.reference", "due_on": "2031-08-20", "note": "",
    }),
    Route("grants:calibration-ask", _SCORED, None, OFFICER, {}, sees=STAFF),
    Route("grants:calibration-close", _SCORED, OFFICER, OFFICER, {}, sees=STAFF),
    Route("grants:calibration-call-off", _FRESH, OFFICER, OFFICER, {}, sees=STAFF),
    Route("grants:reading-copy-ask", ("=ours.review.reference",), None, REVIEWER, {}, sees=_HIS),
    Route("grants:reading-copy", ("=ours.review.reference", "=ours.reading.public_id"), _HIS, sees=_HIS),
    Route("grants:review-file", ("=ours.blind.reference", "=ours.nameless.document.pk"), REVIEWER, sees=_HIS),
)  # fmt: skip
