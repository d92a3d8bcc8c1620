"""Finding the messages nobody is sending: their ring was lost, their pause is over, or their worker died."""

from datetime import datetime, timedelta

from portal.mail.domain.message import DELIVER
from portal.mail.models import Message
from portal.ring import bell

# A message that fell due this recently has been rung for, and is on its way.
GRACE = timedelta(seconds=20)
AT_ONCE = 500


def sweep(*, at: datetime) -> int:
    """Ring for every message that should have been taken by now. Returns how many were rung for."""
    overdue = Message.objects.due(at - GRACE).order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]
    rung = 0
    for message_id in overdue:
        if not bell.ring(DELIVER, message_id=str(message_id)):
            break
        rung += 1
    return rung
