"""A round of the demo that the director has just decided on: letters to edit and release, one of them out already."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from grants.domain.docket import prepare_docket
from grants.domain.docket_line import change_line
from grants.domain.feedback_point import save_points
from grants.domain.letter import edit_letter, release_letters
from grants.domain.letter_template import save_template
from grants.domain.queries.letter_text import PORTAL_WORDING
from grants.domain.queries.round_dates import working_day
from grants.domain.verdict import agree_to_rest
from grants.enums import Decision
from grants.models import FundingRound, Letter, Proposal
from grants.workflow import DOCKET
from portal.demo import acts, coalitions, teams
from portal.demo.coalitions import Coalition
from portal.demo.story import Company, Line, first_july, instant, together

FERRY = Coalition(
    "Ferry Landing Learns (demo)", "Lab coats in every eighth grade",
    "Ferry Landing", "OR", 5210, "Ferry Landing Fund (demo)",
    ("Dock Elementary", "Landing Middle", "Ferry High"), 31,
)  # fmt: skip
COPPER = Coalition(
    "Copper Basin Together (demo)", "A counselor who knows your name",
    "Copper Basin", "MT", 3350, "Copper Basin Trust (demo)",
    ("Smelter Elementary", "Basin High"), 32,
)  # fmt: skip
WILLOW = Coalition(
    "Willow Bend Schools and Families (demo)", "Homework help at the laundromat",
    "Willow Bend", "MO", 11980, "Willow Bend Families Fund (demo)",
    ("Osage Elementary", "Willow Middle", "Willow Bend High"), 33,
)  # fmt: skip
ALL = (FERRY, COPPER, WILLOW)
APPLICANTS = ((FERRY, "faye", "Faye Lundquist"), (COPPER, "cole", "Cole Beaumont"), (WILLOW, "wren", "Wren Abernathy"))
DECISIONS = (Decision.AWARD, Decision.WAITLIST, Decision.DECLINE)


def round_to_announce(company: Company, today: date) -> Line:
    """Three proposals with an award, a place on the waitlist and a decline; the award's letter was released yesterday."""
    closed = working_day(today - timedelta(days=75))
    round_ = yield from acts.call(
        company, f"Closing the Gaps {closed.year}: winter call (demo)", opens=working_day(closed - timedelta(days=50)),
        closes=closed, first_year=first_july(closed),
    )  # fmt: skip
    proposals = yield from together(
        *(_applicant(company, round_, *who, closed, place) for place, who in enumerate(APPLICANTS))
    )
    yield from together(*(_reviewed(company, each, closed, place) for place, each in enumerate(proposals)))
    yield from _decided(company, round_, proposals, today)


def _applicant(
    company: Company, round_: FundingRound, coalition: Coalition, handle: str, name: str, closed, place
) -> Line:
    start = closed - timedelta(days=32 - place)
    site, lead = yield from coalitions.newcomer(company, coalition, handle, name, start - timedelta(days=1))
    yearly = Decimal(240000 - 10000 * place)
    return (yield from teams.apply(company, round_, site, coalition.title, lead=lead, on=start, yearly=yearly))


def _reviewed(company: Company, proposal: Proposal, closed: date, place: int) -> Line:
    screened = yield from acts.screen(company, proposal, on=closed + timedelta(days=3))
    reviews = yield from acts.assign(company, screened, (company.rolf, company.ruth), on=closed + timedelta(days=5))
    for each in reviews:
        yield from acts.score(company, each, on=closed + timedelta(days=20), around=5 - place)


def _decided(company: Company, round_: FundingRound, proposals: list[Proposal], today: date) -> Line:
    at = yield instant(today - timedelta(days=12))
    docket = prepare_docket(round_, actor=company.omar, at=at, title="Board docket, winter call")
    wanted = {proposal.pk: decision for proposal, decision in zip(proposals, DECISIONS, strict=True)}
    for line in docket.lines.select_related("proposal__site", "docket"):
        docket.refresh_from_db()
        decision = wanted[line.proposal_id]
        change_line(
            line, actor=company.omar, at=at, version=docket.version, decision=decision, note="",
            feedback="" if decision == Decision.AWARD else "Call us: we are glad to talk about what would make it stronger.",
            amounts=acts.asked_for(line.proposal) if decision == Decision.AWARD else {},
        )  # fmt: skip
    docket.refresh_from_db()
    docket = DOCKET.perform(docket, "send", actor=company.omar, at=at)
    at = yield instant(today - timedelta(days=6))
    agree_to_rest(docket, actor=company.dina, at=at)
    docket = DOCKET.perform(docket, "approve", actor=company.dina, at=at)
    at = yield instant(today - timedelta(days=4))
    _worded(company, round_, docket, at)
    at = yield instant(today - timedelta(days=1))
    docket.refresh_from_db()
    release_letters(docket, {proposals[0].reference}, actor=company.omar, at=at, version=docket.version)


def _worded(company: Company, round_: FundingRound, docket, at) -> None:
    """The round's own words for declines, feedback for the decline, and a letter for the waitlist edited by hand."""
    standard = PORTAL_WORDING[Decision.DECLINE]
    words = standard.body.replace("Your text stays", "We hope to read from you again. Your text stays")
    save_template(round_, Decision.DECLINE, actor=company.omar, at=at, version=0, subject=standard.subject, body=words)
    letters = Letter.objects.filter(line__docket=docket).select_related("line__docket", "line__proposal__site")
    decline = letters.get(line__decision=Decision.DECLINE)
    save_points(
        decline.line, actor=company.omar, at=at, version=decline.version,
        strengths=["The plan for families meets them where they are, in the evening and close to home."],
        weaknesses=["It stays open which curriculum the schools would work from together."],
    )  # fmt: skip
    waitlist = letters.get(line__decision=Decision.WAITLIST)
    body = waitlist.body.replace(
        "You need not do anything now.", "You need not do anything now. Omar calls you next week."
    )
    edit_letter(waitlist, actor=company.omar, at=at, version=waitlist.version, subject=waitlist.subject, body=body)
