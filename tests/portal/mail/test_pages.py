"""The mail log and the demo's mailbox: who reads what, and that private links stay private."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from portal.mail.domain import send
from portal.mail.enums import MessageState
from portal.mail.models import Message

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
LIST = reverse("mail:message-list")
MAILBOX = reverse("mail:mailbox")


@pytest.fixture
def message(db):
    return send("greeting", "ana@applicant.example", context={"name": "Ana"})


@pytest.fixture
def secret(db, settings):
    settings.DEMO = True
    made = send("greeting", "ana@applicant.example", context={"name": "Ana"}, secret=True)
    settings.DEMO = False
    return made


@pytest.mark.parametrize("who", ["ada_admin", "omar_officer", "dina_director", "otto_auditor"])
def test_mail_log_for_those_who_answer_is_shown(client, request, message, who):
    client.force_login(request.getfixturevalue(who))

    assert list(client.get(LIST).context["page"]) == [message]
    assert "Dear Ana," in client.get(message.get_absolute_url()).content.decode()


@pytest.mark.parametrize("who", ["ana_applicant", "fay_finance", "rita_reviewer"])
def test_mail_log_for_others_is_refused(client, request, message, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(LIST).status_code == 403
    assert client.get(message.get_absolute_url()).status_code == 403
    assert client.post(reverse("mail:message-send-again", args=[message.pk])).status_code == 404


def test_mail_log_of_a_secret_shows_the_envelope_only(client, ada_admin, secret):
    client.force_login(ada_admin)
    page = client.get(secret.get_absolute_url()).content.decode()

    assert "only its envelope is kept" in page
    assert "ana@applicant.example" in page
    assert "Dear Ana," not in page


def test_mail_log_filtered_shows_what_matches(client, ada_admin, message):
    send("greeting", "ben@colleague.example", context={"name": "Ben"})
    client.force_login(ada_admin)

    def found(**filters):
        return {row.to for row in client.get(LIST, filters).context["page"]}

    assert found(to="Ana@") == {"ana@applicant.example"}
    assert found(state="kept") == {"ana@applicant.example", "ben@colleague.example"}
    assert found(state="failed") == set()


def test_mail_log_costs_the_same_at_1_and_30_rows(client, ada_admin, message, django_assert_num_queries):
    client.force_login(ada_admin)
    client.get(LIST)
    with django_assert_num_queries(5) as at_one:
        client.get(LIST)
    for _ in range(29):
        send("greeting", "ben@colleague.example", context={"name": "Ben"})

    with django_assert_num_queries(len(at_one)):
        assert len(client.get(LIST).context["page"]) == 30


def test_send_again_from_the_page_puts_it_into_the_outbox(client, omar_officer, message, rings):
    Message.objects.update(state="failed", failure="No such address.")
    client.force_login(omar_officer)
    assert "Send it again" in client.get(message.get_absolute_url()).content.decode()

    response = client.post(reverse("mail:message-send-again", args=[message.pk]), follow=True)

    message.refresh_from_db()
    assert message.state == MessageState.QUEUED
    assert "in the outbox again" in response.content.decode()


def test_send_again_by_an_auditor_says_why_not(client, otto_auditor, message):
    Message.objects.update(state="failed", failure="No such address.")
    client.force_login(otto_auditor)
    assert "Send it again" not in client.get(message.get_absolute_url()).content.decode()

    response = client.post(reverse("mail:message-send-again", args=[message.pk]), follow=True)

    message.refresh_from_db()
    assert message.state == MessageState.FAILED
    assert "Only administrators and program officers" in response.content.decode()


def test_mailbox_in_the_demo_shows_every_mail_to_anybody(client, settings, secret):
    settings.DEMO = True
    page = client.get(reverse("mail:mailbox-message", args=[secret.pk])).content.decode()

    assert list(client.get(MAILBOX).context["page"]) == [secret]
    assert '<a href="http://testserver/x/?a=1&amp;b=2"' in page


def test_mailbox_in_the_demo_without_mail_says_so(client, settings, db):
    settings.DEMO = True

    assert "No mail yet" in client.get(MAILBOX).content.decode()


@pytest.mark.parametrize("signed_in", [True, False])
def test_mailbox_outside_the_demo_does_not_exist(client, ada_admin, secret, signed_in):
    if signed_in:
        client.force_login(ada_admin)

    assert client.get(MAILBOX).status_code == 404
    assert client.get(reverse("mail:mailbox-message", args=[secret.pk])).status_code == 404
