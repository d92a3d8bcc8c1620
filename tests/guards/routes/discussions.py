"""The routes of the review matrix, of reviews side by side and of discussions among reviewers."""

from tests.guards.routes.route import DIRECTOR, OFFICER, REVIEWER, STAFF, Route, step_route

_ROUND = ("=ours.discussed.round.reference",)
_PROPOSAL = ("=ours.discussed.reference",)
_HIS = STAFF | REVIEWER
_SAID = {"text": "I go by the tables.", "key": "0e6ff9c2-3f4b-4c1c-8b55-6a1ad8f1e0aa"}
DISCUSSIONS = (
    Route("grants:round-matrix", _ROUND, STAFF),
    Route("grants:matrix-export", _ROUND, STAFF, STAFF, {"kind": "csv"}, step_up=True),
    Route("grants:proposal-reviews", _PROPOSAL, STAFF),
    Route("grants:proposal-discussion", _PROPOSAL, STAFF, OFFICER | DIRECTOR, _SAID, note="open"),
    Route("grants:proposal-discussion", ("=ours.undiscussed.reference",), STAFF, OFFICER, {
        "question": "Is the need shown?",
    }, note="none-yet"),
    Route("grants:discussion-close", _PROPOSAL, OFFICER, OFFICER, {}),
    Route("grants:review-discussion", ("=ours.opinion.reference",), REVIEWER, REVIEWER, _SAID, sees=_HIS),
    step_route("grants:review-step", "ours.opinion", "rescore", REVIEWER, _HIS),
)  # fmt: skip
