"""The states of a message."""

from django.db.models import TextChoices


class MessageState(TextChoices):
    """Where a message is between being written and being out of our hands."""

    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    KEPT = "kept", "Kept here, not sent"
    FAILED = "failed", "Could not be sent"
