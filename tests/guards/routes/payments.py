"""The routes of payments and their plans, conditions, refunds and batches, and of the reconciliation."""

from tests.guards.routes.route import AUDITOR, FINANCE, OFFICER, READERS, STAFF, Route, step_route

_DUE = {"amount": "10.00", "due_on": "2031-08-01"}

PAYMENTS = (
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
    step_route("grants:payment-step", "ours.paid", "void", FINANCE, READERS, step_up=True),
    Route("grants:payment-bulk", ("prepare",), FINANCE, FINANCE, {"payments": "=ours.payment.reference"}),
    Route("grants:payment-bulk", ("release",), FINANCE, FINANCE, {"payments": "=ours.prepared.reference"}, step_up=True),
    Route("grants:instalment-change", ("=ours.payment.reference",), FINANCE, FINANCE, {
        **_DUE, "version": "=ours.payment.version",
    }, sees=READERS),
    Route("grants:instalment-split", ("=ours.payment.reference",), FINANCE, FINANCE, {
        **_DUE, "version": "=ours.payment.version",
    }, sees=READERS),
    Route("grants:condition-new", ("=ours.payment.reference",), FINANCE | OFFICER, FINANCE | OFFICER, {
        "text": "The board has met.", "version": "=ours.payment.version",
    }, sees=READERS),
    *(
        Route("grants:condition-change", ("=ours.waiting.reference", "3", act), FINANCE | OFFICER, FINANCE | OFFICER, {
            "version": "=ours.waiting.version",
        }, sees=READERS)
        for act in ("met", "remove")
    ),
    Route("grants:refund-new", ("=ours.paid.reference",), FINANCE, FINANCE, {
        "amount": "10.00", "received_on": "2031-07-20", "bank_reference": "DEP 1", "reason": "Unspent.",
        "version": "=ours.paid.version",
    }, sees=READERS),
    Route("grants:batch-list", (), STAFF),
    Route("grants:batch-new", (), FINANCE, FINANCE, {"payments": "=ours.unbatched.reference"}),
    Route("grants:batch-detail", ("=ours.batch.reference",), STAFF, sees=STAFF),
    Route("grants:batch-paid", ("=ours.batch.reference",), FINANCE, FINANCE, sees=STAFF),
    Route("grants:batch-files-again", ("=ours.batch.reference",), None, FINANCE, {}, sees=STAFF),
    Route("grants:batch-file", ("=ours.batch.reference", "bank"), FINANCE | AUDITOR, FINANCE | AUDITOR, {},
          sees=STAFF, step_up=True),
    Route("grants:reconciliation", (), STAFF),
    Route("grants:reconciliation-export", ("csv",), None, STAFF, {}),
)  # fmt: skip
