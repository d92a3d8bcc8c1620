"""Submitting: freezing what a proposal says, once, with a receipt; and going back to what was frozen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from grants.domain import content
from grants.domain.baseline import restore_baseline
from grants.domain.budget import restore_budget, state_of_content
from grants.domain.queries.change_request import still_open
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.queries.proposal import may_submit_at
from grants.domain.receipt import promise_receipt
from grants.models import Answer, Attachment, ChangeRequest, Milestone, Proposal, ProposalSection, Submission
from grants.workflow import PROPOSAL
from portal.access import Refused, demand
from portal.certain import certain


class AlreadySubmitted(Refused):
    """This form, or exactly this content, was submitted before: `submission` is the one there is."""

    def __init__(self, submission: Submission):
        self.submission = submission
        super().__init__(f"This was already submitted as number {submission.number}.")


def submit_proposal(proposal: Proposal, *, actor: Any, at: datetime, key: str) -> Submission:
    """Submit what the proposal says now; `at` is when the request arrived, `key` the random key its form carried.

    The same key, or the same content again, returns the submission there is. Raises `Refused` when something is
    missing, the call has closed before `at`, or the person may not.
    """
    try:
        row = PROPOSAL.perform(proposal, "submit", actor=actor, at=at, key=key)
    except AlreadySubmitted as known:
        return known.submission
    except Refused:
        # The answer to the first click got lost, and the proposal has moved on since.
        before = proposal.submissions.filter(key=_key(proposal, key)).first()
        if before is None:
            raise
        return before
    return certain(dossier_of(row).submission)


def freeze(proposal: Proposal, *, actor: Any, at: datetime, comment: str, key: str) -> None:
    """Effect of `submit`, on the locked row: the deadline by `at`, then the next submission and its receipts.

    Raises `AlreadySubmitted` for a key or a content that is there already, which undoes the step.
    """
    # Nothing was submitted before the row says so, which spares the rush on deadline day a query.
    before = list(proposal.submissions.order_by("number").defer("content")) if proposal.submitted_at else []
    key = _key(proposal, key)
    for each in before:
        if each.key == key:
            raise AlreadySubmitted(each)
    # The step has moved the state already, so the request it answers is asked for by its own row.
    asked = dossier_of(proposal).change_request = still_open(proposal) if before else None
    demand(may_submit_at(proposal, at))
    frozen = content.build(proposal)
    sha256 = content.digest(frozen)
    if before and asked is None and before[-1].sha256 == sha256:
        raise AlreadySubmitted(before[-1])
    submission = Submission(
        proposal=proposal,
        number=before[-1].number + 1 if before else 1,
        at=at,
        by=actor,
        content=frozen,
        sha256=sha256,
        key=key,
    )
    submission.save(force_insert=True)
    dossier_of(proposal).submission = submission
    proposal.submitted_at = at
    # Nothing is missing, or this step would not have come so far.
    proposal.sections_done = proposal.sections_total = len(dossier_of(proposal).parts)
    proposal.sections_counted_at = at
    if asked is not None:
        ChangeRequest.objects.filter(pk=asked.pk).update(answered_by=submission, closed_at=at)
    promise_receipt(submission, actor=actor)


def restore_submitted(proposal: Proposal, *, at: datetime) -> int:
    """Put back what was submitted last where the team wrote on without submitting, and set its newer text aside.

    What reviewers, dockets and awards read from the rows is then what was submitted. The caller saves the proposal.
    Returns the number of the submission.
    """
    last = proposal.submissions.latest("number")
    submitted = last.content
    newest = content.build(proposal)
    if _own_part(newest) == _own_part(submitted):
        return last.number
    proposal.set_aside = newest
    proposal.title = submitted["title"]
    proposal.key_issues.set([each["code"] for each in submitted["key_issues"]])
    _restore_answers(proposal, submitted["sections"])
    _restore_milestones(proposal, submitted["sections"])
    restore_baseline(proposal, {"tables": submitted["baseline"]})
    restore_budget(proposal, state_of_content(submitted["budget"]))
    ProposalSection.objects.filter(proposal=proposal).exclude(held={}).update(held={})
    named = [each["document"] for each in submitted["attachments"]]
    files = Attachment.objects.filter(proposal=proposal)
    # A slot has room for one file: the newer one goes before the submitted one comes back.
    files.current().exclude(document__in=named).update(removed_at=at)
    files.filter(document__in=named).update(removed_at=None)
    forget_dossier(proposal)
    return last.number


def _own_part(whole: dict[str, Any]) -> dict[str, Any]:
    """What the team wrote in the proposal itself; the coalition's record and the signatures live elsewhere."""
    return {name: whole[name] for name in ("title", "key_issues", "sections", "baseline", "budget", "attachments")}


def _restore_answers(proposal: Proposal, sections: list[dict[str, Any]]) -> None:
    asked = proposal.round.questions.of_version(proposal.questions_version)
    questions = dict(asked.values_list("key", "pk"))
    Answer.objects.filter(proposal=proposal, question__in=questions.values()).delete()
    Answer.objects.bulk_create(
        Answer(proposal=proposal, question_id=questions[each["key"]], text=each["text"])
        for section in sections
        for each in section["answers"]
    )


def _restore_milestones(proposal: Proposal, sections: list[dict[str, Any]]) -> None:
    Milestone.objects.filter(proposal=proposal).delete()
    Milestone.objects.bulk_create(
        Milestone(proposal=proposal, component_id=section["component"], **each)
        for section in sections
        for each in section["milestones"]
    )


def _key(proposal: Proposal, key: str) -> str:
    """The stored key: of this proposal, whatever another proposal's form carried. Raises ValueError for no UUID."""
    return f"{proposal.reference}:{UUID(key).hex}"
