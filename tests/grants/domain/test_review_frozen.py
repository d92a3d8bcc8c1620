"""What a review leaves behind: every word frozen when it is submitted, also when its reviewer steps back afterwards."""

from datetime import timedelta
from decimal import Decimal

import pytest

from grants.domain.queries.review import marks_of, rubric, submitted_of
from grants.domain.review import save_draft
from grants.domain.section import Overtaken
from grants.enums import ReviewState
from grants.models import Discussion, Review, SubmittedReview
from grants.workflow import REVIEW
from portal.mail.models import Message
from tests.factories.reviews import REASON, REVIEWED_AT, a_review, score

pytestmark = pytest.mark.django_db
LATER = REVIEWED_AT + timedelta(minutes=5)


def test_review_submitted_freezes_the_weighted_mean(rita_reviewer):
    review = a_review(reviewer=rita_reviewer, points=[5, 4, 2])  # weights 1, 2, 3

    assert (review.weighted_mean, review.submitted_at) == (Decimal("3.167"), REVIEWED_AT)


def test_review_submitted_freezes_every_word(rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer, points=[5, 4, 2])

    frozen = SubmittedReview.objects.get()
    first = rubric(review)[0].criterion
    assert (frozen.number, frozen.at, frozen.weighted_mean) == (1, REVIEWED_AT, Decimal("3.167"))
    assert (frozen.feedback, frozen.after_discussion) == ("Say more about how the union takes part.", False)
    assert frozen.scores[0] == {
        "criterion": first.pk, "name": "Criterion 1", "weight": 1, "points": 5, "reason": REASON,
    }  # fmt: skip
    assert len(frozen.scores) == 3


def test_review_submitted_again_keeps_what_was_submitted_before(rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer, points=2, officer=omar_officer)
    review = REVIEW.perform(review, "reopen", actor=omar_officer, at=LATER, comment="Reworded.")
    Discussion.objects.create(proposal=review.proposal, question="Why 2?", opened_by=omar_officer, opened_at=LATER)

    REVIEW.perform(score(review, 5, at=LATER), "submit", actor=rita_reviewer, at=LATER)

    rows = SubmittedReview.objects.values_list("number", "weighted_mean", "after_discussion")
    assert list(rows) == [(1, Decimal("2.000"), False), (2, Decimal("5.000"), True)]


def test_review_recused_after_submitting_counts_no_more_and_stays_frozen(rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer, officer=omar_officer)

    review = REVIEW.perform(review, "recuse", actor=rita_reviewer, at=LATER, comment="I recognized the team.")

    assert (review.submitted_at, review.weighted_mean, review.recused_at) == (None, None, LATER)
    assert marks_of(review.proposal.round_id) == submitted_of(review.proposal) == []
    assert review.submitted.count() == 1
    assert not Review.objects.visible_to(rita_reviewer).exists()
    assert "I recognized the team." in Message.objects.latest("created_at").text


def test_review_recused_tells_every_officer_when_who_assigned_it_is_gone(rita_reviewer, omar_officer, olga_officer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS, officer=omar_officer)
    omar_officer.is_active = False
    omar_officer.save()

    REVIEW.perform(review, "recuse", actor=rita_reviewer, at=LATER, comment="My sister works there.")

    assert list(Message.objects.filter(template="review_recused").values_list("to", flat=True)) == [olga_officer.email]


def test_draft_overtaken_by_a_later_save_of_the_same_page_changes_nothing(rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.IN_PROGRESS)
    facts = {"actor": rita_reviewer, "at": LATER, "version": review.version, "editor": "page", "scores": {}}
    save_draft(review, **facts, turn=7, feedback="The newest words.", private_notes="")

    with pytest.raises(Overtaken):
        save_draft(review, **facts, turn=6, feedback="Older words.", private_notes="")

    saved = save_draft(review, **facts, turn=8, feedback="Newer still.", private_notes="")
    assert (saved.feedback, saved.turn) == ("Newer still.", 8)
