"""Reading dockets: what hinders a step, and the table of ranked lines."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce

from grants.domain.queries import docket_money as money
from grants.domain.queries import scores
from grants.domain.queries.docket_order import plain_means
from grants.domain.queries.review import marks_of
from grants.enums import Decision, DocketState, LineVerdict, ProposalState
from grants.models import Docket, DocketAmount, DocketLine, Proposal
from portal.charts import Bar, Part
from portal.money import ZERO
from sites.enums import PartnerKind
from sites.models import School

# The drawing of the marks is 120 units wide; this is where its line begins and how long it is.
LEFT = Decimal(4)
LENGTH = Decimal(112)
# Where an instance keeps what its page has weighed, as Django's own cached properties do.
_KEPT = "_weighed"
VERDICT_TONES = {LineVerdict.AGREED: "go", LineVerdict.RETURNED: "wait", LineVerdict.DECLINED: "bad"}


@dataclass(frozen=True)
class Dot:
    """One reviewer's mark in the drawing of a line; `x` is its place."""

    mark: Decimal
    x: Decimal
    is_outlier: bool


@dataclass(frozen=True)
class Row:
    """A line of the docket as the table shows it. `marks` are those of the submitted reviews, lowest first."""

    line: DocketLine
    marks: tuple[Decimal, ...]
    raw_mean: Decimal | None  # of the marks, in which criteria count by their weights
    plain_mean: Decimal | None  # of the points, whatever they were given for
    normalised: Decimal | None
    outlier: Decimal | None
    top_score: int
    few_reviews: bool
    excesses: tuple[money.Excess, ...]
    below_cut: bool  # the envelope does not reach this far
    first_below_cut: bool
    said_before: DocketLine | None  # the line on which a director returned the proposal from an earlier docket

    @property
    def split(self) -> bool:
        return self.outlier is not None

    @property
    def dots(self) -> list[Dot]:
        """The marks on a line from 1 to the top score."""
        return [
            Dot(mark, LEFT + LENGTH * (mark - 1) / (self.top_score - 1), mark == self.outlier) for mark in self.marks
        ]

    @property
    def other_payee(self) -> bool:
        """Whether somebody else than the district is paid."""
        agent = self.line.proposal.site.fiscal_agent
        return agent is not None and agent.kind != PartnerKind.DISTRICT

    @property
    def is_award(self) -> bool:
        return self.line.decision == Decision.AWARD

    @property
    def verdict_tone(self) -> str:
        """The tone of the pill that says what the director said to it; empty while nothing was said."""
        return VERDICT_TONES.get(LineVerdict(self.line.verdict), "")

    @property
    def out_of_place(self) -> bool:
        """Whether the proposal has left review by another way, so that the docket can no longer decide on it."""
        waiting = self.line.docket.state == DocketState.DRAFT
        return waiting and self.line.proposal.state != ProposalState.IN_REVIEW


@dataclass(frozen=True)
class Table:
    """A docket's lines against the envelope of its round."""

    rows: tuple[Row, ...]
    left: Decimal  # what the envelope still holds above the cut line
    committed: Decimal
    elsewhere: Decimal
    envelope: Decimal
    parts: tuple[Part, ...]
    bars: tuple[Bar, ...]  # of each award year, by this docket alone

    @property
    def together(self) -> Decimal:
        return self.committed + self.elsewhere

    @property
    def share(self) -> Decimal | None:
        """The share of the envelope that is spoken for; None without an envelope."""
        return self.together / self.envelope if self.envelope else None


def lines_of(docket: Docket) -> list[DocketLine]:
    """The lines in order, with proposal, site, payee, amounts and `school_count`. Two queries."""
    schools = School.objects.filter(site=OuterRef("proposal__site")).order_by().values("site").annotate(n=Count("pk"))
    lines = docket.lines.select_related("proposal__site__fiscal_agent").annotate(
        school_count=Coalesce(Subquery(schools.values("n")), 0)
    )
    amounts = Prefetch("amounts", DocketAmount.objects.select_related("component"))
    found: list[DocketLine] = list(lines.prefetch_related(amounts))
    for line in found:
        line.docket = docket
    return found


@dataclass(frozen=True)
class Weighed:
    """The lines of a docket with the limits they would pass, by the line's key, and what is spoken for in dollars."""

    lines: list[DocketLine]
    over: dict[int, list[money.Excess]]
    committed: Decimal
    elsewhere: Decimal

    def limits(self, docket: Docket) -> list[str]:
        """A sentence for every limit that is passed, line by line, then the envelope."""
        found = [each.text for line in self.lines for each in self.over.get(line.pk, ())]
        return found + money.over_envelope(docket, self.committed, self.elsewhere)


