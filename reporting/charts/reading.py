"""What a printed percentage says: an exact figure, a bound, or nothing because it is hidden."""

import re
from dataclasses import dataclass

_PRINTED = re.compile(r"([≤≥]?)\s*(\d{1,3}(?:\.\d+)?)\s*%")


@dataclass(frozen=True)
class Reading:
    """`text` as printed. `percent` is 0 to 100, and means nothing when hidden; `bound` is "≤", "≥" or "" for exact."""

    text: str
    percent: float = 0
    bound: str = ""
    hidden: bool = True

    @property
    def exact(self) -> bool:
        return not self.hidden and not self.bound

    @property
    def figure(self) -> str:
        """The text without its percent sign, for where room is short."""
        return self.text.replace("%", "").strip()


def read(text: str) -> Reading:
    """`42.0 %` is exact, `≤5 %` a bound, anything else (`n<10`, `—`) is hidden."""
    found = _PRINTED.fullmatch(text.strip())
    if not found or float(found[2]) > 100:
        return Reading(text)
    return Reading(text, float(found[2]), found[1], hidden=False)
