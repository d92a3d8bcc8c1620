"""The routes of proposals."""

from tests.guards.routes.route import (
    EVERYBODY,
    LEAD,
    NOBODY,
    OFFICER,
    READERS,
    SPENDERS,
    STAFF,
    TEAM,
    WRITERS,
    Route,
    step_route,
)

_DRAFT = ("=ours.draft.reference",)
_FILE = "=ours.attachment.document.pk"
_SIGN = ("=ours.token",)
_BASELINE = ("mathematics", "3-8", "2030-31")
_TABLE = {
    "subject": "science",
    "grade_band": "3-8",
    "school_year": "2030-31",
    "levels": "2",
    "name_1": "Below",
    "name_2": "At",
    "proficient_from": "2",
    "white-1": "40",
    "white-2": "60",
    "version": "1",
}
PROPOSALS = (
    Route("grants:proposal-list"),
    Route("grants:proposal-export", (), STAFF, STAFF, {}, step_up=True),
    Route("grants:proposal-detail", _DRAFT, READERS, sees=READERS, note="draft"),
    Route("grants:proposal-detail", ("=ours.proposal.reference",), READERS, sees=READERS, note="in-review"),
    Route("grants:proposal-content", _DRAFT, READERS, sees=READERS),
    Route("grants:proposal-set-aside", _DRAFT, NOBODY, sees=NOBODY, note="nothing-set-aside"),
    Route("grants:proposal-budget", _DRAFT, READERS, SPENDERS, sees=READERS, data={
        "collaboration-personnel-1": "1000", "version": "0",
    }),
    Route("grants:budget-import", _DRAFT, READERS, SPENDERS, sees=READERS),
    Route("grants:budget-template", _DRAFT, READERS, sees=READERS),
    Route("grants:proposal-baseline", _DRAFT, READERS, sees=READERS),
    Route("grants:baseline-new", _DRAFT, READERS, WRITERS, _TABLE, sees=READERS),
    Route("grants:baseline-import", _DRAFT, READERS, WRITERS, sees=READERS),
    Route("grants:baseline-edit", (*_DRAFT, *_BASELINE), READERS, WRITERS, {
        **_TABLE, "subject": "mathematics",
    }, sees=READERS),
    Route("grants:baseline-remove", (*_DRAFT, *_BASELINE), READERS, WRITERS, {"confirm": "1"}, sees=READERS),
    Route("grants:proposal-attachments", _DRAFT, READERS, WRITERS, sees=READERS),
    Route("grants:proposal-signoffs", _DRAFT, READERS, WRITERS, {"partner": "=ours.partner.public_id"}, sees=READERS),
    Route("grants:signoff-replace", (*_DRAFT, "=ours.partner.public_id"), LEAD, LEAD, sees=READERS, data={
        "signatory_name": "Nora Next", "signatory_email": "nora@next.example",
    }),
    Route("grants:proposal-section", (*_DRAFT, "need"), READERS, WRITERS, {"version": "0"}, sees=READERS),
    Route("grants:proposal-here", (*_DRAFT, "need"), None, WRITERS, sees=READERS),
    Route("grants:proposal-here", (*_DRAFT, "budget"), None, SPENDERS, sees=READERS),
    Route("grants:revision-list", (*_DRAFT, "sustainability"), TEAM, sees=READERS),
    Route("grants:revision-detail", (*_DRAFT, "sustainability", "1"), TEAM, WRITERS, {"version": "2"}, sees=READERS),
    Route("grants:attachment", (*_DRAFT, _FILE), READERS, sees=READERS, note="of-a-draft"),
    Route("grants:attachment-remove", (*_DRAFT, _FILE), WRITERS, WRITERS, {}, sees=READERS),
    Route("grants:proposal-extend", _DRAFT, OFFICER, OFFICER, sees=READERS, data={
        "until": "2031-08-30T17:00", "reason": "A storm.", "version": "=ours.draft.version", "confirmed": "yes",
    }),
    Route("grants:proposal-ask-time", _DRAFT, WRITERS, WRITERS, sees=READERS),
    Route("grants:proposal-changes", ("=ours.submitted.reference",), READERS, sees=READERS),
    Route("grants:proposal-changes-drop", ("=ours.submitted.reference",), WRITERS, WRITERS, sees=READERS),
    Route("grants:proposal-submit", _DRAFT, WRITERS, WRITERS, sees=READERS),
    Route("grants:submission-detail", ("=ours.submitted.reference", "1"), READERS, sees=READERS),
    Route("grants:submission-content", ("=ours.submitted.reference", "1"), READERS, sees=READERS),
    Route("grants:submission-pdf", ("=ours.submitted.reference", "1"), READERS, sees=READERS),
    Route("grants:submission-pdf-again", ("=ours.submitted.reference", "1"), None, WRITERS | OFFICER, sees=READERS),
    Route("grants:proposal-record", ("=ours.submitted.reference",), READERS, READERS, {}, sees=READERS),
    Route("grants:record-copy", ("=ours.submitted.reference", "=ours.copy.public_id"), READERS, sees=READERS),
    Route("grants:sign", _SIGN, EVERYBODY, EVERYBODY, {
        "answer": "decline", "decline-signed_name": "Grace Ellery", "decline-decline_reason": "We were not asked.",
    }),
    Route("grants:sign-file", (*_SIGN, _FILE), EVERYBODY),
    step_route("grants:proposal-step", "ours.draft", "withdraw", WRITERS, READERS),
    Route("grants:proposal-step", ("=ours.submitted.reference", "screen_in"), OFFICER, OFFICER, {
        "version": "=ours.submitted.version", "known": "on", "mark": "=ours.screening.mark",
    }, sees=READERS),
    step_route("grants:proposal-step", "ours.submitted", "screen_out", OFFICER, READERS),
    step_route("grants:proposal-step", "ours.returned", "close_changes", OFFICER, READERS),
    Route("grants:change-request-new", ("=ours.submitted.reference",), OFFICER, OFFICER, sees=READERS, data={
        "version": "=ours.submitted.version", "note": "A question", "ask_budget": "on", "what_budget": "Explain year 2.",
        "due_at": "2031-08-20T17:00", "confirmed": "yes",
    }),
    Route("grants:change-request-extend", ("=ours.returned.reference",), OFFICER, OFFICER, sees=READERS, data={
        "due_at": "2031-08-20T17:00",
    }),
    Route("grants:proposal-messages", _DRAFT, READERS, SPENDERS | OFFICER, sees=READERS, data={
        "text": "Who signs for the union?", "key": "0123456789abcdef0123456789abcdef",
    }),
    Route("grants:message-settle", (*_DRAFT, "=ours.question_of_officer.public_id"), None, SPENDERS, {}, sees=READERS),
    Route("grants:proposal-status", _DRAFT, READERS, sees=READERS),
    Route("grants:submission-changes", ("=ours.returned.reference", "2"), READERS, sees=READERS),
)  # fmt: skip
