"""The routes of awards and payments."""

from tests.guards.routes.route import DIRECTOR, FINANCE, LEAD, OFFICER, READERS, STAFF, Route, step_route

AWARDS = (
    Route("grants:award-list"),
    Route("grants:award-detail", ("=ours.award.reference",), READERS, sees=READERS),
    Route("grants:award-detail", ("=ours.secret.reference",), STAFF, sees=STAFF, note="not-announced"),
    step_route("grants:award-step", "ours.offered", "withdraw", LEAD, READERS),
    step_route("grants:award-step", "ours.award", "terminate", DIRECTOR, READERS),
    Route("grants:payment-schedule", ("=ours.award.reference", "1"), FINANCE, FINANCE, sees=READERS),
    Route("grants:payment-list"),
    Route("grants:payment-detail", ("=ours.payment.reference",), READERS, sees=READERS),
    Route("grants:payment-record-paid", ("=ours.cleared.reference",), FINANCE, FINANCE, {
        "paid_on": "2031-07-18", "bank_reference": "ACH 1", "version": "=ours.cleared.version",
    }, sees=READERS),
    step_route("grants:payment-step", "ours.payment", "prepare", FINANCE, READERS),
    step_route("grants:payment-step", "ours.prepared", "release", FINANCE, READERS, step_up=True),
    step_route("grants:payment-step", "ours.prepared", "send_back", FINANCE, READERS),
    step_route("grants:payment-step", "ours.payment", "hold", FINANCE | OFFICER, READERS),
    step_route("grants:payment-step", "ours.payment", "cancel", FINANCE, READERS),
)  # fmt: skip
