"""Documents and the space each group of them takes."""

from .document import Document
from .quota import Quota

__all__ = ["Document", "Quota"]
