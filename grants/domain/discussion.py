"""Discussing a proposal: staff open a thread and close it, its reviewers write and may score again meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.queries import discussion as queries
from grants.models import Discussion, DiscussionPost, Proposal, Review
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.mail.domain import send
from portal.record import lock
from portal.words import tidy

LONGEST = 20_000  # characters


def open_discussion(proposal: Proposal, question: str, *, actor: Any, at: datetime) -> Discussion:
    """Ask the reviewers of a proposal a question; each who submitted a review is written to, without any score.

    Locks the proposal, so that two officers who press at once open one discussion: the second is refused. Raises
    ValidationError keyed `question` for an empty or very long one.
    """
    demand(rules.may_lead_discussions(proposal, actor))
    text = _checked(question, "question", "Write what the reviewers should talk about.")
    with transaction.atomic():
        row = lock(proposal)
        if queries.discussion_of(row.pk) is not None:
            raise Refused("This proposal has a discussion already.")
        obstacles = queries.obstacles_to_opening(row)
        if obstacles:
            raise Refused(*obstacles)
        opened = Discussion.objects.create(proposal=row, question=text, opened_by=actor, opened_at=at)
        people = queries.taking_part(queries.everybody(row.pk))
        _tell("discussion_opened", people, row, key=f"discussion-opened:{row.reference}")
        record(
            row,
            "open_discussion",
            actor=actor,
            at=at,
            summary=f"{actor} opened a discussion among its reviewers.",
            facts={"reviewers": len(people), "question": text},
        )
    return opened


def write_post(
    discussion: Discussion, text: str, *, actor: Any, at: datetime, key: str, review: Review | None = None
) -> DiscussionPost:
    """Add to the thread, for good: as the reviewer of `review`, or without one as staff.

    `key` is the random one the form carried: the same text of the same form again returns the post there is. The others
    are written to, without what was said, at most once in an hour of the clock. Raises ValidationError keyed `text`.
    """
    if review is None:
        demand(rules.may_speak_in_discussions(discussion, actor))
    else:
        demand(rules.may_discuss(review, actor))
        if review.proposal_id != discussion.proposal_id:
            raise Refused("This review is of another proposal.")
    said = _checked(text, "text", "Write something first.")
    public_id = uuid5(UUID(key), f"{discussion.pk} {actor.pk} {said}")
    with transaction.atomic():
        proposal = lock(discussion.proposal)
        known = DiscussionPost.objects.filter(public_id=public_id).first()
        if known is not None:
            return known
        row = Discussion.objects.select_related("opened_by").get(pk=discussion.pk)
        obstacles = queries.obstacles_to_writing(row, proposal)
        if obstacles:
            raise Refused(*obstacles)
        post = DiscussionPost.objects.create(public_id=public_id, discussion=row, author=actor, text=said, at=at)
        people = queries.everybody(proposal.pk)
        others = [each for each in queries.taking_part(people) if each.review.reviewer_id != actor.pk]
        hour = f"{proposal.reference}:{at:%Y-%m-%dT%H}"
        _tell("discussion_post", others, proposal, key=f"discussion-post:{hour}")
        if row.opened_by_id != actor.pk and row.opened_by.is_active:
            send(
                "discussion_post_staff",
                row.opened_by.email,
                context={"proposal": proposal},
                key=f"discussion-post-staff:{hour}",
            )
        by = "A reviewer" if any(each.review.reviewer_id == actor.pk for each in people) else str(actor)
        record(
            proposal,
            "write_discussion_post",
            actor=actor,
            at=at,
            summary=f"{by} wrote in the discussion among its reviewers.",
            facts={"post": str(public_id)},
        )
    return post


def close_discussion(discussion: Discussion, *, actor: Any, at: datetime) -> Discussion:
    """End the discussion; whoever is scoring again then is asked by mail to submit. Closing twice closes once."""
    demand(rules.may_lead_discussions(discussion, actor))
    with transaction.atomic():
        proposal = lock(discussion.proposal)
        row = Discussion.objects.get(pk=discussion.pk)
        if row.closed_at is not None:
            return row
        row.closed_by, row.closed_at = actor, at
        row.save(update_fields=["closed_by", "closed_at"])
        unfinished = [each for each in queries.taking_part(queries.everybody(proposal.pk)) if each.scores_again]
        _tell("discussion_closed", unfinished, proposal, key=f"discussion-closed:{proposal.reference}:{at.isoformat()}")
        record(
            proposal,
            "close_discussion",
            actor=actor,
            at=at,
            summary=f"{actor} closed the discussion among its reviewers.",
            facts={"scoring_again": len(unfinished)},
        )
    return row


def clear_mark(review: Review, *, actor, at, comment) -> None:
    """Effect of `rescore`: the mark counts again once the review is submitted again; what was submitted stays frozen."""
    review.submitted_at = review.weighted_mean = None


def _checked(text: str, field: str, when_empty: str) -> str:
    text = tidy(text).strip()
    if not text:
        raise ValidationError({field: when_empty})
    if len(text) > LONGEST:
        raise ValidationError({field: f"Shorten this to {LONGEST:,} characters."})
    return text


def _tell(template: str, people: list[queries.Participant], proposal: Proposal, *, key: str) -> None:
    """Write to reviewers: by their review's number, because in a blind round not even a title may be told."""
    for each in people:
        facts = {"review": each.review, "reviewer": each.review.reviewer, "round": proposal.round}
        send(template, each.review.reviewer.email, context=facts, key=f"{key}:{each.review.reference}")
