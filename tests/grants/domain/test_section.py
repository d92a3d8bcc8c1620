"""Saving sections: what is kept, two people at once, and signatures that no longer hold."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grants.domain.queries.dossier import dossier_of
from grants.domain.section import MilestoneRow, WouldVoid, save_section
from grants.enums import ProposalState, QuestionKind, SignOffState
from grants.models import Answer, Milestone, ProposalSection, SignOff
from portal.activity.models import Entry
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal
from tests.factories.rounds import QuestionFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
PAGE_A, PAGE_B = "a" * 32, "b" * 32
LATER = NOON + timedelta(minutes=3)


@pytest.fixture
def proposal(ana_applicant, ben_colleague, sam_stranger):
    return ProposalFactory(site=a_site(ana_applicant, contributors=[ben_colleague], name="Harbor Promise"))


def save(proposal, actor, text, *, version=0, key="sustainability", question="after-the-grant", at=NOON, **more):
    return save_section(
        proposal, key, actor=actor, at=at, version=version, answers={question: text}, **more
    )  # fmt: skip


def saved_text(proposal, question="after-the-grant"):
    return Answer.objects.get(proposal=proposal, question__key=question).text


def test_section_saved_keeps_the_text_as_typed(proposal, ana_applicant):
    saved = save(proposal, ana_applicant, "One  \r\n\r\n• Two\u00a0" + "word " * 600)

    assert saved_text(proposal) == "One\n\n• Two" + " word" * 600
    assert (saved.section.version, saved.section.saved_by, saved.section.saved_at) == (1, ana_applicant, NOON)
    assert Entry.objects.of(proposal).get().summary == "After the grant saved by Ana Applicant."


def test_section_saved_without_a_change_stays_as_it_is(proposal, ana_applicant):
    save(proposal, ana_applicant, "One")

    again = save(proposal, ana_applicant, "One", version=1, at=LATER)

    assert (again.section.version, again.section.saved_at) == (1, NOON)
    assert Entry.objects.of(proposal).count() == 1


def test_section_autosaved_is_logged_once_by_the_button(proposal, ana_applicant):
    save(proposal, ana_applicant, "On", autosave=True)
    save(proposal, ana_applicant, "One", version=1, autosave=True)
    assert Entry.objects.of(proposal).count() == 0

    save(proposal, ana_applicant, "One", version=2)

    assert Entry.objects.of(proposal).count() == 1


def test_section_changed_by_a_colleague_meanwhile_is_not_overwritten(proposal, ana_applicant, ben_colleague):
    save(proposal, ben_colleague, "Ben's text", editor=PAGE_B)

    with pytest.raises(Stale) as raised:
        save(proposal, ana_applicant, "Ana's text", editor=PAGE_A)

    assert (raised.value.current.saved_by, raised.value.current.version) == (ben_colleague, 1)
    assert saved_text(proposal) == "Ben's text"


def test_section_open_on_a_second_tab_is_not_overwritten(proposal, ana_applicant):
    save(proposal, ana_applicant, "First tab", editor=PAGE_A)

    with pytest.raises(Stale):
        save(proposal, ana_applicant, "Second tab", editor=PAGE_B)


def test_section_whose_answer_got_lost_is_no_conflict_with_itself(proposal, ana_applicant):
    save(proposal, ana_applicant, "One", editor=PAGE_A, autosave=True)

    save(proposal, ana_applicant, "One two", editor=PAGE_A, autosave=True)

    assert saved_text(proposal) == "One two"


def test_section_saved_by_a_colleague_after_a_lost_answer_is_a_conflict(proposal, ana_applicant, ben_colleague):
    save(proposal, ana_applicant, "One", editor=PAGE_A)
    save(proposal, ben_colleague, "Two", version=1, editor=PAGE_B)

    with pytest.raises(Stale):
        save(proposal, ana_applicant, "Three", version=0, editor=PAGE_A)


@pytest.mark.parametrize("editor", ["", PAGE_A])
def test_section_saved_without_a_page_of_its_own_is_never_taken_for_it(editor, proposal, ana_applicant):
    save(proposal, ana_applicant, "One", editor="")

    with pytest.raises(Stale):
        save(proposal, ana_applicant, "Two", version=0, editor=editor)


def test_section_from_a_seat_that_does_not_write_is_refused(proposal, sam_stranger):
    a_site_seat = "You need a lead or contributor seat on Harbor Promise to write here."

    with refuses(a_site_seat):
        save(proposal, sam_stranger, "Text")


@pytest.mark.parametrize("key", ["budget", "attachments", "signoffs", "plan-unknown", "round"])
def test_section_that_has_no_questions_is_refused(key, proposal, ana_applicant):
    with refuses("This proposal has no such page."):
        save(proposal, ana_applicant, "Text", key=key)
    assert ProposalSection.objects.count() == 0


def test_section_of_a_submitted_proposal_is_refused_after_closing(proposal, ana_applicant):
    late = ProposalFactory(site=a_site(ana_applicant), state=ProposalState.SUBMITTED)

    with refuses("The call closed on Fri 30 Oct 2026, 5:00 pm Eastern. What you submitted stays as it was."):
        save(late, ana_applicant, "Text", at=late.round.closes_at + timedelta(microseconds=1))


def test_section_of_a_draft_is_kept_even_after_closing(proposal, ana_applicant):
    save(proposal, ana_applicant, "Typed in the last second", at=proposal.round.closes_at + timedelta(seconds=1))

    assert saved_text(proposal) == "Typed in the last second"


@pytest.mark.parametrize(
    ("kind", "choices", "sentence"),
    [
        (QuestionKind.CHOICE, ["K to 2", "3 to 5"], "Choose one of the answers."),
        (QuestionKind.YES_NO, [], "Choose yes or no."),
    ],
)
def test_section_with_an_answer_that_is_not_offered_is_refused(kind, choices, sentence, proposal, ana_applicant):
    QuestionFactory(round=proposal.round, key="own-1", kind=kind, choices=choices, word_limit=None)

    with pytest.raises(ValidationError) as raised:
        save(proposal, ana_applicant, "something else", key="round", question="own-1")

    assert raised.value.message_dict == {"own-1": [sentence]}


def test_section_takes_only_its_own_questions(proposal, ana_applicant):
    save_section(
        proposal, "sustainability", actor=ana_applicant, at=NOON, version=0,
        answers={"after-the-grant": "Mine", "gaps": "Not here", "invented": "Nor this"},
    )  # fmt: skip

    assert list(Answer.objects.values_list("question__key", "text")) == [("after-the-grant", "Mine")]


def test_coalition_page_keeps_the_title(proposal, ana_applicant):
    save(
        proposal, ana_applicant, "We meet monthly.", key="coalition", question="working-together",
        title="  Every  student counts ",
    )  # fmt: skip

    proposal.refresh_from_db()
    assert proposal.title == "Every student counts"


def test_need_page_keeps_the_key_issues(proposal, ana_applicant):
    save(proposal, ana_applicant, "Gaps", key="need", question="gaps", key_issues=["accountability"])
    assert [each.code for each in proposal.key_issues.all()] == ["accountability"]

    with pytest.raises(ValidationError) as raised:
        save(proposal, ana_applicant, "Gaps", key="need", question="gaps", version=1, key_issues=["invented"])
    assert list(raised.value.message_dict) == ["key_issues"]


# --- milestones ---


def plan(proposal, actor, rows, version=0):
    return save_section(proposal, "plan-coherence", actor=actor, at=NOON, version=version, answers={}, milestones=rows)


def test_plan_keeps_its_milestones_by_year(proposal, ana_applicant):
    plan(proposal, ana_applicant, [MilestoneRow(3, "Third", "Counted"), MilestoneRow(1, " First ")])

    rows = Milestone.objects.filter(proposal=proposal).values_list("component", "year", "text", "measure")
    assert list(rows) == [("coherence", 1, "First", ""), ("coherence", 3, "Third", "Counted")]
    assert plan(proposal, ana_applicant, [MilestoneRow(1, "First"), MilestoneRow(3, "Third", "Counted")], 1)
    assert ProposalSection.objects.get().version == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (MilestoneRow(6, "Too late"), "A milestone belongs to one of the 5 years."),
        (MilestoneRow(0, "Too early"), "A milestone belongs to one of the 5 years."),
        (MilestoneRow(1, "  "), "Say what each milestone is."),
    ],
)
def test_plan_with_a_milestone_that_cannot_be_is_refused(row, sentence, proposal, ana_applicant):
    with pytest.raises(ValidationError) as raised:
        plan(proposal, ana_applicant, [row])

    assert raised.value.message_dict == {"milestones": [sentence]}


def test_milestone_row_outside_the_award_years_is_refused_by_the_database(proposal):
    component = dossier_of(proposal).components[0]

    with pytest.raises(IntegrityError):
        Milestone.objects.create(proposal=proposal, component=component, year=6, text="Too late")


# --- signatures ---


def test_section_changed_after_signing_voids_the_signatures(ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)

    saved = save(proposal, ana_applicant, "Something else", version=1)

    names = ["Dr. Miriam Okafor", "Tomás Rivera", "Grace Ellery"]
    assert sorted(each.signed_name for each in saved.voided) == sorted(names)
    assert set(SignOff.objects.values_list("state", flat=True)) == {SignOffState.VOID}
    summary = Entry.objects.of(proposal).first().summary
    assert summary.startswith("After the grant saved by Ana Applicant. No longer signed by ")


def test_section_saved_unchanged_leaves_the_signatures(ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)

    saved = save(proposal, ana_applicant, saved_text(proposal), version=1)

    assert saved.voided == []
    assert set(SignOff.objects.values_list("state", flat=True)) == {SignOffState.SIGNED}


def test_section_autosaved_never_costs_a_signature(ana_applicant):
    proposal = a_complete_proposal(actor=ana_applicant)
    before = saved_text(proposal)

    with pytest.raises(WouldVoid):
        save(proposal, ana_applicant, "Something else", version=1, autosave=True)

    assert saved_text(proposal) == before
    assert set(SignOff.objects.values_list("state", flat=True)) == {SignOffState.SIGNED}
