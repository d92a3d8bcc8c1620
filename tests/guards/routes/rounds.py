"""The routes of calls and funding rounds."""

from tests.guards.routes.route import EVERYBODY, NOBODY, OFFICER, PEOPLE, STAFF, Route, step_route

_CALL = ("=call.reference",)
_ROUND = ("=unpublished.reference",)
_QUESTION = (*_ROUND, "=question.key")
_SLOT = (*_ROUND, "=slot.public_id")
_CRITERION = (*_ROUND, "=criterion.position")
_QUESTION_DATA = {
    "place": "=question_place", "prompt": "What else?", "kind": "text", "word_limit": "50",
    "version": "=unpublished.version",
}  # fmt: skip
_CRITERION_DATA = {"name": "Courage", "weight": "2", "version": "=unpublished.version"}
_VERSION = {"version": "=unpublished.version"}
_EXTEND_DATA = {
    "until": "2031-08-30T17:00", "reason": "A storm.", "version": "=call.version", "confirmed": "yes",
}  # fmt: skip
_OUTAGE_DATA = {
    "down_from": "2031-07-19T10:00", "down_until": "2031-07-19T12:00", "reason": "A cable was cut.",
    "version": "=call.version", "confirmed": "yes",
}  # fmt: skip
ROUNDS = (
    Route("grants:call-list", get=EVERYBODY),
    Route("grants:call-detail", _CALL, EVERYBODY),
    Route("grants:call-detail", _ROUND, NOBODY, sees=NOBODY, note="not-published"),
    Route("grants:call-pdf", _CALL, EVERYBODY),
    Route("grants:call-pdf", _ROUND, NOBODY, sees=NOBODY, note="not-published"),
    Route("grants:call-template", _CALL, EVERYBODY),
    Route("grants:call-template", _ROUND, NOBODY, sees=NOBODY, note="not-published"),
    Route("grants:call-dates", _CALL, EVERYBODY),
    Route("grants:call-dates", _ROUND, NOBODY, sees=NOBODY, note="not-published"),
    Route("grants:call-eligibility", _CALL, EVERYBODY, EVERYBODY),
    Route("grants:call-eligibility", _ROUND, NOBODY, NOBODY, sees=NOBODY, note="not-published"),
    Route("grants:proposal-start", _CALL, PEOPLE, PEOPLE),
    Route("grants:proposal-start", _ROUND, NOBODY, NOBODY, sees=NOBODY, note="not-published"),
    Route("grants:round-list", get=STAFF),
    Route("grants:round-new", (), OFFICER, OFFICER),
    Route("grants:round-detail", _ROUND, STAFF),
    Route("grants:round-edit", _ROUND, OFFICER, OFFICER),
    Route("grants:round-preview", _ROUND, STAFF),
    step_route("grants:round-step", "unpublished", "publish", OFFICER, STAFF),
    Route("grants:round-live", _CALL, STAFF),
    Route("grants:round-extend", _CALL, OFFICER, OFFICER, _EXTEND_DATA),
    Route("grants:round-outage", _CALL, OFFICER, OFFICER, _OUTAGE_DATA),
    Route("grants:question-list", _ROUND, STAFF),
    Route("grants:question-new", _ROUND, OFFICER, OFFICER, _QUESTION_DATA),
    Route("grants:question-edit", _QUESTION, OFFICER, OFFICER, _QUESTION_DATA),
    Route("grants:question-move", _QUESTION, None, OFFICER, _VERSION | {"direction": "up"}),
    Route("grants:question-remove", _QUESTION, OFFICER, OFFICER, _VERSION),
    Route("grants:question-publish", _CALL, OFFICER, OFFICER, {"notice": "Asked anew.", "version": "=call.version"}),
    Route("grants:question-drop", _CALL, OFFICER, OFFICER, {"version": "=call.version"}),
    Route("grants:question-restore", (*_CALL, "=changed.key"), None, OFFICER, {"version": "=call.version"}),
    Route("grants:round-copy", _CALL, OFFICER, OFFICER, {"name": "Next year’s call"}),
    Route("grants:slot-list", _ROUND, STAFF),
    Route("grants:slot-new", _ROUND, OFFICER, OFFICER, {"name": "Plan", "version": "=unpublished.version"}),
    Route("grants:slot-edit", _SLOT, OFFICER, OFFICER, {"name": "Plan", "version": "=unpublished.version"}),
    Route("grants:slot-move", _SLOT, None, OFFICER, _VERSION | {"direction": "up"}),
    Route("grants:slot-remove", _SLOT, OFFICER, OFFICER, _VERSION),
    Route("grants:criterion-list", _ROUND, STAFF),
    Route("grants:criterion-new", _ROUND, OFFICER, OFFICER, _CRITERION_DATA),
    Route("grants:criterion-edit", _CRITERION, OFFICER, OFFICER, _CRITERION_DATA),
    Route("grants:criterion-move", _CRITERION, None, OFFICER, _VERSION | {"direction": "down"}),
    Route("grants:criterion-remove", _CRITERION, OFFICER, OFFICER, _VERSION),
)
