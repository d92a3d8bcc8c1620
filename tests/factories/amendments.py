"""Makes amendments by the steps that make them in life: written down, asked for, recommended, decided."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from grants.domain.amendment import request_amendment, start_amendment
from grants.domain.queries.amendment import present_grid
from grants.enums import AmendmentKind, AmendmentState
from grants.models import Amendment
from grants.workflow import AMENDMENT
from portal.accounts.enums import Role
from sites.enums import SeatRole
from tests.factories.accounts import UserFactory
from tests.factories.awards import APPROVED_AT, an_award

# Before the first award year starts, so every year can still change.
ASKED_AT = APPROVED_AT + timedelta(days=14)
FIVE_THOUSAND = Decimal("5000.00")
YEAR_LATER = date(2033, 6, 30)


def lead_of(award):
    """The person who leads the award's site now."""
    return award.site.seats.current().get(role=SeatRole.LEAD).holder


def moved(award, amount=FIVE_THOUSAND, *, year=1, to=1):
    """The award's grid with dollars moved from the first component of one year to the second, maybe of another year."""
    grid = dict(present_grid(award))
    grid[year, "collaboration"] -= amount
    grid[to, "partnerships"] = grid.get((to, "partnerships"), Decimal(0)) + amount
    return grid


def an_amendment(
    award=None,
    *,
    kind=AmendmentKind.EXTEND,
    state=AmendmentState.DRAFT,
    officer=None,
    director=None,
    lead=None,
    at=ASKED_AT,
    **facts,
) -> Amendment:
    """An amendment brought from draft to any state; an extension by a year unless `kind` and `facts` say otherwise."""
    award = award or an_award(lead=lead)
    lead, officer = lead or lead_of(award), officer or UserFactory(roles=[Role.OFFICER])
    if kind == AmendmentKind.EXTEND:
        facts.setdefault("ends_on", YEAR_LATER)
    amendment = start_amendment(award, kind, reason="The schools opened late.", actor=lead, at=at, **facts)
    if state == AmendmentState.DRAFT:
        return amendment
    if state == AmendmentState.WITHDRAWN:
        return AMENDMENT.perform(amendment, "withdraw", actor=lead, at=at)
    amendment = request_amendment(amendment, actor=lead, at=at)
    if state == AmendmentState.REQUESTED:
        return amendment
    if state == AmendmentState.DECLINED:
        return AMENDMENT.perform(amendment, "decline", actor=officer, at=at, comment="Finish in time.")
    amendment = AMENDMENT.perform(amendment, "recommend", actor=officer, at=at, comment="They need it.")
    if state == AmendmentState.RECOMMENDED:
        return amendment
    director = director or UserFactory(roles=[Role.DIRECTOR])
    return AMENDMENT.perform(amendment, "approve", actor=director, at=at)
