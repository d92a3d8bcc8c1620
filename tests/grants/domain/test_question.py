"""The questions and criteria staff add to a round."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from grants.domain.criterion import add_criterion, change_criterion, move_criterion, remove_criterion
from grants.domain.question import add_question, change_question, move_question, remove_question
from grants.enums import QuestionKind, RoundState, Section
from portal.record import Stale
from tests.conftest import NOON
from tests.factories.rounds import RoundFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return RoundFactory(state=RoundState.DRAFT, criteria=0)


def facts(**more):
    return {
        "section": Section.ROUND,
        "component": None,
        "kind": QuestionKind.TEXT,
        "prompt": "What would you do first?",
        "help": "",
        "word_limit": 100,
        "choices": [],
        "required": True,
        "qualifying": False,
        "hidden_from_reviewers": False,
    } | more


def own_prompts(round_):
    return list(round_.questions.filter(core=False).values_list("prompt", flat=True))


def test_question_added_stands_last_and_has_a_key_of_its_own(draft, omar_officer):
    first = add_question(draft, actor=omar_officer, at=NOON, **facts())
    second = add_question(draft, actor=omar_officer, at=NOON, **facts(prompt="And then?"))

    assert [first.key, second.key] == ["own-1", "own-2"]
    assert list(draft.questions.all())[-2:] == [first, second]
    draft.refresh_from_db()
    assert draft.version == 3


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"prompt": "  "}, {"prompt": ["Write the question."]}),
        ({"word_limit": None}, {"word_limit": ["Say how many words an answer may have."]}),
        (
            {"kind": QuestionKind.CHOICE, "choices": ["Only one"]},
            {"choices": ["Write at least two answers to choose from, one on each line."]},
        ),
        (
            {"kind": QuestionKind.CHOICE, "choices": ["One", "One"]},
            {"choices": ["Two of these answers are the same."]},
        ),
    ],
)
def test_question_that_cannot_be_asked_is_refused_in_words(change, errors, draft, omar_officer):
    with pytest.raises(ValidationError) as raised:
        add_question(draft, actor=omar_officer, at=NOON, **facts(**change))

    assert raised.value.message_dict == errors


def test_question_keeps_only_what_its_kind_has(draft, omar_officer):
    question = add_question(
        draft, actor=omar_officer, at=NOON, **facts(kind=QuestionKind.NUMBER, choices=["a", "b"], qualifying=True)
    )

    assert (question.word_limit, question.choices, question.qualifying) == (None, [], False)


def test_question_changed_moved_and_removed_follows_the_round(draft, omar_officer):
    for prompt in ("One", "Two", "Three"):
        add_question(draft, actor=omar_officer, at=NOON, **facts(prompt=prompt))
    one, _, three = draft.questions.filter(core=False)

    move_question(three, up=True, actor=omar_officer, at=NOON)
    assert own_prompts(draft) == ["One", "Three", "Two"]
    move_question(one, up=True, actor=omar_officer, at=NOON)
    assert own_prompts(draft) == ["One", "Three", "Two"]
    change_question(one, actor=omar_officer, at=NOON, **facts(prompt="First"))
    remove_question(three, actor=omar_officer, at=NOON)
    assert own_prompts(draft) == ["First", "Two"]


def test_question_changed_from_an_old_page_is_stale(draft, omar_officer):
    question = add_question(draft, actor=omar_officer, at=NOON, **facts())

    with pytest.raises(Stale):
        change_question(question, actor=omar_officer, at=NOON, version=1, **facts(prompt="Later"))


def test_question_of_every_round_stays(draft, omar_officer):
    core = draft.questions.first()

    with refuses("This question is asked in every round, so it stays as it is."):
        remove_question(core, actor=omar_officer, at=NOON)


def test_question_removed_twice_says_so(draft, omar_officer):
    question = add_question(draft, actor=omar_officer, at=NOON, **facts())
    draft.questions.filter(pk=question.pk).delete()

    with refuses("Somebody else has removed this question."):
        remove_question(question, actor=omar_officer, at=NOON)


def test_question_of_every_round_may_be_explained_anew_and_nothing_else(draft, omar_officer):
    core = draft.questions.get(key="gaps")

    reworded = change_question(core, actor=omar_officer, at=NOON, help="Name at most three.")

    assert reworded.help == "Name at most three."
    with refuses("This question is asked in every round, so only its explanation can be reworded."):
        change_question(core, actor=omar_officer, at=NOON, prompt="Which gaps?")


def test_question_says_what_a_no_means_only_where_a_no_ends_it(draft, omar_officer):
    asked = facts(kind=QuestionKind.YES_NO, if_no="Come back next year.")

    open_ = add_question(draft, actor=omar_officer, at=NOON, **asked)
    ending = add_question(draft, actor=omar_officer, at=NOON, **asked | {"qualifying": True})

    assert (open_.if_no, ending.if_no) == ("", "Come back next year.")


def test_question_of_a_call_that_closed_is_refused(omar_officer):
    round_ = RoundFactory()

    with refuses("This call is over, so its questions stay as teams answered them."):
        add_question(round_, actor=omar_officer, at=round_.closes_at + timedelta(seconds=1), **facts())


def test_question_by_a_director_is_refused(draft, dina_director):
    with refuses("Only program officers run funding rounds."):
        add_question(draft, actor=dina_director, at=NOON, **facts())


# --- criteria ---


def criterion(draft, actor, **more):
    return add_criterion(
        draft, actor=actor, at=NOON, **{"name": "Need", "description": "", "weight": 1, "anchors": {}} | more
    )


def test_criterion_added_changed_moved_and_removed_follows_the_round(draft, omar_officer):
    need = criterion(draft, omar_officer, anchors={"1": "Hardly answered.", "5": " "})
    strategy = criterion(draft, omar_officer, name="Strategy")

    assert need.anchors == {"1": "Hardly answered."}
    move_criterion(strategy, up=True, actor=omar_officer, at=NOON)
    assert [str(each) for each in draft.criteria.all()] == ["Strategy", "Need"]
    change_criterion(need, actor=omar_officer, at=NOON, name="Need shown", description="", weight=3, anchors={})
    remove_criterion(strategy, actor=omar_officer, at=NOON)
    assert [(str(each), each.weight) for each in draft.criteria.all()] == [("Need shown", 3)]


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"name": " "}, {"name": ["Give the criterion a name."]}),
        ({"name": "Need"}, {"name": ["The rubric has a criterion of this name already."]}),
        ({"name": "Other", "weight": 0}, {"weight": ["Enter a weight from 1 to 100."]}),
        ({"name": "Other", "anchors": {"6": "Beyond the scale."}}, {"anchors": ["Scores go from 1 to 5."]}),
    ],
)
def test_criterion_that_cannot_be_scored_is_refused_in_words(change, errors, draft, omar_officer):
    criterion(draft, omar_officer)

    with pytest.raises(ValidationError) as raised:
        criterion(draft, omar_officer, **change)

    assert raised.value.message_dict == errors


def test_criterion_of_a_published_round_is_refused(omar_officer):
    round_ = RoundFactory()

    with refuses("This call is published, so it stays as it is. Take it back to draft first."):
        remove_criterion(round_.criteria.first(), actor=omar_officer, at=NOON)
