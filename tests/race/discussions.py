"""Scenario: officers open a discussion at once; in another one a reviewer's form is sent again and again, and they score again."""

from grants.domain.discussion import open_discussion, write_post
from grants.enums import ProposalState
from grants.models import Discussion, DiscussionPost, Proposal, Review
from grants.workflow import REVIEW
from portal.access import Refused
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.discussions import OPENED_AT, a_discussion
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import a_review

KEY = "0123456789abcdef0123456789abcdef"


def prepare():
    officer = UserFactory(roles=[Role.OFFICER])
    quiet, open_one = (ProposalFactory(state=ProposalState.IN_REVIEW) for _ in range(2))
    for proposal in (quiet, quiet, open_one):
        a_review(proposal, officer=officer)
    review = a_review(open_one, officer=officer)
    discussion = a_discussion(open_one, officer)
    return {"officer": officer.pk, "quiet": quiet.pk, "discussion": discussion.pk, "review": review.pk}


def act(facts, number):
    review = Review.objects.select_related("proposal", "reviewer").get(pk=facts["review"])
    try:
        if number < 8:
            actor = User.objects.get(pk=facts["officer"])
            open_discussion(Proposal.objects.get(pk=facts["quiet"]), "Why?", actor=actor, at=OPENED_AT)
            return "opened"
        if number < 12:
            discussion = Discussion.objects.select_related("proposal").get(pk=facts["discussion"])
            write_post(discussion, "Page 4.", actor=review.reviewer, at=OPENED_AT, key=KEY, review=review)
            return "written"
        REVIEW.perform(review, "rescore", actor=review.reviewer, at=OPENED_AT)
        return "scores again"
    except Refused as refusal:
        return str(refusal)


def outcome(facts):
    return {
        "discussions": Discussion.objects.count(),
        "posts": DiscussionPost.objects.count(),
        "told_of_opening": Message.objects.filter(template="discussion_opened").count(),
        "told_of_post": Message.objects.filter(template="discussion_post").count(),
    }
