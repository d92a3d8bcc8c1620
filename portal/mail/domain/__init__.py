"""What other apps use: `send` a message, or the same one to several people with a document that is still being made."""

from .delivery import deliver
from .message import attach, send, send_again, send_each
from .sweeper import sweep

__all__ = ["attach", "deliver", "send", "send_again", "send_each", "sweep"]
