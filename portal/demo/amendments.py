"""What funded sites of the demo ask to change about their awards, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from grants.domain.amendment import request_amendment, start_amendment
from grants.domain.queries.amendment import latest_end, present_grid
from grants.enums import AmendmentKind
from grants.models import Award
from grants.workflow import AMENDMENT
from portal.accounts.models import User
from portal.demo.story import Company, Line, instant


def small_move(award: Award, *, lead: User, on: date, year: int) -> Line:
    """A few thousand dollars from one component to another: the program's rules approve it."""
    at = yield instant(on, 15)
    amounts = _moved(award, Decimal("6000"), year=year, to=year)
    reason = (
        "More families came to the reading evenings than we had planned for. We need a third room and two more hosts."
    )
    amendment = start_amendment(award, AmendmentKind.MOVE_MONEY, reason=reason, amounts=amounts, actor=lead, at=at)
    request_amendment(amendment, actor=lead, at=at)


def extension(company: Company, award: Award, *, lead: User, on: date) -> Line:
    """More time without more money, recommended by an officer; a director has it to decide."""
    at = yield instant(on, 10)
    award = Award.objects.get(pk=award.pk)
    reason = (
        "The district changed its calendar, and the last class of teachers finishes its training in spring. "
        "We can pay for it from what is left."
    )
    draft = start_amendment(award, AmendmentKind.EXTEND, reason=reason, ends_on=latest_end(award), actor=lead, at=at)
    asked = request_amendment(draft, actor=lead, at=at)
    at = yield instant(on, 16)
    note = "Their reports are on time and the money lasts. The extra year finishes what is under way."
    AMENDMENT.perform(asked, "recommend", actor=company.omar, at=at, comment=note)


def new_people(award: Award, *, lead: User, on: date) -> Line:
    """Somebody leaves: it waits for an officer."""
    at = yield instant(on, 11)
    people = "Dr. Imani Voss (demo), who led the work for the district, retires. Luis Farrow (demo) follows her in the same post."
    reason = "The district named him last week. The union and the fund agree."
    amendment = start_amendment(award, AmendmentKind.PEOPLE, reason=reason, people=people, actor=lead, at=at)
    request_amendment(amendment, actor=lead, at=at)


def _moved(award: Award, amount: Decimal, *, year: int, to: int) -> Mapping[tuple[int, str], Decimal]:
    """The award's grid with dollars moved from its largest component of a year to the next one."""
    grid = dict(present_grid(award))
    ranked = sorted((cell for cell in grid if cell[0] == year), key=lambda cell: -grid[cell])
    giver, taker = ranked[0], (to, ranked[1][1])
    grid[giver] -= amount
    grid[taker] += amount
    return grid
