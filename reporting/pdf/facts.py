"""What an annual report says, as plain values: everything a document may print, already protected by its caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reporting.charts.dumbbell import NOT_SHOWN
from reporting.charts.reading import read

PROTECTED = "Not shown, to protect students in a small group."


@dataclass(frozen=True)
class Milestone:
    """A promise of the plan and what became of it. `status` is a label; `met` says whether it counts as kept."""

    text: str
    status: str
    met: bool
    note: str = ""


@dataclass(frozen=True)
class Progress:
    """One core component in the year. `code` gives the hue and mark; `rating` is 1 to 4, or None when not rated."""

    code: str
    name: str
    narrative: str
    milestones: tuple[Milestone, ...] = ()
    rating: int | None = None
    rating_label: str = ""


@dataclass(frozen=True)
class Engagement:
    """How many people of one kind took part, how often in the year, doing what."""

    audience: str
    people: int
    times: int
    doing: str = ""


@dataclass(frozen=True)
class MoneyLine:
    """One component's budget and spending in a year; `actual` is None until it is reported."""

    code: str
    name: str
    budget: Decimal
    actual: Decimal | None = None
    explanation: str = ""


@dataclass(frozen=True)
class MoneyYear:
    """One award year."""

    number: int
    school_year: str
    lines: tuple[MoneyLine, ...]


@dataclass(frozen=True)
class GroupResult:
    """A student group's results as printed: number tested, percentage at each level from the lowest, and proficient.

    When `proficient` is hidden (`n<10`) the percentages by level are dropped, whatever was passed: they add up to it.
    """

    name: str
    students: str
    levels: tuple[str, ...]
    proficient: str

    def __post_init__(self):
        if read(self.proficient).hidden:
            object.__setattr__(self, "levels", ())


@dataclass(frozen=True)
class GapReading:
    """The gap between two groups as printed.

    What would give a protected share away is dropped, whatever was passed: the gap in points unless both shares are
    exact figures, and V when either is hidden. `undefined` says why there is no V. `cut` names the level that counts.
    """

    reference: str
    focal: str
    school_year: str
    reference_percent: str
    focal_percent: str
    points: str
    points_se: str = ""
    v: str = ""
    v_se: str = ""
    undefined: str = ""
    cut: str = ""

    def __post_init__(self):
        shares = (read(self.reference_percent), read(self.focal_percent))
        if not all(share.exact for share in shares):
            object.__setattr__(self, "points", NOT_SHOWN)
            object.__setattr__(self, "points_se", "")
        if any(share.hidden for share in shares):
            object.__setattr__(self, "v", "")
            object.__setattr__(self, "v_se", "")
            object.__setattr__(self, "undefined", PROTECTED)


@dataclass(frozen=True)
class Indicator:
    """One test in one school year; `proficient_from` is the index of the first level that counts as proficient."""

    title: str
    school_year: str
    test: str
    level_names: tuple[str, ...]
    proficient_from: int
    groups: tuple[GroupResult, ...]
    gaps: tuple[GapReading, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class FiledDocument:
    """A file that was sent with the report and is kept in the portal."""

    name: str
    description: str = ""


@dataclass(frozen=True)
class Certification:
    """Who vouches for the report."""

    name: str
    title: str
    organisation: str
    signed_on: date


@dataclass(frozen=True)
class ReportFacts:
    """One edition of one annual report. `issued_at` is aware and shown in `time_zone` (an IANA name)."""

    portal: str
    foundation: str
    site: str
    place: str
    partners: tuple[str, ...]
    award_reference: str
    report_reference: str
    year_number: int
    school_year: str
    edition: str
    version: int
    issued_at: datetime
    time_zone: str
    yearly_ceiling: Decimal
    summary: str
    progress: tuple[Progress, ...]
    engagement: tuple[Engagement, ...]
    indicators: tuple[Indicator, ...]
    money: tuple[MoneyYear, ...]
    challenges: str
    lessons: str
    next_year: str
    certifications: tuple[Certification, ...]
    documents: tuple[FiledDocument, ...] = ()
    reply: str = ""
    award_years: int = 5
