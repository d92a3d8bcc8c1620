"""The last hours of a call as staff watch them: who is how far, what comes in, who is close, and whether we keep up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import TruncMinute

from grants.domain.queries.deadline import closed_before
from grants.domain.queries.extension import waiting_requests
from grants.enums import ProposalState
from grants.models import ExtensionRequest, FundingRound, Proposal, Submission
from portal.charts import Column, drawn_columns, percentage
from portal.jobs.models import Job
from portal.mail.enums import MessageState
from portal.mail.models import Message
from portal.words import clock_words, counted, span_words, zone_named

MINUTES = 60
# A draft that lacks at most this many sections is close.
CLOSE = 3
NAMED = 50
# Work that waits longer than this is worth a look.
SLOW = timedelta(minutes=2)
SORTS = {
    "left": ("How much is missing", (F("sections_done") - F("sections_total")).desc()),
    "quiet": ("Longest without a save", F("saved_at").asc(nulls_first=True)),
    "title": ("Title", F("title").asc()),
}


@dataclass(frozen=True)
class Group:
    """How many drafts lack so many sections: the row's words, the number, and its bar's length."""

    words: str
    number: int
    length: str


@dataclass(frozen=True)
class Waiting:
    """Work in line: how much, and for how long the oldest has waited, if that is long."""

    words: str
    number: int
    since: str
    is_slow: bool


@dataclass(frozen=True)
class Board:
    """One look at a round. `started` counts every proposal that was not withdrawn."""

    started: int
    submitted: int
    groups: list[Group]
    columns: list
    top: int
    last_hour: int
    close: list[Proposal]
    more: int
    requests: list[ExtensionRequest]
    waiting: list[Waiting]

    @property
    def drafts(self) -> int:
        return self.started - self.submitted


def board_of(round_: FundingRound, at: datetime, sort: str = "left") -> Board:
    """Everything on the live board, in six queries however many proposals there are."""
    rows = Proposal.objects.filter(round=round_).exclude(state=ProposalState.WITHDRAWN)
    counted_rows = rows.order_by().values("state", "sections_done", "sections_total").annotate(number=Count("pk"))
    lacking: dict[int, int] = {}
    started = submitted = 0
    for row in counted_rows:
        started += row["number"]
        if row["state"] != ProposalState.DRAFT:
            submitted += row["number"]
            continue
        left = row["sections_total"] - row["sections_done"]
        lacking[left] = lacking.get(left, 0) + row["number"]
    by_minute = _by_minute(round_, at)
    columns = _columns(by_minute, round_, at)
    close = _close(rows, at, sort)
    return Board(
        started=started,
        submitted=submitted,
        groups=_groups(lacking),
        columns=drawn_columns(columns),
        top=max(by_minute.values(), default=0),
        last_hour=sum(by_minute.values()),
        close=close[:NAMED],
        more=max(0, sum(number for left, number in lacking.items() if left <= CLOSE) - len(close[:NAMED])),
        requests=list(waiting_requests().filter(proposal__round=round_)[:NAMED]),
        waiting=_waiting(at),
    )


def _groups(lacking: dict[int, int]) -> list[Group]:
    """From complete drafts to hardly begun ones, with every step between that occurs."""
    most = max(lacking.values(), default=1)
    return [Group(_lacks(left), lacking[left], percentage(lacking[left] / most)) for left in sorted(lacking)]


def _lacks(left: int) -> str:
    return "Nothing missing, not submitted" if left <= 0 else f"{counted(left, 'section')} missing"


def _by_minute(round_: FundingRound, at: datetime) -> dict[datetime, int]:
    since = at.replace(second=0, microsecond=0) - timedelta(minutes=MINUTES - 1)
    found = Submission.objects.filter(proposal__round=round_, at__gte=since, at__lte=at).order_by()
    rows = found.annotate(minute=TruncMinute("at")).values("minute").annotate(number=Count("pk"))
    return {row["minute"]: row["number"] for row in rows}


def _columns(by_minute: dict[datetime, int], round_: FundingRound, at: datetime) -> list[Column]:
    zone = zone_named(round_.time_zone)
    last = at.replace(second=0, microsecond=0)
    minutes = [last - timedelta(minutes=back) for back in range(MINUTES - 1, -1, -1)]
    return [Column(clock_words(each.astimezone(zone)), by_minute.get(each, 0)) for each in minutes]


def _close(rows, at: datetime, sort: str) -> list[Proposal]:
    drafts = rows.filter(state=ProposalState.DRAFT).exclude(closed_before(at)).select_related("site").defer("set_aside")
    drafts = drafts.filter(sections_done__gte=F("sections_total") - CLOSE).annotate(saved_at=Max("sections__saved_at"))
    _, order = SORTS.get(sort, SORTS["left"])
    return list(drafts.order_by(order, "pk")[:NAMED])


def _waiting(at: datetime) -> list[Waiting]:
    """Jobs and mail in line, for the whole portal."""
    jobs = Job.objects.live().aggregate(number=Count("pk"), oldest=Min("created_at"))
    due = Q(state__in=[MessageState.QUEUED, MessageState.SENDING], due_at__lte=at)
    mail = Message.objects.filter(due).aggregate(number=Count("pk"), oldest=Min("due_at"))
    return [_in_line("Jobs (PDFs and the like)", jobs, at), _in_line("Mail to be sent", mail, at)]


def _in_line(words: str, found: dict, at: datetime) -> Waiting:
    oldest = found["oldest"]
    passed = max(at - oldest, timedelta(0)) if oldest else timedelta(0)
    return Waiting(words, found["number"], span_words(passed) if oldest else "", passed > SLOW)
