"""Strengths and weaknesses: chosen from comments or written by hand, told in the letter, never with a name."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants.domain.feedback_point import save_points
from grants.domain.letter import edit_letter, release_letters
from grants.domain.queries.feedback_point import comments_on, named_reviewers
from grants.enums import Decision, DocketState
from grants.models import Docket, FeedbackPoint, Proposal
from portal.record import Stale
from tests.factories.dockets import DECIDED_AT, a_docket, the_line
from tests.factories.letters import an_approved_docket, the_letter
from tests.factories.reviews import REASON
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = DECIDED_AT + timedelta(days=1)


@pytest.fixture
def docket(omar_officer):
    return an_approved_docket(omar_officer, decisions=[Decision.DECLINE])


def save(line, actor, *, version, strengths=(), weaknesses=()):
    return save_points(line, actor=actor, at=LATER, version=version, strengths=strengths, weaknesses=weaknesses)


def test_points_saved_are_in_the_letter_in_their_order(docket, omar_officer):
    letter = the_letter(docket)

    save(
        letter.line, omar_officer, version=letter.version, strengths=["Clear  aims.", " ", "A\nstrong union."],
        weaknesses=["No measures."],
    )  # fmt: skip

    assert "What the reviewers valued:\n- Clear aims.\n- A strong union." in the_letter(docket).body
    assert "What they missed:\n- No measures." in the_letter(docket).body
    rows = list(FeedbackPoint.objects.values_list("kind", "position", "text"))
    assert rows == [
        ("strength", 1, "Clear aims."), ("strength", 2, "A strong union."), ("weakness", 1, "No measures."),
    ]  # fmt: skip


def test_points_of_an_edited_letter_leave_its_words_alone(docket, omar_officer):
    letter = the_letter(docket)
    letter = edit_letter(letter, actor=omar_officer, at=LATER, version=letter.version, subject="Mine", body="My words.")

    save(letter.line, omar_officer, version=letter.version, strengths=["Clear aims."])

    assert the_letter(docket).body == "My words."


def test_points_chosen_before_the_approval_are_in_the_letter_from_the_start(omar_officer):
    docket = a_docket(officer=omar_officer)

    save(the_line(docket), omar_officer, version=docket.version, weaknesses=["No measures."])

    assert FeedbackPoint.objects.get().text == "No measures."
    with pytest.raises(Stale):
        save(the_line(docket), omar_officer, version=docket.version)


def test_points_from_an_old_page_are_stale(docket, omar_officer, olga_officer):
    letter = the_letter(docket)
    save(letter.line, omar_officer, version=letter.version, strengths=["Clear aims."])

    with pytest.raises(Stale):
        save(letter.line, olga_officer, version=letter.version, strengths=["Other."])


def test_points_with_faults_are_refused(docket, omar_officer):
    letter = the_letter(docket)
    name = Proposal.objects.get().reviews.get().reviewer.name

    with pytest.raises(ValidationError) as raised:
        save(
            letter.line, omar_officer, version=letter.version, strengths=[f"{name} liked it."],
            weaknesses=["x" * 1001, *["No measures."] * 12],
        )  # fmt: skip

    assert raised.value.message_dict == {
        "strengths": [f"“{name} liked it.…” names a reviewer, {name}. Teams do not learn who reviewed them."],
        "weaknesses": [
            f"Shorten “{'x' * 40}…” to 1,000 characters.",
            "Choose at most 12; a team that reads too many remembers none.",
        ],
    }


def test_points_of_a_released_letter_are_refused(docket, omar_officer):
    letter = the_letter(docket)
    release_letters(
        docket, {letter.line.proposal.reference}, actor=omar_officer, at=LATER, version=Docket.objects.get().version
    )

    with refuses("This letter is released and stays as it was sent."):
        save(letter.line, omar_officer, version=letter.version + 1)


def test_points_by_others_or_on_a_docket_not_chosen_are_refused(omar_officer, dina_director):
    docket = a_docket(officer=omar_officer, state=DocketState.SET_ASIDE)

    with refuses("Only program officers announce decisions."):
        save(the_line(docket), dina_director, version=docket.version)
    with refuses("Another docket was chosen instead of this one, so it sends no letters."):
        save(the_line(docket), omar_officer, version=docket.version)


def test_comments_offered_are_without_names_and_private_notes(docket):
    proposal = Proposal.objects.select_related("round").get()
    name = proposal.reviews.get().reviewer.name

    comments = comments_on(proposal)

    assert {each.reviewer for each in comments} == {"Reviewer 1"}
    assert {each.text for each in comments} == {"Say more about how the union takes part.", REASON}
    assert not any("Strong, in my view." in each.text or name in each.about for each in comments)


@pytest.mark.parametrize(
    ("text", "found"),
    [("as RITA  reviewer said", True), ("Rita Reviewers liked it", False), ("Rita liked it", False)],
)
def test_reviewer_is_found_by_the_whole_name_in_any_case(text, found, docket, rita_reviewer):
    proposal = Proposal.objects.get()
    proposal.reviews.update(reviewer=rita_reviewer)

    assert named_reviewers(proposal, text) == (["Rita Reviewer"] if found else [])


def test_point_without_words_or_of_no_kind_is_refused_by_the_database(docket):
    line = the_line(docket)

    with pytest.raises(IntegrityError, match="feedback_point_says_something"), transaction.atomic():
        FeedbackPoint.objects.create(line=line, kind="strength", text="", position=1)
    with pytest.raises(IntegrityError, match="feedback_point_kind_is_known"), transaction.atomic():
        FeedbackPoint.objects.create(line=line, kind="praise", text="Well done.", position=1)
