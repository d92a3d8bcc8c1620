"""Changing the questions of a published call: what is prepared, what publishing carries over, what stays."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from grants.domain.proposal import start_proposal
from grants.domain.queries.dossier import dossier_of, forget_dossier
from grants.domain.queries.question_version import changes_in, current_questions, prepared_changes, told_to
from grants.domain.question import (
    add_question,
    change_question,
    move_question,
    remove_question,
    restore_question,
)
from grants.domain.question_version import drop_changes, publish_changes
from grants.domain.section import save_section
from grants.domain.submission import restore_submitted, submit_proposal
from grants.enums import ProposalState, QuestionKind, Section, SignOffState
from grants.models import Answer, FundingRound, Proposal
from grants.tasks import tell_of_questions
from grants.workflow import ROUND
from portal import clock
from portal.activity.models import Entry
from portal.jobs.models import Job
from portal.mail.models import Message
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal, a_submitted_proposal
from tests.factories.rounds import QuestionFactory, RoundFactory
from tests.factories.sites import a_site
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def round_():
    """A published call with two questions of its own."""
    made = RoundFactory()
    QuestionFactory(round=made, key="own-1", prompt="Who leads?", position=90)
    QuestionFactory(round=made, key="own-2", prompt="Who pays?", position=91)
    return made


@pytest.fixture
def draft(round_, ana_applicant):
    """A complete draft of Ana's, signed by every partner."""
    return a_complete_proposal(round=round_, actor=ana_applicant)


def own(round_, key="own-1", version=None):
    asked = current_questions(round_) if version is None else round_.questions.of_version(version)
    question = asked.get(key=key)
    question.round = round_
    return question


def facts(**more):
    return {
        "section": Section.ROUND, "component": None, "kind": QuestionKind.TEXT, "prompt": "What else?", "help": "",
        "word_limit": 100, "choices": [], "required": True, "qualifying": False, "if_no": "",
        "hidden_from_reviewers": False,
    } | more  # fmt: skip


def fresh(row):
    return type(row).objects.select_related().get(pk=row.pk)


def publish(round_, actor, **more):
    return publish_changes(round_, notice="We ask less.", actor=actor, at=LATER, **more)


def asked_now(round_):
    return [each.prompt for each in current_questions(fresh(round_)).filter(core=False)]


def answers_of(proposal):
    """What the proposal answers to the round's own questions, by key."""
    dossier = dossier_of(Proposal.objects.select_related("round", "site").get(pk=proposal.pk))
    return {each.key: each.typed for each in dossier.questions if not each.core}


def save(proposal, actor, answers, *, version=1):
    row = Proposal.objects.select_related("round", "site").get(pk=proposal.pk)
    return save_section(row, "round", actor=actor, at=LATER, version=version, answers=answers)


# --- preparing ---


def test_changes_of_a_published_call_are_prepared_and_nobody_reads_them(round_, omar_officer):
    add_question(round_, actor=omar_officer, at=NOON, **facts())
    change_question(own(round_), actor=omar_officer, at=NOON, prompt="Who leads it?")
    remove_question(own(round_, "own-2"), actor=omar_officer, at=NOON)

    assert asked_now(round_) == ["Who leads?", "Who pays?"]
    assert [(each.kind, each.question.prompt, each.details) for each in prepared_changes(round_)] == [
        ("changed", "Who leads it?", ("It read: “Who leads?”",)),
        ("removed", "Who pays?", ()),
        ("added", "What else?", ()),
    ]


def test_question_changed_twice_has_one_successor_and_none_when_it_is_as_before(round_, omar_officer):
    change_question(own(round_), actor=omar_officer, at=NOON, prompt="Who leads it?")
    change_question(own(round_, version=2), actor=omar_officer, at=NOON, prompt="Who is in charge?")
    assert round_.questions.filter(key="own-1").count() == 2

    change_question(own(round_, version=2), actor=omar_officer, at=NOON, prompt="Who leads?")

    assert (prepared_changes(round_), round_.questions.filter(key="own-1").count()) == ([], 1)


