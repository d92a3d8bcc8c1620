"""The pool of reviewers: the list, a reviewer's page and forms, invitations."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from grants.domain.reviewer import declare_disclosure, save_profile
from grants.domain.reviewer_invitation import EXPIRES_AFTER, invite_reviewer
from grants.enums import ProposalState, ReviewState
from grants.models import Disclosure, ReviewerInvitation, ReviewerProfile
from portal import clock
from portal.accounts.enums import Role
from portal.mail.models import Message
from sites.models import Component, KeyIssue
from tests.factories.proposals import ProposalFactory
from tests.factories.reviewers import a_reviewer
from tests.factories.reviews import REVIEWED_AT, a_review

pytestmark = pytest.mark.django_db
LIST = reverse("grants:reviewer-list")
TODAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _while_reviewing():
    with clock.at(REVIEWED_AT):
        yield


def url_of(person, *rest):
    return "/".join([reverse("grants:reviewer-detail", args=[person.public_id]).rstrip("/"), *rest, ""])


# --- the list ---


def test_list_shows_what_each_knows_and_has(client, omar_officer):
    rita = a_reviewer("Rita", components=["coherence"], capacity=1, organization="Harbor University")
    a_reviewer("Away", away_from=TODAY, away_until=TODAY)
    a_review(reviewer=rita, state=ReviewState.ASSIGNED)
    client.force_login(omar_officer)

    content = client.get(LIST).content.decode()

    assert "Harbor University" in content
    assert "1 of 1" in content
    assert "full, 1 unfinished" in content
    assert "away 16 Nov 2026 to 16 Nov 2026" in content


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Rita", "Rolf"]),
        ("?q=harbor", ["Rita"]),
        ("?q=ROLF", ["Rolf"]),
        ("?component=coherence", ["Rolf"]),
        ("?there=away", ["Rita"]),
        ("?there=here", ["Rolf"]),
        ("?component=partnerships", []),
    ],
)
def test_list_is_narrowed_down(query, names, client, omar_officer):
    a_reviewer("Rita", organization="Harbor University", away_from=TODAY, away_until=TODAY)
    a_reviewer("Rolf", components=["coherence"], key_issues=[KeyIssue.objects.first().code])
    client.force_login(omar_officer)

    assert [str(member.person) for member, _ in client.get(f"{LIST}{query}").context["rows"]] == names


def test_list_without_anybody_says_what_to_do(client, omar_officer, dina_director):
    client.force_login(omar_officer)
    assert "Invite people from outside" in client.get(LIST).content.decode()
    client.force_login(dina_director)
    assert "Program officers invite them." in client.get(LIST).content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_list_takes_at_most_14_queries(number, client, omar_officer, django_assert_max_num_queries):
    for _ in range(number):
        a_reviewer(components=["coherence"])
    ProposalFactory(state=ProposalState.IN_REVIEW, submission=False)
    client.force_login(omar_officer)

    with django_assert_max_num_queries(14):
        client.get(LIST)


# --- a reviewer's page ---


def test_page_of_a_reviewer_tells_dates_and_no_marks(client, rita_reviewer, omar_officer):
    review = a_review(reviewer=rita_reviewer, points=5, officer=omar_officer)
    ReviewerProfile.objects.create(user=rita_reviewer, staff_note="Slow but sharp.")
    client.force_login(omar_officer)

    content = client.get(url_of(rita_reviewer)).content.decode()

    assert review.reference in content
    assert "submitted 16 Nov 2026" in content
    assert "Slow but sharp." in content
    assert "5.0" not in content


def test_page_of_oneself_hides_the_staff_note_and_what_was_stepped_back_from(client, rita_reviewer):
    review = a_review(reviewer=rita_reviewer, state=ReviewState.RECUSED)
    ReviewerProfile.objects.create(user=rita_reviewer, staff_note="Slow but sharp.")
    client.force_login(rita_reviewer)

    content = client.get(url_of(rita_reviewer)).content.decode()

    assert "Your profile as a reviewer" in content
    assert "Slow but sharp." not in content
    assert reverse("grants:review-detail", args=[review.reference]) not in content
    assert review.proposal.title not in content


def test_page_of_another_reviewer_is_not_found(client, rita_reviewer, rolf_reviewer):
    client.force_login(rita_reviewer)

    assert client.get(url_of(rolf_reviewer)).status_code == 404


def test_profile_is_edited_by_the_reviewer(client, rita_reviewer):
    client.force_login(rita_reviewer)
    issue = KeyIssue.objects.first()
    facts = {
        "version": 0, "organization": "Harbor University", "capacity": "4", "components": ["coherence"],
        "key_issues": [issue.code], "away_from": "2026-12-01", "away_until": "2026-12-24",
    }  # fmt: skip

    assert client.post(url_of(rita_reviewer, "edit"), facts).url == url_of(rita_reviewer)
    page = client.get(url_of(rita_reviewer)).content.decode()
    assert "1 Dec 2026 to 24 Dec 2026" in page
    assert ReviewerProfile.objects.get().capacity == 4


def test_profile_saved_by_staff_meanwhile_shows_both_texts(client, rita_reviewer, omar_officer):
    save_profile(
        rita_reviewer, actor=omar_officer, at=REVIEWED_AT, version=0, organization="Harbor University", capacity=4,
        components=Component.objects.none(), key_issues=KeyIssue.objects.none(), away_from=None, away_until=None,
    )  # fmt: skip
    client.force_login(rita_reviewer)

    response = client.post(
        url_of(rita_reviewer, "edit"), {"version": 0, "organization": "Lake College", "capacity": "4"}
    )

    assert response.status_code == 409
    assert [(each.label, each.saved, each.typed) for each in response.context["differences"]] == [
        ("Where you work", "Harbor University", "Lake College")
    ]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"capacity": "many"}, "Enter a whole number, such as 120."),
        ({"capacity": "4", "away_from": "2026-12-01"}, "Enter both days, or neither."),
    ],
)
def test_profile_with_wrong_facts_keeps_what_was_typed(facts, text, client, rita_reviewer):
    client.force_login(rita_reviewer)

    response = client.post(url_of(rita_reviewer, "edit"), {"version": 0, "organization": "Harbor University"} | facts)

    assert response.status_code == 422
    assert text in response.content.decode()
    assert "Harbor University" in response.content.decode()


def test_note_is_written_by_an_officer(client, rita_reviewer, omar_officer):
    client.force_login(omar_officer)

    client.post(url_of(rita_reviewer, "note"), {"version": 0, "staff_note": "Prompt and thorough."})

    assert "Prompt and thorough." in client.get(url_of(rita_reviewer)).content.decode()


def test_disclosure_is_declared_and_ended_on_the_page(client, rita_reviewer):
    client.force_login(rita_reviewer)
    facts = {"kind": "organization", "name": "Harbor Fund", "address": "fund.example", "relationship": "On its board."}

    client.post(url_of(rita_reviewer, "disclosures", "new"), facts)
    row = Disclosure.objects.get()
    assert "It has ended" in client.get(url_of(rita_reviewer)).content.decode()
    client.post(url_of(rita_reviewer, "disclosures", str(row.public_id), "end"))

    content = client.get(url_of(rita_reviewer)).content.decode()
    assert "ended 16 Nov 2026" in content
    assert "It has ended" not in content


def test_disclosure_without_a_relationship_is_refused_in_place(client, rita_reviewer):
    client.force_login(rita_reviewer)

    response = client.post(url_of(rita_reviewer, "disclosures", "new"), {"kind": "person", "name": "Grace"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["relationship"]


def test_disclosure_of_another_cannot_be_ended(client, rita_reviewer, rolf_reviewer):
    row = declare_disclosure(
        rolf_reviewer, actor=rolf_reviewer, at=REVIEWED_AT, kind="person", name="Grace", address="", relationship="x"
    )
    client.force_login(rita_reviewer)

    assert client.post(url_of(rita_reviewer, "disclosures", str(row.public_id), "end")).status_code == 404
    assert client.post(url_of(rolf_reviewer, "disclosures", str(row.public_id), "end")).status_code == 404


# --- invitations ---


def link_of(message) -> str:
    return re.search(r"/reviewers/join/[\w-]+/", message.text).group()


@pytest.fixture
def link(settings, omar_officer, sam_stranger):
    settings.DEMO = True  # keeps the mail with its link
    invite_reviewer(email=sam_stranger.email, name="Sam", note="You know it well.", actor=omar_officer, at=REVIEWED_AT)
    return link_of(Message.objects.get())


def test_invitation_is_sent_sent_again_and_withdrawn_from_the_list(client, omar_officer):
    client.force_login(omar_officer)
    client.post(reverse("grants:reviewer-invite"), {"name": "Nia New", "email": "nia@university.example"})
    row = ReviewerInvitation.objects.get()
    assert "Nia New" in client.get(LIST).content.decode()

    client.post(reverse("grants:reviewer-invitation-again", args=[row.public_id]))
    client.post(reverse("grants:reviewer-invitation-withdraw", args=[row.public_id]))

    assert Message.objects.count() == 2
    assert "Nia New" not in client.get(LIST).content.decode()
    said = client.post(reverse("grants:reviewer-invitation-again", args=[row.public_id]), follow=True)
    assert "This invitation was answered or withdrawn already." in said.content.decode()


def test_invitation_without_a_name_is_refused_in_place(client, omar_officer):
    client.force_login(omar_officer)

    response = client.post(reverse("grants:reviewer-invite"), {"email": "nia@university.example"})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])


def test_opening_the_link_changes_nothing(client, link):
    response = client.get(link)

    assert response.status_code == 200
    assert "sam@stranger.example" in response.content.decode()
    assert "signup" in response.content.decode()
    assert not ReviewerInvitation.objects.exclude(accepted_at=None, declined_at=None).exists()


def test_visitor_declines_without_an_account(client, link):
    assert "You said no" in client.post(link, {"decline": "1"}).content.decode()
    assert client.get(link).status_code == 410
    assert client.post(link, {"decline": "1"}).status_code == 410


def test_visitor_who_wants_to_accept_signs_in_first(client, link):
    assert client.post(link).url.startswith(reverse("account_login"))


def test_accepting_leads_to_the_profile(client, link, sam_stranger):
    client.force_login(sam_stranger)
    assert "You know it well." in client.get(link).content.decode()

    response = client.post(link)

    assert response.url == url_of(sam_stranger, "edit")
    sam_stranger.forget_roles()
    assert Role.REVIEWER in sam_stranger.roles


def test_invitation_stands_on_the_home_page_and_can_be_declined_there(client, link, sam_stranger):
    client.force_login(sam_stranger)
    row = ReviewerInvitation.objects.get()
    url = reverse("grants:reviewer-invitation-answer", args=[row.public_id])
    assert url in client.get(reverse("portal:home")).content.decode()

    assert client.post(url, {"decline": "1"}).url == reverse("portal:home")
    assert client.get(url).status_code == 404


def test_somebody_else_cannot_accept(client, link, ana_applicant):
    client.force_login(ana_applicant)

    assert "You cannot accept this invitation now." in client.get(link).content.decode()
    assert client.post(link).status_code == 409
    assert not ReviewerInvitation.objects.exclude(accepted_at=None).exists()


@pytest.mark.parametrize("path", ["/reviewers/join/nobody-knows-this/"])
def test_unknown_link_is_explained(path, client):
    response = client.get(path)

    assert response.status_code == 404
    assert "We do not know this link" in response.content.decode()


def test_expired_link_is_explained(client, link):
    with clock.at(REVIEWED_AT + EXPIRES_AFTER + timedelta(hours=1)):
        response = client.get(link)

    assert response.status_code == 410
    assert "This invitation has expired." in response.content.decode()
