"""The page on which staff choose strengths and weaknesses."""

import pytest
from django.urls import reverse

from grants.domain.queries.feedback_point import comments_on
from grants.enums import Decision
from grants.models import Docket, FeedbackPoint, Proposal
from tests.factories.letters import an_approved_docket, the_letter
from tests.factories.reviews import REASON

pytestmark = pytest.mark.django_db


@pytest.fixture
def docket(omar_officer):
    return an_approved_docket(omar_officer, decisions=[Decision.DECLINE])


def url(docket):
    return reverse("grants:feedback-points", args=[docket.reference, Proposal.objects.get().reference])


def test_points_typed_and_taken_over_are_saved(client, docket, omar_officer):
    comments = comments_on(Proposal.objects.select_related("round").get())
    client.force_login(omar_officer)
    data = {
        "version": the_letter(docket).version, "strength-1": "Clear aims.", f"take-{comments[0].key}": "weakness",
        f"take-{comments[1].key}": "strength", f"take-{comments[2].key}": "",
    }  # fmt: skip

    response = client.post(url(docket), data)

    assert response.url == reverse("grants:letter-detail", args=[docket.reference, Proposal.objects.get().reference])
    assert list(FeedbackPoint.objects.values_list("kind", "text")) == [
        ("strength", "Clear aims."), ("strength", REASON), ("weakness", "Say more about how the union takes part."),
    ]  # fmt: skip


def test_page_shows_comments_without_names_and_private_notes(client, docket, omar_officer):
    client.force_login(omar_officer)

    shown = client.get(url(docket)).content.decode()

    assert REASON in shown
    assert Proposal.objects.get().reviews.get().reviewer.name not in shown
    assert "Strong, in my view." not in shown


def test_points_saved_by_two_shows_what_is_saved_now(client, docket, omar_officer):
    old = the_letter(docket).version
    client.force_login(omar_officer)
    client.post(url(docket), {"version": old, "strength-1": "Clear aims."})

    response = client.post(url(docket), {"version": old, "strength-1": "Other aims."})

    assert response.status_code == 409
    assert "Clear aims." in response.content.decode()
    assert "Other aims." in response.content.decode()


def test_points_after_the_release_are_not_found(client, docket, omar_officer):
    client.force_login(omar_officer)
    reference = Proposal.objects.get().reference
    release = reverse("grants:letter-release", args=[docket.reference])
    client.post(release, {"version": Docket.objects.get().version, "letter": [reference]})

    assert client.get(url(docket)).status_code == 404
