"""Messages."""

from .message import Message

__all__ = ["Message"]
