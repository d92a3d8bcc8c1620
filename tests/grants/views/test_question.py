"""Staff's pages of a published call's questions: what is prepared, publishing it, dropping it; and what teams read."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.domain.question import change_question, remove_question
from grants.domain.question_version import publish_changes
from grants.enums import RoundState
from grants.models import Answer, FundingRound, QuestionVersion
from portal import clock
from tests.conftest import NOON
from tests.factories.proposals import ProposalFactory, a_complete_proposal
from tests.factories.rounds import QuestionFactory, RoundFactory
from tests.factories.sites import a_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def round_(omar_officer):
    """A published call with a question of its own, which is prepared to be asked in other words."""
    made = RoundFactory()
    question = QuestionFactory(round=made, key="own-1", prompt="Who leads?", position=90)
    QuestionFactory(round=made, key="own-2", prompt="Who pays?", position=91)
    change_question(question, actor=omar_officer, at=NOON, prompt="Who leads it?")
    return made


def page(name, round_, *more):
    return reverse(f"grants:{name}", args=[round_.reference, *more])


def test_question_list_shows_what_is_asked_now_and_what_is_prepared(client, round_, omar_officer):
    ProposalFactory(round=round_)
    client.force_login(omar_officer)

    text = client.get(page("question-list", round_)).content.decode()

    assert [words for words in ("Prepared changes", "It read: “Who leads?”", "Asked now: Who leads?",
                                "1 draft would be carried over") if words not in text] == []  # fmt: skip


def test_changes_published_through_their_page_are_public(client, round_, omar_officer):
    client.force_login(omar_officer)
    url = page("question-publish", round_)
    assert b"No team has a draft" in client.get(url).content
    assert b"Who leads it?" not in client.get(page("call-detail", round_)).content

    refused = client.post(url, {"version": 2})
    done = client.post(url, {"version": 2, "notice": "Asked more plainly."})

    assert (refused.status_code, done.url) == (422, page("question-list", round_))
    assert QuestionVersion.objects.get().notice == "Asked more plainly."
    assert b"Who leads it?" in client.get(page("call-detail", round_)).content
    assert b"Asked more plainly." in client.get(page("question-list", round_)).content


def test_changes_published_from_an_old_page_are_refused_with_the_notice_kept(client, round_, omar_officer):
    client.force_login(omar_officer)

    response = client.post(page("question-publish", round_), {"version": 1, "notice": "My own words."})

    assert (response.status_code, b"My own words." in response.content) == (409, True)
    assert QuestionVersion.objects.count() == 0


def test_changes_dropped_through_their_page_are_gone(client, round_, omar_officer):
    client.force_login(omar_officer)
    url = page("question-drop", round_)
    assert b"What you prepared is gone" in client.get(url).content

    client.post(url, {"version": 2})

    assert round_.questions.filter(until=2).count() == round_.questions.filter(since=2).count() == 0
    assert b"nothing to drop" in client.get(url).content
    assert b"nothing to publish" in client.get(page("question-publish", round_)).content


def test_change_of_one_question_undone_through_its_button(client, round_, omar_officer):
    client.force_login(omar_officer)

    response = client.post(page("question-restore", round_, "own-1"), {"version": 2}, follow=True)

    assert b"The question stays as it is asked now." in response.content
    assert round_.questions.filter(key="own-1").count() == 1


def test_preview_shows_the_prepared_questions_when_asked(client, round_, omar_officer):
    client.force_login(omar_officer)
    url = page("round-preview", round_)

    assert b"Who leads it?" not in client.get(url).content
    assert b"Who leads it?" in client.get(f"{url}?prepared=1").content


def test_question_pages_of_a_call_that_closed_only_read(client, round_, omar_officer):
    FundingRound.objects.filter(pk=round_.pk).update(
        opens_at=NOON - timedelta(days=60), closes_at=NOON - timedelta(days=1)
    )
    client.force_login(omar_officer)

    text = client.get(page("question-list", round_)).content.decode()

    assert ("Add a question" in text, "Drop the changes" in text) == (False, True)
    assert b"This cannot be done now." in client.get(page("question-publish", round_)).content


def test_question_form_explains_a_no(client, omar_officer):
    draft = RoundFactory(state=RoundState.DRAFT)
    client.force_login(omar_officer)
    typed = {"place": "eligibility", "prompt": "Is it new?", "kind": "yes_no", "qualifying": "on",
             "if_no": "Old work is paid by the district."}  # fmt: skip

    client.post(page("question-new", draft), typed)

    assert draft.questions.get(core=False).if_no == "Old work is paid by the district."


@pytest.mark.parametrize("rows", [1, 30])
def test_question_list_costs_the_same_for_many_changes(rows, client, omar_officer, django_assert_max_num_queries):
    made = RoundFactory()
    for number in range(rows):
        question = QuestionFactory(round=made, key=f"own-{number}")
        change_question(question, actor=omar_officer, at=NOON, help="New.")
        ProposalFactory(round=made)
    client.force_login(omar_officer)
    client.get(page("question-list", made))

    with django_assert_max_num_queries(12):
        client.get(page("question-list", made))


# --- what teams see ---


def test_workspace_says_what_changed_and_shows_what_is_no_longer_asked(client, round_, omar_officer, ana_applicant):
    proposal = a_complete_proposal(round=round_, actor=ana_applicant)
    gone = round_.questions.get(key="own-2")
    Answer.objects.filter(proposal=proposal, question=gone).update(text="The district pays.")
    remove_question(gone, actor=omar_officer, at=NOON)
    publish_changes(round_, notice="Money is in the budget.", actor=omar_officer, at=NOON + timedelta(hours=1))
    client.force_login(ana_applicant)

    text = client.get(reverse("grants:proposal-detail", args=[proposal.reference])).content.decode()

    assert [words for words in ("The questions changed", "Money is in the budget.", "It read: “Who leads?”",
                                "No longer asked", "The district pays.") if words not in text] == []  # fmt: skip


def test_old_page_saved_after_a_change_keeps_everything_typed(client, round_, omar_officer, ana_applicant):
    proposal = ProposalFactory(round=round_, site=a_site(ana_applicant))
    remove_question(round_.questions.get(key="own-2"), actor=omar_officer, at=NOON)
    publish_changes(round_, notice="Less.", actor=omar_officer, at=NOON + timedelta(hours=1))
    client.force_login(ana_applicant)

    client.post(
        reverse("grants:proposal-section", args=[proposal.reference, "round"]),
        {"version": "0", "own-1": "We all lead.", "own-2": "We all pay.", "editor": "x"},
    )

    assert dict(Answer.objects.filter(proposal=proposal).values_list("text", "question__since")) == {
        "We all lead.": 2,
        "We all pay.": 1,
    }


def test_section_page_explains_a_no_beside_its_question(client, ana_applicant):
    proposal = ProposalFactory(site=a_site(ana_applicant))
    client.force_login(ana_applicant)

    text = client.get(reverse("grants:proposal-section", args=[proposal.reference, "eligibility"])).content.decode()

    assert "so a coalition without the union cannot apply" in text
