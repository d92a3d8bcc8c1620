"""Reading feedback: what reviewers wrote that staff may choose from, and whether a text names one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grants.enums import ReviewState
from grants.models import Proposal, Review


@dataclass(frozen=True)
class Comment:
    """Something a reviewer wrote for the record or the applicant; never a private note, never with a name."""

    key: str
    reviewer: str
    about: str
    text: str


def comments_on(proposal: Proposal) -> list[Comment]:
    """The comments for the applicant and the reasons of the submitted reviews, review by review. Two queries."""
    reviews = Review.objects.real().filter(proposal=proposal, state=ReviewState.SUBMITTED).defer("private_notes")
    found = []
    for number, review in enumerate(reviews.prefetch_related("scores__criterion").order_by("submitted_at", "pk"), 1):
        who = f"Reviewer {number}"
        if review.feedback.strip():
            found.append(Comment(f"for-{review.pk}", who, "For the applicant", review.feedback.strip()))
        for score in review.scores.all():
            if score.reason.strip():
                about = f"{score.criterion}, {score.points} of {proposal.round.top_score}"
                found.append(Comment(f"why-{score.pk}", who, about, score.reason.strip()))
    return found


def named_reviewers(proposal: Proposal, text: str) -> list[str]:
    """The reviewers of a proposal whose full name stands in a text, whatever its case. One query."""
    people = Review.objects.filter(proposal=proposal).order_by("pk").values_list("reviewer__name", flat=True)
    flat = " ".join(text.split())
    return [
        name
        for name in dict.fromkeys(people)
        if name.strip() and re.search(rf"(?<!\w){re.escape(' '.join(name.split()))}(?!\w)", flat, re.IGNORECASE)
    ]
