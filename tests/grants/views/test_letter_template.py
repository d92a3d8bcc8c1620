"""Pages of a round's wording: list, editor with fields and preview, back to the portal's."""

import pytest
from django.urls import reverse

from grants.domain.letter_template import save_template
from grants.enums import Decision
from grants.models import LetterTemplate
from tests.factories.dockets import DECIDED_AT, a_reviewed_proposal
from tests.factories.rounds import RoundFactory

pytestmark = pytest.mark.django_db
WORDS = {"subject": "About {proposal}", "body": "Dear {leads},\n\nnot this time."}


def url(name, round_, *args):
    return reverse(f"grants:{name}", args=[round_.reference, *args])


def save(round_, actor, **words):
    return save_template(round_, Decision.DECLINE, actor=actor, at=DECIDED_AT, version=0, **(WORDS | words))


def test_list_says_whose_wording_each_letter_has(client, omar_officer):
    round_ = RoundFactory()
    save(round_, omar_officer)
    client.force_login(omar_officer)

    found = client.get(url("letter-template-list", round_)).context["templates"]

    assert [(decision, own is not None) for decision, own in found] == [
        ("award", False), ("waitlist", False), ("decline", True),
    ]  # fmt: skip


def test_wording_is_saved_from_the_editor(client, omar_officer):
    round_ = RoundFactory()
    client.force_login(omar_officer)
    opened = client.get(url("letter-template", round_, "decline")).content.decode()

    response = client.post(url("letter-template", round_, "decline"), {"version": 0, **WORDS})

    assert "{weaknesses}" in opened
    assert response.url == url("letter-template-list", round_)
    assert LetterTemplate.objects.get().body == WORDS["body"]


def test_unknown_field_is_refused_beside_the_box_and_kept(client, omar_officer):
    round_ = RoundFactory()
    client.force_login(omar_officer)

    response = client.post(
        url("letter-template", round_, "award"), {"version": 0, "subject": "Yes", "body": "{oops} dear"}
    )

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "body": ["There is no field {oops}. Choose one of the list beside the letter."]
    }
    assert "{oops} dear" in response.content.decode()


def test_preview_shows_what_is_typed_on_real_data_and_saves_nothing(client, omar_officer):
    proposal = a_reviewed_proposal(marks=(), title="<u>Every</u> school")
    client.force_login(omar_officer)
    data = {"version": 0, "preview": "yes", "proposal": proposal.reference, **WORDS}

    response = client.post(url("letter-template", proposal.round, "decline"), data)

    assert "About &lt;u&gt;Every&lt;/u&gt; school" in response.content.decode()
    assert not LetterTemplate.objects.exists()


def test_preview_of_a_fault_says_what_is_wrong(client, omar_officer):
    proposal = a_reviewed_proposal(marks=())
    client.force_login(omar_officer)
    data = {"version": 0, "preview": "yes", "proposal": proposal.reference, "subject": "a", "body": "{oops}"}

    response = client.post(url("letter-template", proposal.round, "decline"), data)

    assert "There is no field {oops}." in response.content.decode()


def test_wording_saved_by_two_shows_both(client, omar_officer, olga_officer):
    round_ = RoundFactory()
    save(round_, olga_officer, body="Her words.")
    client.force_login(omar_officer)

    response = client.post(
        url("letter-template", round_, "decline"), {"version": 0, "subject": "a", "body": "His words."}
    )

    assert response.status_code == 409
    assert "Her words." in response.content.decode()
    assert "His words." in response.content.decode()


def test_back_to_the_portals_wording_after_showing_it(client, omar_officer):
    round_ = RoundFactory()
    save(round_, omar_officer)
    client.force_login(omar_officer)

    shown = client.get(url("letter-template-reset", round_, "decline")).content.decode()
    client.post(url("letter-template-reset", round_, "decline"), {"version": 1})

    assert "We cannot fund it in this round." in shown
    assert not LetterTemplate.objects.exists()


def test_wording_of_no_decision_is_not_found(client, omar_officer):
    client.force_login(omar_officer)

    assert client.get(url("letter-template", RoundFactory(), "maybe")).status_code == 404
