"""The proposal of a review as a PDF for its reviewer to read offline, made by a job and lent for some days."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from grants import rules
from grants.domain.queries.blind import reading_of
from grants.domain.queries.reading_copy import READING_JOB, key_of
from grants.domain.queries.review import rubric, spoken_anchors
from grants.models import ReadingCopy, Review
from grants.pdf.facts import RubricLine
from grants.pdf.reading import ReadingPrint, reading_pdf
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.documents.domain import lending
from portal.jobs.domain import JobFailed, enqueue
from portal.jobs.models import Job
from portal.pdf.bounded import produce
from portal.pdf.render import RenderFailed

KEPT_FOR = timedelta(days=14)
PDF = "application/pdf"
STEPS = 2


def ask_for_reading_copy(review: Review, *, actor: Any) -> Job:
    """Have the PDF made; the same job again while one is on it. Raises `Refused` before the conflict question is answered."""
    demand(rules.may_answer_review(review, actor))
    demand(rules.may_read_for_review(review, actor))
    title = f"Reading copy for review {review.reference}"
    return enqueue(READING_JOB, actor=actor, key=key_of(review), title=title, review=review.pk)


def make_reading_copy(
    review: Review, *, actor: Any, at: datetime, progress: Callable[..., None], finish: Callable[[dict], None]
) -> dict[str, str]:
    """Set the pages and lend them to the reviewer. Returns what the job says came of it.

    Raises JobFailed when it cannot be made, or the reviewer stepped back meanwhile.
    """
    try:
        demand(rules.may_answer_review(review, actor))
        demand(rules.may_read_for_review(review, actor))
    except Refused as refusal:
        raise JobFailed(str(refusal)) from refusal
    progress(0, STEPS, "Putting the answers together")
    facts = facts_of(review, at=at)
    progress(1, STEPS, "Setting the pages")
    try:
        pages = produce(reading_pdf, facts, beat=lambda: progress(1, STEPS, "Setting the pages"))
    except RenderFailed as failure:
        raise JobFailed(str(failure)) from failure
    with lending(f"{facts.name}.pdf", io.BytesIO(pages), PDF, at=at, until=at + KEPT_FOR, actor=actor) as document:
        copy = ReadingCopy.objects.create(review=review, document=document, made_at=at)
        url = reverse("grants:reading-copy", args=[review.reference, copy.public_id])
        outcome = {"url": url, "label": "Download the reading copy"}
        finish(outcome)
        record(review, "take_reading_copy", actor=actor, at=at, summary="Reading copy made for its reviewer.")
    return outcome


def facts_of(review: Review, *, at: datetime) -> ReadingPrint:
    """What the copy says: never more than the reviewer's page, and small groups protected for staff who review too.

    Raises JobFailed when the proposal was never submitted.
    """
    reading = reading_of(review, review.reviewer, outside=True)
    if reading.content is None:
        raise JobFailed("Nothing of this proposal was submitted yet.")
    round_, proposal = review.rubric_round, review.proposal
    neutral = f"Proposal {proposal.reference}"
    return ReadingPrint(
        portal=settings.PORTAL_NAME,
        foundation=settings.FOUNDATION_NAME,
        round=str(round_),
        review=review.reference,
        proposal=proposal.reference,
        heading=neutral if review.is_blind else reading.content["title"].strip() or neutral,
        reader=str(review.reviewer),
        content=reading.content,
        blind=review.is_blind,
        rubric=tuple(_line(row.criterion, round_.top_score) for row in rubric(review)),
        top_score=round_.top_score,
        due_on=review.due_on,
        time_zone=round_.time_zone,
        printed_at=at,
    )


def _line(criterion, top_score: int) -> RubricLine:
    anchors = spoken_anchors(criterion, top_score).items()
    return RubricLine(
        criterion.name, criterion.description, criterion.weight, tuple((str(score), words) for score, words in anchors)
    )
