"""Reading an assignment: who may review what, what is planned and asked already, and how well people and proposals fit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch, QuerySet, Sum

from grants.domain.assignment_solver import FULL_MATCH, Problem
from grants.domain.queries.conflict import conflicts_between
from grants.domain.queries.reviewer import Load, Member, members, pool
from grants.enums import PlanSource, PlanState, ProposalState, ReviewState
from grants.models import AssignmentPlan, BudgetLine, FundingRound, PlannedReview, Proposal, Review
from portal.words import counted
from sites.models import Component, KeyIssue

Pair = tuple[int, int]


@dataclass(frozen=True)
class Field:
    """Everything a plan of a round is made from; pairs are (proposal's key, reviewer's key)."""

    round: FundingRound
    proposals: list[Proposal]
    members: list[Member]
    conflicts: dict[Pair, str]
    # Real reviews of these proposals by pair, in whatever state.
    reviews: dict[Pair, Review]
    matches: dict[Pair, int]

    def live(self, proposal: Proposal) -> int:
        """How many reviews a proposal has or will have: all but those somebody stepped back from."""
        return self._live[proposal.pk]

    @cached_property
    def _live(self) -> Counter[int]:
        return Counter(pair[0] for pair, review in self.reviews.items() if review.state != ReviewState.RECUSED)


def load_of(member: Member) -> Load:
    """The load in the one round a field is about."""
    return member.loads[0]


def draft_of(round_: FundingRound) -> AssignmentPlan | None:
    """The plan that is being made for a round."""
    return AssignmentPlan.objects.filter(round=round_, state=PlanState.DRAFT).first()


def planned_pairs(plan: AssignmentPlan | None) -> dict[Pair, str]:
    """Who is planned for what, and whether the portal or somebody chose it."""
    if plan is None:
        return {}
    rows = PlannedReview.objects.filter(plan=plan).order_by("pk")
    return {(proposal, reviewer): source for proposal, reviewer, source in rows.values_list(
        "proposal", "reviewer", "source"
    )}  # fmt: skip


def proposals_in_review(round_: FundingRound) -> QuerySet[Proposal]:
    """What can be assigned, in the order of the numbers."""
    rows = Proposal.objects.filter(round=round_, state=ProposalState.IN_REVIEW).select_related("site")
    return rows.defer("set_aside").order_by("reference")


def field_of(round_: FundingRound) -> Field:
    """The proposals in review and the pool, with what stands between them. Seventeen queries, whatever the numbers."""
    claimed = Prefetch("key_issues", KeyIssue.objects.only("code"))
    proposals = list(proposals_in_review(round_).prefetch_related(claimed))
    known = members(pool(), rounds=[round_])
    keys = [each.pk for each in proposals]
    reviews = Review.objects.real().filter(proposal__in=keys).select_related("reviewer")
    found = {
        (each.proposal_id, each.reviewer_id): each
        for each in reviews.only("reference", "state", "proposal", "reviewer__name", "reviewer__email")
    }
    conflicts = conflicts_between(proposals, [each.person for each in known])
    return Field(round_, proposals, known, conflicts, found, _matches(proposals, known))


def _matches(proposals: list[Proposal], known: list[Member]) -> dict[Pair, int]:
    """From 0 to `FULL_MATCH`: one half for the share of the budget in components the reviewer knows, one half for the
    share of the claimed key issues; without claimed issues the components count whole.
    """
    asked = BudgetLine.objects.filter(proposal__in=[each.pk for each in proposals]).order_by()
    money: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for proposal, component, amount in asked.values_list("proposal", "component").annotate(together=Sum("amount")):
        money[proposal][component] = amount
    evenly = dict.fromkeys(Component.objects.values_list("code", flat=True), Decimal(1))
    found = {}
    for proposal in proposals:
        parts = money[proposal.pk] if any(money[proposal.pk].values()) else evenly
        claimed = {each.pk for each in proposal.key_issues.all()}
        for member in known:
            components = {each.pk for each in member.components}
            share = sum((amount for code, amount in parts.items() if code in components), Decimal(0))
            share = share / (sum(parts.values()) or 1)
            if claimed:
                issues = Decimal(len(claimed & {each.pk for each in member.key_issues})) / len(claimed)
                share = (share + issues) / 2
            found[proposal.pk, member.person.pk] = round(FULL_MATCH * share)
    return found


def problem_of(field: Field, plan: AssignmentPlan, chosen: Collection[Pair], *, today: date) -> Problem:
    """What the solver is to share out: what staff chose stays, and nobody who is away, full or conflicted gets more."""
    for_proposal, for_reviewer = Counter(p for p, _ in chosen), Counter(r for _, r in chosen)
    needs = {each.pk: max(0, plan.per_proposal - field.live(each) - for_proposal[each.pk]) for each in field.proposals}
    rooms, loads = {}, {}
    for member in field.members:
        key = member.person.pk
        loads[key] = load_of(member).asked + for_reviewer[key]
        rooms[key] = 0 if member.misses(today, plan.due_on) else max(0, member.capacity - loads[key])
    open_pairs = {
        pair: match
        for pair, match in field.matches.items()
        if pair not in field.conflicts and pair not in field.reviews and pair not in chosen
    }
    return Problem(needs, rooms, loads, open_pairs)


def lacks(field: Field, plan: AssignmentPlan, planned: Iterable[Pair], *, today: date) -> list[str]:
    """A sentence for each proposal that has fewer reviewers than it should: how many it lacks, and why."""
    planned = set(planned)
    for_proposal, for_reviewer = Counter(p for p, _ in planned), Counter(r for _, r in planned)
    found = []
    for proposal in field.proposals:
        missing = plan.per_proposal - field.live(proposal) - for_proposal[proposal.pk]
        if missing <= 0:
            continue
        why: Counter[str] = Counter()
        for member in field.members:
            pair = (proposal.pk, member.person.pk)
            if pair in planned or pair in field.reviews:
                continue
            why[_hindrance(field, pair, member, for_reviewer[pair[1]], plan, today)] += 1
        words = [_TOLD[reason].format(counted(number, "reviewer")) for reason, number in why.items() if reason]
        reasons = "; ".join(sorted(words)) or "there are not enough reviewers in the pool"
        if why[""]:
            reasons = f"{counted(why[''], 'reviewer')} could still be chosen"
        found.append(f"{proposal.site} ({proposal.reference}) lacks {missing} of {plan.per_proposal}: {reasons}.")
    return found


_TOLD = {
    "conflict": "{} must not because of a conflict of interest",
    "away": "{} away for most of the time",
    "full": "{} at the most they take on",
}


def _hindrance(field: Field, pair: Pair, member: Member, planned: int, plan: AssignmentPlan, today: date) -> str:
    if pair in field.conflicts:
        return "conflict"
    if member.misses(today, plan.due_on):
        return "away"
    return "full" if load_of(member).asked + planned >= member.capacity else ""


@dataclass(frozen=True)
class Cell:
    """One reviewer for one proposal as the board shows it."""

    member: Member
    value: str
    planned: bool
    computed: bool
    review: Review | None
    conflict: str
    # Percent.
    match: int

    @property
    def is_open(self) -> bool:
        """Whether staff can choose here."""
        return self.review is None and not self.conflict


@dataclass(frozen=True)
class Row:
    """One proposal of the board."""

    proposal: Proposal
    cells: list[Cell]
    have: int
    planned: int
    wanted: int

    @property
    def lacks(self) -> int:
        return max(0, self.wanted - self.have - self.planned)


@dataclass(frozen=True)
class Column:
    """One reviewer of the board."""

    member: Member
    asked: int
    planned: int
    is_away: bool

    @property
    def is_over(self) -> bool:
        """Whether this is more than they take on."""
        return self.planned > 0 and self.asked + self.planned > self.member.capacity

    @property
    def is_full(self) -> bool:
        return self.asked + self.planned >= self.member.capacity


@dataclass(frozen=True)
class Board:
    """Proposals by reviewers."""

    rows: list[Row]
    columns: list[Column]
    planned: int
    lacking: int


def board(field: Field, planned: dict[Pair, str], *, wanted: int, due_on: date | None, today: date) -> Board:
    """The board of a plan; `planned` may be what somebody has chosen and not saved."""
    for_reviewer = Counter(reviewer for _, reviewer in planned)
    rows = []
    for proposal in field.proposals:
        cells = [_cell(field, proposal, member, planned) for member in field.members]
        have, number = field.live(proposal), sum(each.planned for each in cells)
        rows.append(Row(proposal, cells, have, number, wanted))
    columns = [
        Column(each, load_of(each).asked, for_reviewer[each.person.pk], each.misses(today, due_on))
        for each in field.members
    ]
    return Board(rows, columns, sum(row.planned for row in rows), sum(bool(row.lacks) for row in rows))


def _cell(field: Field, proposal: Proposal, member: Member, planned: dict[Pair, str]) -> Cell:
    pair = (proposal.pk, member.person.pk)
    review, conflict = field.reviews.get(pair), field.conflicts.get(pair, "")
    is_planned = pair in planned and review is None and not conflict
    return Cell(
        member,
        f"{pair[0]}-{pair[1]}",
        is_planned,
        planned.get(pair) == PlanSource.COMPUTED,
        review,
        "" if review else conflict,
        field.matches[pair] * 100 // FULL_MATCH,
    )


@dataclass(frozen=True)
class Share:
    """What one reviewer would be asked for when a plan is sent."""

    member: Member
    number: int
    asked: int

    @property
    def is_over(self) -> bool:
        return self.asked + self.number > self.member.capacity


def shares(field: Field, planned: Iterable[Pair]) -> list[Share]:
    """Per reviewer of a plan how many reviews, by name."""
    numbers = Counter(reviewer for _, reviewer in planned)
    return [
        Share(each, numbers[each.person.pk], load_of(each).asked) for each in field.members if numbers[each.person.pk]
    ]


@dataclass(frozen=True)
class Outcome:
    """What came of one row of a plan that was sent."""

    planned: PlannedReview
    review: Review | None


def outcomes(plan: AssignmentPlan) -> list[Outcome]:
    """Every row of a sent plan with the review it led to. Two queries."""
    planned = PlannedReview.objects.filter(plan=plan).select_related("proposal__site", "reviewer")
    rows = list(planned.defer("proposal__set_aside").order_by("proposal__reference", "pk"))
    asked = Review.objects.real().filter(created_at=plan.sent_at, proposal__in=[each.proposal_id for each in rows])
    by_pair = {(each.proposal_id, each.reviewer_id): each for each in asked}
    return [Outcome(each, by_pair.get((each.proposal_id, each.reviewer_id))) for each in rows]
