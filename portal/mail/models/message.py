"""One e-mail to one address, from the moment somebody caused it."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal import clock
from portal.access import VisibleQuerySet
from portal.mail.enums import MessageState
from portal.mail.rules import may_read_mail


class MessageQuerySet(VisibleQuerySet):
    """Messages; states change by conditional UPDATE only, so two workers never send the same one."""

    def visible_to(self, user):
        return self.all() if may_read_mail(None, user) else self.none()

    def due(self, at):
        """What a worker may take: waiting and due, or being sent under a lease that ran out before `at`."""
        return self.filter(
            Q(state=MessageState.QUEUED, due_at__lte=at) | Q(state=MessageState.SENDING, lease_until__lt=at)
        )

    def held(self, message, token):
        """The message while this worker's lease on it stands."""
        return self.filter(pk=message.pk, state=MessageState.SENDING, lease_token=token)


class Message(models.Model):
    """The outbox row. `secret` messages carry a private link: their body is blanked once it is not needed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.EmailField("to")
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    template = models.CharField(max_length=100)
    key = models.CharField(max_length=200, blank=True)
    secret = models.BooleanField(default=False)
    attachment = models.ForeignKey("documents.Document", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="message_created"),
            models.Index(fields=["state", "created_at", "id"], name="message_state"),
            models.Index(fields=["to", "created_at", "id"], name="message_to"),
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "sending"]), name="message_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="message_key_once"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="sending", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_token__isnull=True, lease_until__isnull=True)),
                name="message_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_at_when_sent",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="message_failure_says_why"),
            models.CheckConstraint(
                condition=~Q(secret=True) | ~Q(state__in=["sent", "failed"]) | Q(text="", html=""),
                name="message_secret_is_blanked",
            ),
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("mail:message-detail", args=[self.pk])
