"""What other apps use: `record` an act, `allocate` a reference, read a record's `timeline`."""

from .entry import record, timeline
from .reference import allocate

__all__ = ["allocate", "record", "timeline"]
