"""Pages of a discussion: staff's side with names, the reviewers' side with numbers."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from grants.enums import ProposalState, ReviewState
from grants.models import Discussion, DiscussionPost
from grants.workflow import REVIEW
from portal import clock
from portal.accounts.enums import Role
from portal.todo import todos_for
from tests.factories.accounts import UserFactory
from tests.factories.discussions import OPENED_AT, a_discussion, a_post
from tests.factories.proposals import ProposalFactory
from tests.factories.reviews import REVIEWED_AT, a_review
from tests.factories.rounds import RoundFactory
from tests.factories.sites import a_site
from tests.grants.views.reviewing import url_of

pytestmark = pytest.mark.django_db
NOW = REVIEWED_AT + timedelta(days=1)
QUERIES_OF_STAFF, QUERIES_OF_A_REVIEWER = 9, 9


@pytest.fixture(autouse=True)
def _a_day_later():
    with clock.at(NOW):
        yield


@pytest.fixture
def proposal():
    site = a_site(name="Harbor Promise", place="Harbor County")
    return ProposalFactory(site=site, title="Every School, Every Family", state=ProposalState.IN_REVIEW)


@pytest.fixture
def reviews(proposal, rita_reviewer, rolf_reviewer):
    return [a_review(proposal, rita_reviewer, points=5), a_review(proposal, rolf_reviewer, points=2)]


def staff_url(proposal):
    return f"/proposals/{proposal.reference}/discussion/"


def own_url(review):
    return url_of(review, "review-discussion")


def waiting_for(person):
    return [each.url for each in todos_for(person, NOW) if each.url.endswith("/discussion/")]


def said(text):
    return {"text": text, "key": str(uuid4())}


# --- staff ---


def test_opening_a_discussion_says_who_is_told_and_leads_to_the_thread(client, proposal, reviews, omar_officer):
    client.force_login(omar_officer)

    page = client.get(staff_url(proposal)).content.decode()
    empty = client.post(staff_url(proposal), {"question": ""})
    response = client.post(staff_url(proposal), {"question": "Is the need shown?"}, follow=True)

    assert "Rita Reviewer, as Reviewer 1" in page
    assert (empty.status_code, "Write what the reviewers should talk about." in empty.content.decode()) == (422, True)
    assert "Is the need shown?" in response.content.decode()
    assert Discussion.objects.get().question == "Is the need shown?"


def test_opening_a_discussion_a_colleague_opened_meanwhile_leads_into_it(client, proposal, reviews, omar_officer):
    a_discussion(proposal)
    client.force_login(omar_officer)

    response = client.post(staff_url(proposal), {"question": "Is the need shown?"})

    assert response.status_code == 422
    assert Discussion.objects.get().question == "Is the need shown for every school?"


def test_opening_a_discussion_of_one_review_says_why_not(client, proposal, omar_officer, rita_reviewer):
    a_review(proposal, rita_reviewer)
    client.force_login(omar_officer)

    page = client.get(staff_url(proposal))
    refused = client.post(staff_url(proposal), {"question": "Is the need shown?"})

    assert "A discussion needs 2 submitted reviews. This proposal has 1." in page.content.decode()
    assert refused.status_code == 409


def test_opening_a_discussion_warns_in_a_blind_round(client, omar_officer):
    proposal = ProposalFactory(round=RoundFactory(blind=True), state=ProposalState.IN_REVIEW)
    for _ in range(2):
        a_review(proposal)
    client.force_login(omar_officer)

    assert "do not name the applicant" in client.get(staff_url(proposal)).content.decode()


def test_staff_read_names_and_write(client, proposal, reviews, omar_officer):
    discussion = a_discussion(proposal)
    a_post(discussion, reviews[0].reviewer, "I go by page 4.", review=reviews[0])
    client.force_login(omar_officer)

    response = client.post(staff_url(proposal), said("And page 9?"), follow=True)

    text = response.content.decode()
    assert "Rita Reviewer (Reviewer 1)" in text
    assert "And page 9?" in text


@pytest.mark.parametrize("who", ["otto_auditor", "fay_finance"])
def test_staff_who_only_read_are_told_why(who, request, client, proposal, reviews):
    a_discussion(proposal)
    client.force_login(request.getfixturevalue(who))

    page = client.get(staff_url(proposal))
    response = client.post(staff_url(proposal), said("Let me add."))

    assert "Only program officers and directors write to the reviewers here." in page.content.decode()
    assert response.status_code == 403


def test_closing_names_who_is_scoring_again_and_closes(client, proposal, reviews, omar_officer):
    a_discussion(proposal)
    REVIEW.perform(reviews[1], "rescore", actor=reviews[1].reviewer, at=OPENED_AT)
    client.force_login(omar_officer)
    url = reverse("grants:discussion-close", args=[proposal.reference])

    page = client.get(url).content.decode()
    response = client.post(url, follow=True)

    assert "<li>Rolf Reviewer</li>" in page
    assert "Rita Reviewer" not in page
    assert "The discussion is closed." in response.content.decode()
    assert Discussion.objects.get().closed_by == omar_officer


@pytest.mark.parametrize("who", ["dina_director", "otto_auditor"])
def test_closing_by_anybody_but_an_officer_is_forbidden(who, request, client, proposal):
    a_discussion(proposal)
    client.force_login(request.getfixturevalue(who))

    assert client.post(reverse("grants:discussion-close", args=[proposal.reference])).status_code == 403


# --- reviewers ---


def test_reviewer_reads_numbers_instead_of_names_and_writes(client, proposal, reviews, omar_officer):
    discussion = a_discussion(proposal, omar_officer)
    a_post(discussion, reviews[0].reviewer, "I go by page 4.", review=reviews[0])
    client.force_login(reviews[1].reviewer)

    response = client.post(own_url(reviews[1]), said("I missed that."), follow=True)

    text = response.content.decode()
    assert "<strong>Reviewer 1</strong>" in text
    assert "<strong>Reviewer 2</strong> <span" in text
    assert "Rita Reviewer" not in text
    assert "<strong>Omar Officer</strong>" in text
    assert DiscussionPost.objects.filter(author=reviews[1].reviewer).get().text == "I missed that."


def test_reviewer_in_a_blind_round_reads_neither_title_nor_names_that_somebody_wrote(client, rita_reviewer):
    site = a_site(name="Harbor Promise", place="Harbor County")
    proposal = ProposalFactory(
        round=RoundFactory(blind=True), site=site, title="Every School, Every Family", state=ProposalState.IN_REVIEW
    )
    review = a_review(proposal, rita_reviewer)
    discussion = a_discussion(proposal, question="Does Harbor Promise show the need?")
    a_post(discussion, discussion.opened_by, "I know Harbor Promise well.")
    client.force_login(rita_reviewer)

    text = client.get(own_url(review)).content.decode()

    assert "Harbor Promise" not in text
    assert proposal.title not in text
    assert "show the need?" in text


def test_reviewer_finds_the_discussion_at_home_and_at_the_review(client, proposal, reviews, rita_reviewer):
    discussion = a_discussion(proposal)
    client.force_login(rita_reviewer)

    before = waiting_for(rita_reviewer)
    page = client.get(url_of(reviews[0])).content.decode()
    a_post(discussion, rita_reviewer, review=reviews[0])

    assert before == [own_url(reviews[0])]
    assert f'href="{own_url(reviews[0])}"' in page
    assert waiting_for(rita_reviewer) == []


def test_reviewer_scores_again_from_the_discussion_and_finds_the_way_back(client, proposal, reviews, rita_reviewer):
    a_discussion(proposal)
    client.force_login(rita_reviewer)
    step = reverse("grants:review-step", args=[reviews[0].reference, "rescore"])

    assert f'href="{step}"' in client.get(own_url(reviews[0])).content.decode()
    client.post(step, {"version": reviews[0].version})

    assert f'href="{own_url(reviews[0])}"' in client.get(url_of(reviews[0])).content.decode()
    assert "Go on scoring" in client.get(own_url(reviews[0])).content.decode()


@pytest.mark.parametrize(
    ("state", "status"), [(ReviewState.ASSIGNED, 403), (ReviewState.IN_PROGRESS, 403), (ReviewState.RECUSED, 404)]
)
def test_reviewer_who_has_not_submitted_reads_nothing_of_it(state, status, client, proposal, reviews):
    a_discussion(proposal, question="The secret question.")
    own = a_review(proposal, UserFactory(roles=[Role.REVIEWER]), state=state)
    client.force_login(own.reviewer)

    for response in (client.get(own_url(own)), client.post(own_url(own), said("Let me in."))):
        assert (response.status_code, "The secret question." in response.content.decode()) == (status, False)


def test_reviewer_without_a_discussion_finds_none(client, reviews, rita_reviewer):
    client.force_login(rita_reviewer)

    assert client.get(own_url(reviews[0])).status_code == 404


def test_reviewer_in_a_closed_discussion_reads_and_cannot_write(client, proposal, reviews, rita_reviewer, omar_officer):
    discussion = a_discussion(proposal)
    Discussion.objects.filter(pk=discussion.pk).update(closed_at=NOW, closed_by=omar_officer)
    client.force_login(rita_reviewer)

    page = client.get(own_url(reviews[0]))
    response = client.post(own_url(reviews[0]), said("Too late."))

    assert "The discussion is closed. Nothing can be added." in page.content.decode()
    assert (response.status_code, DiscussionPost.objects.count()) == (422, 0)


@pytest.mark.parametrize("posts", [1, 30])
def test_discussion_takes_as_many_queries_for_1_post_as_for_30(
    posts, client, proposal, reviews, rita_reviewer, omar_officer, django_assert_num_queries
):
    discussion = a_discussion(proposal, omar_officer)
    for number in range(posts):
        DiscussionPost.objects.create(
            discussion=discussion, author=rita_reviewer, text=f"Number {number}", at=OPENED_AT
        )
    client.force_login(omar_officer)
    with django_assert_num_queries(QUERIES_OF_STAFF):
        client.get(staff_url(proposal))
    client.force_login(rita_reviewer)
    with django_assert_num_queries(QUERIES_OF_A_REVIEWER):
        client.get(own_url(reviews[0]))