def test_question_moved_and_moved_back_is_no_change(round_, omar_officer):
    move_question(own(round_, "own-2"), up=True, actor=omar_officer, at=NOON)
    assert [(each.kind, each.question.key) for each in prepared_changes(round_)] == [
        ("moved", "own-2"),
        ("moved", "own-1"),
    ]

    move_question(own(round_, "own-2", version=2), up=False, actor=omar_officer, at=NOON)

    assert prepared_changes(round_) == []


def test_prepared_change_of_one_question_can_be_undone(round_, omar_officer):
    change_question(own(round_), actor=omar_officer, at=NOON, prompt="Who leads it?")
    remove_question(own(round_, "own-2"), actor=omar_officer, at=NOON)

    restore_question(own(round_), actor=omar_officer, at=NOON)
    restore_question(own(round_, "own-2"), actor=omar_officer, at=NOON)

    assert prepared_changes(round_) == []
    with refuses("There is no prepared change of this question any more."):
        restore_question(own(round_), actor=omar_officer, at=NOON)


def test_prepared_changes_dropped_leave_the_questions_as_they_were(round_, omar_officer):
    before = list(round_.questions.values())
    add_question(round_, actor=omar_officer, at=NOON, **facts())
    change_question(own(round_), actor=omar_officer, at=NOON, help="One name.")
    remove_question(own(round_, "own-2"), actor=omar_officer, at=NOON)

    drop_changes(round_, actor=omar_officer, at=NOON)

    assert list(round_.questions.values()) == before
    with refuses("No changes are prepared, so there is nothing to drop."):
        drop_changes(round_, actor=omar_officer, at=NOON)


def test_core_question_of_a_published_call_can_be_explained_anew(round_, omar_officer):
    change_question(own(round_, "gaps"), actor=omar_officer, at=NOON, help="Name at most three.")

    (change,) = prepared_changes(round_)
    assert (change.kind, change.details) == ("changed", ("The explanation is new.",))


def test_call_with_prepared_changes_is_not_taken_back_to_draft(round_, omar_officer):
    remove_question(own(round_), actor=omar_officer, at=NOON)

    with refuses("You prepared changes of its questions. Publish or drop them first."):
        ROUND.perform(round_, "unpublish", actor=omar_officer, at=NOON)


# --- publishing ---


def test_changes_published_are_asked_with_the_answers_carried_over(round_, draft, omar_officer):
    change_question(own(round_), actor=omar_officer, at=NOON, prompt="Who leads it?", word_limit=50)
    remove_question(own(round_, "own-2"), actor=omar_officer, at=NOON)
    add_question(round_, actor=omar_officer, at=NOON, **facts())
    before = answers_of(draft)

    version = publish(round_, omar_officer)

    assert (version.number, fresh(round_).questions_version, fresh(draft).questions_version) == (2, 2, 2)
    assert asked_now(round_) == ["Who leads it?", "What else?"]
    assert answers_of(draft) == {"own-1": before["own-1"], "own-3": ""}
    # The old rows and what was written to them stay.
    assert Answer.objects.filter(proposal=draft, question__key__startswith="own-").count() == 3


def test_changes_published_make_touched_sections_incomplete_and_void_signatures(round_, draft, omar_officer):
    add_question(round_, actor=omar_officer, at=NOON, **facts())

    publish(round_, omar_officer)

    assert {each.state for each in draft.sign_offs.all()} == {SignOffState.VOID}
    (entry,) = Entry.objects.filter(verb="carry_over")
    assert entry.reference == draft.reference
    with pytest.raises(Exception, match=r"Questions of this round: answer “What else\?”"):
        submit_proposal(fresh(draft), actor=draft.started_by, at=LATER, key=KEY)


