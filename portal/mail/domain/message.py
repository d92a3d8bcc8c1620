"""Writing messages into the outbox."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template import Context, Engine
from django.template.loader import render_to_string

from portal.access import Refused, demand
from portal.activity.domain import record
from portal.context import portal
from portal.mail.enums import MessageState
from portal.mail.models import Message
from portal.mail.rules import may_send_again
from portal.record import lock
from portal.ring import ring_on_commit

DELIVER = "portal.mail.tasks.deliver"
_SUBJECT = "Subject: "
_EMPTY_LINES = re.compile(r"\n\s*\n")


def send(template: str, to: str, *, context: dict[str, Any], key: str = "", secret: bool = False) -> Message:
    """Write one message from `templates/email/<template>.txt` and `.html`, in the caller's transaction.

    The text's first line is `Subject: …`. A worker sends it after the commit. With a `key`, a second call returns the
    first one's message and writes nothing. `secret` is for private links (a new password, a signature).
    In the demo, and while no mail server is set up, the message is kept in the portal and goes nowhere.
    """
    message = _written(template, context, key=key, secret=secret)
    message.to = to.strip().lower()
    with transaction.atomic(savepoint=False):
        if not key:
            message.save(force_insert=True)
        else:
            Message.objects.bulk_create([message], ignore_conflicts=True)
            message = Message.objects.get(key=key)
        if message.state == MessageState.QUEUED:
            ring_on_commit(DELIVER, message_id=str(message.pk))
    return message


def send_each(template: str, addresses: Iterable[str], *, context: dict[str, Any], key: str, due_at: datetime) -> None:
    """Write the same message to several addresses, to be sent at `due_at`, in one statement of the caller's transaction.

    `key` and the address together make each one once. A document that takes a moment to make can be put to them with
    `attach`; should it not come, they go without it when they are due.
    """
    written = _written(template, context)
    messages = [_addressed(written, each.strip().lower(), key, due_at) for each in addresses]
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def attach(key: str, document: Any, *, at: datetime) -> int:
    """Put a document to the messages of `send_each` that have not gone yet, and send them now. Returns how many."""
    with transaction.atomic(savepoint=False):
        rows = Message.objects.filter(key__startswith=f"{key}:", attachment=None)
        waiting = list(rows.filter(state=MessageState.QUEUED).values_list("pk", flat=True))
        # One that a worker took in this very moment goes without.
        attached = rows.filter(state__in=[MessageState.QUEUED, MessageState.KEPT]).update(
            attachment=document, due_at=at
        )
        for message_id in waiting:
            ring_on_commit(DELIVER, message_id=str(message_id))
    return attached


def _written(template: str, context: dict[str, Any], *, key: str = "", secret: bool = False) -> Message:
    """The message without its address, not saved yet."""
    subject, text = _subject_and_text(template, context)
    message = Message(
        subject=subject,
        text=text,
        html=render_to_string(f"email/{template}.html", _facts(context) | {"subject": subject}),
        template=template,
        key=key,
        secret=secret,
    )
    if settings.DEMO or not settings.EMAIL_URL:
        message.state = MessageState.KEPT
        # Nobody will ever open this link, except from the demo's mailbox.
        if secret and not settings.DEMO:
            message.text = message.html = ""
    return message


def _addressed(written: Message, to: str, key: str, due_at: datetime) -> Message:
    return Message(
        to=to,
        subject=written.subject,
        text=written.text,
        html=written.html,
        template=written.template,
        state=written.state,
        key=f"{key}:{sha256(to.encode()).hexdigest()[:32]}",
        due_at=due_at,
    )


def send_again(message: Message, *, actor: Any, at: datetime) -> Message:
    """Put a message that could not be sent back into the outbox.

    Raises `Refused` when the person may not, the message did not fail, or it was secret (its link is gone).
    """
    with transaction.atomic():
        row = lock(message)
        demand(may_send_again(row, actor))
        if row.state != MessageState.FAILED:
            raise Refused("Only a message that could not be sent can be sent again.")
        if row.secret:
            raise Refused("This message carried a private link, which was not kept. Ask for a new link instead.")
        row.state, row.attempts, row.due_at, row.failure = MessageState.QUEUED, 0, at, ""
        row.save(update_fields=["state", "attempts", "due_at", "failure"])
        ring_on_commit(DELIVER, message_id=str(row.pk))
        summary = f"Put the message “{row.subject}” to {row.to} back into the outbox."
        record(row, "send-again", actor=actor, at=at, summary=summary)
    return row


def _subject_and_text(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """Render the text part, unescaped as plain text must be, and split off its first line."""
    source = Engine.get_default().get_template(f"email/{template}.txt")
    rendered = source.render(Context(_facts(context), autoescape=False))
    first, _, text = rendered.partition("\n")
    if not first.startswith(_SUBJECT):
        raise ValueError(f"The first line of email/{template}.txt must be “{_SUBJECT}…”.")
    return first.removeprefix(_SUBJECT).strip(), _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


def _facts(context: dict[str, Any]) -> dict[str, Any]:
    return {**portal(None), "BASE_URL": settings.BASE_URL, **context}
