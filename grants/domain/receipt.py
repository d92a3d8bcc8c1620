"""The receipt of a submission: told to the whole team at once, and made as a PDF with every answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from grants import rules
from grants.domain import content
from grants.domain.queries.proposal import team_addresses
from grants.models import Submission
from grants.pdf.proposal import ProposalPrint, Receipt, proposal_pdf
from portal.access import Refused, demand
from portal.documents.domain import issuing
from portal.documents.models import Document
from portal.jobs.domain import JobFailed, enqueue, enqueue_first
from portal.jobs.models import Job
from portal.mail.domain import attach, send_each
from portal.pdf.bounded import produce
from portal.pdf.render import RenderFailed
from portal.words import when_words

RECEIPT_JOB = "receipt-pdf"
STEPS = 3
PDF = "application/pdf"
# How long the mail waits for its PDF, which takes a few seconds; after that it goes with the link alone.
PATIENCE = timedelta(seconds=90)


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
        progress(0, STEPS, "Putting the answers together")
        facts = facts_of(submission)
        progress(1, STEPS, "Setting the pages")
        try:
            pages = produce(proposal_pdf, facts, beat=lambda: progress(1, STEPS, "Setting the pages"))
        except RenderFailed as failure:
            raise JobFailed(str(failure)) from failure
        progress(2, STEPS, "Keeping the document")
        _keep(submission, f"{facts.name}.pdf", pages, actor=actor, finish=finish)
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


class _Known(Exception):
    """Another worker kept its copy first."""


def _keep(submission: Submission, name: str, pages: bytes, *, actor: Any, finish: Callable[[dict], None]) -> None:
    """Keep the document, unless another worker was quicker: then ours is taken back with the transaction."""
    at = submission.at
    try:
        with issuing(name, pages, PDF, at=at, actor=actor) as document:
            mine = Submission.objects.filter(pk=submission.pk, receipt=None)
            if not mine.update(receipt=document):
                raise _Known
            finish(outcome(submission))
            _send_now(submission, document)
    except _Known:
        pass


def _send_now(submission: Submission, document: Document) -> None:
    attach(_mail_key(submission), document, at=submission.at)


def _ask(submission: Submission, actor: Any, *, first: bool = False) -> Job:
    title = f"Receipt of {submission.proposal.reference}, submission {submission.number}"
    ask = enqueue_first if first else enqueue
    return ask(RECEIPT_JOB, actor=actor, key=str(submission.pk), title=title, submission=submission.pk)


def _mail_key(submission: Submission) -> str:
    return f"receipt:{submission.pk}"
