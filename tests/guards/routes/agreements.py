"""The routes of agreements: of an award's pages, and the private link of a partner."""

from tests.guards.routes.route import DIRECTOR, EVERYBODY, LEAD, OFFICER, READERS, STAFF, Route

_OFFERED, _DRAFT = ("=ours.offered.reference",), ("=ours.drafted.award.reference",)
_OUT, _SIGNED = ("=ours.out.award.reference",), ("=ours.signed.award.reference",)
_IN_FORCE = ("=ours.in_force.award.reference",)
_LINK = ("=ours.agree_token",)

AGREEMENTS = (
    Route("grants:agreement-detail", _OUT, READERS, sees=READERS),
    Route("grants:agreement-detail", _OFFERED, READERS, sees=READERS, note="none-yet"),
    Route("grants:agreement-numbered", (*_IN_FORCE, "1"), READERS, sees=READERS),
    Route("grants:agreement-numbered", (*_DRAFT, "1"), STAFF, sees=STAFF, note="draft"),
    Route("grants:agreement-write", _OFFERED, OFFICER, OFFICER, {"terms": "As usual.", "version": "0"}, sees=READERS),
    Route("grants:agreement-send", _DRAFT, None, OFFICER, {"version": "=ours.drafted.version"}, sees=READERS),
    Route("grants:agreement-ask", _OUT, None, OFFICER | LEAD, {"partner": "=ours.union.public_id"}, sees=READERS),
    Route("grants:agreement-signatory", (*_OUT, "=ours.union.public_id"), OFFICER | LEAD, OFFICER | LEAD, {
        "signatory_name": "Nora Next", "signatory_email": "nora@next.example",
    }, sees=READERS),
    Route("grants:agreement-countersign", _SIGNED, DIRECTOR, DIRECTOR, {
        "title": "Director", "agree": "on", "content_sha256": "=ours.signed.sha256", "version": "=ours.signed.version",
    }, sees=READERS, step_up=True),
    Route("grants:agreement-replace", _OUT, OFFICER, OFFICER, {
        "because": "The dates are wrong.", "version": "=ours.out.version",
    }, sees=READERS),
    Route("grants:agreement-pdf", (*_OUT, "1"), READERS, sees=READERS),
    Route("grants:agreement-signed-pdf", (*_IN_FORCE, "1"), READERS, sees=READERS),
    Route("grants:agreement-content", (*_OUT, "1"), READERS, sees=READERS),
    Route("grants:agreement-pdf-again", _OUT, None, OFFICER, sees=READERS),
    Route("grants:agree", _LINK, EVERYBODY, EVERYBODY, {
        "answer": "decline", "decline-signed_name": "Grace Ellery", "decline-decline_reason": "We were not asked.",
    }),
    Route("grants:agree-pdf", _LINK, EVERYBODY),
)  # fmt: skip
