"""One message to several people, and the document that is put to it when it is ready."""

from datetime import timedelta

import pytest

from portal import clock
from portal.documents.domain import store_issued
from portal.mail.domain import attach, deliver, send_each, sweep
from portal.mail.domain.sweeper import GRACE
from portal.mail.enums import MessageState
from portal.mail.models import Message
from tests.conftest import NOON
from tests.portal.documents.files import PDF

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(seconds=90)
BOTH = ["ana@applicant.example", "Ben@colleague.example "]


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


def write(addresses=BOTH, key="receipt:1"):
    send_each("greeting", addresses, context={"name": "Łukasz"}, key=key, due_at=LATER)


def document():
    return store_issued("Łukasz.pdf", PDF, "application/pdf", at=NOON, actor=None)


def test_send_each_writes_one_message_an_address_however_often(mail_server, rings):
    write()
    write()

    assert sorted(Message.objects.values_list("to", flat=True)) == ["ana@applicant.example", "ben@colleague.example"]
    assert set(Message.objects.values_list("due_at", "state")) == {(LATER, MessageState.QUEUED)}


def test_send_each_to_nobody_writes_nothing(mail_server, rings):
    write([])

    assert Message.objects.count() == 0


def test_send_each_with_addresses_that_begin_alike_keeps_both(mail_server, rings):
    write([f"{'a' * 60}@{'b' * 60}.{end}.example" for end in ("one", "two")])

    assert Message.objects.count() == 2


def test_send_each_costs_one_statement_for_a_large_team(mail_server, rings, django_assert_num_queries):
    with django_assert_num_queries(1):
        write([f"{number}@team.example" for number in range(30)])


def test_message_that_waits_for_its_document_is_not_sent_before(mail_server, rings):
    write()

    assert not any(deliver(str(pk)) for pk in Message.objects.values_list("pk", flat=True))
    assert sweep(at=LATER) == 0
    assert sweep(at=LATER + GRACE) == 2


def test_attach_sends_the_document_at_once_and_only_to_its_own(mail_server, rings):
    write()
    write(["other@applicant.example"], key="receipt:11")

    assert attach("receipt:1", document(), at=NOON) == 2

    for pk in Message.objects.values_list("pk", flat=True):
        deliver(str(pk))
    assert len(mail_server.letters) == 2
    for letter in mail_server.letters:
        [part] = list(letter.iter_attachments())
        assert (part.get_filename(), part.get_content_type(), part.get_content()) == (
            "Łukasz.pdf",
            "application/pdf",
            PDF,
        )


def test_attach_to_what_was_sent_does_nothing(mail_server, rings):
    write(BOTH[:1])
    with clock.at(LATER):
        deliver(str(Message.objects.get().pk))

    assert attach("receipt:1", document(), at=LATER) == 0
    assert Message.objects.get().attachment is None


def test_attach_in_the_demo_shows_it_in_the_mailbox(settings, client):
    settings.DEMO = True
    write(BOTH[:1])
    attach("receipt:1", document(), at=NOON)

    page = client.get(f"/mail/mailbox/{Message.objects.get().pk}/").content.decode()

    assert "Attached: Łukasz.pdf" in page
