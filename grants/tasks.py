"""What workers do for calls and proposals."""

from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.urls import reverse

from grants.domain import completeness, progress_note, reminder
from grants.domain.agreement_document import AGREEMENT_JOB, issue_document
from grants.domain.agreement_reminder import remind_parties
from grants.domain.assignment import PROPOSE_JOB, SEND_JOB, carry_out_plan, compute_plan
from grants.domain.batch_files import make_batch_files
from grants.domain.call_edition import make_call_files
from grants.domain.call_file import CALL_FILES_JOB
from grants.domain.call_file import refresh_call_files as refresh
from grants.domain.docket_book import make_book
from grants.domain.extension import TELL_JOB, tell_round
from grants.domain.queries.batch import FILES_JOB, Line
from grants.domain.queries.docket_book import BOOK_JOB
from grants.domain.queries.extension import teams_to_tell
from grants.domain.queries.question_version import changes_in, drafts_carried_over, told_changes
from grants.domain.question_version import TELL_JOB as TELL_OF_QUESTIONS
from grants.domain.question_version import tell_team_of
from grants.domain.reading_copy import READING_JOB, make_reading_copy
from grants.domain.receipt import RECEIPT_JOB, issue_receipt
from grants.domain.record_copy import RECORD_JOB, make_record
from grants.domain.review_reminder import remind_reviewers
from grants.domain.signoff_reminder import remind_signatories as remind
from grants.models import (
    Agreement,
    AssignmentPlan,
    Docket,
    Extension,
    FundingRound,
    PaymentBatch,
    Proposal,
    QuestionVersion,
    Review,
    Submission,
)
from portal import clock
from portal.access import Refused
from portal.jobs.domain import JobFailed, handles

# Messages written in one transaction: the database is not kept from those who save their proposals meanwhile.
AT_ONCE = 50


# The worker gives a sign of life every five seconds, so a dead one is noticed soon.
@handles(RECEIPT_JOB, lease=timedelta(seconds=20))
def make_receipt_pdf(job, progress):
    """Issue the receipt of the submission the job names."""
    submission = Submission.objects.select_related("proposal__round", "by").get(pk=job.facts["submission"])
    return issue_receipt(submission, actor=job.created_by, progress=progress, finish=progress.finish)


@handles(AGREEMENT_JOB, lease=timedelta(seconds=20))
def make_agreement_pdf(job, progress):
    """Issue the one of the two PDFs of an agreement that the job names."""
    rows = Agreement.objects.select_related("award__round", "award__site", "countersigned_by")
    agreement = rows.get(pk=job.facts["agreement"])
    return issue_document(
        agreement, job.facts["which"], actor=job.created_by, progress=progress, finish=progress.finish
    )  # fmt: skip


@handles(TELL_OF_QUESTIONS)
def tell_of_questions(job, progress):
    """Write to every team whose draft was carried over to a new version of the questions."""
    version = QuestionVersion.objects.select_related("round").get(pk=job.facts["version"])
    changes = told_changes(changes_in(version.round, version.number))
    drafts = drafts_carried_over(version.round).filter(created_at__lt=version.published_at)
    teams = list(drafts.select_related("round", "site").order_by("pk"))
    for start in range(0, len(teams), AT_ONCE):
        with transaction.atomic():
            for proposal in teams[start : start + AT_ONCE]:
                tell_team_of(version, proposal, changes)
                completeness.recount(proposal, at=clock.now())
        progress(min(start + AT_ONCE, len(teams)), len(teams), "teams told")
    return {}


@handles(TELL_JOB)
def tell_teams(job, progress):
    """Write to every team of a round that its closing moved."""
    extension = Extension.objects.select_related("round").get(pk=job.facts["extension"])
    people = teams_to_tell(extension.round)
    for start in range(0, len(people), AT_ONCE):
        with transaction.atomic():
            tell_round(extension, people[start : start + AT_ONCE])
        progress(min(start + AT_ONCE, len(people)), len(people), "messages written")
    return {}


