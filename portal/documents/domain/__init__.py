"""What other apps use: keep an upload, issue or lend a document, take an upload away again."""

from .document import discard, issuing, lending, store_issued, store_upload, sweep
from .screening import Screened, screen
from .stray import recount_quotas, sweep_strays

__all__ = [
    "Screened",
    "discard",
    "issuing",
    "lending",
    "recount_quotas",
    "screen",
    "store_issued",
    "store_upload",
    "sweep",
    "sweep_strays",
]
