"""The reviewer's pages: the conflict question, the desk and its drafts."""

from datetime import timedelta

import pytest

from grants.domain.queries.review import rubric
from grants.enums import ProposalState, ReviewState
from grants.models import Review
from portal import clock
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review, score
from tests.factories.sites import a_site
from tests.grants.views.reviewing import LIST, form_of, step_of, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_later():
    with clock.at(REVIEWED_AT + timedelta(days=1)):
        yield


@pytest.fixture
def proposal():
    site = a_site(name="Harbor Promise", place="Harbor County")
    return ProposalFactory(site=site, title="Every School, Every Family", state=ProposalState.IN_REVIEW)


# --- the conflict question ---


def test_conflict_question_comes_before_anything_but_who_applies(client, proposal, rita_reviewer):
    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    client.force_login(rita_reviewer)

    text = client.get(url_of(review)).content.decode()

    assert "Do you have a conflict of interest?" in text
    assert "Harbor Promise" in text
    assert proposal.title not in text
    assert "Five-year budget" not in text


def test_no_conflict_opens_the_desk(client, proposal, rita_reviewer):
    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    client.force_login(rita_reviewer)

    response = client.post(url_of(review, "review-no-conflict"), follow=True)

    text = response.content.decode()
    assert "Your review" in text
    assert proposal.title in text
    assert "Five-year budget" in text


def test_no_conflict_declared_by_staff_is_refused_in_words(client, rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.ASSIGNED)
    client.force_login(omar_officer)

    response = client.post(url_of(review, "review-no-conflict"), follow=True)

    assert "This review is assigned to somebody else." in response.content.decode()
    assert Review.objects.get().state == "assigned"


def test_draft_saved_before_the_conflict_question_is_refused_and_shows_nothing(client, proposal, rita_reviewer):
    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)
    client.force_login(rita_reviewer)

    response = client.post(url_of(review, "review-save"), form_of(review))

    text = response.content.decode()
    assert response.status_code == 403
    assert "Answer the conflict question first." in text
    assert proposal.title not in text
    assert review.scores.count() == 0


@pytest.mark.parametrize("state", [ReviewState.ASSIGNED, ReviewState.IN_PROGRESS])
def test_stepping_back_needs_a_reason_and_leads_to_the_list(state, client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=state)
    client.force_login(rita_reviewer)

    empty = client.post(step_of(review, "recuse"), {"version": review.version, "comment": ""})
    response = client.post(step_of(review, "recuse"), {"version": review.version, "comment": "My sister works there."})

    assert "Write a reason" in empty.content.decode()
    assert response.url == LIST
    assert client.get(url_of(review)).status_code == 404


def test_stepping_back_as_staff_who_review_leads_to_the_reason_and_no_form(client):
    both = UserFactory(roles=[Role.OFFICER, Role.REVIEWER])
    review = a_review(reviewer=both, state=ReviewState.RECUSED)
    client.force_login(both)

    text = client.get(url_of(review)).content.decode()

    assert "I advised the district." in text
    assert "Save draft" not in text


# --- the desk ---


