"""Asking for changes: what is open meanwhile, more time, going on without; and what the team is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from grants.domain.attachment import attach
from grants.domain.budget import save_budget
from grants.domain.change_request import ask_for_changes, extend_request
from grants.domain.content import build
from grants.domain.queries.change_request import (
    may_change_part,
    open_request,
    requests_of,
    titles_of,
    wanted_of,
)
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.proposal import may_change, may_submit_at
from grants.domain.section import save_section
from grants.domain.signoff import request_sign_off
from grants.domain.submission import submit_proposal
from grants.enums import ProposalState
from grants.models import Answer, ChangeRequest, Proposal
from grants.workflow import PROPOSAL
from portal import clock
from portal.activity.models import Entry
from portal.mail.models import Message
from portal.record import Stale
from sites.models import School
from tests.conftest import NOON
from tests.factories.proposals import CHANGES_DUE, ProposalFactory, a_budget, a_submitted_proposal, ask, sign_everything
from tests.factories.sites import a_site
from tests.portal.documents.files import PDF
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
AFTER = "sustainability", "after-the-grant"
KEY = "0123456789abcdef0123456789abcdef"
ONLY_AFTER = (
    "Only “After the grant” is open for changes until Sun 8 Nov 2026, 5:00 pm Eastern. "
    "Everything else stays as you submitted it."
)


@pytest.fixture
def proposal(ana_applicant):
    return a_submitted_proposal(a_site(ana_applicant, name="Harbor Promise"), actor=ana_applicant)


@pytest.fixture
def late(proposal):
    """A day after the call has closed, on the clock as well."""
    moment = proposal.round.closes_at + timedelta(days=1)
    with clock.at(moment):
        yield moment


def asking(proposal, officer, at, *, due_at=CHANGES_DUE, note="Two questions.", items=None, version=None):
    items = {AFTER[0]: "Who pays in year 6?"} if items is None else items
    row = Proposal.objects.select_related("round", "site").get(pk=proposal.pk)
    return ask_for_changes(row, actor=officer, at=at, note=note, due_at=due_at, items=items, version=version)


def fresh(proposal):
    return Proposal.objects.select_related("round", "site").get(pk=proposal.pk)


def write(proposal, actor, text, *, at):
    row = fresh(proposal)
    saved = dossier_of(row).saved[AFTER[0]]
    return save_section(row, AFTER[0], actor=actor, at=at, version=saved.version, answers={AFTER[1]: text})


# --- asking ---


def test_changes_asked_for_return_the_proposal_with_a_request_and_a_mail(
    proposal, late, ana_applicant, omar_officer, ben_colleague
):
    asked = asking(proposal, omar_officer, late, items={"sustainability": "Who pays?", "budget": "Explain year 2."})

    row = fresh(proposal)
    assert row.state == ProposalState.RETURNED
    assert (asked.note, asked.due_at, asked.asked_by, asked.asked_at) == (
        "Two questions.", CHANGES_DUE, omar_officer, late,
    )  # fmt: skip
    assert [(each.section, each.what) for each in asked.items.all()] == [
        ("budget", "Explain year 2."), ("sustainability", "Who pays?"),
    ]  # fmt: skip
    message = Message.objects.get(template="proposal_returned")
    assert message.to == ana_applicant.email
    assert message.subject.startswith("Please change your proposal by Sun 8 Nov 2026, 5:00 pm Eastern: ")
    for text in (
        "Omar Officer read",
        "Two questions.",
        "Five-year budget:\nExplain year 2.",
        "After the grant:\nWho pays?",
    ):
        assert text in message.text
    assert Entry.objects.of(row).filter(verb="return").get().facts["comment"] == "Two questions."


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"note": " "}, "note", "Write a few words to the team; they open the mail with them."),
        ({"items": {}}, "items", "Choose at least one section of this proposal."),
        ({"items": {"nowhere": "Hm"}}, "items", "Choose at least one section of this proposal."),
        ({"items": {"need": "  "}}, "what_need", "Say what to change here; the team reads it."),
        ({"due_at": NOON}, "due_at", "Choose a moment that is still to come."),
    ],
)
def test_changes_asked_for_incompletely_are_refused_beside_the_field(
    proposal, late, omar_officer, facts, field, sentence
):
    with pytest.raises(ValidationError) as raised:
        asking(proposal, omar_officer, late, **facts)

    assert raised.value.message_dict == {field: [sentence]}
    assert fresh(proposal).state == ProposalState.SUBMITTED


def test_changes_are_asked_for_by_officers_of_a_submitted_closed_proposal(proposal, omar_officer, dina_director):
    with (
        clock.at(NOON),
        refuses("The call is open until Fri 30 Oct 2026, 5:00 pm Eastern; the team may still change its proposal."),
    ):
        asking(proposal, omar_officer, NOON)
    with refuses("Only program officers screen proposals."):
        asking(proposal, dina_director, NOON)


def test_changes_asked_for_from_an_old_page_are_refused(proposal, late, omar_officer):
    with pytest.raises(Stale):
        asking(proposal, omar_officer, late, version=1)


def test_second_open_request_is_refused_by_the_database(proposal, late, omar_officer):
    asking(proposal, omar_officer, late)

    with pytest.raises(IntegrityError), transaction.atomic():
        ask(proposal, "need", asked_by=omar_officer)


# --- what is open meanwhile ---


def test_named_section_alone_can_be_written_while_changes_are_asked_for(proposal, late, ana_applicant, omar_officer):
    asking(proposal, omar_officer, late)

    assert write(proposal, ana_applicant, "The district pays from year 6 on.", at=late).section.key == AFTER[0]
    row = fresh(proposal)
    with refuses(ONLY_AFTER):
        save_section(row, "need", actor=ana_applicant, at=late, version=1, answers={})
    with refuses(ONLY_AFTER):
        save_budget(row, a_budget(row), actor=ana_applicant, at=late, version=1)
    with refuses(ONLY_AFTER):
        attach(row, SimpleUploadedFile("a.pdf", PDF), title="A plan", actor=ana_applicant, at=late)
    partner = row.site.partners.first()
    assert request_sign_off(row, partner, actor=ana_applicant, at=late).partner == partner


@pytest.mark.parametrize(("shift", "is_open"), [(timedelta(0), True), (MICROSECOND, False)])
def test_named_section_is_open_until_the_very_instant(proposal, late, omar_officer, shift, is_open):
    asking(proposal, omar_officer, late)
    row, at = fresh(proposal), CHANGES_DUE + shift

    assert bool(may_change_part(row, AFTER[0], at)) == bool(may_change(row, at)) == is_open
    assert bool(may_submit_at(row, at)) == is_open


def test_draft_and_submission_in_time_are_open_everywhere_and_cost_no_query(django_assert_num_queries):
    for state in (ProposalState.DRAFT, ProposalState.SUBMITTED):
        proposal = ProposalFactory(state=state)
        with django_assert_num_queries(0):
            assert may_change_part(proposal, "need", NOON)
            assert open_request(dossier_of(proposal)) is None


def test_open_request_costs_two_queries_however_many_sections_it_names(django_assert_num_queries):
    proposal = ProposalFactory(state=ProposalState.RETURNED, asked=["need", "budget", "baseline", "sustainability"])
    row = fresh(proposal)

    with django_assert_num_queries(2):
        asked = open_request(dossier_of(row))
        assert len(asked.items.all()) == 4
    assert titles_of(dossier_of(row), asked) == ["Need", "Baseline results", "Five-year budget", "After the grant"]


def test_coalition_counts_as_submitted_unless_it_is_named(proposal, late, omar_officer):
    asking(proposal, omar_officer, late)
    submitted = [each["name"] for each in proposal.submissions.get().content["coalition"]["schools"]]
    School.objects.create(site=proposal.site, name="A school more")

    assert [each["name"] for each in build(fresh(proposal))["coalition"]["schools"]] == submitted
    ChangeRequest.objects.get().items.update(section="coalition")
    assert len(build(fresh(proposal))["coalition"]["schools"]) == len(submitted) + 1


def test_wanted_says_what_was_changed_already(proposal, late, ana_applicant, omar_officer):
    asking(proposal, omar_officer, late, items={"sustainability": "Who pays?", "need": "Which year?"})

    assert [(each.key, each.what, each.changed) for each in wanted_of(dossier_of(fresh(proposal)))] == [
        ("need", "Which year?", False), ("sustainability", "Who pays?", False),
    ]  # fmt: skip
    write(proposal, ana_applicant, "The district.", at=late)
    assert [each.changed for each in wanted_of(dossier_of(fresh(proposal)))] == [False, True]


# --- the answer ---


def test_submitting_again_answers_the_request(proposal, late, ana_applicant, omar_officer):
    asking(proposal, omar_officer, late)
    write(proposal, ana_applicant, "The district pays.", at=late)
    sign_everything(fresh(proposal), ana_applicant, at=late)

    submission = submit_proposal(fresh(proposal), actor=ana_applicant, at=CHANGES_DUE, key=KEY)

    asked = ChangeRequest.objects.get()
    assert (submission.number, asked.answered_by, asked.closed_at) == (2, submission, CHANGES_DUE)
    row = fresh(proposal)
    assert row.state == ProposalState.SUBMITTED
    assert may_change_part(row, AFTER[0], CHANGES_DUE).reason.startswith("The call closed on")
    assert requests_of(row, submission.content) == [(asked, [("After the grant", "Who pays in year 6?")])]


def test_submitting_again_after_the_time_is_refused_and_keeps_the_text(proposal, late, ana_applicant, omar_officer):
    asking(proposal, omar_officer, late)
    write(proposal, ana_applicant, "Too late", at=late)
    sign_everything(fresh(proposal), ana_applicant, at=late)

    with refuses(
        "The time for these changes ended on Sun 8 Nov 2026, 5:00 pm Eastern. What you submitted before still counts, "
        "and your text is kept here."
    ):
        submit_proposal(fresh(proposal), actor=ana_applicant, at=CHANGES_DUE + MICROSECOND, key=KEY)
    assert Answer.objects.get(proposal=proposal, question__key=AFTER[1]).text == "Too late"


# --- more time, and going on without ---


def test_extended_request_opens_the_sections_again_and_tells_the_team(proposal, late, ana_applicant, omar_officer):
    asked = asking(proposal, omar_officer, late)
    later, now = CHANGES_DUE + timedelta(days=3), CHANGES_DUE + timedelta(days=1)

    extend_request(asked, actor=omar_officer, at=now, due_at=later)

    assert may_change_part(fresh(proposal), AFTER[0], later)
    message = Message.objects.get(template="proposal_changes_longer")
    assert (message.to, "until Wed 11 Nov 2026, 5:00 pm Eastern." in message.text) == (ana_applicant.email, True)
    assert Entry.objects.of(proposal).filter(verb="extend_changes").count() == 1


def test_extending_backwards_or_what_is_closed_is_refused(proposal, late, omar_officer, dina_director):
    asked = asking(proposal, omar_officer, late)

    with pytest.raises(ValidationError, match="a deadline is not shortened"):
        extend_request(asked, actor=omar_officer, at=late, due_at=CHANGES_DUE)
    with pytest.raises(ValidationError, match="still to come"):
        extend_request(asked, actor=omar_officer, at=late, due_at=late)
    with refuses("Only program officers screen proposals."):
        extend_request(asked, actor=dina_director, at=late, due_at=CHANGES_DUE + timedelta(days=1))
    PROPOSAL.perform(fresh(proposal), "close_changes", actor=omar_officer, at=late, comment="Not needed.")
    with refuses("This request is closed, so there is nothing to give more time for."):
        extend_request(asked, actor=omar_officer, at=late, due_at=CHANGES_DUE + timedelta(days=1))


def test_going_on_without_puts_back_what_was_submitted_and_keeps_the_newer_text(
    proposal, late, ana_applicant, omar_officer
):
    submitted = Answer.objects.get(proposal=proposal, question__key=AFTER[1]).text
    asking(proposal, omar_officer, late)
    write(proposal, ana_applicant, "Half a sentence", at=late)

    row = PROPOSAL.perform(fresh(proposal), "close_changes", actor=omar_officer, at=late, comment="Time is over.")

    assert row.state == ProposalState.SUBMITTED
    assert Answer.objects.get(proposal=proposal, question__key=AFTER[1]).text == submitted
    aside = {each["key"]: each["text"] for section in row.set_aside["sections"] for each in section["answers"]}
    assert aside[AFTER[1]] == "Half a sentence"
    asked = ChangeRequest.objects.get()
    assert (asked.answered_by, asked.closed_at) == (None, late)
    assert "Time is over." in Message.objects.get(template="proposal_changes_closed").text
    assert PROPOSAL.perform(row, "screen_in", actor=omar_officer, at=late).state == ProposalState.IN_REVIEW


def test_withdrawing_closes_what_was_asked(proposal, late, ana_applicant, omar_officer):
    asking(proposal, omar_officer, late)

    PROPOSAL.perform(fresh(proposal), "withdraw", actor=ana_applicant, at=late, comment="We cannot do it.")

    assert ChangeRequest.objects.get().closed_at == late


def test_asking_a_second_time_after_an_answer_is_possible(proposal, late, ana_applicant, omar_officer):
    asking(proposal, omar_officer, late)
    submit_proposal(fresh(proposal), actor=ana_applicant, at=late, key=KEY)

    second = asking(proposal, omar_officer, late, items={"need": "Which year?"})

    row = fresh(proposal)
    assert open_request(dossier_of(row)) == second
    assert [each.note for each, _ in requests_of(row, {})] == ["Two questions.", "Two questions."]
