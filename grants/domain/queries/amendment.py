"""How an amendment stands: what it would change, what is in its way, and who decides on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from grants import rules
from grants.domain.anniversary import months_later
from grants.domain.award_version import content_of
from grants.domain.commitment import over_ceilings
from grants.domain.queries.award_version import Change, component_names, differences
from grants.domain.queries.tolerance import by_year, grid_in, reasons_for_approval
from grants.enums import OPEN_AMENDMENTS, AmendmentKind, AmendmentState, AwardState, PaymentState
from grants.models import Amendment, Award, AwardYear, Payment
from portal import clock, programme
from portal.access import ALLOWED, Verdict, refused
from portal.money import ZERO, dollars, total
from portal.words import day_words
from sites.models import Partner

Grid = dict[tuple[int, str], Decimal]
# Planned, and not on its way: finance can still change or cancel it.
_PLANNED = (PaymentState.SCHEDULED, PaymentState.HELD)


def may_start(award: Award, user: Any) -> Verdict:
    """Whether this person can write down a change of the award now: the site's lead, one at a time, while it is active."""
    allowed = rules.may_ask_for_amendment(award, user)
    if not allowed:
        return allowed
    if award.state != AwardState.ACTIVE:
        return refused(
            f"{award.reference} is {award.get_state_display().lower()}. Only an active award can be changed."
        )
    waiting = open_amendment(award)
    if waiting is not None:
        return refused(f"{waiting.reference} is open. Finish or withdraw it first: one change is decided at a time.")
    return ALLOWED


def open_amendment(award: Award) -> Amendment | None:
    """The one amendment of the award that is not decided yet."""
    return award.amendments.filter(state__in=OPEN_AMENDMENTS).first()


def present_grid(award: Award) -> Grid:
    """What the award gives by year and component now."""
    return grid_in(content_of(award))


def asked_grid(amendment: Amendment) -> Grid:
    """What it would give by year and component."""
    return {(each.year, each.component_id): each.amount for each in amendment.amounts.all()}


def reasons_for_decision(amendment: Amendment) -> list[str]:
    """Why people have to decide on it; empty when the program's rules approve it as soon as it is asked for."""
    return reasons_for_approval(amendment, present_grid(amendment.award), asked_grid(amendment))


def obstacles_to_requesting(amendment: Amendment) -> list[str]:
    """Blockers of `request`: what is wrong with it as it is written, and limits that no decision could lift."""
    reasons = _state(amendment) or _obstacles(amendment, timezone.localdate(clock.now()))
    return reasons if amendment.reason.strip() else [*reasons, "Say why you ask for it."]


def obstacles_to_letting_pass(amendment: Amendment) -> list[str]:
    """Blockers of `let_pass`: those of asking, and why people have to decide."""
    return obstacles_to_requesting(amendment) or reasons_for_decision(amendment)


def obstacles_to_agreeing(amendment: Amendment) -> list[str]:
    """Blockers of `agree`: an officer alone agrees to people only."""
    if amendment.kind != AmendmentKind.PEOPLE:
        return ["This changes money, days or who is paid: you recommend it, and a director decides."]
    return _state(amendment)


def obstacles_to_recommending(amendment: Amendment) -> list[str]:
    """Blockers of `recommend`."""
    if amendment.kind == AmendmentKind.PEOPLE:
        return ["New people need your agreement only, not a director’s."]
    return _state(amendment) or _obstacles(amendment, None)


def obstacles_to_approving(amendment: Amendment) -> list[str]:
    """Blockers of `approve`: also payments that have to be planned anew first."""
    return _state(amendment) or [*_obstacles(amendment, None), *to_plan_again(amendment)]


def to_plan_again(amendment: Amendment) -> list[str]:
    """The award years whose scheduled payments are more than what they would have; finance changes those first."""
    if amendment.kind != AmendmentKind.MOVE_MONEY:
        return []
    after = by_year(asked_grid(amendment))
    return [
        f"Year {year.number} would have {dollars(after[year.number])}, and {dollars(year.scheduled)} of it is paid or "
        f"scheduled. Finance first lowers or cancels scheduled payments by {dollars(year.scheduled - after[year.number])}."
        for year, firm in _years(amendment.award)
        if firm <= after[year.number] < year.scheduled
    ]


def proposed_content(amendment: Amendment, content: dict[str, Any]) -> dict[str, Any]:
    """The content of its award as it would be after this amendment; `content` is the present one."""
    after = content | {"years": [dict(each) for each in content["years"]]}
    match amendment.kind:
        case AmendmentKind.MOVE_MONEY:
            grid = asked_grid(amendment)
            sums = by_year(grid)
            for year in after["years"]:
                number = year["number"]
                year["amount"] = str(sums[number])
                year["components"] = {code: str(amount) for (at, code), amount in grid.items() if at == number}
        case AmendmentKind.EXTEND if amendment.ends_on:
            after["ends_on"] = after["years"][-1]["ends_on"] = amendment.ends_on.isoformat()
        case AmendmentKind.PAYEE if amendment.payee:
            agent = amendment.payee
            after["payee"] = {"name": agent.name, "ein": agent.ein, "tax_status": agent.tax_status}
        case AmendmentKind.PEOPLE:
            after["people"] = [*content["people"], amendment.people]
    return after


