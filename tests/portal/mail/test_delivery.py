"""Handing messages over: once each, again after a pause when it failed, never the private link left behind."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from portal import clock
from portal.mail.domain import deliver, send, sweep
from portal.mail.domain.delivery import FIRST_PAUSE, LEASE, LONGEST_PAUSE, MAX_ATTEMPTS
from portal.mail.domain.sweeper import GRACE
from portal.mail.enums import MessageState
from portal.mail.models import Message
from portal.mail.tasks import deliver as deliver_task

NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def message(mail_server, rings):
    with clock.at(NOON):
        return send("greeting", "ana@applicant.example", context={"name": "Łukasz"})


def _deliver(message, at=NOON):
    with clock.at(at):
        sent = deliver(str(message.pk))
    message.refresh_from_db()
    return sent


def test_deliver_hands_over_both_parts(message, mail_server):
    assert _deliver(message)

    (letter,) = mail_server.letters
    assert (letter["To"], letter["Subject"]) == ("ana@applicant.example", "Hello Łukasz")
    assert letter["Message-ID"] == f"<{message.pk}@throughline.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_body(("plain",)).get_content().startswith("Dear Łukasz,")
    assert letter.get_body(("html",)).get_content().startswith("<h1>Hello Łukasz</h1>")
    assert (message.state, message.sent_at, message.attempts) == (MessageState.SENT, NOON, 1)
    assert message.text.startswith("Dear Łukasz,")


def test_deliver_twice_sends_once(message, mail_server):
    assert [_deliver(message), _deliver(message)] == [True, False]
    assert len(mail_server.letters) == 1


def test_deliver_secret_blanks_the_body(mail_server, rings):
    message = send("greeting", "ana@applicant.example", context={"name": "Ana"}, secret=True)

    assert deliver(str(message.pk))
    message.refresh_from_db()
    assert (message.state, message.text, message.html) == (MessageState.SENT, "", "")
    assert len(mail_server.letters) == 1


def test_deliver_to_an_address_refused_for_good_fails_at_once(message, mail_server):
    mail_server.answers["RCPT"] = "550 no such person"

    assert not _deliver(message)
    assert (message.state, message.attempts) == (MessageState.FAILED, 1)
    assert message.failure == "The mail server refused this address for good. Check that it is spelled right."


@pytest.mark.parametrize(
    "answer", [("RCPT", "451 later"), ("MAIL", "421 busy"), ("LETTER", "451 later"), ("LETTER", "554 not so")]
)
def test_deliver_refused_for_now_tries_again_after_a_pause(message, mail_server, answer):
    mail_server.answers.update([answer])

    assert not _deliver(message)
    assert (message.state, message.due_at, message.lease_token) == (MessageState.QUEUED, NOON + FIRST_PAUSE, None)
    assert not _deliver(message, NOON + FIRST_PAUSE - timedelta(seconds=1))
    assert message.attempts == 1
    mail_server.answers.clear()
    mail_server.letters.clear()
    assert _deliver(message, NOON + FIRST_PAUSE)
    assert len(mail_server.letters) == 1


def test_deliver_without_server_pauses_longer_each_time_and_then_fails(message, mail_server, settings):
    settings.EMAIL_PORT = 1
    pauses, moment = [], NOON
    while message.state == MessageState.QUEUED:
        _deliver(message, moment)
        pauses.append(message.due_at - moment)
        moment = message.due_at

    minutes = [pause / timedelta(minutes=1) for pause in pauses]
    assert minutes == [0.5, 1, 2, 4, 8, 16, 32, 0]
    assert max(pauses) <= LONGEST_PAUSE
    assert (message.state, message.attempts) == (MessageState.FAILED, MAX_ATTEMPTS)
    assert message.failure.startswith("The mail server did not take this message in 8 attempts.")


def test_deliver_of_a_dead_workers_message_waits_for_its_lease(message, mail_server):
    Message.objects.update(state="sending", lease_token="0" * 32, lease_until=NOON + LEASE, attempts=1)

    assert not _deliver(message, NOON + LEASE)
    assert _deliver(message, NOON + LEASE + timedelta(seconds=1))
    assert (len(mail_server.letters), message.attempts) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_deliver_by_many_workers_at_once_sends_once(message, mail_server):
    ready = threading.Barrier(6)

    def work(_):
        try:
            ready.wait()
            with clock.at(NOON):
                return deliver(str(message.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as workers:
        sent = list(workers.map(work, range(6)))

    assert sorted(sent) == [False] * 5 + [True]
    assert len(mail_server.letters) == 1


def test_deliver_task_delivers(message, mail_server):
    with clock.at(NOON):
        deliver_task.apply(kwargs={"message_id": str(message.pk)}).get()

    assert len(mail_server.letters) == 1


def test_sweep_rings_for_what_was_not_taken(message, rings):
    rings.clear()

    assert sweep(at=NOON + GRACE - timedelta(seconds=1)) == 0
    assert sweep(at=NOON + GRACE) == 1
    assert rings == [("portal.mail.tasks.deliver", {"message_id": str(message.pk)})]


def test_sweep_leaves_alone_what_is_over(message, mail_server):
    _deliver(message)

    assert sweep(at=NOON + timedelta(days=1)) == 0


def test_sweep_stops_at_a_broker_that_is_down(message, monkeypatch):
    monkeypatch.setattr("portal.ring.bell.ring", lambda task, **kwargs: False)

    assert sweep(at=NOON + GRACE) == 0
