"""Reading what a director said to a docket's lines: what is still open, what stands against approving."""

from __future__ import annotations

from dataclasses import dataclass

from grants.domain.queries.docket import weigh
from grants.enums import LineVerdict
from grants.models import Docket, DocketLine

# A sentence names so many lines one by one.
NAMED = 5


@dataclass(frozen=True)
class Tally:
    """How many lines a director has looked at, and what they said."""

    agreed: int
    returned: int
    declined: int
    open: int

    @property
    def together(self) -> int:
        return self.agreed + self.returned + self.declined + self.open

    @property
    def decided(self) -> int:
        return self.together - self.open


def tally(lines: list[DocketLine]) -> Tally:
    """The verdicts of these lines, counted."""
    said = [line.verdict for line in lines]
    return Tally(*(said.count(each) for each in ("agreed", "returned", "declined", "open")))


def obstacles_to_approving(docket: Docket) -> list[str]:
    """Lines nobody has looked at, and the limits the awards would pass by now: others may have been made since."""
    weighed = weigh(docket)
    lines = weighed.lines
    said = _open_lines([line for line in lines if line.verdict == LineVerdict.OPEN])
    if lines and all(line.verdict == LineVerdict.RETURNED for line in lines):
        said.append("Every line is returned, so nothing is left to approve. Return the docket instead.")
    return said + weighed.limits(docket)


def _open_lines(lines: list[DocketLine]) -> list[str]:
    if not lines:
        return []
    names = [str(line.proposal.site) for line in lines[:NAMED]]
    if len(lines) > NAMED:
        names.append(f"{len(lines) - NAMED} more")
    said = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return [f"Agree to, return or decline {said} first."]
