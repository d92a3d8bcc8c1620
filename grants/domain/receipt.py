"""The receipt of a submission: told to the whole team at once, and made as a PDF with every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse

from grants import rules
from grants.domain import content
from grants.domain.issued import PATIENCE, issue_once
from grants.domain.queries.proposal import team_addresses
from grants.models import Submission
from grants.pdf.proposal import ProposalPrint, Receipt, proposal_pdf
from portal.access import Refused, demand
from portal.documents.models import Document
from portal.jobs.domain import enqueue, enqueue_first
from portal.jobs.models import Job
from portal.mail.domain import attach, send_each
from portal.words import when_words

RECEIPT_JOB = "receipt-pdf"


def promise_receipt(submission: Submission, *, actor: Any) -> None:
    """In the act of submitting: the mail to everybody on the team who may act, and the job that makes the PDF."""
    proposal = submission.proposal
    send_each(
        "proposal_receipt",
        team_addresses(proposal),
        context={
            "proposal": proposal,
            "round": proposal.round,
            "submission": submission,
            "when": when_words(submission.at, proposal.round.time_zone),
        },
        key=_mail_key(submission),
        due_at=submission.at + PATIENCE,
    )
    _ask(submission, actor, first=True)


def remake_receipt(submission: Submission, *, actor: Any) -> Job:
    """Ask for the PDF once more, after its job failed. Raises `Refused` when it is there, or the person may not."""
    demand(rules.may_ask_for_receipt(submission.proposal, actor))
    if submission.receipt_id is not None:
        raise Refused("The PDF of this receipt is there already.")
    return _ask(submission, actor)


def issue_receipt(
    submission: Submission, *, actor: Any, progress: Callable[..., None], finish: Callable[[dict], None]
) -> dict[str, str]:
    """Make and keep the one PDF of a submission, put it to the mails that wait for it, and say where it is.

    However often it runs, also twice at once, there is one. Raises JobFailed with a sentence when it cannot be made.
    """
    if submission.receipt_id is None:

        def claim(document: Document) -> int:
            claimed = Submission.objects.filter(pk=submission.pk, receipt=None).update(receipt=document)
            if claimed:
                finish(outcome(submission))
                attach(_mail_key(submission), document, at=submission.at)
            return claimed

        issue_once(
            proposal_pdf, lambda: facts_of(submission), at=submission.at, actor=actor, claim=claim, progress=progress
        )  # fmt: skip
    return outcome(submission)


def facts_of(submission: Submission) -> ProposalPrint:
    """What the receipt says, from the frozen row and the portal's names alone, so that it is repeatable."""
    earlier = submission.proposal.submissions.filter(number__lt=submission.number).order_by("-number")
    return ProposalPrint(
        portal=settings.PORTAL_NAME,
        foundation=settings.FOUNDATION_NAME,
        content=submission.content,
        canonical=content.canonical(submission.content),
        time_zone=submission.proposal.round.time_zone,
        printed_at=submission.at,
        receipt=Receipt(
            number=submission.number,
            at=submission.at,
            by=submission.by.name or submission.by.email,
            sha256=submission.sha256,
            earlier=tuple(earlier.values_list("number", "at")),
        ),
    )


def outcome(submission: Submission) -> dict[str, str]:
    """Where the PDF is, for the job's page."""
    url = reverse("grants:submission-pdf", args=[submission.proposal.reference, submission.number])
    return {"url": url, "label": "Download the receipt"}


def _ask(submission: Submission, actor: Any, *, first: bool = False) -> Job:
    title = f"Receipt of {submission.proposal.reference}, submission {submission.number}"
    ask = enqueue_first if first else enqueue
    return ask(RECEIPT_JOB, actor=actor, key=str(submission.pk), title=title, submission=submission.pk)


def _mail_key(submission: Submission) -> str:
    return f"receipt:{submission.pk}"
