"""Work in progress that the demo leaves out, so that its pages can be looked at, too. Runs inside the portal."""

import json
import re
from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count
from django.urls import reverse

from grants import tasks  # noqa: F401 - registers the handlers, as a worker does
from grants.domain.attachment import attach
from grants.domain.call_file import CALL_FILES_JOB, refresh_call_files
from grants.domain.change_request import ask_for_changes
from grants.domain.criterion import add_criterion
from grants.domain.docket import prepare_docket
from grants.domain.message import write_message
from grants.domain.question import add_question
from grants.domain.receipt import RECEIPT_JOB
from grants.domain.record_copy import RECORD_JOB, ask_for_record
from grants.domain.round import FIELDS, create_round
from grants.domain.signoff import request_sign_off
from grants.domain.slot import add_slot
from grants.enums import PaymentState, ProposalState, QuestionKind, Section
from grants.models import FundingRound, Payment, Proposal
from grants.workflow import PAYMENT
from portal import clock
from portal.accounts.domain.person import deactivate
from portal.accounts.models import User
from portal.demo.acts import ANCHORS
from portal.jobs.domain import run
from portal.jobs.models import Job
from portal.mail.models import Message
from reporting.domain.report import PDF_JOB
from reporting.enums import ReportState
from reporting.models import AnnualReport, Indicator
from sites.domain.invitation import accept_invitation, invite
from sites.enums import SeatRole
from tests.browser.agreements import agree
from tests.factories.proposals import ProposalFactory
from tests.factories.rounds import RoundFactory
from tests.guards.world import second_factors
from tests.portal.documents.files import PDF


def begin() -> None:
    """A draft round, a docket, an attachment, payments, jobs, a closed account; prints where else to look, as JSON."""
    at = clock.now()
    people = {person.email.partition("@")[0]: person for person in User.objects.all()}
    omar = {"actor": people["omar"], "at": at}
    call = FundingRound.objects.open_at(at).latest("closes_at")
    facts = {name: getattr(call, name) for name in FIELDS} | {
        "name": "Next year's call",
        "opens_at": at + timedelta(days=9),
    }
    draft = create_round(**omar, **facts)
    add_question(draft, **omar, section=Section.ROUND, kind=QuestionKind.TEXT, prompt="What else?", word_limit=100)
    add_criterion(draft, **omar, name="Courage", description="Is it bold?", weight=1, anchors=ANCHORS)
    waiting = Proposal.objects.filter(state=ProposalState.IN_REVIEW).select_related("round").first()
    prepare_docket(waiting.round, **omar, title="Next board docket")
    mine = Proposal.objects.filter(state=ProposalState.DRAFT, site__seats__holder=people["ana"]).get()
    attach(mine, SimpleUploadedFile("letter.pdf", PDF), title="Letter of support", actor=people["ana"], at=at)
    prepared = Payment.objects.filter(state=PaymentState.PREPARED).get()
    PAYMENT.perform(prepared, "release", actor=people["finn"], at=at)
    cancelled = Payment.objects.filter(state=PaymentState.SCHEDULED).select_related("award_year__award").last()
    PAYMENT.perform(cancelled, "cancel", actor=people["fay"], at=at, comment="In two parts.")
    jobs = Job.objects.filter(kind=PDF_JOB)[:2]
    year = cancelled.award_year
    also = {
        "fay": [reverse("grants:payment-schedule", args=[year.award.reference, year.number])],
        "omar": [job.get_absolute_url() for job in jobs],
    }
    also["omar"] += _of_rounds(draft, call, omar)
    deactivate(people["gwen"], reason="Moved away.", actor=people["ada"], at=at)
    also["omar"] += _asked_to_change(mine.site, people, at)
    also |= _of_submissions(people, mine, at)
    _papers(mine, people["ana"], at)
    passkey = second_factors(people["ruth"])
    code = people["ruth"].authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0]
    also |= _rarely_linked(people, mine, passkey, at)
    for who, paths in agree(people, at).items():
        also[who] = [*also.get(who, ()), *paths]
    print(json.dumps({"code": code, "also": also}))


def _of_rounds(draft, call, omar) -> list[str]:
    """A document a draft asks for, and a question prepared for a call that is open."""
    slot = add_slot(draft, **omar, name="Floor plan")
    add_question(call, **omar, section=Section.ROUND, kind=QuestionKind.TEXT, prompt="Who cleans?", word_limit=50)
    steps = [reverse(f"grants:slot-{step}", args=[draft.reference, slot.public_id]) for step in ("edit", "remove")]
    steps += [reverse(f"grants:question-{step}", args=[call.reference]) for step in ("publish", "drop")]
    steps += [reverse(f"grants:{page}", args=[draft.reference]) for page in ("round-detail", "criterion-list")]
    oldest = FundingRound.objects.earliest("closes_at")
    return [*steps, reverse("grants:round-step", args=[oldest.reference, "decide"])]


