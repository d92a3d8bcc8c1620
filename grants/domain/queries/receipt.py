"""How far the PDF of a receipt is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grants import rules
from grants.domain.receipt import RECEIPT_JOB
from grants.models import Submission
from portal.jobs.enums import JobState
from portal.jobs.models import Job


@dataclass(frozen=True)
class ReceiptPdf:
    """`ready`; or being made, by `job` where this person may see it; or `failed`, and perhaps theirs to ask `again`."""

    ready: bool
    job: Job | None = None
    failed: bool = False
    again: bool = False


def receipt_pdf_of(submission: Submission, user: Any) -> ReceiptPdf:
    """For anybody who may read the submission; the job itself is shown to those who may see jobs. At most two queries."""
    if submission.receipt_id is not None:
        return ReceiptPdf(ready=True)
    jobs = Job.objects.filter(kind=RECEIPT_JOB, key=str(submission.pk)).order_by("-created_at")
    latest = jobs.first()
    if latest is None or (not latest.is_live and latest.state != JobState.DONE):
        again = bool(rules.may_ask_for_receipt(submission.proposal, user))
        return ReceiptPdf(ready=False, failed=True, again=again)
    return ReceiptPdf(ready=False, job=Job.objects.visible_to(user).filter(pk=latest.pk).first())
