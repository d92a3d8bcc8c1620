"""What the foundation does in the demo, act by act, each at its own moment and through the domain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from grants.domain.criterion import add_criterion
from grants.domain.docket import prepare_docket
from grants.domain.docket_line import change_line
from grants.domain.queries.round_dates import working_day
from grants.domain.review import assign_reviewer, save_draft
from grants.domain.round import create_round
from grants.domain.slot import add_slot
from grants.domain.verdict import agree_to_rest
from grants.enums import Decision
from grants.models import FundingRound, Proposal, Review
from grants.workflow import DOCKET, PROPOSAL, REVIEW, ROUND
from portal import programme
from portal.accounts.models import User
from portal.demo import prose
from portal.demo.story import ZONE, Company, Line, instant
from portal.documents.enums import ContentType

RUBRIC = (
    ("Need", 2, "Do the numbers show a gap, and does the coalition understand its causes?"),
    ("Three core components", 3, "Do the plans fit together, and will they reach classrooms?"),
    ("Partnership", 3, "Do district, union and community really decide together?"),
    ("Budget", 1, "Is the money where the plan is?"),
    ("After the grant", 1, "Will it last?"),
)
ANCHORS = {
    "1": "Not convincing",
    "2": "Some of it is there",
    "3": "Solid",
    "4": "Strong",
    "5": "Outstanding: a model for others",
}
DOCUMENTS = (
    ("Letter of commitment", "One page, signed by superintendent and union president: which time of staff they give.",
     [ContentType.PDF.value], False),
    ("Latest audit of the fiscal agent", "The whole report, as it was filed.", [], True),
)  # fmt: skip


def call(company: Company, name: str, *, opens: date, closes: date, first_year: date) -> Line:
    """A published round with rubric; it opens at 9 in the morning and closes at 5 in the afternoon."""
    at = yield instant(opens - timedelta(days=30))
    round_ = create_round(
        actor=company.omar, at=at, is_demo=True, name=name, time_zone=ZONE, opens_at=instant(opens, 9),
        closes_at=instant(closes, 17), decision_by=working_day(closes + timedelta(days=75)), first_year_starts_on=first_year,
        envelope=Decimal("7500000"), yearly_ceiling=programme.YEARLY_CEILING,
        total_ceiling=programme.TOTAL_CEILING, reviews_per_proposal=2, sign_offs_required=True,
        summary="Five years of support for coalitions of a district, its union and community partners that want to "
        "close achievement gaps together. This call and everybody in it are invented for the demo.",
        guidelines="Write for a reader who has never been to your town. Say what you will do, who does it, and how you will "
        "know. Numbers beat adjectives. You can change a submitted proposal until the deadline.",
    )  # fmt: skip
    for title, weight, question in RUBRIC:
        add_criterion(
            round_, actor=company.omar, at=at, name=title, weight=weight, description=question, anchors=ANCHORS
        )
    for title, text, kinds, hidden in DOCUMENTS:
        add_slot(
            round_, actor=company.omar, at=at, name=title, help=text, kinds=kinds, required=False,
            hidden_from_reviewers=hidden,
        )  # fmt: skip
    return ROUND.perform(round_, "publish", actor=company.omar, at=at)


def screen(company: Company, proposal: Proposal, *, on: date) -> Line:
    """Find it eligible."""
    at = yield instant(on)
    return PROPOSAL.perform(proposal, "screen_in", actor=company.omar, at=at)


def assign(company: Company, proposal: Proposal, reviewers: Sequence[User], *, on: date) -> Line:
    """Ask reviewers, each with three weeks' time."""
    at = yield instant(on, 11)
    return [
        assign_reviewer(proposal, each, actor=company.omar, at=at, due_on=on + timedelta(days=21)) for each in reviewers
    ]


def score(company: Company, review: Review, *, on: date, around: int, finish: bool = True) -> Line:
    """Answer the conflict question, score around a number of points, and submit unless it stays a draft."""
    at = yield instant(on, 16)
    reviewer = review.reviewer
    review = REVIEW.perform(review, "declare_no_conflict", actor=reviewer, at=at)
    criteria = list(review.proposal.round.criteria.all())
    scored = criteria if finish else criteria[:2]
    scores = {
        each.pk: (
            max(1, min(5, around + company.random.choice((-1, 0, 0, 1)))),
            company.random.choice(prose.SCORE_REASONS),
        )
        for each in scored
    }
    review = save_draft(
        review, actor=reviewer, at=at, version=review.version, scores=scores, private_notes="", editor="",
        feedback="Say more about what happens when the partners disagree." if finish else "",
    )  # fmt: skip
    if finish:
        REVIEW.perform(review, "submit", actor=reviewer, at=at)


def decide(company: Company, round_: FundingRound, winners: Sequence[Proposal], *, on: date) -> Line:
    """Docket, recommendation, approval by the director, and the announcement two days later."""
    at = yield instant(on)
    docket = prepare_docket(round_, actor=company.omar, at=at, title=f"Board docket, {on:%B} {on.year}")
    chosen = {each.pk for each in winners}
    for line in docket.lines.select_related("proposal"):
        wins = line.proposal_id in chosen
        docket.refresh_from_db()
        change_line(
            line, actor=company.omar, at=at, version=docket.version, note="", feedback=_feedback(wins),
            decision=Decision.AWARD if wins else Decision.DECLINE, amounts=asked_for(line.proposal) if wins else {},
        )  # fmt: skip
    docket.refresh_from_db()
    docket = DOCKET.perform(docket, "send", actor=company.omar, at=at)
    at = yield instant(on + timedelta(days=5))
    agree_to_rest(docket, actor=company.dina, at=at)
    docket = DOCKET.perform(docket, "approve", actor=company.dina, at=at)
    at = yield instant(on + timedelta(days=7))
    return DOCKET.perform(docket, "announce", actor=company.omar, at=at)


def _feedback(wins: bool) -> str:
    if wins:
        return "Reviewers praised how your partners decide together."
    return "Reviewers liked the plan for families and wanted to see how the schools would work from one curriculum."


def asked_for(proposal: Proposal) -> dict[tuple[int, str], Decimal]:
    """What a proposal's budget asks for by award year and component code."""
    asked: dict[tuple[int, str], Decimal] = {}
    for line in proposal.budget_lines.all():
        place = (line.year, line.component_id)
        asked[place] = asked.get(place, Decimal(0)) + line.amount
    return asked