def _of_submissions(people, draft, at) -> dict[str, list[str]]:
    """What was changed since a submission and between two, as a colleague reads it who joined that team."""
    submitted = Proposal.objects.filter(round__closes_at__gt=at, state=ProposalState.SUBMITTED)
    since, twice = submitted.annotate(times=Count("submissions")).order_by("times")
    lead = since.site.seats.get().holder
    joined = invite(since.site, email=people["hugo"].email, role=SeatRole.CONTRIBUTOR, actor=lead, at=at)
    accept_invitation(joined, actor=people["hugo"], at=at)
    return {
        "hugo": [reverse(f"grants:proposal-{page}", args=[since.reference]) for page in ("changes", "changes-drop")],
        "otto": [reverse("grants:submission-changes", args=[twice.reference, 2])],
        "ana": [reverse("grants:proposal-ask-time", args=[draft.reference])],
    }


def _asked_to_change(site, people, at) -> list[str]:
    """A proposal with a question to answer and changes to make, of a call that closed last week."""
    call = RoundFactory(created_by=people["omar"], opens_at=at - timedelta(days=40), closes_at=at - timedelta(days=7))
    returned = ProposalFactory(
        round=call,
        site=site,
        started_by=people["ana"],
        state=ProposalState.SUBMITTED,
        submitted_at=at - timedelta(days=9),
    )
    items = {"need": "Which year are the numbers from?", "budget": "Why does year 2 cost more?"}
    due_at = at + timedelta(days=9)
    ask_for_changes(returned, actor=people["omar"], at=at, note="Two questions.", due_at=due_at, items=items)
    write_message(returned, "Who leads the meetings?", actor=people["omar"], at=at, key=uuid4().hex)
    return [reverse("grants:change-request-extend", args=[returned.reference])]


def _papers(draft, ana, at) -> None:
    """What a worker leaves behind: the files of the calls, the receipts, the record of one proposal."""
    refresh_call_files(at=at)
    ask_for_record(draft, actor=ana)
    for job in Job.objects.live().filter(kind__in=[CALL_FILES_JOB, RECEIPT_JOB, RECORD_JOB]):
        run(str(job.pk))


def _rarely_linked(people, draft, passkey, at) -> dict[str, list[str]]:
    """Pages a walk of two records of each kind would miss, by who looks at them."""
    waiting = Proposal.objects.filter(site__seats__holder=people["chen"]).get()
    returned = Indicator.objects.filter(report__state=ReportState.RETURNED).select_related("report").get()
    submitted = AnnualReport.objects.filter(state=ReportState.SUBMITTED, site__seats__holder=people["lea"]).get()
    asked = request_sign_off(draft, draft.site.partners.first(), actor=people["ana"], at=at)
    mail = Message.objects.filter(to=asked.email).latest("created_at")
    invite(draft.site, email="nia@demo.example", role=SeatRole.VIEWER, actor=people["ana"], at=at)
    invited = Message.objects.filter(to="nia@demo.example").latest("created_at")
    test = [returned.report.reference, returned.subject, returned.grade_band]
    return {
        "visitor": re.findall(r"/(?:sign|invitations)/[\w-]+/", mail.text + invited.text),
        "chen": [reverse("grants:proposal-submit", args=[waiting.reference])],
        "petra": [
            reverse("reporting:indicator-new", args=test[:1]),
            reverse("reporting:indicator-edit", args=test),
            reverse("reporting:indicator-remove", args=test),
        ],
        "lea": [reverse("reporting:report-submitted", args=[submitted.reference])],
        "ada": [reverse("accounts:person-detail", args=[people[who].public_id]) for who in ("gwen", "omar")]
        + [reverse("accounts:person-role-revoke", args=[people["omar"].public_id, "officer"])]
        + [reverse("accounts:person-reactivate", args=[people["gwen"].public_id])],
        "ruth": [
            reverse(name)
            for name in (
                "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_list_webauthn", "mfa_view_recovery_codes",
                "mfa_generate_recovery_codes", "mfa_deactivate_totp",
            )
        ]
        + [reverse(name, args=[passkey.pk]) for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")],
    }  # fmt: skip
