"""The log's entries, the head of their chain, and the counters of references."""

from .counter import Counter
from .entry import Entry
from .head import Head

__all__ = ["Counter", "Entry", "Head"]