def weigh(docket: Docket) -> Weighed:
    """Four queries; none for an instance whose table was made, which a page asks both of."""
    known: Weighed | None = vars(docket).get(_KEPT)
    if known is not None:
        return known
    lines = lines_of(docket)
    # Once approved, the awards of these very lines are among what the sites hold.
    undecided = docket.state not in {DocketState.APPROVED, DocketState.ANNOUNCED}
    over = money.line_excesses(lines, docket.round) if undecided else {}
    committed = sum((line.amount for line in lines if line.commits), ZERO)
    return Weighed(lines, over, committed, money.awarded_elsewhere(docket))


def table(docket: Docket) -> Table:
    """Everything the docket's page shows. A fixed number of queries."""
    weighed = vars(docket)[_KEPT] = weigh(docket)
    lines, over, elsewhere = weighed.lines, weighed.over, weighed.elsewhere
    marks = marks_of(docket.round_id)
    raw, normalised = scores.raw_means(marks), scores.normalised_means(marks)
    plain = plain_means(docket)
    values: dict = {}
    for mark in marks:
        values.setdefault(mark.proposal, []).append(mark.value)
    envelope, before = docket.round.envelope, returned_before(docket)
    cut, left = cut_of(lines, envelope - elsewhere)
    rows = []
    for place, line in enumerate(lines):
        own = tuple(sorted(values.get(line.proposal_id, ())))
        row = Row(
            line=line,
            marks=own,
            raw_mean=raw.get(line.proposal_id),
            plain_mean=plain.get(line.proposal_id),
            normalised=normalised.get(line.proposal_id),
            outlier=scores.outlier(own, docket.round.top_score),
            top_score=docket.round.top_score,
            few_reviews=len(own) < docket.round.reviews_per_proposal,
            excesses=tuple(over.get(line.pk, ())),
            below_cut=cut is not None and place >= cut,
            first_below_cut=place == cut,
            said_before=before.get(line.proposal_id),
        )
        rows.append(row)
    spent = money.envelope_of(docket)
    return Table(tuple(rows), left, weighed.committed, elsewhere, envelope, spent.parts, spent.bars)


def returned_before(docket: Docket) -> dict[int, DocketLine]:
    """What a director said when they returned a proposal on an earlier docket, by the proposal's key. One query."""
    mine = docket.lines.values("proposal")
    rows = DocketLine.objects.filter(proposal__in=mine, verdict=LineVerdict.RETURNED).exclude(docket=docket)
    return {line.proposal_id: line for line in rows.select_related("docket", "verdict_by").order_by("pk")}


def missing_to_send(docket: Docket) -> list[str]:
    """Why the director cannot be given the docket yet, line by line, then the money together."""
    weighed = weigh(docket)
    if not weighed.lines:
        return ["Put at least one proposal on the docket."]
    missing = []
    for line in weighed.lines:
        proposal, site = line.proposal, line.proposal.site
        if proposal.state != ProposalState.IN_REVIEW:
            missing.append(f"Take {site} off the docket: its proposal is {proposal.get_state_display().lower()}.")
        if line.decision == Decision.AWARD and not line.amount:
            missing.append(f"Say how much {site} should get.")
        if line.decision == Decision.AWARD and site.fiscal_agent is None:
            missing.append(f"{site} has not chosen a fiscal agent yet, so there is nobody to pay.")
        if line.decision == Decision.DECLINE and not line.feedback.strip():
            missing.append(f"Write what {site} is told: a decline carries feedback the team can use.")
    return missing + weighed.limits(docket)


def candidates(docket: Docket):
    """Proposals of the round that are in review and not on this docket."""
    waiting = Proposal.objects.filter(round=docket.round_id, state=ProposalState.IN_REVIEW)
    return waiting.exclude(docket_lines__docket=docket).select_related("site").order_by("pk")


def with_counts(dockets):
    """Annotates `line_count`, `award_count` and `award_sum` (dollars)."""
    award = money.counted("lines__")
    return dockets.annotate(
        line_count=Count("lines"),
        award_count=Count("lines", filter=award),
        award_sum=money.total("lines__amount", filter=award),
    )


def cut_of(lines: list[DocketLine], available: Decimal) -> tuple[int | None, Decimal]:
    """Where the envelope runs out, and what is left of it there.

    That is the place of the first line that no longer fits, taking a line without an award at what it asks for.
    """
    left = available
    for place, line in enumerate(lines):
        award = line.commits
        if (line.amount if award else line.proposal.amount_requested) > left:
            return place, left
        if award:
            left -= line.amount
    return None, left
