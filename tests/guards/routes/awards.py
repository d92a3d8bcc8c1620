"""The routes of awards."""

from tests.guards.routes.route import DIRECTOR, LEAD, READERS, STAFF, Route, step_route

AWARDS = (
    Route("grants:award-list"),
    Route("grants:award-detail", ("=ours.award.reference",), READERS, sees=READERS),
    Route("grants:award-detail", ("=ours.secret.reference",), STAFF, sees=STAFF, note="not-announced"),
    step_route("grants:award-step", "ours.offered", "withdraw", LEAD, READERS),
    step_route("grants:award-step", "ours.award", "terminate", DIRECTOR, READERS),
)  # fmt: skip
