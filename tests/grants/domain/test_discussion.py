"""Discussing a proposal: who opens, reads and writes, what is mailed, scoring again, closing."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grants import rules
from grants.domain.discussion import close_discussion, open_discussion, write_post
from grants.domain.queries.discussion import discussion_of, everybody, taking_part, thread
from grants.enums import ProposalState, ReviewState
from grants.models import Discussion, DiscussionPost, Proposal, SubmittedReview
from grants.workflow import REVIEW
from portal.access import Refused
from portal.accounts.enums import Role
from portal.activity.models import Entry
from portal.mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.discussions import OPENED_AT, a_discussion, a_post
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import a_review, score
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
LATER = OPENED_AT + timedelta(minutes=5)
QUESTION = "You differ about the need. What do you go by?"


@pytest.fixture
def proposal():
    return ProposalFactory(state=ProposalState.IN_REVIEW, title="Every School, Every Family")


@pytest.fixture
def reviews(proposal, rita_reviewer, rolf_reviewer):
    return [
        a_review(proposal, rita_reviewer, points=5),
        a_review(proposal, rolf_reviewer, points=2),
    ]


def mails(template):
    return list(Message.objects.filter(template=template).order_by("to").values_list("to", flat=True))


# --- opening ---


def test_discussion_opened_writes_to_every_reviewer_without_a_score_or_a_name(proposal, reviews, omar_officer):
    a_review(proposal, UserFactory(roles=[Role.REVIEWER]), state=ReviewState.IN_PROGRESS)
    a_review(proposal, UserFactory(roles=[Role.REVIEWER]), state=ReviewState.RECUSED)

    opened = open_discussion(proposal, f"  {QUESTION}\n", actor=omar_officer, at=OPENED_AT)

    assert (opened.question, opened.opened_by, opened.closed_at) == (QUESTION, omar_officer, None)
    assert mails("discussion_opened") == sorted(each.reviewer.email for each in reviews)
    for message in Message.objects.filter(template="discussion_opened"):
        for secret in (proposal.title, proposal.site.name, QUESTION, "5.00", "2.00", "Rita Reviewer scored"):
            assert secret not in message.text + message.html
    assert Entry.objects.of(proposal).first().summary == "Omar Officer opened a discussion among its reviewers."


def test_discussion_opened_twice_is_refused(proposal, reviews, omar_officer):
    open_discussion(proposal, QUESTION, actor=omar_officer, at=OPENED_AT)

    with refuses("This proposal has a discussion already."):
        open_discussion(proposal, "Again?", actor=omar_officer, at=LATER)


@pytest.mark.parametrize(("number", "said"), [(0, "none"), (1, "1")])
def test_discussion_of_fewer_than_two_reviews_is_refused(number, said, proposal, omar_officer):
    for _ in range(number):
        a_review(proposal)

    with refuses(f"A discussion needs 2 submitted reviews. This proposal has {said}."):
        open_discussion(proposal, QUESTION, actor=omar_officer, at=OPENED_AT)


def test_discussion_after_a_recommendation_is_refused_without_saying_it(proposal, reviews, omar_officer):
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.RECOMMENDED)

    with refuses("Reviewing is over: a decision on the proposal is being made."):
        open_discussion(proposal, QUESTION, actor=omar_officer, at=OPENED_AT)


@pytest.mark.parametrize("who", ["dina_director", "otto_auditor", "rita_reviewer", "ana_applicant"])
def test_discussion_opened_by_anybody_but_an_officer_is_refused(who, request, proposal, reviews):
    with refuses("Only program officers open and close discussions among reviewers."):
        open_discussion(proposal, QUESTION, actor=request.getfixturevalue(who), at=OPENED_AT)


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 20_001])
def test_discussion_without_a_question_or_with_an_endless_one_is_invalid(question, proposal, reviews, omar_officer):
    with pytest.raises(ValidationError) as raised:
        open_discussion(proposal, question, actor=omar_officer, at=OPENED_AT)

    assert set(raised.value.message_dict) == {"question"}


@pytest.mark.parametrize(
    "facts", [{"question": ""}, {"closed_at": LATER}, {"closed_at": OPENED_AT - timedelta(days=1), "closed_by": True}]
)
def test_discussion_that_makes_no_sense_is_refused_by_the_database(facts, proposal, omar_officer):
    if "closed_by" in facts:
        facts = facts | {"closed_by": omar_officer}
    fields = {"proposal": proposal, "question": QUESTION, "opened_by": omar_officer, "opened_at": OPENED_AT} | facts

    with pytest.raises(IntegrityError), transaction.atomic():
        Discussion.objects.create(**fields)


def test_second_discussion_and_empty_post_are_refused_by_the_database(proposal, omar_officer):
    discussion = a_discussion(proposal, omar_officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        a_discussion(proposal, omar_officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        DiscussionPost.objects.create(discussion=discussion, author=omar_officer, text="", at=LATER)


# --- who takes part ---


def test_reviewers_have_the_numbers_of_the_reviews_page_and_keep_them(proposal, reviews):
    a_review(proposal, state=ReviewState.IN_PROGRESS)
    late = a_review(proposal, at=LATER)
    REVIEW.perform(reviews[0], "recuse", actor=reviews[0].reviewer, at=LATER, comment="My sister works there.")

    people = everybody(proposal.pk)

    assert [(each.review, each.label) for each in people] == [
        (reviews[0], "Reviewer 1"), (reviews[1], "Reviewer 2"), (late, "Reviewer 4"),
    ]  # fmt: skip
    assert [each.label for each in taking_part(people)] == ["Reviewer 2", "Reviewer 4"]


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (ReviewState.ASSIGNED, False),
        (ReviewState.IN_PROGRESS, False),
        (ReviewState.SUBMITTED, True),
        (ReviewState.RECUSED, False),
    ],
)
def test_discussion_is_for_reviewers_who_submitted(state, allowed, proposal, rita_reviewer):
    review = a_review(proposal, rita_reviewer, state=state)

    assert bool(rules.may_discuss(review, rita_reviewer)) is allowed


def test_discussion_stays_open_to_who_is_scoring_again(proposal, reviews, rita_reviewer, rolf_reviewer):
    a_discussion(proposal)
    review = REVIEW.perform(reviews[0], "rescore", actor=rita_reviewer, at=LATER)

    assert rules.may_discuss(review, rita_reviewer)
    assert not rules.may_discuss(review, rolf_reviewer)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (
            ReviewState.IN_PROGRESS,
            "You review this proposal yourself: submit your review first, then read what the others say.",
        ),
        (ReviewState.RECUSED, "You stepped back from this proposal, so what its reviewers say is not for you."),
        (ReviewState.SUBMITTED, ""),
    ],
)
def test_reviews_are_read_by_staff_who_review_themselves_only_after_submitting(state, reason, proposal):
    both = UserFactory(roles=[Role.OFFICER, Role.REVIEWER])
    a_review(proposal, both, state=state)

    assert rules.may_read_reviews_of(proposal, both).reason == reason


# --- writing ---


def test_post_of_a_reviewer_is_told_to_the_others_and_to_who_opened_without_its_text(proposal, reviews, omar_officer):
    discussion = a_discussion(proposal, omar_officer)

    a_post(discussion, reviews[0].reviewer, "I go by page 4.", review=reviews[0])

    assert mails("discussion_post") == [reviews[1].reviewer.email]
    assert mails("discussion_post_staff") == [omar_officer.email]
    assert not Message.objects.filter(text__contains="I go by page 4.").exists()
    assert Entry.objects.of(proposal).first().summary == "A reviewer wrote in the discussion among its reviewers."


def test_posts_within_an_hour_are_told_once(proposal, reviews, omar_officer):
    discussion = a_discussion(proposal, omar_officer)

    for minute in (1, 2, 90):
        a_post(discussion, omar_officer, f"Number {minute}.", at=OPENED_AT + timedelta(minutes=minute))

    assert mails("discussion_post") == sorted([each.reviewer.email for each in reviews] * 2)
    assert mails("discussion_post_staff") == []


def test_post_sent_twice_by_the_same_form_is_written_once(proposal, reviews, omar_officer):
    discussion = a_discussion(proposal, omar_officer)
    key = "0" * 32

    first = write_post(discussion, "Once.", actor=omar_officer, at=LATER, key=key)
    again = write_post(discussion, "Once.", actor=omar_officer, at=LATER, key=key)
    other = write_post(discussion, "Twice.", actor=omar_officer, at=LATER, key=key)

    assert first == again != other
    assert discussion.posts.count() == 2


def test_reviewers_read_each_other_as_numbers_and_staff_by_name(proposal, reviews, omar_officer, rita_reviewer):
    discussion = a_discussion(proposal, omar_officer)
    a_post(discussion, rita_reviewer, "Page 4.", review=reviews[0])
    a_post(discussion, reviews[1].reviewer, "Page 9.", review=reviews[1])
    a_post(discussion, omar_officer, "Thank you.")
    people = everybody(proposal.pk)

    as_reviewer = thread(discussion, people, rita_reviewer, as_staff=False)
    as_staff = thread(discussion, people, omar_officer, as_staff=True)

    assert [(each.name, each.own, each.from_staff) for each in as_reviewer] == [
        ("Reviewer 1", True, False), ("Reviewer 2", False, False), ("Omar Officer", False, True),
    ]  # fmt: skip
    assert [each.name for each in as_staff] == [
        "Rita Reviewer (Reviewer 1)", "Rolf Reviewer (Reviewer 2)", "Omar Officer",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["fay_finance", "otto_auditor", "rolf_reviewer", "ana_applicant"])
def test_post_as_staff_by_anybody_but_officers_and_directors_is_refused(who, request, proposal, reviews):
    discussion = a_discussion(proposal)

    with refuses("Only program officers and directors write to the reviewers here."):
        a_post(discussion, request.getfixturevalue(who))


def test_post_by_a_reviewer_who_has_not_submitted_is_refused(proposal, reviews):
    discussion = a_discussion(proposal)
    review = a_review(proposal, state=ReviewState.IN_PROGRESS)

    with refuses("Submit your review first: you read what the others say after you have said it yourself."):
        a_post(discussion, review.reviewer, review=review)


def test_post_with_a_review_of_another_proposal_is_refused(proposal, reviews, rita_reviewer):
    elsewhere = a_review(reviewer=rita_reviewer)

    with refuses("This review is of another proposal."):
        a_post(a_discussion(proposal), rita_reviewer, review=elsewhere)


def test_post_of_nothing_is_invalid(proposal, reviews, omar_officer):
    with pytest.raises(ValidationError):
        a_post(a_discussion(proposal), omar_officer, " \n ")


def test_post_after_the_docket_was_sent_is_refused(proposal, reviews, omar_officer):
    discussion = a_discussion(proposal)
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.NOT_RECOMMENDED)

    with refuses("Reviewing is over: a decision on the proposal is being made."):
        a_post(discussion, omar_officer)


# --- scoring again ---


def test_scoring_again_takes_the_mark_away_and_submitting_freezes_the_next_one(proposal, reviews):
    a_discussion(proposal)
    high, _ = reviews

    again = REVIEW.perform(high, "rescore", actor=high.reviewer, at=LATER)
    assert (again.state, again.weighted_mean, again.submitted_at) == ("in_progress", None, None)
    submitted = REVIEW.perform(score(again, 3, at=LATER), "submit", actor=high.reviewer, at=LATER)

    frozen = SubmittedReview.objects.filter(review=high).order_by("number")
    assert [(each.number, float(each.weighted_mean), each.after_discussion) for each in frozen] == [
        (1, 5.0, False),
        (2, 3.0, True),
    ]
    assert submitted.weighted_mean == 3


def test_scoring_again_without_a_discussion_or_after_it_says_why_not(proposal, reviews, omar_officer):
    text = "You can score again while the foundation has the discussion of this proposal open."
    review = reviews[0]

    with refuses(text):
        REVIEW.perform(review, "rescore", actor=review.reviewer, at=LATER)
    close_discussion(a_discussion(proposal), actor=omar_officer, at=LATER)
    with refuses(text):
        REVIEW.perform(review, "rescore", actor=review.reviewer, at=LATER)


def test_scoring_again_by_somebody_else_is_refused(proposal, reviews, omar_officer, rolf_reviewer):
    a_discussion(proposal)

    for person in (omar_officer, rolf_reviewer):
        with refuses("This review is assigned to somebody else."):
            REVIEW.perform(reviews[0], "rescore", actor=person, at=LATER)


def test_scoring_again_after_a_recommendation_is_refused_without_saying_it(proposal, reviews):
    a_discussion(proposal)
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.RECOMMENDED)
    reviews[0].refresh_from_db()

    with refuses("Reviewing is over: a decision on the proposal is being made."):
        REVIEW.perform(reviews[0], "rescore", actor=reviews[0].reviewer, at=LATER)


# --- closing ---


def test_discussion_closed_asks_who_scores_again_to_submit(proposal, reviews, omar_officer):
    discussion = a_discussion(proposal)
    REVIEW.perform(reviews[0], "rescore", actor=reviews[0].reviewer, at=LATER)

    closed = close_discussion(discussion, actor=omar_officer, at=LATER)

    assert (closed.closed_by, closed.closed_at) == (omar_officer, LATER)
    assert mails("discussion_closed") == [reviews[0].reviewer.email]
    with refuses("The discussion is closed."):
        a_post(discussion, omar_officer)


def test_discussion_closed_twice_is_closed_once(proposal, omar_officer, olga_officer):
    discussion = a_discussion(proposal)

    close_discussion(discussion, actor=omar_officer, at=LATER)
    again = close_discussion(discussion, actor=olga_officer, at=LATER + timedelta(hours=1))

    assert (again.closed_by, again.closed_at) == (omar_officer, LATER)
    assert Entry.objects.of(proposal).filter(verb="close_discussion").count() == 1


def test_discussion_closed_while_it_is_scored_again_still_lets_the_reviewer_submit(proposal, reviews, omar_officer):
    discussion = a_discussion(proposal)
    review = REVIEW.perform(reviews[0], "rescore", actor=reviews[0].reviewer, at=LATER)
    close_discussion(discussion, actor=omar_officer, at=LATER)

    assert REVIEW.perform(review, "submit", actor=review.reviewer, at=LATER).state == "submitted"


@pytest.mark.parametrize("who", ["dina_director", "rita_reviewer"])
def test_discussion_closed_by_anybody_but_an_officer_is_refused(who, request, proposal):
    with pytest.raises(Refused, match="Only program officers open and close discussions"):
        close_discussion(a_discussion(proposal), actor=request.getfixturevalue(who), at=LATER)


def test_discussion_of_a_proposal_without_one_is_none(proposal):
    assert discussion_of(proposal.pk) is None