@pytest.mark.parametrize("state", [ProposalState.SUBMITTED, ProposalState.RETURNED, ProposalState.WITHDRAWN])
def test_changes_published_leave_what_is_no_draft_alone(state, round_, omar_officer):
    proposal = ProposalFactory(round=round_, state=state)
    remove_question(own(round_), actor=omar_officer, at=NOON)

    publish(round_, omar_officer)

    assert fresh(proposal).questions_version == 1
    assert set(answers_of(proposal)) == {"own-1", "own-2"}


def test_answer_that_is_none_to_the_changed_question_is_kept_and_shown(round_, draft, omar_officer):
    before = answers_of(draft)
    choice = {"kind": QuestionKind.CHOICE, "choices": ["The district", "The union"], "word_limit": None}
    change_question(own(round_), actor=omar_officer, at=NOON, **choice)
    remove_question(own(round_, "own-2"), actor=omar_officer, at=NOON)

    publish(round_, omar_officer)

    assert answers_of(draft) == {"own-1": ""}
    (told,) = told_to(fresh(draft))
    assert (told.version.notice, [(each.kind, text) for each, _, text in told.changes]) == (
        "We ask less.",
        [("changed", before["own-1"]), ("removed", before["own-2"])],
    )


def test_proposal_started_after_a_change_answers_the_new_questions_and_is_told_nothing(
    round_, omar_officer, ben_colleague
):
    remove_question(own(round_), actor=omar_officer, at=NOON)
    publish(round_, omar_officer)

    # The row at hand is the one the page was made from, before the change.
    proposal = start_proposal(round_, a_site(ben_colleague), actor=ben_colleague, at=LATER, title="Ours")

    assert (proposal.questions_version, set(answers_of(proposal))) == (2, {"own-2"})
    assert told_to(proposal) == []


def test_publishing_nothing_without_a_notice_or_after_closing_is_refused(round_, omar_officer, dina_director):
    with refuses("No changes are prepared, so there is nothing to publish."):
        publish(round_, omar_officer)
    remove_question(own(round_), actor=omar_officer, at=NOON)
    with pytest.raises(ValidationError) as raised:
        publish_changes(round_, notice=" ", actor=omar_officer, at=NOON)
    assert raised.value.message_dict == {"notice": ["Tell teams in a few words what changes and why."]}
    with refuses("This call is over, so its questions stay as teams answered them."):
        publish_changes(round_, notice="Late.", actor=omar_officer, at=round_.closes_at + timedelta(seconds=1))
    with refuses("Only program officers run funding rounds."):
        publish(round_, dina_director)
    with pytest.raises(Stale):
        publish(round_, omar_officer, version=1)


def test_second_change_builds_on_the_first(round_, draft, omar_officer):
    before = answers_of(draft)
    change_question(own(round_), actor=omar_officer, at=NOON, help="One name.")
    publish(round_, omar_officer)
    again = fresh(round_)
    change_question(own(again), actor=omar_officer, at=NOON, help="Two names.")

    publish(again, omar_officer)

    assert (fresh(round_).questions_version, answers_of(draft)) == (3, before)
    assert [each.version.number for each in told_to(fresh(draft))] == [3, 2]
    assert [each.question.help for each in changes_in(round_, 3)] == ["Two names."]


# --- the teams ---


def test_teams_of_drafts_are_told_once_by_a_job(round_, draft, omar_officer, ana_applicant):
    ProposalFactory(round=round_, state=ProposalState.SUBMITTED)
    remove_question(own(round_), actor=omar_officer, at=NOON)
    publish(round_, omar_officer)
    job = Job.objects.get(kind="tell-of-questions")

    for _ in range(2):
        tell_of_questions(job, lambda *args: None)

    (message,) = Message.objects.filter(template="questions_changed")
    assert message.to == ana_applicant.email
    for words in ("We ask less.", "- No longer asked: Who leads?", "Signatures given before no longer hold"):
        assert words in message.text


