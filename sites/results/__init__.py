"""Results by student group and achievement level, read out of what states publish and people paste."""

from sites.results.grid import Pasted, read_paste
from sites.results.reading import NOT_USED, Choices, Line, Reading, Unused, read_tables

__all__ = ["NOT_USED", "Choices", "Line", "Pasted", "Reading", "Unused", "read_paste", "read_tables"]
