"""Submitting: the deadline to the microsecond, once for each form, and what the receipt says."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from grants.domain import content
from grants.domain.change_request import ask_for_changes
from grants.domain.section import save_section
from grants.domain.submission import submit_proposal
from grants.enums import ProposalState
from grants.models import Answer, Attachment, ChangeRequest, Milestone, Proposal, Submission
from grants.workflow import PROPOSAL
from portal import clock
from portal.access import Refused
from portal.activity.models import Entry
from portal.documents.models import Document
from portal.mail.models import Message
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal, a_submitted_proposal, sign_everything
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
TEXT = "sustainability", "after-the-grant"


def a_key():
    return uuid4().hex


def submit(proposal, actor, *, key=None, at=NOON):
    return submit_proposal(proposal, actor=actor, at=at, key=key or a_key())


def rewrite(proposal, actor, text, *, version, at=NOON):
    """Change one answer, and have everybody sign again."""
    key, question = TEXT
    save_section(proposal, key, actor=actor, at=at, version=version, answers={question: text})
    sign_everything(Proposal.objects.get(pk=proposal.pk), actor, at=at)


def ask(proposal, officer, at, key):
    """The foundation asks to change one section, within five days."""
    row = Proposal.objects.get(pk=proposal.pk)
    due = at + timedelta(days=5)
    return ask_for_changes(row, actor=officer, at=at, note="Explain year 2.", due_at=due, items={key: "Say more."})


def answer(proposal):
    return Answer.objects.get(proposal=proposal, question__key=TEXT[1]).text


@pytest.fixture
def proposal(ana_applicant):
    return a_complete_proposal(a_site(ana_applicant, name="Harbor Promise"), actor=ana_applicant)


# --- what is frozen ---


def test_submission_freezes_the_whole_content_with_its_hash(proposal, ana_applicant):
    submission = submit(proposal, ana_applicant)

    assert (submission.number, submission.at, submission.by) == (1, NOON, ana_applicant)
    stored = Submission.objects.get().content
    spelled = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert submission.sha256 == hashlib.sha256(spelled).hexdigest()
    assert stored["coalition"]["name"] == "Harbor Promise"
    assert stored["budget"]["total"] == "1200000.00"
    assert [each["name"] for each in stored["sign_offs"]] == ["Dr. Miriam Okafor", "Tomás Rivera", "Grace Ellery"]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.submitted_at) == (ProposalState.SUBMITTED, NOON)


def test_submission_is_mailed_as_a_receipt_and_logged(proposal, ana_applicant):
    submission = submit(proposal, ana_applicant)

    message = Message.objects.get(template="proposal_receipt")
    assert message.to == ana_applicant.email
    assert f"Number: {proposal.reference}, submission 1" in message.text
    assert "Received: Mon 5 Oct 2026, 12:00 noon Eastern" in message.text
    assert f"Fingerprint (SHA-256): {submission.sha256}" in message.text
    assert Entry.objects.of(proposal).first().verb == "submit"


def test_submission_of_an_unfinished_proposal_says_what_is_missing(ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant), title="")

    with pytest.raises(Refused, match="Give the proposal a title"):
        submit(proposal, ana_applicant)
    assert Submission.objects.count() == 0


def test_submission_without_the_signatures_of_this_text_is_refused(proposal, ana_applicant):
    proposal.site.name = "Another name"
    proposal.site.save()
    fresh = Proposal.objects.get(pk=proposal.pk)
    names = " and ".join([", ".join(str(each) for each in ordered(fresh)[:2]), str(ordered(fresh)[2])])

    with refuses(f"{names} signed an earlier version. Ask for new signatures."):
        submit(fresh, ana_applicant)


def ordered(proposal):
    return [proposal.site.partners.get(kind=kind) for kind in ("district", "union", "community")]


def test_submission_from_a_viewers_seat_is_refused(proposal, sam_stranger):
    with refuses("You need a lead or contributor seat on Harbor Promise to write here."):
        submit(proposal, sam_stranger)


# --- doubles ---


def test_submission_of_the_same_form_twice_is_one(proposal, ana_applicant):
    key = a_key()

    first, second = submit(proposal, ana_applicant, key=key), submit(proposal, ana_applicant, key=key)

    assert first == second
    assert Submission.objects.count() == 1
    assert Message.objects.filter(template="proposal_receipt").count() == 1


def test_submission_retried_after_screening_returns_the_receipt(proposal, ana_applicant):
    key = a_key()
    first = submit(proposal, ana_applicant, key=key)
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.IN_REVIEW)

    assert submit(proposal, ana_applicant, key=key, at=NOON + timedelta(days=90)) == first


def test_submission_of_the_same_content_by_a_colleague_is_one(proposal, ana_applicant):
    assert submit(proposal, ana_applicant) == submit(proposal, ana_applicant)


def test_submission_key_of_another_proposal_does_not_matter(ana_applicant):
    key = a_key()
    one, other = a_complete_proposal(actor=ana_applicant), a_complete_proposal(actor=ana_applicant)

    assert submit(one, ana_applicant, key=key) != submit(other, ana_applicant, key=key)


def test_submission_key_twice_is_refused_by_the_database(proposal, ana_applicant):
    first = submit(proposal, ana_applicant)

    with pytest.raises(IntegrityError):
        Submission.objects.create(
            proposal=proposal, number=2, at=NOON, by=ana_applicant, content={}, sha256="0" * 64, key=first.key
        )


def test_submission_again_after_a_change_takes_the_next_number(proposal, ana_applicant):
    submit(proposal, ana_applicant)
    rewrite(proposal, ana_applicant, "A better text", version=1)

    second = submit(proposal, ana_applicant)

    assert second.number == 2
    assert list(proposal.submissions.values_list("number", flat=True)) == [1, 2]
    first = proposal.submissions.get(number=1)
    assert first.sha256 == content.digest(first.content) != second.sha256


# --- the deadline ---


@pytest.mark.parametrize("shift", [-MICROSECOND, timedelta(0)])
def test_submission_that_arrives_by_the_closing_instant_counts(shift, proposal, ana_applicant):
    closes = proposal.round.closes_at
    # The request waited for a lock: the clock has moved on, the instant it arrived has not.
    with clock.at(closes + timedelta(minutes=5)):
        submission = submit(proposal, ana_applicant, at=closes + shift)

    assert submission.at == closes + shift


def test_submission_that_arrives_a_microsecond_late_is_refused_and_the_draft_kept(proposal, ana_applicant):
    sentence = (
        "The call closed on Fri 30 Oct 2026, 5:00:00 pm Eastern. Your request reached us on Fri 30 Oct 2026, "
        "5:00:00 pm Eastern, less than a second too late. Your text is kept here."
    )

    with refuses(sentence):
        submit(proposal, ana_applicant, at=proposal.round.closes_at + MICROSECOND)
    proposal.refresh_from_db()
    assert (proposal.state, Submission.objects.count()) == (ProposalState.DRAFT, 0)


def test_submission_after_changes_were_asked_for_counts_after_the_deadline(proposal, ana_applicant, omar_officer):
    submit(proposal, ana_applicant)
    late = proposal.round.closes_at + timedelta(days=7)
    with clock.at(late):
        ask(proposal, omar_officer, late, TEXT[0])
        # The link to sign is made and used while the clock is late, too.
        rewrite(proposal, ana_applicant, "Year 2 explained", version=1, at=late)

        second = submit(proposal, ana_applicant, at=late)

    proposal.refresh_from_db()
    asked = ChangeRequest.objects.get()
    assert (second.number, proposal.state) == (2, ProposalState.SUBMITTED)
    assert (asked.answered_by, asked.closed_at) == (second, late)


def test_submission_unchanged_after_changes_were_asked_for_is_a_new_one(proposal, ana_applicant, omar_officer):
    submit(proposal, ana_applicant)
    late = proposal.round.closes_at + timedelta(days=7)
    with clock.at(late):
        ask(proposal, omar_officer, late, TEXT[0])

        assert submit(proposal, ana_applicant, at=late).number == 2


# --- what goes to review is what was submitted ---


def test_screening_goes_back_to_what_was_submitted_and_keeps_the_newer_text(ana_applicant, omar_officer):
    proposal = a_submitted_proposal(actor=ana_applicant)
    submitted = answer(proposal)
    rewrite(proposal, ana_applicant, "Written after submitting", version=1)
    Milestone.objects.filter(proposal=proposal).delete()
    document = Document.objects.create(
        name="late.pdf", content_type="application/pdf", size=1, sha256="0" * 64, file="aa/late",
        scan="none", quota_group="x", created_at=NOON,
    )  # fmt: skip
    Attachment.objects.create(proposal=proposal, document=document, title="Too late")
    late = proposal.round.closes_at + timedelta(days=1)

    with clock.at(late):
        row = PROPOSAL.perform(proposal, "screen_in", actor=omar_officer, at=late)

    assert answer(proposal) == submitted
    assert Milestone.objects.filter(proposal=proposal).count() == 3
    assert row.amount_requested == proposal.amount_requested
    assert list(proposal.attachments.current()) == []
    aside = {each["key"]: each["text"] for section in row.set_aside["sections"] for each in section["answers"]}
    assert aside[TEXT[1]] == "Written after submitting"


def test_screening_of_what_was_submitted_sets_nothing_aside(ana_applicant, omar_officer):
    proposal = a_submitted_proposal(actor=ana_applicant)
    late = proposal.round.closes_at + timedelta(days=1)

    with clock.at(late):
        row = PROPOSAL.perform(proposal, "screen_in", actor=omar_officer, at=late)

    assert (row.set_aside, row.screened_at) == (None, late)
    assert Message.objects.filter(template="proposal_in_review").count() == 1
