"""What became of an achievement gap between two years, said so that a falling top group cannot pass for progress."""

import math
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from reporting.gaps import Gaps, PointGap, Undefined

NINETY_FIVE_PERCENT = 1.96
NEW_TEST = Undefined("The test or its cut scores changed between these years, so they cannot be compared.")


class Kind(Enum):
    """Did the gap narrow, and did both groups gain? A gap that narrows without both gaining has a top that did not."""

    NARROWED_BOTH_GAINED = "narrowed_both_gained"
    NARROWED_TOP_DID_NOT_GAIN = "narrowed_top_did_not_gain"
    NOT_NARROWED_BOTH_GAINED = "not_narrowed_both_gained"
    NOT_NARROWED_NOT_BOTH_GAINED = "not_narrowed_not_both_gained"


@dataclass(frozen=True, slots=True)
class Trend:
    """Two years' gaps at one cut of the same test, and V in both years where it exists.

    Changes are later minus earlier. A gap's size is what counts, whoever is ahead, so a lead that changes hands and
    grows has not narrowed.
    """

    before: PointGap
    after: PointGap
    v_change: float | Undefined
    v_change_standard_error: float | Undefined

    @property
    def reference_change(self) -> float:
        """Percentage points."""
        return float(self._changes()[0])

    @property
    def focal_change(self) -> float:
        """Percentage points."""
        return float(self._changes()[1])

    @property
    def gap_change(self) -> float:
        """Percentage points; negative when the gap narrowed."""
        return float(self._gap_change())

    @property
    def gap_change_standard_error(self) -> float | Undefined:
        """Percentage points; takes the two years' students as different samples."""
        return _together(self.before.standard_error, self.after.standard_error)

    @property
    def beyond_chance(self) -> bool | Undefined:
        """Whether the gap's change is more than chance gives in 95 of 100 years without one."""
        error = self.gap_change_standard_error
        if isinstance(error, Undefined):
            return error
        return abs(self.gap_change) > NINETY_FIVE_PERCENT * error

    @property
    def reference_led(self) -> bool:
        """Whether the reference group was the higher one in the earlier year (in the later one, if they were even)."""
        return (self.before.exact or self.after.exact) >= 0

    @property
    def top_fell(self) -> bool:
        """Whether the group that was ahead in the earlier year fell."""
        return self._changes()[0 if self.reference_led else 1] < 0

    @property
    def kind(self) -> Kind:
        both_gained = min(self._changes()) > 0
        if self._gap_change() < 0:
            return Kind.NARROWED_BOTH_GAINED if both_gained else Kind.NARROWED_TOP_DID_NOT_GAIN
        return Kind.NOT_NARROWED_BOTH_GAINED if both_gained else Kind.NOT_NARROWED_NOT_BOTH_GAINED

    def sentence(self, reference: str = "the reference group", focal: str = "the focal group") -> str:
        """One or two plain sentences; the names stand in the middle of them ("White students")."""
        names, changes = (reference, focal), self._changes()
        top = 0 if self.reference_led else 1
        other = 1 - top
        match self.kind:
            case Kind.NARROWED_BOTH_GAINED:
                said = "The gap narrowed and both groups gained."
            case Kind.NARROWED_TOP_DID_NOT_GAIN if self.top_fell:
                other_too = {1: f", while {names[other]} gained", 0: f", while {names[other]} stood still"}.get(
                    _sign(changes[other]), f", and {names[other]} fell too"
                )
                said = f"The gap narrowed because {names[top]} fell{other_too}."
            case Kind.NARROWED_TOP_DID_NOT_GAIN:
                said = f"The gap narrowed because {names[other]} gained while {names[top]} stood still."
            case Kind.NOT_NARROWED_BOTH_GAINED:
                said = f"Both groups gained, but the gap {self._grew()}."
            case Kind.NOT_NARROWED_NOT_BOTH_GAINED:
                fates = " and ".join(
                    f"{name} {('stood still', 'gained', 'fell')[_sign(change)]}"
                    for name, change in zip(names, changes, strict=True)
                )
                said = f"The gap {self._grew()}: {fates}."
        if self.gap_change and self.beyond_chance is False:
            said += " The change in the gap is small enough to be chance."
        return said

    def _changes(self) -> tuple[Fraction, Fraction]:
        return (
            self.after.reference.exact - self.before.reference.exact,
            self.after.focal.exact - self.before.focal.exact,
        )

    def _gap_change(self) -> Fraction:
        return abs(self.after.exact) - abs(self.before.exact)

    def _grew(self) -> str:
        return "grew" if self._gap_change() > 0 else "stayed the same"


def read_trend(before: Gaps, after: Gaps, *, from_level: int, same_test: bool) -> Trend | Undefined:
    """The trend of the gap at the cut below `from_level`; undefined where the test or its cuts changed between years.

    Raises IndexError if a test has no such level.
    """
    earlier, later = before.from_level(from_level), after.from_level(from_level)
    if not same_test:
        return NEW_TEST
    if isinstance(earlier, Undefined):
        return earlier
    if isinstance(later, Undefined):
        return later
    then, now = before.threshold_free, after.threshold_free
    if isinstance(then, Undefined):
        return Trend(earlier, later, then, then)
    if isinstance(now, Undefined):
        return Trend(earlier, later, now, now)
    return Trend(earlier, later, abs(now.v) - abs(then.v), math.hypot(then.standard_error, now.standard_error))


def _together(first: float | Undefined, second: float | Undefined) -> float | Undefined:
    if isinstance(first, Undefined):
        return first
    if isinstance(second, Undefined):
        return second
    return math.hypot(first, second)


def _sign(change: Fraction) -> int:
    return (change > 0) - (change < 0)
