"""The invented coalitions of the demo. None of these places, districts or unions exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.accounts.models import User
from portal.demo.cast import team_lead
from portal.demo.story import Company, Line, instant
from sites.domain.invitation import accept_invitation, invite
from sites.domain.partner import add_partner
from sites.domain.school import add_schools
from sites.domain.site import create_site, set_fiscal_agent
from sites.enums import PartnerKind, SeatRole, TaxStatus
from sites.identifiers import STATE_FIPS
from sites.models import Site


@dataclass(frozen=True)
class Coalition:
    """An invented coalition and what it calls its plan. `fund` is its community partner and fiscal agent; `number` makes
    its identifiers."""

    name: str
    title: str
    place: str
    state: str
    students: int
    fund: str
    schools: tuple[str, ...]
    number: int

    @property
    def district(self) -> str:
        return f"{self.place} Public Schools (demo)"

    @property
    def leaid(self) -> str:
        return leaid_of(self.state, self.number)


def leaid_of(state: str, number: int) -> str:
    """A district id that fits the state and that no real district has."""
    return f"{STATE_FIPS[state]}{99000 + number:05d}"


JUNIPER = Coalition(
    "Juniper Flats Learns (demo)", "Every reader by grade three",
    "Juniper Flats", "NM", 8140, "Juniper Flats Community Fund (demo)",
    ("Arroyo Elementary", "Mesa View Middle", "Juniper High"), 1,
)  # fmt: skip
RIVERS = Coalition(
    "Three Rivers Promise (demo)", "One bridge for every child",
    "Three Rivers", "OH", 5761, "Three Rivers United Fund (demo)",
    ("Bend Elementary", "Confluence Elementary", "Millrace Middle", "Three Rivers High"), 2,
)  # fmt: skip
HARBOR = Coalition(
    "Harbor County Collaboration for Change (demo)", "Lights on until the work is done",
    "Harbor County", "MA", 25726, "Harbor Community Fund (demo)",
    ("Lighthouse Elementary", "Pier Street Elementary", "Saltmarsh Middle", "Harbor High", "Quayside High"), 3,
)  # fmt: skip
PRAIRIE = Coalition(
    "Prairie Empowerment Schools (demo)", "Teams that stay",
    "Prairie City", "NE", 9302, "Prairie Families Alliance (demo)",
    ("Bluestem Elementary", "Cottonwood Middle", "Prairie High"), 4,
)  # fmt: skip
PALMETTO = Coalition(
    "Every School, Every Family (demo)", "Two hundred front doors",
    "Palmetto County", "FL", 85581, "Palmetto Education Foundation (demo)",
    ("Egret Elementary", "Mangrove Elementary", "Sabal Middle", "Palmetto High"), 5,
)  # fmt: skip
PIEDMONT = Coalition(
    "Piedmont Learns Together (demo)", "The same mathematics on both sides of town",
    "Piedmont", "NC", 12480, "Piedmont Neighbors Trust (demo)",
    ("Dogwood Elementary", "Laurel Middle", "Piedmont High"), 6,
)  # fmt: skip
CEDAR = Coalition(
    "Cedar Crossing Compact (demo)", "A crossing without a gap",
    "Cedar Crossing", "WA", 6890, "Cedar Crossing Partnership (demo)",
    ("Alder Elementary", "Cedar Middle", "Crossing High"), 7,
)  # fmt: skip
GRANITE = Coalition(
    "Granite Valley Schools Together (demo)", "Small schools, shared teachers",
    "Granite Valley", "NH", 3415, "Granite Valley Fund (demo)",
    ("Quarry Elementary", "Summit Middle"), 8,
)  # fmt: skip
LAKESHORE = Coalition(
    "Lakeshore Learning Compact (demo)", "From the first day of kindergarten",
    "Lakeshore", "MI", 15270, "Lakeshore Community Foundation (demo)",
    ("Dune Elementary", "Heron Elementary", "Breakwater Middle", "Lakeshore High"), 9,
)  # fmt: skip
ALL = (JUNIPER, RIVERS, HARBOR, PRAIRIE, PALMETTO, PIEDMONT, CEDAR, GRANITE, LAKESHORE)


def found(coalition: Coalition, *, lead: User, on: date) -> Line:
    """Found a coalition through the domain: district, union, community partner, fiscal agent and schools."""
    at = yield instant(on, 9)
    site = create_site(
        name=coalition.name, place=coalition.place, state=coalition.state, students=coalition.students, actor=lead,
        at=at, story="The partners meet every month and keep one list of what was agreed.",
    )  # fmt: skip
    leaid = coalition.leaid
    stem = coalition.place.lower().replace(" ", "-")
    add_partner(
        site, kind=PartnerKind.DISTRICT, actor=lead, at=at, name=coalition.district,
        leaid=leaid, ein=f"04{coalition.number:07d}", tax_status=TaxStatus.GOVERNMENT,
        signatory_name="Dr. Miriam Okafor", signatory_title="Superintendent",
        signatory_email=f"superintendent@{stem}.example",
    )  # fmt: skip
    add_partner(
        site, kind=PartnerKind.UNION, actor=lead, at=at, name=f"{coalition.place} Education Association (demo)",
        tax_status=TaxStatus.UNION, signatory_name="Tomás Rivera", signatory_title="President",
        signatory_email=f"president@{stem}.example",
    )  # fmt: skip
    agent = add_partner(
        site, kind=PartnerKind.COMMUNITY, actor=lead, at=at, name=coalition.fund,
        ein=f"05{coalition.number:07d}", tax_status=TaxStatus.CHARITY, signatory_name="Grace Ellery",
        signatory_title="Executive director", signatory_email=f"director@{stem}.example",
    )  # fmt: skip
    set_fiscal_agent(site, agent, actor=lead, at=at)
    lines = "\n".join(f"{name}, {leaid}{place:05d}" for place, name in enumerate(coalition.schools, 1))
    add_schools(site, lines, actor=lead, at=at)
    site.refresh_from_db()
    return site


def newcomer(company: Company, coalition: Coalition, handle: str, name: str, on: date) -> Line:
    """Found an invented coalition with a lead of its own; gives both."""
    yield instant(on, 8)
    lead = team_lead(handle, name)
    company.people[handle] = lead
    site = yield from found(coalition, lead=lead, on=on)
    return site, lead


def take_on(site: Site, colleague: User, *, by: User, on: date) -> Line:
    """Invite a colleague as a contributor, who accepts the same morning."""
    at = yield instant(on, 9)
    invitation = invite(site, email=colleague.email, role=SeatRole.CONTRIBUTOR, actor=by, at=at)
    at = yield instant(on, 11)
    accept_invitation(invitation, actor=colleague, at=at)
