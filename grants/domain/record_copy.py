"""Everything about a proposal as one zip, for its team and for staff, made by a job and kept for some days."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from grants import rules
from grants.domain import content, receipt
from grants.domain.queries.letter import released_of
from grants.domain.queries.proposal_state import applicant_state
from grants.domain.record_files import RecordFiles, safe_name
from grants.enums import ProposalState
from grants.models import Agreement, Attachment, Proposal, RecordCopy, Submission
from grants.pdf.proposal import ProposalPrint, proposal_pdf
from portal.access import demand
from portal.activity.domain import record
from portal.certain import certain
from portal.documents.domain import lending
from portal.jobs.domain import JobFailed, enqueue
from portal.jobs.models import Job
from portal.pdf.bounded import produce
from portal.pdf.render import RenderFailed
from portal.words import counted, when_words

RECORD_JOB = "proposal-record"
ZIP = "application/zip"
KEPT_FOR = timedelta(days=7)
DRAFT = "Draft, not submitted"

Progress = Callable[..., None]


def ask_for_record(proposal: Proposal, *, actor: Any) -> Job:
    """Have everything about the proposal put into one file; the same job again while one of theirs is on it.

    Raises `Refused` when the person may not have it.
    """
    demand(rules.may_take_record(proposal, actor))
    title = f"Record of {proposal.reference}"
    key = f"{proposal.pk}:{actor.pk}"
    return enqueue(RECORD_JOB, actor=actor, key=key, title=title, proposal=proposal.pk)


def make_record(
    proposal: Proposal, *, actor: Any, at: datetime, progress: Progress, finish: Callable[[dict], None]
) -> dict[str, str]:
    """Write the zip to a temporary file, then lend it. Returns what the job says came of it.

    Memory holds one document at a time. Raises JobFailed when a PDF in it cannot be made, and `Refused` when the
    person lost their place meanwhile.
    """
    demand(rules.may_take_record(proposal, actor))
    with tempfile.TemporaryFile() as file:
        _write(RecordFiles(zipfile.ZipFile(file, "w"), proposal.reference, at), proposal, progress)
        until = at + KEPT_FOR
        name = f"{proposal.reference}-record.zip"
        with lending(name, file, ZIP, at=at, until=until, actor=actor) as document:
            copy = RecordCopy.objects.create(proposal=proposal, document=document, asked_by=actor, made_at=at)
            outcome = {"url": reverse("grants:record-copy", args=[proposal.reference, copy.public_id])}
            outcome["label"] = "Download the record"
            finish(outcome)
            record(proposal, "take_record", actor=actor, at=at, summary=f"Record made into one file for {actor}.")
    return outcome


def mark_of(proposal: Proposal, says: dict[str, Any], last: Submission | None) -> str:
    """What stands on every page of a proposal printed as it is now: whether this is what was submitted."""
    if proposal.state == ProposalState.WITHDRAWN:
        return "Withdrawn"
    if last is None:
        return DRAFT
    same = last.sha256 == content.digest(says)
    return f"As submitted, number {last.number}" if same else f"Changed since submission {last.number}, not submitted"


def print_now(proposal: Proposal, at: datetime) -> ProposalPrint:
    """The proposal as it stands, to print."""
    says = content.build(proposal)
    return ProposalPrint(
        portal=settings.PORTAL_NAME,
        foundation=settings.FOUNDATION_NAME,
        content=says,
        canonical=content.canonical(says),
        time_zone=proposal.round.time_zone,
        printed_at=at,
        mark=mark_of(proposal, says, proposal.submissions.order_by("-number").first()),
    )


def _write(files: RecordFiles, proposal: Proposal, progress: Progress) -> None:
    numbers = list(proposal.submissions.order_by("number").values_list("number", flat=True))
    # Current ones first, then what a submission named and was removed since.
    kept = Attachment.objects.filter(proposal=proposal).order_by(F("removed_at").asc(nulls_first=True), "pk")
    attachments = list(kept.select_related("document"))
    total, done = 2 + len(numbers) + len(attachments), 0

    def step(sentence: str) -> None:
        nonlocal done
        progress(done, total, sentence)
        done += 1

    step("The proposal as it stands")
    now = print_now(proposal, files.at)
    files.add("proposal-now.pdf", _pdf(now, progress, done, total), f"The proposal as it stands. {now.mark}.")
    files.add("proposal-now.json", now.canonical, "The same as JSON")
    if proposal.set_aside is not None:
        files.add("never-submitted.json", content.canonical(proposal.set_aside), "What was changed but never submitted")
    for number in numbers:
        step(f"Submission {number}")
        _submission(files, proposal, number, lambda facts: _pdf(facts, progress, done, total))
    for place, each in enumerate(attachments, 1):
        step(f"Attachment {place} of {len(attachments)}")
        folder = "attachments" if each.removed_at is None else "attachments-removed"
        files.add_document(f"{folder}/{place:02}-{safe_name(each.document.name)}", each.document, each.title)
    step("Messages and the index")
    _letters(files, proposal)
    add_letters(files, proposal)
    _agreements(files, proposal)
    files.close(_opening(proposal, files.at, len(numbers)))
    progress(total, total, "Keeping the file")


def _submission(files: RecordFiles, proposal: Proposal, number: int, make: Callable[[ProposalPrint], bytes]) -> None:
    submission = proposal.submissions.select_related("by", "receipt").get(number=number)
    submission.proposal = proposal
    when = when_words(submission.at, proposal.round.time_zone)
    path, what = f"submission-{number}/receipt.pdf", f"Submission {number}, received {when}"
    if submission.receipt is not None:
        files.add_document(path, submission.receipt, what)
    else:
        files.add(path, make(receipt.facts_of(submission)), what)
    frozen = content.canonical(submission.content)
    files.add(f"submission-{number}/content.json", frozen, "The same as JSON: its fingerprint is the receipt's")


def _letters(files: RecordFiles, proposal: Proposal) -> None:
    """Messages and requests for changes as plain text, the oldest first; left out when there are none."""
    zone = proposal.round.time_zone
    messages = [
        f"{when_words(each.sent_at, zone)}, {each.author} ({'the foundation' if each.from_foundation else 'the team'}):"
        f"\n{each.text}\n"
        for each in proposal.messages.select_related("author").order_by("sent_at", "pk")
    ]
    if messages:
        files.add("messages.txt", _text(messages), counted(len(messages), "message"))
    asked = []
    for each in proposal.change_requests.prefetch_related("items").order_by("pk"):
        items = "\n".join(f"- {item.section}: {item.what}" for item in each.items.all())
        head = f"{when_words(each.asked_at, zone)}, to be done by {when_words(each.due_at, zone)}"
        asked.append(f"{head}:\n{each.note}\n{items}\n")
    if asked:
        files.add("changes-asked.txt", _text(asked), "What the foundation asked to change")


def add_letters(files: RecordFiles, proposal: Proposal) -> None:
    """The released letters of decision, the newest first; one that is still to come is a secret of the foundation."""
    zone = proposal.round.time_zone
    for number, letter in enumerate(released_of(proposal), 1):
        when = when_words(certain(letter.released_at), zone)
        words = f"{letter.subject}\n{when}\n\n{letter.body}\n"
        files.add(f"letter-{number}.txt", _text([words]), f"Letter of {when}")


def _agreements(files: RecordFiles, proposal: Proposal) -> None:
    """The agreements of its award that were sent out, each as sent, as JSON, and with all signatures."""
    rows = Agreement.objects.filter(award__proposal=proposal, sent_at__isnull=False).order_by("number")
    for each in rows.select_related("document", "signed_document"):
        folder, what = f"agreement-{each.number}", f"Agreement {each.reference}"
        if each.document is not None:
            files.add_document(f"{folder}/agreement.pdf", each.document, f"{what}, as sent to the partners")
        files.add(f"{folder}/content.json", content.canonical(certain(each.content)), "The same as JSON")
        if each.signed_document is not None:
            files.add_document(f"{folder}/signed.pdf", each.signed_document, f"{what}, with all signatures")


def _text(parts: list[str]) -> bytes:
    return "\n".join(parts).replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8-sig")


def _opening(proposal: Proposal, at: datetime, submissions: int) -> str:
    return "\r\n".join(
        [
            f"{proposal} ({proposal.reference})",
            f"{proposal.round.name} ({proposal.round.reference}), {proposal.site}",
            f"State: {applicant_state(proposal).label}. {counted(submissions, 'submission')}.",
            f"Everything {settings.PORTAL_NAME} held on {when_words(at, proposal.round.time_zone)}.",
            "It may hold numbers of small student groups: keep it within the team and the foundation.",
        ]
    )


def _pdf(facts: ProposalPrint, progress: Progress, done: int, total: int) -> bytes:
    try:
        return produce(proposal_pdf, facts, beat=lambda: progress(done, total, "Setting pages"))
    except RenderFailed as failure:
        raise JobFailed(str(failure)) from failure
