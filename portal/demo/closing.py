"""A call of the demo that closes in about nine days, with a team at every stage of applying."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from grants.domain.extension import extend_proposal
from grants.domain.message import write_message
from grants.domain.queries.deadline import closing_of
from grants.domain.queries.dossier import dossier_of
from grants.domain.queries.round_dates import working_day
from grants.domain.section import save_section
from grants.domain.signoff import decline
from grants.models import FundingRound, Proposal, ProposalSection, SignOff
from portal.accounts.models import User
from portal.demo import acts, coalitions, prose, teams
from portal.demo.coalitions import Coalition
from portal.demo.story import Company, Line, first_july, instant, together

DAYS_LEFT = 9
MESA = Coalition(
    "Red Mesa Together (demo)", "Four days of school, five days of learning",
    "Red Mesa", "AZ", 2930, "Red Mesa Community Chest (demo)",
    ("Sandstone Elementary", "Red Mesa High"), 10,
)  # fmt: skip
BAYOU = Coalition(
    "Bayou Bend Partnership (demo)", "Tutors who come back after the flood",
    "Bayou Bend", "LA", 18420, "Bayou Bend United Fund (demo)",
    ("Cypress Elementary", "Heron Middle", "Bayou Bend High"), 11,
)  # fmt: skip
SUMMIT = Coalition(
    "Summit Forge Schools at Work (demo)", "From the forge to the college lab",
    "Summit Forge", "PA", 7715, "Summit Forge Foundation (demo)",
    ("Ironworks Elementary", "Furnace Middle", "Summit Forge High"), 12,
)  # fmt: skip
ORCHARD = Coalition(
    "Orchard Valley Learns as One (demo)", "Two languages from the first day",
    "Orchard Valley", "CA", 21050, "Orchard Valley Families Fund (demo)",
    ("Blossom Elementary", "Pomona Middle", "Orchard Valley High"), 13,
)  # fmt: skip
NORTHWOODS = Coalition(
    "Northwoods Compact (demo)", "One bus ride, one school day",
    "Northwoods", "WI", 4160, "Northwoods Neighbors (demo)",
    ("Birch Elementary", "Tamarack High"), 14,
)  # fmt: skip
CAPITAL = Coalition(
    "Capital Rows Education Table (demo)", "The same good teacher on every block",
    "Capital Rows", "MD", 61300, "Capital Rows Education Fund (demo)",
    ("Marble Steps Elementary", "Market Middle", "Rowhouse High"), 15,
)  # fmt: skip
PRAIRIE_ROSE = Coalition(
    "Prairie Rose Alliance (demo)", "Math circles in every grange hall",
    "Prairie Rose", "KS", 5480, "Prairie Rose Trust (demo)",
    ("Rose Elementary", "Windmill Middle", "Prairie Rose High"), 16,
)  # fmt: skip
DELTA = Coalition(
    "Delta Crossing Works Together (demo)", "A reading coach within walking distance",
    "Delta Crossing", "MS", 9870, "Delta Crossing Fund (demo)",
    ("Levee Elementary", "Ferry Middle", "Delta Crossing High"), 17,
)  # fmt: skip
ALL = (MESA, BAYOU, SUMMIT, ORCHARD, NORTHWOODS, CAPITAL, PRAIRIE_ROSE, DELTA)


def round_that_closes(company: Company, today: date) -> Line:
    """The call and its eight teams, from one that has written nothing to one that changes what it submitted."""
    closes = working_day(today + timedelta(days=DAYS_LEFT))
    round_ = yield from acts.call(
        company, f"Closing the Gaps {first_july(closes).year}: early call (demo)",
        opens=working_day(today - timedelta(days=45)), closes=closes, first_year=first_july(closes),
    )  # fmt: skip
    tellers = (
        (_nothing_written, MESA, "max", "Max Yazzie"),
        (_half_written, BAYOU, "bea", "Bea Thibodeaux"),
        (_at_the_ceiling, SUMMIT, "sol", "Sol Kowalski"),
        (_one_declined, ORCHARD, "ofelia", "Ofelia Duarte"),
        (_complete, NORTHWOODS, "nils", "Nils Ahlgren"),
        (_submitted, CAPITAL, "cora", "Cora Whitlock"),
        (_changed_since, PRAIRIE_ROSE, "rosa", "Rosa Unruh"),
        (_time_given, DELTA, "dell", "Dell Hathaway"),
    )
    yield from together(*(_team(company, round_, today, *each) for each in tellers))


def _team(
    company: Company, round_: FundingRound, today: date, tale, coalition: Coalition, handle: str, name: str
) -> Line:
    site, lead = yield from coalitions.newcomer(company, coalition, handle, name, today - timedelta(days=36))
    start = today - timedelta(days=35 - coalition.number % 7)
    proposal = yield from teams.begin(round_, site, coalition.title, lead=lead, on=start)
    yield from tale(company, proposal, lead, today)


def _nothing_written(company: Company, proposal: Proposal, lead: User, today: date) -> Line:
    """And a message of the foundation that nobody answered yet."""
    at = yield instant(today - timedelta(days=1), 11)
    text = "You started a proposal and have not written anything yet. Is anything unclear? We are glad to call you."
    write_message(proposal, text, actor=company.omar, at=at, key=_key(company))


def _half_written(company: Company, proposal: Proposal, lead: User, today: date) -> Line:
    yield from teams.write(company, proposal, lead=lead, on=today - timedelta(days=3), share=60)


def _at_the_ceiling(company: Company, proposal: Proposal, lead: User, today: date) -> Line:
    """All the money there is, in every year, and half the text."""
    yield from teams.write(company, proposal, lead=lead, on=today - timedelta(days=8), share=50)
    at = yield instant(today - timedelta(days=7), 13)
    teams.spend(proposal, proposal.round.yearly_ceiling, lead=lead, at=at)


def _one_declined(company: Company, proposal: Proposal, lead: User, today: date) -> Line:
    """Everything written; one partner signed, one declined, one has not answered."""
    yield from teams.write(company, proposal, lead=lead, on=today - timedelta(days=12), yearly=Decimal("231000"))
    yield from teams.gather_signatures(proposal, lead=lead, on=today - timedelta(days=6), partners=1)
    at = yield instant(today - timedelta(days=5), 17)
    asked = SignOff.objects.select_related("partner", "proposal").filter(proposal=proposal).order_by("pk")[1]
    reason = "Our board meets on the first Monday and wants to see the budget for substitutes before I sign."
    decline(asked, name=asked.partner.signatory_name, reason=reason, at=at)


def _complete(company: Company, proposal: Proposal, lead: User, today: date) -> Line:
    """Written and signed, but not submitted, and a question to the foundation that waits."""
    yield from teams.write(company, proposal, lead=lead, on=today - timedelta(days=10), yearly=Decimal("198500"))
    yield from teams.gather_signatures(proposal, lead=lead, on=today - timedelta(days=4))
    at = yield instant(today - timedelta(days=2), 16)
    text = "May our fiscal agent change after the award? The fund's board votes on a merger in spring."
    write_message(proposal, text, actor=lead, at=at, key=_key(company))


def _submitted(company: Company, proposal: Proposal, lead: User, today: date) -> Line:
    """Submitted twice: the second version says more, and is signed again."""
    yield from teams.finish(company, proposal, lead=lead, on=today - timedelta(days=20), yearly=Decimal("250000"))
    yield from _think_again(proposal, lead, today - timedelta(days=6))
    yield from teams.gather_signatures(proposal, lead=lead, on=today - timedelta(days=5))
    yield from teams.submit(company, proposal, lead=lead, on=today - timedelta(days=4))


def _changed_since(company: Company, proposal: Proposal, lead: User, today: date) -> Line:
    """Submitted, then changed: the signatures no longer hold, and what was submitted counts meanwhile."""
    yield from teams.finish(company, proposal, lead=lead, on=today - timedelta(days=17), yearly=Decimal("187500"))
    yield from _think_again(proposal, lead, today - timedelta(days=1))


def _think_again(proposal: Proposal, lead: User, on: date) -> Line:
    """Add a sentence to the first plan."""
    at = yield instant(on, 14)
    part = next(each for each in dossier_of(proposal).parts if each.code)
    saved = ProposalSection.objects.get(proposal=proposal, key=part.key)
    answers = {each.key: each.typed for each in dossier_of(proposal).asked(part.key)}
    answers[next(iter(answers))] += f" {prose.SECOND_THOUGHT}"
    save_section(proposal, part.key, actor=lead, at=at, version=saved.version, answers=answers)


def _time_given(company: Company, proposal: Proposal, lead: User, today: date) -> Line:
    """More time for one team, which wrote why. (The button for asking appears in the last week only.)"""
    yield from teams.write(company, proposal, lead=lead, on=today - timedelta(days=5), share=80)
    at = yield instant(today - timedelta(days=2), 9)
    text = "The river closed our district office for six days, and nobody can reach the budget files. Can we have more time?"
    write_message(proposal, text, actor=lead, at=at, key=_key(company))
    at = yield instant(today - timedelta(days=1), 15)
    until = instant(working_day(closing_of(proposal).date() + timedelta(days=3)), 17)
    reason = "The district office was closed after the flood."
    extend_proposal(proposal, until=until, reason=reason, actor=company.omar, at=at)
    write_message(
        proposal, "Yes. You have more time; the page says until when.", actor=company.omar, at=at, key=_key(company)
    )


def _key(company: Company) -> str:
    return str(UUID(int=company.random.getrandbits(128), version=4))