@handles(CALL_FILES_JOB, lease=timedelta(seconds=20))
def make_files_of_a_call(job, progress):
    """Make the PDF and the Word template of the call the job names, as the call reads now."""
    round_ = FundingRound.objects.get(reference=job.facts["round"])
    return make_call_files(round_, actor=job.created_by, at=clock.now(), progress=progress)


@shared_task
def refresh_call_files() -> None:
    """Ask for the files of calls that changed since theirs were made."""
    refresh(at=clock.now())


@shared_task
def tell_of_closing() -> None:
    """Tell the teams of calls that have closed how many proposals came and what comes next."""
    progress_note.tell_of_closing(at=clock.now())


@shared_task
def remind_signatories() -> None:
    """Remind the signatories whose moment has come, of proposals and of agreements."""
    remind(at=clock.now())
    remind_parties(at=clock.now())


@shared_task
def remind_teams() -> None:
    """Remind the teams whose deadline comes near."""
    reminder.remind(at=clock.now())


@shared_task
def remind_of_reviews() -> None:
    """Remind the reviewers whose reviews are due."""
    remind_reviewers(at=clock.now())


@shared_task
def count_again() -> None:
    """Count the finished sections of the drafts whose numbers may be old."""
    completeness.recount_oldest(at=clock.now())


@handles(RECORD_JOB, lease=timedelta(seconds=30))
def make_record_of_a_proposal(job, progress):
    """Put everything about the proposal the job names into one file."""
    proposal = Proposal.objects.select_related("round", "site").get(pk=job.facts["proposal"])
    return make_record(proposal, actor=job.created_by, at=clock.now(), progress=progress, finish=progress.finish)


@handles(FILES_JOB, lease=timedelta(seconds=20))
def make_files_of_a_batch(job, progress):
    """Write the bank file and the journal of the batch the job names, as the payments stood when it was made."""
    batch = PaymentBatch.objects.get(pk=job.facts["batch"])
    lines = [Line.of(stored) for stored in job.facts["lines"]]
    return make_batch_files(batch, lines, actor=job.created_by, at=clock.now(), progress=progress)


@handles(BOOK_JOB, lease=timedelta(seconds=30))
def make_docket_book(job, progress):
    """Make the board's book of the docket the job names, as it stands now."""
    dockets = Docket.objects.select_related("round", "prepared_by", "sent_by", "approved_by")
    docket = dockets.get(reference=job.facts["docket"])
    return make_book(docket, actor=job.created_by, at=clock.now(), progress=progress, finish=progress.finish)


@handles(PROPOSE_JOB)
def propose_assignment(job, progress):
    """Fill what is open in the plan the job names."""
    plan = AssignmentPlan.objects.get(pk=job.facts["plan"])
    try:
        plan = compute_plan(plan, actor=job.created_by, at=clock.now(), progress=progress)
    except Refused as refusal:
        raise JobFailed(str(refusal)) from refusal
    return {"url": reverse("grants:assignment-board", args=[plan.round.reference]), "label": "See the board"}


@handles(SEND_JOB, lease=timedelta(seconds=30))
def send_assignment(job, progress):
    """Ask for every review of the plan the job names."""
    plan = AssignmentPlan.objects.select_related("round", "sent_by").get(pk=job.facts["plan"])
    carry_out_plan(plan, progress=progress)
    url = reverse("grants:assignment-sent", args=[plan.round.reference, plan.reference])
    return {"url": url, "label": "See what came of it"}


@handles(READING_JOB, lease=timedelta(seconds=30))
def make_copy_for_a_reviewer(job, progress):
    """Put the proposal of the review the job names into a PDF for reading offline."""
    reviews = Review.objects.select_related("proposal__round", "proposal__site", "calibration__round", "reviewer")
    review = reviews.get(pk=job.facts["review"])
    return make_reading_copy(review, actor=job.created_by, at=clock.now(), progress=progress, finish=progress.finish)
