"""The routes of the pool of reviewers, the assignment and its progress."""

from tests.guards.routes.route import EVERYBODY, OFFICER, PEOPLE, REVIEWER, STAFF, STRANGER, Route

_KEEPERS = OFFICER | REVIEWER
_SEES = STAFF | REVIEWER
_PERSON = ("=ours.rated.public_id",)
_DISCLOSURE = (*_PERSON, "=ours.disclosure.public_id")
_ROUND = ("=ours.proposal.round.reference",)
_PROFILE = {"version": "0", "organization": "A university", "capacity": "6"}
_WHY = {"kind": "person", "name": "A friend", "relationship": "We are friends."}
_EMPTY = {"version": "0", "per_proposal": "3"}
REVIEWERS = (
    Route("grants:reviewer-list", get=STAFF),
    Route("grants:reviewer-invite", (), OFFICER, OFFICER, {"name": "Nia New", "email": "nia@university.example"}),
    Route("grants:reviewer-detail", _PERSON, _SEES, sees=_SEES),
    Route("grants:reviewer-edit", _PERSON, _KEEPERS, _KEEPERS, _PROFILE, sees=_SEES),
    Route("grants:reviewer-note", _PERSON, OFFICER, OFFICER, {"version": "0", "staff_note": "Prompt."}, sees=_SEES),
    Route("grants:disclosure-new", _PERSON, _KEEPERS, _KEEPERS, _WHY, sees=_SEES),
    Route("grants:disclosure-end", _DISCLOSURE, None, _KEEPERS, {}, sees=_SEES),
    Route("grants:reviewer-invitation-again", ("=ours.pool_invitation.public_id",), None, OFFICER, {}),
    Route("grants:reviewer-invitation-withdraw", ("=ours.pool_invitation.public_id",), None, OFFICER, {}),
    Route("grants:reviewer-invitation-answer", ("=ours.pool_invitation.public_id",), STRANGER, STRANGER, {},
          sees=STRANGER),
    Route("grants:reviewer-invitation", ("=theirs.pool_token",), EVERYBODY, PEOPLE, refusal="login",
          note="of-another-address"),
    Route("grants:assignment-board", _ROUND, STAFF, OFFICER, _EMPTY),
    Route("grants:assignment-send", ("=ours.plan.round.reference",), OFFICER, OFFICER, {"version": "=ours.plan.version"}),
    Route("grants:assignment-drop", ("=ours.plan.round.reference",), None, OFFICER, {"version": "=ours.plan.version"}),
    Route("grants:assignment-sent", ("=ours.sent_plan.round.reference", "=ours.sent_plan.reference"), STAFF),
    Route("grants:review-progress", _ROUND, STAFF),
    Route("grants:review-progress-export", _ROUND, STAFF, STAFF, {}, step_up=True),
    Route("grants:reviewer-remind", (*_ROUND, "=staff.reviewer.public_id"), None, OFFICER, {}),
    Route("grants:review-move", ("=ours.asked.reference",), OFFICER, OFFICER,
          {"reviewer": "=staff.other_reviewer.pk"}, sees=_SEES),
)  # fmt: skip
