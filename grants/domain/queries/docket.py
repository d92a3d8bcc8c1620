"""Reading dockets: what hinders a step, and the table of ranked lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce

from grants.domain.queries import docket_money as money
from grants.domain.queries import scores
from grants.domain.queries.next_step import NextStep
from grants.domain.queries.review import marks_of
from grants.enums import Decision, DocketState, LineVerdict, ProposalState
from grants.models import Docket, DocketAmount, DocketLine, Proposal
from portal.charts import Part
from portal.money import ZERO, dollars
from portal.workflow import Offer
from sites.enums import PartnerKind
from sites.models import School

# The drawing of the marks is 120 units wide; this is where its line begins and how long it is.
LEFT = Decimal(4)
LENGTH = Decimal(112)


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
    raw_mean: Decimal | None
    normalised: Decimal | None
    outlier: Decimal | None
    top_score: int
    few_reviews: bool
    excesses: tuple[money.Excess, ...]
    below_cut: bool  # the envelope does not reach this far
    first_below_cut: bool

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


def table(docket: Docket) -> Table:
    """Everything the docket's page shows. A fixed number of queries."""
    lines = lines_of(docket)
    marks = marks_of(docket.round_id)
    raw, normalised = scores.raw_means(marks), scores.normalised_means(marks)
    values: dict = {}
    for mark in marks:
        values.setdefault(mark.proposal, []).append(mark.value)
    # Once approved, the awards of these very lines are among what the sites hold.
    undecided = docket.state in {DocketState.DRAFT, DocketState.SENT}
    over = money.line_excesses(lines, docket.round) if undecided else {}
    elsewhere, envelope = money.awarded_elsewhere(docket), docket.round.envelope
    cut, left = cut_of(lines, envelope - elsewhere)
    rows = []
    for place, line in enumerate(lines):
        own = tuple(sorted(values.get(line.proposal_id, ())))
        row = Row(
            line=line,
            marks=own,
            raw_mean=raw.get(line.proposal_id),
            normalised=normalised.get(line.proposal_id),
            outlier=scores.outlier(own, docket.round.top_score),
            top_score=docket.round.top_score,
            few_reviews=len(own) < docket.round.reviews_per_proposal,
            excesses=tuple(over.get(line.pk, ())),
            below_cut=cut is not None and place >= cut,
            first_below_cut=place == cut,
        )
        rows.append(row)
    committed = sum((line.amount for line in lines if line.commits), ZERO)
    return Table(tuple(rows), left, committed, elsewhere, envelope, tuple(money.parts(docket)))


def missing_to_send(docket: Docket) -> list[str]:
    """Why the director cannot be given the docket yet, line by line, then the money together."""
    lines = lines_of(docket)
    if not lines:
        return ["Put at least one proposal on the docket."]
    over = money.line_excesses(lines, docket.round)
    missing = []
    for line in lines:
        proposal, site = line.proposal, line.proposal.site
        if proposal.state != ProposalState.IN_REVIEW:
            missing.append(f"Take {site} off the docket: its proposal is {proposal.get_state_display().lower()}.")
        if line.decision == Decision.AWARD and not line.amount:
            missing.append(f"Say how much {site} should get.")
        if line.decision == Decision.AWARD and site.fiscal_agent is None:
            missing.append(f"{site} has not chosen a fiscal agent yet, so there is nobody to pay.")
        if line.decision == Decision.DECLINE and not line.feedback.strip():
            missing.append(f"Write what {site} is told: a decline carries feedback the team can use.")
        missing += [each.text for each in over.get(line.pk, ())]
    return missing + money.over_envelope(docket)


def decided_lines(docket: Docket) -> list[DocketLine]:
    """The lines a decision is made on: all but those the director returned, whose proposals are in review again."""
    return [line for line in lines_of(docket) if line.verdict != LineVerdict.RETURNED]


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


def facts(docket: Docket) -> list[tuple[str, str]]:
    """What a step of a docket is about, for the person who confirms it: the awards one by one, then the others."""
    lines = lines_of(docket)
    awards = [line for line in lines if line.decision == Decision.AWARD]
    named = [(str(line.proposal.site), dollars(line.amount)) for line in awards]
    others = [line for line in lines if line.decision != Decision.AWARD]
    return [
        ("Round", str(docket.round)),
        *named,
        ("All awards together", dollars(sum((line.amount for line in awards), ZERO))),
        *((str(line.proposal.site), line.get_decision_display()) for line in others),
    ]


def next_step(docket: Docket, offers: Iterable[Offer]) -> NextStep:
    """What comes next for a docket; `offers` are the steps this person might take."""
    blocked = tuple(reason for offer in offers for reason in offer.reasons)
    if docket.state == DocketState.DRAFT:
        if blocked:
            return NextStep("Before it can be sent to the director", "", "Program officers", items=blocked)
        return NextStep("Send it to the director", "Nothing stands in the way.", "Program officers")
    if docket.state == DocketState.SENT:
        text = f"{docket.sent_by} sent it. Somebody else has to decide on it."
        return NextStep("The director approves or returns it", text, "The director", items=blocked)
    if docket.state == DocketState.APPROVED:
        text = f"{docket.approved_by} approved it and the awards are made. No applicant knows yet."
        return NextStep("Announce the decisions", text, "Program officers")
    return NextStep("Nothing is left to do here", "Every team has its letter.", "Nobody", done=True)


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