def test_moving_a_question_alone_tells_nobody(round_, draft, omar_officer):
    move_question(own(round_, "own-2"), up=True, actor=omar_officer, at=NOON)

    publish(round_, omar_officer)

    assert (Job.objects.filter(kind="tell-of-questions").count(), fresh(draft).questions_version) == (0, 2)


# --- pages opened before the change ---


def test_text_saved_to_a_question_that_is_gone_is_kept_beside_the_notice(round_, draft, omar_officer, ana_applicant):
    remove_question(own(round_), actor=omar_officer, at=NOON)
    publish(round_, omar_officer)

    save(draft, ana_applicant, {"own-1": "Typed in an old page.", "own-2": "Paid by all."})

    assert answers_of(draft) == {"own-2": "Paid by all."}
    (told,) = told_to(fresh(draft))
    assert [text for _, _, text in told.changes] == ["Typed in an old page."]


def test_text_saved_to_a_question_that_became_a_choice_is_kept(round_, draft, omar_officer, ana_applicant):
    choice = {"kind": QuestionKind.CHOICE, "choices": ["The district", "The union"], "word_limit": None}
    change_question(own(round_), actor=omar_officer, at=NOON, **choice)
    publish(round_, omar_officer)

    save(draft, ana_applicant, {"own-1": "Typed in an old page."})

    assert answers_of(draft)["own-1"] == ""
    (told,) = told_to(fresh(draft))
    assert [text for _, _, text in told.changes] == ["Typed in an old page."]


def test_key_of_another_section_or_nobody_is_not_written(round_, draft, omar_officer, ana_applicant):
    remove_question(own(round_), actor=omar_officer, at=NOON)
    publish(round_, omar_officer)
    rows = Answer.objects.count()

    save(draft, ana_applicant, {"gaps": "Elsewhere.", "nobody": "x", "csrfmiddlewaretoken": "y"})

    assert Answer.objects.count() == rows
    assert Answer.objects.filter(text="Elsewhere.").count() == 0


# --- what was submitted ---


def test_submitted_text_is_restored_to_the_questions_it_answered(round_, ana_applicant, omar_officer):
    proposal = a_submitted_proposal(round=round_, actor=ana_applicant)
    before = answers_of(proposal)
    change_question(own(round_), actor=omar_officer, at=NOON, prompt="Who leads it?")
    publish(round_, omar_officer)
    save(proposal, ana_applicant, {"own-1": "Written later."})
    row = Proposal.objects.select_related("round", "site").get(pk=proposal.pk)

    restore_submitted(row, at=LATER)
    row.save()
    forget_dossier(row)

    assert answers_of(proposal) == before
    assert Answer.objects.filter(proposal=proposal, question__since=2).count() == 0


def test_round_published_and_changed_is_numbered_in_its_row(round_, omar_officer):
    remove_question(own(round_), actor=omar_officer, at=NOON)

    publish(round_, omar_officer)

    assert FundingRound.objects.get(pk=round_.pk).version == 3


def test_text_saved_where_a_question_no_longer_stands_is_shown_with_the_notice(
    round_, draft, omar_officer, ana_applicant
):
    change_question(own(round_), actor=omar_officer, at=NOON, section=Section.COALITION)
    publish(round_, omar_officer)

    save(draft, ana_applicant, {"own-1": "Typed in an old page."})

    (told,) = told_to(fresh(draft))
    assert [(section, text) for _, section, text in told.changes] == [("coalition", "Typed in an old page.")]


@pytest.mark.parametrize("rows", [1, 30])
def test_notices_cost_the_same_for_many_versions(rows, round_, draft, omar_officer, django_assert_max_num_queries):
    for number in range(rows):
        again = fresh(round_)
        change_question(own(again), actor=omar_officer, at=NOON, help=f"Explained {number}.")
        publish(again, omar_officer)
    row = fresh(draft)

    with django_assert_max_num_queries(4):
        assert len(told_to(row)) == rows
