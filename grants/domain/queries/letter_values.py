"""What the merge fields of letters are filled in with, for the proposals of one round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings

from grants.domain.queries.docket_money import school_years
from grants.domain.queries.proposal import listed
from grants.enums import Decision, PointKind, ReviewKind, ReviewState
from grants.models import Criterion, DocketLine, FeedbackPoint, Proposal, Score
from portal.accounts.models import User
from portal.certain import certain
from portal.money import ZERO, dollars
from portal.words import counted
from sites.enums import SeatRole
from sites.models import Seat

TENTH = Decimal("0.1")


def values_of(about: Sequence[tuple[Proposal, DocketLine | None]]) -> dict[int, dict[str, str]]:
    """What the merge fields are for each proposal of one round, by its key; a line, where there is one, says the money.

    Three queries, besides the amounts and points of lines that were not fetched with them.
    """
    if not about:
        return {}
    round_ = about[0][0].round
    people = recipients_of({proposal.site_id for proposal, _ in about})
    criteria = list(Criterion.objects.filter(round=round_))
    points = _points([proposal.pk for proposal, _ in about])
    years = school_years(round_)
    values: dict[int, dict[str, str]] = {}
    for proposal, line in about:
        site = proposal.site
        given = points[proposal.pk]
        names = [str(each) for each in people[site.pk]]
        scored = [(each, given.of[each.pk]) for each in criteria if given.of[each.pk]]
        values[proposal.pk] = {
            "leads": listed(names) if names else f"team of {site}",
            "site": str(site),
            "proposal": str(proposal),
            "number": proposal.reference,
            "round": str(round_),
            "foundation": settings.FOUNDATION_NAME,
            "asked": dollars(proposal.amount_requested),
            "reviewers": counted(len(given.reviews), "reviewer") if given.reviews else "",
            "scale": f"1 (lowest) to {round_.top_score} (highest)" if given.reviews else "",
            "scores": "\n".join(_score_line(each, marks, round_.top_score) for each, marks in scored),
        }
        values[proposal.pk] |= _of_line(line, years) if line is not None else {}
    return values


def told_with(decision: Decision, values: Mapping[str, str]) -> dict[str, str]:
    """The values as this decision may tell them: money and conditions belong to an award."""
    told = dict(values)
    if decision != Decision.AWARD:
        told |= dict.fromkeys(("amount", "amounts", "first_year", "conditions"), "")
    return told


def recipients_of(sites: Collection[int]) -> dict[int, list[User]]:
    """Who gets a site's letters, by the site's key: its leads, or everybody on the team while it has none. One query."""
    seats = Seat.objects.current().filter(site__in=sites, holder__is_active=True).select_related("holder")
    team: dict[int, list[Seat]] = defaultdict(list)
    for seat in seats.order_by("started_at", "pk"):
        team[seat.site_id].append(seat)
    found: dict[int, list[User]] = defaultdict(list)
    for site, members in team.items():
        leads = [seat.holder for seat in members if seat.role == SeatRole.LEAD]
        found[site] = leads or [seat.holder for seat in members]
    return found


@dataclass(frozen=True)
class _Given:
    """The points of a proposal's submitted reviews, by criterion, and which reviews there are."""

    of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    reviews: set[int] = field(default_factory=set)


def _points(proposals: Collection[int]) -> Mapping[int, _Given]:
    rows = Score.objects.filter(
        review__proposal__in=proposals, review__state=ReviewState.SUBMITTED, points__isnull=False
    )
    rows = rows.filter(review__kind=ReviewKind.REAL).order_by("pk")
    found: dict[int, _Given] = defaultdict(_Given)
    for proposal, review, criterion, points in rows.values_list("review__proposal", "review", "criterion", "points"):
        found[proposal].of[criterion].append(certain(points))
        found[proposal].reviews.add(review)
    return found


def _score_line(criterion: Criterion, points: list[int], top: int) -> str:
    """`- Need: 3.7 of 5, closest to “Strong”`: the plain mean, halves rounded up."""
    mean = Decimal(sum(points)) / len(points)
    nearest = mean.quantize(Decimal(1), ROUND_HALF_UP)
    anchor = " ".join(str(criterion.anchors.get(str(nearest), "")).split())
    words = f", closest to “{anchor}”" if anchor else ""
    return f"- {criterion.name}: {mean.quantize(TENTH, ROUND_HALF_UP)} of {top}{words}"


def _of_line(line: DocketLine, years: Mapping[int, str]) -> dict[str, str]:
    by_year: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for each in line.amounts.all():
        by_year[each.year] += each.amount
    points = list(line.points.all())
    sender = line.docket.sent_by or line.docket.prepared_by
    return {
        "officer": str(sender),
        "amount": dollars(sum(by_year.values(), ZERO)) if by_year else "",
        "first_year": years[min(by_year)] if by_year else "",
        "amounts": "\n".join(f"- {years[year]}: {dollars(amount)}" for year, amount in sorted(by_year.items())),
        "conditions": line.conditions.strip(),
        "note": line.feedback.strip(),
        "strengths": _bullets(points, PointKind.STRENGTH),
        "weaknesses": _bullets(points, PointKind.WEAKNESS),
    }


def _bullets(points: Iterable[FeedbackPoint], kind: PointKind) -> str:
    return "\n".join(f"- {' '.join(each.text.split())}" for each in points if each.kind == kind)