def changes_of(amendment: Amendment) -> list[Change]:
    """What it changes: of an approved one what it did change, of any other what it would about the award as it is."""
    names = component_names()
    made = getattr(amendment, "made_version", None) if amendment.state == AmendmentState.APPROVED else None
    if made is not None:
        before = amendment.award.versions.get(number=made.number - 1)
        return list(differences(before.content, made.content, names))
    content = content_of(amendment.award)
    return list(differences(content, proposed_content(amendment, content), names))


def possible_payees(award: Award) -> list[Partner]:
    """The partners that can be paid: those with EIN and tax status."""
    return list(award.site.partners.exclude(Q(ein="") | Q(tax_status="")))


def latest_end(award: Award) -> date:
    """The last day an extension asked for now may reach."""
    return months_later(award.ends_on, programme.EXTENSION_MONTHS)


def _state(amendment: Amendment) -> list[str]:
    award = amendment.award
    if award.state == AwardState.ACTIVE:
        return []
    return [f"{award.reference} is {award.get_state_display().lower()}. Only an active award can be changed."]


def _obstacles(amendment: Amendment, asked_on: date | None) -> list[str]:
    """What no decision could lift. `asked_on` is today while it is being asked for; what was in time stays so."""
    match amendment.kind:
        case AmendmentKind.MOVE_MONEY:
            return _move_obstacles(amendment, asked_on)
        case AmendmentKind.EXTEND:
            return _extension_obstacles(amendment, asked_on)
        case AmendmentKind.PAYEE:
            return _payee_obstacles(amendment)
        case _:
            return [] if amendment.people.strip() else ["Say who leaves and who comes."]


def _move_obstacles(amendment: Amendment, asked_on: date | None) -> list[str]:
    award = amendment.award
    present, asked = present_grid(award), asked_grid(amendment)
    if present == asked:
        return ["Nothing would change: every amount is as it is now."]
    before, after = by_year(present), by_year(asked)
    reasons = _sum_obstacles(award, sum(after.values(), ZERO))
    years = _years(award)
    for year, firm in years:
        reasons += _year_obstacles(year, firm, after[year.number])
        rises = any(asked.get(cell, ZERO) > present.get(cell, ZERO) for cell in asked if cell[0] == year.number)
        if asked_on is not None and year.ends_on < asked_on and rises:
            reasons.append(
                f"Year {year.number} ended on {day_words(year.ends_on)}. Money that was not used can leave it, but "
                "none can come to it or move inside it."
            )
    if reasons:
        return reasons
    changes = {year.school_year: after[year.number] - before[year.number] for year, _ in years}
    return over_ceilings(award, {key: change for key, change in changes.items() if change})


def _sum_obstacles(award: Award, asked: Decimal) -> list[str]:
    if asked == award.amount:
        return []
    difference = dollars(abs(asked - award.amount))
    more = asked > award.amount
    return [
        f"The new amounts come to {dollars(asked)}, {difference} {'more' if more else 'less'} than the award. A move "
        f"keeps the sum at {dollars(award.amount)}: {'take that away' if more else 'add that'} somewhere."
    ]


def _year_obstacles(year: AwardYear, firm: Decimal, after: Decimal) -> list[str]:
    reasons = []
    if after > year.ceiling:
        reasons.append(
            f"Year {year.number} would get {dollars(after)}. An award year holds {dollars(year.ceiling)} at most."
        )
    if after < firm:
        reasons.append(
            f"Of year {year.number}, {dollars(firm)} is paid or on its way to the bank. It cannot go below that."
        )
    return reasons


def _extension_obstacles(amendment: Amendment, asked_on: date | None) -> list[str]:
    award, ends_on = amendment.award, amendment.ends_on
    if ends_on is None:
        return ["Choose the new last day."]
    if asked_on is not None and asked_on > award.ends_on:
        return [
            f"The award ended on {day_words(award.ends_on)}. More time has to be asked for on that day or before it."
        ]
    if ends_on <= award.ends_on:
        return [f"The award runs until {day_words(award.ends_on)} already. Choose a later day."]
    if ends_on > latest_end(award):
        return [
            f"An extension adds {programme.EXTENSION_MONTHS} months at most: "
            f"choose {day_words(latest_end(award))} or an earlier day."
        ]
    return []


def _payee_obstacles(amendment: Amendment) -> list[str]:
    award, agent = amendment.award, amendment.payee
    if agent is None:
        return ["Choose the new fiscal agent."]
    if agent.site_id != award.site_id:
        return [f"{agent} is not a partner of {award.site}."]
    if not (agent.ein and agent.tax_status):
        return [f"The coalition’s record does not say the EIN and the tax status of {agent}. The site lead adds them."]
    if (agent.name, agent.ein, agent.tax_status) == (award.payee_name, award.payee_ein, award.payee_tax_status):
        return [f"{agent} is the fiscal agent already, with this EIN and tax status."]
    return []


def _years(award: Award) -> list[tuple[AwardYear, Decimal]]:
    """The award's years, each with what of it is paid or on its way to the bank. Two queries."""
    planned = Payment.objects.filter(award_year__award=award, state__in=_PLANNED)
    sums = dict(planned.order_by().values_list("award_year__number").annotate(sum=total("amount")))
    return [(year, year.scheduled - sums.get(year.number, ZERO)) for year in award.years.order_by("number")]
