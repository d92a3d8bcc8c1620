"""The routes of amendments, versions, close-out and the archive."""

from tests.guards.routes.route import DIRECTOR, LEAD, OFFICER, READERS, STAFF, TEAM, Route, step_route

_EXTENSION = {"reason": "The schools opened late.", "ends_on": "2033-03-31"}

AMENDMENTS = (
    Route("grants:amendment-list"),
    Route("grants:amendment-detail", ("=ours.plea.reference",), READERS, sees=READERS),
    Route("grants:amendment-detail", ("=ours.change.reference",), TEAM, sees=TEAM, note="draft"),
    Route("grants:amendment-change", ("=ours.change.reference",), LEAD, LEAD, {
        **_EXTENSION, "version": "=ours.change.version",
    }, sees=TEAM),
    Route("grants:amendment-request", ("=ours.change.reference",), None, LEAD, {
        "version": "=ours.change.version",
    }, sees=TEAM),
    step_route("grants:amendment-step", "ours.plea", "recommend", OFFICER, READERS),
    step_route("grants:amendment-step", "ours.plea", "decline", OFFICER | DIRECTOR, READERS),
    step_route("grants:amendment-step", "ours.plea", "withdraw", LEAD, READERS),
    step_route("grants:amendment-step", "ours.put_forward", "approve", DIRECTOR, READERS, step_up=True),
    step_route("grants:amendment-step", "ours.newcomer", "agree", OFFICER, READERS),
    Route("grants:award-amendments", ("=ours.award.reference",), READERS, sees=READERS),
    Route("grants:amendment-new", ("=ours.award.reference", "extend"), LEAD, LEAD, _EXTENSION, sees=READERS),
    Route("grants:award-versions", ("=ours.award.reference",), READERS, sees=READERS),
    Route("grants:close-out", ("=ours.award.reference",), READERS, OFFICER, {
        "unspent": "0", "property": "on", "property_note": "The schools keep it.", "version": "0",
    }, sees=READERS),
    Route("grants:award-close", ("=ours.settled.reference",), OFFICER, OFFICER, {
        "version": "=ours.settled.version",
    }, sees=READERS),
    Route("grants:legal-hold", ("=ours.award.reference",), STAFF, OFFICER | DIRECTOR, {
        "act": "place", "reason": "A lawsuit.",
    }, sees=READERS),
    Route("grants:archive-list", (), STAFF),
)  # fmt: skip
