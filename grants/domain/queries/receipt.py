"""How far the PDF of a receipt is."""

from __future__ import annotations

from typing import Any

from grants import rules
from grants.domain.queries.issued import IssuedPdf, pdf_of
from grants.domain.receipt import RECEIPT_JOB
from grants.models import Submission


def receipt_pdf_of(submission: Submission, user: Any) -> IssuedPdf:
    """For anybody who may read the submission. At most two queries."""
    return pdf_of(
        RECEIPT_JOB, str(submission.pk), user, ready=submission.receipt_id is not None,
        may_ask_again=rules.may_ask_for_receipt(submission.proposal, user),
    )  # fmt: skip
