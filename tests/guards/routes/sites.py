"""The routes of coalitions."""

from tests.guards.routes.route import (
    ADMINISTRATOR,
    COALITIONS,
    EVERYBODY,
    LEAD,
    NOBODY,
    OFFICER,
    PEOPLE,
    READERS,
    STAFF,
    Route,
)

_SITE = ("=ours.site.reference",)
_OUR_PARTNER = (*_SITE, "=ours.friend.public_id")
_OUR_SEAT = (*_SITE, "=ours.seat.public_id")
_VIEWER = frozenset({"viewer"})
SITES = (
    Route("sites:site-list", get=STAFF),
    Route("sites:component-list", get=ADMINISTRATOR),
    Route("sites:component-edit", ("coherence",), ADMINISTRATOR, ADMINISTRATOR),
    Route("sites:issue-edit", ("accountability",), ADMINISTRATOR, ADMINISTRATOR),
    Route("sites:district-list", (), ADMINISTRATOR | OFFICER, ADMINISTRATOR | OFFICER),
    Route("sites:coalition-list"),
    Route("sites:coalition-new", get=COALITIONS, post=COALITIONS, data={"name": "North", "place": "Northton", "state": "MA"}),
    Route("sites:coalition-detail", _SITE, READERS, sees=READERS),
    Route("sites:coalition-edit", _SITE, LEAD, LEAD, sees=READERS, data={
        "name": "South", "place": "Southton", "state": "MA", "version": "=ours.site.version",
    }),
    Route("sites:coalition-fiscal-agent", _SITE, LEAD, LEAD, {"partner": "=ours.union.public_id"}, sees=READERS),
    Route("sites:partner-new", _SITE, LEAD, LEAD, {"kind": "community", "name": "Friends of Reading"}, sees=READERS),
    Route("sites:partner-edit", _OUR_PARTNER, LEAD, LEAD, sees=READERS, data={
        "name": "Friends of Books", "version": "=ours.friend.version",
    }),
    Route("sites:partner-remove", _OUR_PARTNER, LEAD, LEAD, {}, sees=READERS),
    Route("sites:school-list", _SITE, LEAD, LEAD, {"schools": "Reading School"}, sees=READERS),
    Route("sites:school-remove", _SITE, None, LEAD, {"schools": "=ours.school.public_id"}, sees=READERS),
    Route("sites:seat-detail", _OUR_SEAT, LEAD | _VIEWER, sees=READERS),
    Route("sites:seat-summary", _OUR_SEAT, LEAD | _VIEWER, LEAD | _VIEWER, {"note": "Call the library first."}, sees=READERS),
    Route("sites:seat-role", _OUR_SEAT, None, LEAD, {"role": "contributor"}, sees=READERS, told=_VIEWER),
    Route("sites:seat-hand-over", _OUR_SEAT, None, LEAD | _VIEWER, {"email": "next@invited.example"}, sees=READERS),
    Route("sites:seat-end", _OUR_SEAT, None, LEAD | _VIEWER, {}, sees=READERS),
    Route("sites:invitation-new", _SITE, LEAD, LEAD, {"email": "new@invited.example", "role": "viewer"}, sees=READERS),
    Route("sites:invitation-withdraw", (*_SITE, "=ours.invitation.public_id"), None, LEAD, {}, sees=READERS),
    Route("sites:invitation-again", (*_SITE, "=ours.invitation.public_id"), None, LEAD, {}, sees=READERS),
    Route("sites:invitation-answer", ("=ours.invitation.public_id",), NOBODY, NOBODY, sees=NOBODY, note="of-another-address"),
    Route("sites:invitation-detail", ("=ours.invited_token",), EVERYBODY, PEOPLE, refusal="login", note="of-another-address"),
)  # fmt: skip
