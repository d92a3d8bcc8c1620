"""Handing a message to the mail server: one worker at a time, again later when it fails."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F

from portal import clock
from portal.mail.enums import MessageState
from portal.mail.models import Message

logger = logging.getLogger(__name__)

# Longer than a hand-over can take with its socket timeouts (connect, greeting, login, recipient, data, the end).
LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
_NO_LEASE: dict[str, Any] = {"lease_token": None, "lease_until": None}


def deliver(message_id: str) -> bool:
    """Send one message if it is due and nobody else is sending it. Returns whether it was handed over.

    Should a worker die between the server's "accepted" and our note of it, the message goes out a second time when
    the lease has run out, under the same Message-ID, by which mail systems recognise a repetition.
    """
    message = Message.objects.filter(pk=message_id).first()
    token = uuid.uuid4()
    if message is None or not _take(message, token):
        return False
    message.refresh_from_db()
    try:
        as_email(message).send()
    except (SMTPException, OSError) as error:
        logger.warning("Message %s was not taken (attempt %d): %s", message.pk, message.attempts, error)
        _put_off(message, token, error)
        return False
    Message.objects.held(message, token).update(
        state=MessageState.SENT, sent_at=clock.now(), failure="", **_NO_LEASE, **_blank(message)
    )
    return True


def as_email(message: Message) -> EmailMultiAlternatives:
    """The message as it goes over the wire."""
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[message.to],
        headers={"Message-ID": f"<{message.pk}@{_domain()}>", "Auto-Submitted": "auto-generated"},
    )
    email.attach_alternative(message.html, "text/html")
    if message.attachment is not None:
        _attach(email, message, message.attachment)
    return email


def _attach(email: EmailMultiAlternatives, message: Message, document: Any) -> None:
    """The document, unless storage has lost it: the words matter more, and they say where else it is."""
    try:
        email.attach(document.name, document.content(), document.content_type)
    except FileNotFoundError:
        logger.error("The file of document %s is missing, so message %s goes without it.", document.pk, message.pk)


def _take(message: Message, token: uuid.UUID) -> bool:
    moment = clock.now()
    due = Message.objects.due(moment).filter(pk=message.pk)
    return bool(
        due.update(
            state=MessageState.SENDING,
            lease_token=token,
            lease_until=moment + LEASE,
            attempts=F("attempts") + 1,
        )
    )


def _put_off(message: Message, token: uuid.UUID, error: Exception) -> None:
    """Try again after a pause that doubles, unless the server said never or the attempts are used up."""
    held = Message.objects.held(message, token)
    if _is_final(error) or message.attempts >= MAX_ATTEMPTS:
        held.update(state=MessageState.FAILED, failure=_sentence(message, error), **_NO_LEASE, **_blank(message))
    else:
        pause = min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
        held.update(state=MessageState.QUEUED, due_at=clock.now() + pause, **_NO_LEASE)


def _is_final(error: Exception) -> bool:
    """Whether the server refused this address or message for good (a 5xx answer to it, not to our login)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return False


def _sentence(message: Message, error: Exception) -> str:
    if _is_final(error):
        return "The mail server refused this address for good. Check that it is spelled right."
    return f"The mail server did not take this message in {message.attempts} attempts. Its last answer: {error}"


def _blank(message: Message) -> dict[str, str]:
    return {"text": "", "html": ""} if message.secret else {}


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