def test_draft_saved_with_the_button_comes_back(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    response = client.post(url_of(review, "review-save"), form_of(review, points=5, feedback="Well done."))

    assert response.url == url_of(review)
    assert [row.points for row in rubric(Review.objects.get())] == [5, 5, 5]
    assert "Well done." in client.get(url_of(review)).content.decode()


def test_draft_saves_itself_and_says_when(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    response = client.post(url_of(review, "review-save"), form_of(review), headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert f'name="version" value="{Review.objects.get().version}"' in response.content.decode()
    assert 'Saved <time datetime="' in response.content.decode()


def test_draft_of_the_same_page_saves_again_and_again(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    for points in (1, 2, 3):
        response = client.post(url_of(review, "review-save"), form_of(review, points), headers={"HX-Request": "true"})
        assert response.status_code == 200

    assert [row.points for row in rubric(Review.objects.get())] == [3, 3, 3]


def test_draft_from_another_tab_answers_409_with_both_texts(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)
    client.post(url_of(review, "review-save"), form_of(review, reason="From the first tab."))

    response = client.post(url_of(review, "review-save"), form_of(review, reason="From the second.", editor="other"))

    text = response.content.decode()
    assert response.status_code == 409
    assert "From the first tab." in text
    assert "From the second." in text
    assert {row.reason for row in rubric(Review.objects.get())} == {"From the first tab."}


def test_draft_from_another_tab_can_then_be_saved_on_purpose(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)
    client.post(url_of(review, "review-save"), form_of(review, reason="From the first tab."))
    page = client.post(url_of(review, "review-save"), form_of(review, reason="Mine.", editor="other"))

    form = page.context["form"]
    client.post(url_of(review, "review-save"), form_of(review, reason="Mine.", version=form["version"].value()))

    assert {row.reason for row in rubric(Review.objects.get())} == {"Mine."}


def test_draft_that_saves_itself_from_another_tab_answers_409(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)
    client.post(url_of(review, "review-save"), form_of(review))

    response = client.post(
        url_of(review, "review-save"), form_of(review, editor="other"), headers={"HX-Request": "true"}
    )

    assert response.status_code == 409
    assert "It was saved in another window meanwhile." in response.content.decode()
    assert f'name="version" value="{review.version}"' in response.content.decode()


def test_draft_with_a_score_off_the_scale_is_kept_open(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    response = client.post(url_of(review, "review-save"), form_of(review, points=9))

    assert response.status_code == 422
    assert "Choose a score from 1 to 5." in response.content.decode()


@pytest.mark.parametrize("who", ["omar_officer", "otto_auditor"])
def test_draft_saved_by_staff_is_forbidden(who, request, client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(request.getfixturevalue(who))

    assert client.post(url_of(review, "review-save"), form_of(review)).status_code == 403


def test_desk_shows_anchors_in_words(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    assert "5: Answered fully and convincingly." in client.get(url_of(review)).content.decode()


def test_desk_hides_answers_that_are_hidden_from_reviewers(client, proposal, rita_reviewer):
    submission = proposal.submissions.get()
    answer = submission.content["sections"][0]["answers"][0]
    answer |= {"hidden": True, "prompt": "What is secret?", "text": "The secret answer."}
    submission.save()
    review = a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    text = client.get(url_of(review)).content.decode()

    assert "The secret answer." not in text
    assert "What is secret?" not in text


def test_draft_is_not_shown_to_staff(client, rita_reviewer, omar_officer):
    review = score(a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS), reason="Only Rita knows this.")
    client.force_login(omar_officer)

    text = client.get(url_of(review)).content.decode()

    assert "Only Rita knows this." not in text
    assert "3 of 3 criteria" in text


def test_submitting_from_the_desk_goes_on_to_the_step_and_submits(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    response = client.post(url_of(review, "review-save"), form_of(review, submit="1"))
    assert response.url == step_of(review, "submit")
    version = Review.objects.get().version
    response = client.post(response.url, {"version": version})

    assert response.url == url_of(review)
    assert Review.objects.get().state == "submitted"


def test_submitting_from_the_desk_with_gaps_keeps_the_draft_and_shows_them(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    second = rubric(review)[1].criterion.pk
    client.force_login(rita_reviewer)

    response = client.post(
        url_of(review, "review-save"), form_of(review, submit="1") | {f"points-{second}": "", f"reason-{second}": ""}
    )

    assert response.status_code == 422
    assert response.context["form"].errors == {
        f"points-{second}": ["Give a score for “Criterion 2”."],
        f"reason-{second}": ["Write your reason for “Criterion 2”."],
    }
    assert [row.points for row in rubric(Review.objects.get())] == [4, None, 4]


def test_submitting_an_unfinished_review_says_what_is_missing(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    text = client.get(step_of(review, "submit")).content.decode()

    assert "Give a score for “Criterion 1”." in text


def test_submitted_review_shows_the_others_then(client, proposal, rita_reviewer, rolf_reviewer):
    own = a_review(proposal, rita_reviewer)
    other = score(a_review(proposal, rolf_reviewer, state=ReviewState.IN_PROGRESS), reason="Rolf thinks otherwise.")
    client.force_login(rita_reviewer)
    before = client.get(url_of(own)).content.decode()
    client.force_login(rolf_reviewer)
    client.post(step_of(other, "submit"), {"version": other.version})
    client.force_login(rita_reviewer)
    after = client.get(url_of(own)).content.decode()

    assert "Rolf thinks otherwise." not in before
    assert "Rolf thinks otherwise." in after
    assert rolf_reviewer.name not in after
    assert client.get(url_of(other)).status_code == 404


@pytest.mark.parametrize("who", ["rolf_reviewer", "ana_applicant", "lea_site_lead", "ada_admin"])
def test_review_of_somebody_else_is_not_found(who, request, client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer)
    client.force_login(request.getfixturevalue(who))

    assert client.get(url_of(review)).status_code == 404


@pytest.mark.parametrize("others", [1, 30])
@pytest.mark.parametrize("state", [ReviewState.IN_PROGRESS, ReviewState.SUBMITTED])
def test_review_takes_at_most_15_queries_however_many_others(
    others, state, client, proposal, rita_reviewer, django_assert_max_num_queries
):
    for _ in range(others):
        a_review(proposal, UserFactory(roles=[Role.REVIEWER]))
    review = a_review(proposal, rita_reviewer, state=state)
    client.force_login(rita_reviewer)

    with django_assert_max_num_queries(15):
        assert client.get(url_of(review)).status_code == 200


def test_draft_that_comes_late_is_answered_with_what_stands(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)
    save = url_of(review, "review-save")
    client.post(save, form_of(review, feedback="Newest.", turn=3), headers={"HX-Request": "true"})

    late = client.post(save, form_of(review, feedback="Older.", turn=2), headers={"HX-Request": "true"})

    row = Review.objects.get()
    assert late.status_code == 200
    assert f'name="version" value="{row.version}"' in late.content.decode()
    assert (row.feedback, row.turn) == ("Newest.", 3)


def test_draft_that_comes_back_refused_goes_on_counting_its_saves(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    response = client.post(url_of(review, "review-save"), form_of(review, points=9, turn=4))

    assert response.status_code == 422
    assert 'name="turn" value="4"' in response.content.decode()


def test_desk_takes_at_most_fifteen_queries(client, proposal, rita_reviewer, django_assert_max_num_queries):
    review = a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    with django_assert_max_num_queries(15):
        client.get(url_of(review))


def test_desk_of_a_blind_round_takes_at_most_fifteen_queries_too(
    client, proposal, rita_reviewer, django_assert_max_num_queries
):
    proposal.round.blind = True
    proposal.round.save()
    review = a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)
    client.force_login(rita_reviewer)

    with django_assert_max_num_queries(15):
        client.get(url_of(review))


def test_other_reviewers_are_numbers_to_a_reviewer_and_names_to_staff(
    client, proposal, rita_reviewer, rolf_reviewer, omar_officer
):
    a_review(proposal, rolf_reviewer)
    review = a_review(proposal, rita_reviewer)
    client.force_login(rita_reviewer)

    mine = client.get(url_of(review)).content.decode()
    client.force_login(omar_officer)
    staff = client.get(url_of(review)).content.decode()

    assert "Reviewer 1 ·" in mine
    assert "Rolf Reviewer" not in mine
    assert "Rolf Reviewer" in staff


def test_staff_read_what_was_submitted_before_somebody_stepped_back(client, rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer)
    client.force_login(rita_reviewer)
    client.post(step_of(review, "recuse"), {"version": review.version, "comment": "I recognized them."})
    client.force_login(omar_officer)

    text = client.get(url_of(review)).content.decode()

    assert "What was submitted before" in text
    assert "I recognized them." in text
    assert "Convincing, with a clear measure" in text
