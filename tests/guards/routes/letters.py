"""The routes of screening and of the letters of decision."""

from tests.guards.routes.route import OFFICER, READERS, STAFF, Route

SCREENING = (
    Route("grants:screening-list", get=STAFF),
    Route("grants:screening-decide", (), OFFICER, OFFICER, {
        "proposal": "=ours.submitted.reference", "version": "=ours.submitted.version", "step": "screen_out",
        "comment": "Two districts applied as one.",
    }),
)  # fmt: skip

_LETTERS = ("=ours.approved.reference",)
_LETTER = (*_LETTERS, "=ours.chosen.proposal.reference")
_SENT = ("=ours.announced.reference", "=ours.told.proposal.reference")
_ROUND = ("=ours.approved.round.reference",)
_WORDS = {"subject": "The decision on {proposal}", "body": "Dear {leads},\n\nthank you."}
LETTERS = (
    Route("grants:letter-list", _LETTERS, STAFF, sees=STAFF),
    Route("grants:letter-prepare", _LETTERS, None, OFFICER, sees=STAFF),
    Route("grants:letter-release", _LETTERS, OFFICER, OFFICER, {
        "version": "=ours.approved.version", "letter": "=ours.chosen.proposal.reference",
    }, sees=STAFF),
    Route("grants:letter-detail", _LETTER, STAFF, OFFICER, {
        "version": "=ours.chosen.letter.version", "subject": "Good news", "body": "Dear all,\n\nwe fund you.",
    }, sees=STAFF),
    Route("grants:letter-reset", _LETTER, None, OFFICER, {"version": "=ours.chosen.letter.version"}, sees=STAFF),
    Route("grants:letter-send", _SENT, None, OFFICER, sees=STAFF),
    Route("grants:letter-send-again", (*_SENT, "=ours.told_mail.pk"), None, OFFICER, {}, sees=STAFF),
    Route("grants:feedback-points", _LETTER, OFFICER, OFFICER, {
        "version": "=ours.chosen.letter.version", "strength-1": "The partners decide together.",
    }, sees=STAFF),
    Route("grants:letter-template-list", _ROUND, STAFF),
    Route("grants:letter-template", (*_ROUND, "decline"), STAFF, OFFICER, {"version": "0", **_WORDS}),
    Route("grants:letter-template-reset", (*_ROUND, "decline"), OFFICER, OFFICER),
    Route("grants:proposal-letter", ("=ours.told.proposal.reference",), READERS, sees=READERS),
)  # fmt: skip
