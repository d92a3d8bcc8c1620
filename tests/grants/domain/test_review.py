"""Asking reviewers, the conflict question, drafts, submitting, stepping back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from grants.domain.queries.conflict import known_conflicts
from grants.domain.queries.review import (
    missing_to_submit,
    others_shown_with,
    reviewer_pool,
    rubric,
)
from grants.domain.review import assign_reviewer, save_draft, unassign_reviewer
from grants.enums import ProposalState, ReviewState
from grants.models import Proposal, Review
from grants.workflow import REVIEW
from portal.access import Refused
from portal.accounts.enums import Role
from portal.activity.models import Entry
from portal.mail.models import Message
from portal.record import Stale
from tests.factories.accounts import UserFactory
from tests.factories.discussions import a_discussion
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REASON, REVIEWED_AT, a_review, score
from tests.factories.sites import PartnerFactory, SeatFactory
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = REVIEWED_AT + timedelta(minutes=5)


@pytest.fixture
def proposal():
    return ProposalFactory(state=ProposalState.IN_REVIEW, title="Every School, Every Family")


def move(proposal, state):
    Proposal.objects.filter(pk=proposal.pk).update(state=state)


# --- asking and taking back ---


def test_reviewer_assigned_gets_a_review_and_a_mail_without_the_proposal(proposal, rita_reviewer, omar_officer):
    review = assign_reviewer(proposal, rita_reviewer, actor=omar_officer, at=REVIEWED_AT, due_on=date(2026, 12, 1))

    message = Message.objects.get()
    assert (review.reference, review.state, review.due_on) == ("V-2026-0001", "assigned", date(2026, 12, 1))
    assert (message.to, message.subject) == (rita_reviewer.email, "A proposal is waiting for your review")
    assert "1 Dec 2026" in message.text
    assert proposal.title not in message.text
    assert proposal.site.name not in message.text
    assert Entry.objects.of(proposal).get().summary == "Rita Reviewer was asked to review it."


@pytest.mark.parametrize("state", [each for each in ProposalState if each != ProposalState.IN_REVIEW])
def test_reviewer_assigned_to_a_proposal_not_in_review_is_refused(state, rita_reviewer, omar_officer):
    proposal = ProposalFactory(state=state)

    with pytest.raises(Refused, match="Reviewers can be assigned while a proposal is in review"):
        assign_reviewer(proposal, rita_reviewer, actor=omar_officer, at=REVIEWED_AT)


def test_reviewer_assigned_without_the_role_is_refused(proposal, sam_stranger, omar_officer):
    with refuses("Sam Stranger does not hold the reviewer role."):
        assign_reviewer(proposal, sam_stranger, actor=omar_officer, at=REVIEWED_AT)


def test_reviewer_assigned_twice_is_refused(proposal, rita_reviewer, omar_officer):
    a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)

    with refuses("Rita Reviewer already has this one."):
        assign_reviewer(proposal, rita_reviewer, actor=omar_officer, at=REVIEWED_AT)


def test_reviewer_assigned_after_stepping_back_is_refused(proposal, rita_reviewer, omar_officer):
    a_review(proposal, rita_reviewer, state=ReviewState.RECUSED)

    with refuses("Rita Reviewer stepped back from this proposal."):
        assign_reviewer(proposal, rita_reviewer, actor=omar_officer, at=REVIEWED_AT)


@pytest.mark.parametrize("who", ["dina_director", "fay_finance", "otto_auditor", "ada_admin", "rita_reviewer"])
def test_reviewer_assigned_by_anybody_but_an_officer_is_refused(who, request, proposal, rolf_reviewer):
    with refuses("Only program officers assign reviews."):
        assign_reviewer(proposal, rolf_reviewer, actor=request.getfixturevalue(who), at=REVIEWED_AT)


def test_reviewer_with_a_seat_on_the_site_is_refused(proposal, rita_reviewer, omar_officer):
    SeatFactory(site=proposal.site, holder=rita_reviewer)

    with refuses("Rita Reviewer has held a seat on this site."):
        assign_reviewer(proposal, rita_reviewer, actor=omar_officer, at=REVIEWED_AT)


def test_conflict_of_a_seat_that_was_handed_over_stays(proposal, rita_reviewer):
    SeatFactory(site=proposal.site, holder=rita_reviewer, started_at=REVIEWED_AT, ended_at=LATER)

    assert known_conflicts(proposal, [rita_reviewer]) == {
        rita_reviewer.pk: "Rita Reviewer has held a seat on this site."
    }


def test_conflict_of_a_shared_mail_domain_names_the_partner(proposal, rita_reviewer):
    PartnerFactory(site=proposal.site, name="Harbor Fund", signatory_email="grace@REVIEWER.example")

    assert known_conflicts(proposal, [rita_reviewer]) == {
        rita_reviewer.pk: "Rita Reviewer has the same mail domain as Harbor Fund, a partner of this site."
    }


def test_conflict_of_a_public_mail_domain_is_none(proposal):
    PartnerFactory(site=proposal.site, signatory_email="grace@gmail.com")

    assert known_conflicts(proposal, [UserFactory(email="rita@gmail.com")]) == {}


def test_reviewer_pool_counts_unfinished_reviews(proposal, rita_reviewer, rolf_reviewer, omar_officer):
    a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS, officer=omar_officer)
    a_review(proposal, rolf_reviewer, state=ReviewState.SUBMITTED, officer=omar_officer)
    UserFactory(name="Gone", roles=[Role.REVIEWER], is_active=False)

    assert [(str(each.person), each.open_reviews) for each in reviewer_pool()] == [
        ("Rita Reviewer", 1),
        ("Rolf Reviewer", 0),
    ]


def test_reviewer_unassigned_before_answering_loses_the_review(proposal, rita_reviewer, omar_officer):
    review = a_review(proposal, rita_reviewer, state=ReviewState.ASSIGNED)

    unassign_reviewer(review, actor=omar_officer, at=LATER)

    assert not Review.objects.exists()
    assert Message.objects.latest("created_at").subject == "You no longer need to review V-2026-0001"
    assert Entry.objects.of(proposal).first().summary == "Rita Reviewer was taken off its list of reviewers."


@pytest.mark.parametrize("state", [ReviewState.IN_PROGRESS, ReviewState.SUBMITTED, ReviewState.RECUSED])
def test_reviewer_unassigned_after_answering_is_refused(state, rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer, state=state)

    with refuses(f"Rita Reviewer has already begun, so this review stays. It is {review.get_state_display().lower()}."):
        unassign_reviewer(review, actor=omar_officer, at=LATER)


# --- drafts ---


def test_draft_saved_keeps_scores_reasons_and_texts(rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    first, second, third = (row.criterion.pk for row in rubric(review))

    saved = save_draft(
        review,
        actor=rita_reviewer,
        at=LATER,
        version=review.version,
        editor="page",
        scores={first: (5, "Clear."), second: (None, "Not sure yet."), third: (None, "")},
        feedback="Well done.",
        private_notes="Ask about the union.",
    )

    assert [(row.points, row.reason) for row in rubric(saved)] == [(5, "Clear."), (None, "Not sure yet."), (None, "")]
    assert (saved.feedback, saved.private_notes, saved.saved_at) == ("Well done.", "Ask about the union.", LATER)
    assert saved.version == review.version + 1


def draft(review, *, version, editor="", points=3):
    scores = {row.criterion.pk: (points, REASON) for row in rubric(review)}
    return save_draft(
        review, actor=review.reviewer, at=LATER, version=version, editor=editor, scores=scores,
        feedback="", private_notes="",
    )  # fmt: skip


def test_draft_saved_from_another_tab_is_stale(rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    draft(review, version=review.version, editor="one", points=5)

    with pytest.raises(Stale):
        draft(review, version=review.version, editor="two", points=1)

    assert [row.points for row in rubric(Review.objects.get())] == [5, 5, 5]


def test_draft_saved_from_the_same_page_again_is_not_stale(rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    draft(review, version=review.version, editor="one", points=5)

    draft(review, version=review.version, editor="one", points=2)

    assert [row.points for row in rubric(Review.objects.get())] == [2, 2, 2]


@pytest.mark.parametrize("points", [0, 6])
def test_draft_with_a_score_off_the_scale_is_invalid(points, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    key = rubric(review)[0].criterion.pk

    with pytest.raises(ValidationError) as raised:
        draft(review, version=review.version, points=points)

    assert raised.value.message_dict == {f"points-{key}": ["Choose a score from 1 to 5."]}


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (ReviewState.ASSIGNED, "This review cannot be changed now. It is conflict question open."),
        (ReviewState.SUBMITTED, "This review cannot be changed now. It is submitted."),
        (ReviewState.RECUSED, "This review cannot be changed now. It is recused."),
    ],
)
def test_draft_of_a_review_not_in_progress_is_refused(state, text, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=state)

    with refuses(text):
        draft(review, version=review.version)


def test_draft_saved_by_somebody_else_is_refused(rita_reviewer, rolf_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)

    with refuses("This review is assigned to somebody else."):
        save_draft(
            review, actor=rolf_reviewer, at=LATER, version=1, editor="", scores={}, feedback="", private_notes=""
        )


# --- steps ---

# What each step makes of each state for whoever may take it; "no" is a refusal.
GRID = {
    "declare_no_conflict": {"assigned": "in_progress", "in_progress": "no", "submitted": "no", "recused": "no"},
    "recuse": {"assigned": "recused", "in_progress": "recused", "submitted": "recused", "recused": "no"},
    "submit": {"assigned": "no", "in_progress": "submitted", "submitted": "no", "recused": "no"},
    "reopen": {"assigned": "no", "in_progress": "no", "submitted": "in_progress", "recused": "no"},
    "rescore": {"assigned": "no", "in_progress": "no", "submitted": "in_progress", "recused": "no"},
}


@pytest.mark.parametrize(("step", "state"), [(step, state) for step, row in GRID.items() for state in row])
def test_review_step_from_each_state(step, state, rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer, state=state, officer=omar_officer)
    if state == "in_progress":
        review = score(review)
    if step == "rescore":
        a_discussion(review.proposal)
    actor = omar_officer if step == "reopen" else rita_reviewer
    wanted = GRID[step][state]

    if wanted == "no":
        with pytest.raises(Refused, match="is not possible now"):
            REVIEW.perform(review, step, actor=actor, at=LATER, comment="Because.")
    else:
        assert REVIEW.perform(review, step, actor=actor, at=LATER, comment="Because.").state == wanted


def test_review_grid_names_every_step_and_state():
    assert set(GRID) == set(REVIEW.by_name)
    assert all(set(row) == set(ReviewState.values) for row in GRID.values())


@pytest.mark.parametrize("step", ["declare_no_conflict", "recuse", "submit"])
@pytest.mark.parametrize("who", ["rolf_reviewer", "omar_officer", "dina_director", "ana_applicant"])
def test_review_step_by_somebody_else_is_refused(step, who, request, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.ASSIGNED)

    with refuses("This review is assigned to somebody else."):
        REVIEW.perform(review, step, actor=request.getfixturevalue(who), at=LATER, comment="Because.")


def test_review_step_after_the_role_was_taken_away_is_refused(rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.ASSIGNED)
    rita_reviewer.role_grants.all().delete()
    del rita_reviewer.roles

    with refuses("This review is assigned to somebody else."):
        REVIEW.perform(review, "declare_no_conflict", actor=rita_reviewer, at=LATER)


@pytest.mark.parametrize("who", ["rita_reviewer", "dina_director", "otto_auditor"])
def test_review_reopened_by_anybody_but_an_officer_is_refused(who, request, rita_reviewer):
    review = a_review(reviewer=rita_reviewer)

    with refuses("Only program officers assign reviews."):
        REVIEW.perform(review, "reopen", actor=request.getfixturevalue(who), at=LATER, comment="Because.")


def test_review_submitted_without_scores_and_reasons_says_what_is_missing(rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    review = draft_of_two(review, rita_reviewer)

    missing = [
        "Write your reason for “Criterion 2”.",
        "Give a score for “Criterion 3”.",
        "Write your reason for “Criterion 3”.",
    ]
    assert missing_to_submit(review) == missing
    with refuses(" ".join(missing)):
        REVIEW.perform(review, "submit", actor=rita_reviewer, at=LATER)


def draft_of_two(review, reviewer):
    first, second, _ = (row.criterion.pk for row in rubric(review))
    scores = {first: (5, "Clear."), second: (4, "  ")}
    return save_draft(
        review, actor=reviewer, at=LATER, version=review.version, editor="", scores=scores, feedback="",
        private_notes="",
    )  # fmt: skip


def test_review_submitted_after_the_docket_was_sent_is_refused_without_the_recommendation(rita_reviewer):
    review = score(a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS))
    move(review.proposal, ProposalState.NOT_RECOMMENDED)

    with refuses("Reviewing is over: a decision on the proposal is being made."):
        REVIEW.perform(review, "submit", actor=rita_reviewer, at=LATER)


def test_review_recused_tells_who_assigned_it(rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.RECUSED, officer=omar_officer)

    message = Message.objects.latest("created_at")
    assert (review.recused_at, review.recusal_reason) == (REVIEWED_AT, "I advised the district.")
    assert (message.to, message.subject) == (omar_officer.email, "Rita Reviewer stepped back from a review")
    assert "I advised the district." in message.text


def test_review_recused_without_a_reason_is_refused(rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)

    with refuses("Say why: this step needs a written reason."):
        REVIEW.perform(review, "recuse", actor=rita_reviewer, at=LATER, comment=" ")


def test_review_reopened_forgets_the_mean_and_tells_the_reviewer(rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer)

    review = REVIEW.perform(review, "reopen", actor=omar_officer, at=LATER, comment="Criterion 2 was reworded.")

    message = Message.objects.latest("created_at")
    assert (review.weighted_mean, review.submitted_at) == (None, None)
    assert (message.to, message.subject) == (rita_reviewer.email, f"Your review {review.reference} is open again")


def test_review_reopened_after_the_docket_was_sent_is_refused(rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer)
    move(review.proposal, ProposalState.RECOMMENDED)

    with refuses("The proposal is recommended, so its reviews stay as they are."):
        REVIEW.perform(review, "reopen", actor=omar_officer, at=LATER, comment="Because.")


# --- who sees whose ---


def test_others_are_shown_to_a_reviewer_only_after_submitting(proposal, rita_reviewer, rolf_reviewer):
    own = a_review(proposal, rita_reviewer, state=ReviewState.IN_PROGRESS)
    other = a_review(proposal, rolf_reviewer)

    assert others_shown_with(own, rita_reviewer) == []
    own = REVIEW.perform(score(own), "submit", actor=rita_reviewer, at=LATER)
    assert others_shown_with(own, rita_reviewer) == [other]


def test_others_that_are_not_submitted_are_shown_to_nobody(proposal, rita_reviewer, rolf_reviewer, omar_officer):
    own = a_review(proposal, rita_reviewer)
    a_review(proposal, rolf_reviewer, state=ReviewState.IN_PROGRESS)

    assert others_shown_with(own, omar_officer) == []


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("rita_reviewer", ["assigned", "in_progress", "submitted"]),
        ("rolf_reviewer", []),
        ("ana_applicant", []),
        ("ada_admin", []),
        ("omar_officer", ["assigned", "in_progress", "submitted", "recused"]),
        ("otto_auditor", ["assigned", "in_progress", "submitted", "recused"]),
    ],
)
def test_reviews_visible_to_each_person(who, seen, request, rita_reviewer):
    for state in ("assigned", "in_progress", "submitted", "recused"):
        a_review(reviewer=rita_reviewer, state=state)

    visible = Review.objects.visible_to(request.getfixturevalue(who)).order_by("pk")
    assert list(visible.values_list("state", flat=True)) == seen
