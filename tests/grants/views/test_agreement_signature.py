"""The private link of an agreement: read, sign, decline, and every way in which it is closed. Opening changes nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.domain.agreement import replace_agreement
from grants.domain.agreement_signature import token_of
from grants.domain.private_link import LINK_LIFETIME
from grants.enums import AgreementState, AwardState, SignOffState
from grants.models import Agreement
from grants.workflow import AWARD
from portal import clock
from portal.documents.domain import store_issued
from portal.mail.models import Message
from tests.factories.agreements import WRITTEN_AT, an_agreement, sign_it, signatures_of
from tests.factories.awards import an_award
from tests.portal.documents.files import PDF

pytestmark = pytest.mark.django_db
LATER = WRITTEN_AT + timedelta(hours=2)


@pytest.fixture
def agreement(lea_site_lead):
    return an_agreement(an_award(state=AwardState.OFFERED, lead=lea_site_lead))


@pytest.fixture
def asked(agreement):
    return signatures_of(agreement)[1]


@pytest.fixture(autouse=True)
def _later():
    with clock.at(LATER):
        yield


def link(asked):
    return reverse("grants:agree", args=[token_of(asked)])


def text_of(response):
    return " ".join(response.content.decode().split())


def signing(agreement, **changes):
    facts = {"answer": "sign", "signed_name": "Tomás Rivera", "signed_title": "President", "agree": "on"}
    return facts | {"content_sha256": agreement.sha256} | changes


def test_link_opened_by_a_scanner_changes_nothing(client, asked, agreement):
    for method in (client.get, client.head, client.get):
        assert method(link(asked)).status_code == 200

    assert {each.state for each in signatures_of(agreement)} == {SignOffState.REQUESTED}


def test_link_shows_the_whole_agreement_and_signs_it(client, asked, agreement):
    page = text_of(client.get(link(asked)))
    for words in ("Who is paid", "$1,250,000", "29 Aug 2028", "Hire a coordinator", "What the grant is for"):
        assert words in page

    response = client.post(link(asked), signing(agreement), follow=True)

    assert "Thank you" in text_of(response)
    asked.refresh_from_db()
    assert (asked.state, asked.content_sha256) == (SignOffState.SIGNED, agreement.sha256)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"signed_name": ""}, 422),
        ({"agree": ""}, 422),
        ({"content_sha256": "0" * 64}, 409),
        ({"signed_title": ""}, 422),
    ],
)
def test_signature_that_lacks_something_keeps_what_was_typed(changes, status, client, asked, agreement):
    response = client.post(link(asked), signing(agreement, **changes))

    assert response.status_code == status
    asked.refresh_from_db()
    assert asked.state == SignOffState.REQUESTED


def test_decline_needs_a_reason_and_is_told(client, asked, lea_site_lead):
    facts = {"answer": "decline", "decline-signed_name": "Tomás Rivera", "decline-decline_reason": ""}
    assert client.post(link(asked), facts).status_code == 422

    response = client.post(link(asked), facts | {"decline-decline_reason": "Too little."}, follow=True)

    assert "You declined on" in text_of(response)
    assert Message.objects.filter(template="agreement_declined", to=lea_site_lead.email).exists()


def test_last_signature_hands_it_to_the_directors(client, asked, agreement):
    first, _, third = signatures_of(agreement)
    sign_it(first)
    sign_it(third)

    client.post(link(asked), signing(agreement))

    assert Agreement.objects.get().state == AgreementState.SIGNED


def test_link_of_a_replaced_agreement_says_why(client, asked, agreement):
    address = link(asked)
    replace_agreement(agreement, because="The dates are wrong.", actor=agreement.made_by, at=LATER)

    response = client.get(address)

    assert response.status_code == 410
    assert "This agreement was taken back: The dates are wrong." in text_of(response)
    assert client.post(address, signing(agreement)).status_code == 410


def test_link_of_an_award_that_ended_says_why(client, asked, agreement, lea_site_lead):
    address = link(asked)
    AWARD.perform(agreement.award, "withdraw", actor=lea_site_lead, at=LATER, comment="The district left.")

    assert "This agreement was taken back: The district left." in text_of(client.get(address))


def test_expired_link_offers_to_ask_for_another(client, asked, agreement):
    with clock.at(WRITTEN_AT + LINK_LIFETIME + timedelta(minutes=1)):
        page = client.get(link(asked))
        wanted = client.post(link(asked), {"answer": "link"})

    assert page.status_code == 410
    assert "This link has expired" in text_of(page)
    assert "you would like a new link" in text_of(wanted)
    assert Message.objects.filter(template="agreement_wanted", to=agreement.sent_by.email).count() == 1


def test_unknown_link_is_told_politely(client):
    response = client.get(reverse("grants:agree", args=["no-such-link"]))

    assert response.status_code == 404
    assert "We do not know this link" in text_of(response)


def test_pdf_comes_with_the_link_as_long_as_it_can_be_answered(client, asked, agreement):
    address = reverse("grants:agree-pdf", args=[token_of(asked)])
    before = client.get(address).status_code
    issued = store_issued("agreement.pdf", PDF, "application/pdf", at=LATER, actor=None)
    Agreement.objects.update(document=issued)
    there = b"".join(client.get(address).streaming_content)
    sign_it(asked)

    assert (before, there, client.get(address).status_code) == (404, PDF, 404)
