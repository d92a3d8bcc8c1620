"""Writing into the outbox: both parts rendered, one message a key, kept where mail goes nowhere."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from portal.access import Refused
from portal.activity.models import Entry
from portal.mail.domain import send, send_again
from portal.mail.enums import MessageState
from portal.mail.models import Message

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _send(to="ana@applicant.example", name="Ana", **options):
    return send("greeting", to, context={"name": name}, **options)


def test_send_renders_both_parts(posted, rings):
    _send(to=" Ana@Applicant.example ", name="Ana & <Ben>")

    message = Message.objects.get()
    assert (message.to, message.subject) == ("ana@applicant.example", "Hello Ana & <Ben>")
    assert message.text == "Dear Ana & <Ben>,\n\nopen http://testserver/x/?a=1&b=2\n\n-- \nThroughline\n"
    assert message.html == "<h1>Hello Ana &amp; &lt;Ben&gt;</h1><p>Dear Ana &amp; &lt;Ben&gt;</p>"


def test_send_rings_when_the_transaction_commits(posted, rings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = _send()
        assert rings == []

    assert message.state == MessageState.QUEUED
    assert rings == [("portal.mail.tasks.deliver", {"message_id": str(message.pk)})]


def test_send_rolled_back_writes_nothing(posted, rings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        _send()
        transaction.set_rollback(True)

    assert (Message.objects.count(), rings) == (0, [])


def test_send_with_a_known_key_returns_the_first(posted, rings):
    first = _send(key="reminder-1")
    second = _send(name="Ben", key="reminder-1")

    assert (second.pk, second.subject, Message.objects.count()) == (first.pk, "Hello Ana", 1)


def test_send_without_key_writes_every_time(posted, rings):
    _send()
    _send()

    assert Message.objects.count() == 2


def test_send_without_mail_server_keeps_the_message(settings, rings, django_capture_on_commit_callbacks):
    settings.EMAIL_URL = ""
    with django_capture_on_commit_callbacks(execute=True):
        message = _send()

    assert (message.state, message.text[:8], rings) == (MessageState.KEPT, "Dear Ana", [])


def test_send_in_the_demo_keeps_the_message_whatever_the_server(settings, posted, rings):
    settings.DEMO = True

    assert _send().state == MessageState.KEPT


@pytest.mark.parametrize(("demo", "text"), [(True, "Dear Ana,"), (False, "")])
def test_send_secret_without_mail_server_keeps_the_link_for_the_demo_only(settings, demo, text):
    settings.EMAIL_URL, settings.DEMO = "", demo
    _send(secret=True)

    assert Message.objects.get().text[:9] == text


def test_send_template_without_subject_line_is_refused(posted):
    with pytest.raises(ValueError, match="first line"):
        send("headless", "ana@applicant.example", context={"name": "Ana"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "sending"},
        {"state": "sent"},
        {"state": "failed"},
        {"sent_at": NOON},
        {"lease_token": "0" * 32, "lease_until": NOON},
        {"state": "sent", "sent_at": NOON, "secret": True, "text": "a link"},
    ],
)
def test_message_that_contradicts_itself_is_refused_by_the_database(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(to="ana@applicant.example", subject="Hello", template="greeting", **wrong)


def test_send_again_puts_a_failed_message_back(posted, omar_officer, rings, django_capture_on_commit_callbacks):
    message = _send()
    Message.objects.update(state="failed", failure="No such address.", attempts=8)
    rings.clear()

    with django_capture_on_commit_callbacks(execute=True):
        again = send_again(message, actor=omar_officer, at=NOON)

    assert (again.state, again.attempts, again.due_at, again.failure) == (MessageState.QUEUED, 0, NOON, "")
    assert rings == [("portal.mail.tasks.deliver", {"message_id": str(message.pk)})]
    assert Entry.objects.get().verb == "send-again"


@pytest.mark.parametrize(
    ("who", "columns", "says"),
    [
        ("otto_auditor", {"state": "failed", "failure": "x"}, "Only administrators and program officers"),
        ("omar_officer", {}, "Only a message that could not be sent"),
        ("omar_officer", {"state": "failed", "failure": "x", "secret": True, "text": "", "html": ""}, "private link"),
    ],
)
def test_send_again_of_what_may_not_is_refused(request, posted, rings, who, columns, says):
    message = _send()
    Message.objects.update(**columns)

    with pytest.raises(Refused, match=says):
        send_again(message, actor=request.getfixturevalue(who), at=NOON)
