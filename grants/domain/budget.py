"""The five-year budget: entering it as a whole, and the ceilings it may not pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from grants import rules
from grants.domain.queries.budget import MatchRow, match_rows
from grants.domain.queries.dossier import Dossier, dossier_of
from grants.domain.section import Saved, open_section
from grants.enums import BudgetCategory, MatchKind, Section
from grants.models import BudgetLine, BudgetNote, BudgetYear, MatchLine, Proposal
from portal import programme
from portal.access import demand
from portal.money import ZERO, dollars
from portal.words import tidy
from sites.models import Component

# Amounts by (component code, category, award year); cells that are not there cost nothing.
Cells = Mapping[tuple[str, str, int], Decimal]
# Why a line is needed, by (component code, category).
Notes = Mapping[tuple[str, str], str]
# Of what is typed: characters of a justification, rows of the match.
LONGEST_NOTE = 2_000
MOST_MATCH_ROWS = 40
LONGEST_PARTNER, LONGEST_WHAT = 160, 200


def save_budget(
    proposal: Proposal,
    cells: Cells,
    *,
    actor: Any,
    at: datetime,
    version: int,
    notes: Notes | None = None,
    match: Sequence[MatchRow] | None = None,
    held: Mapping[str, str] | None = None,
    editor: str = "",
    turn: int = 0,
    autosave: bool = False,
    restored_from: int | None = None,
) -> Saved:
    """Replace the whole budget by these cells, keeping the sums of the years and the proposal's amount in step.

    `notes` and `match` replace theirs, None leaves them; `held` is what was typed and is no amount, kept as text for
    the page. Locks the proposal's row alone: its budget counts against its own ceilings, never against what the site
    holds, so the site's row (locked before proposals wherever both are) is not needed. Raises ValidationError keyed
    `year_1` … `year_5` and `total` for what is over the round's ceilings, `cells`, `notes`, `match` for what cannot be,
    `Stale` when somebody else saved the budget since `version`, `Refused` when it is not allowed.
    """
    demand(rules.may_enter_budget(proposal, actor))
    wanted = {place: amount for place, amount in cells.items() if amount != ZERO}
    key = Section.BUDGET.value
    with open_section(
        proposal, key, actor=actor, at=at, version=version, editor=editor, turn=turn, autosave=autosave
    ) as section:
        section.state, section.restored_from = budget_state, restored_from
        row = section.proposal
        errors = _unknown_cells(wanted) or over_ceilings(row, wanted) or _unfit(notes or {}, match or ())
        if errors:
            raise ValidationError(errors)
        section.changed = _write_changes(row, wanted, notes, match)
        if held is not None:
            section.held = dict(held)
    return section.saved


def budget_state(dossier: Dossier) -> dict[str, Any]:
    """The whole budget of a proposal as JSON, for revisions: what `restore_budget` writes back."""
    lines: dict[tuple[str, str], list[str]] = {}
    for (code, category, year), amount in sorted(dossier.amounts.items()):
        years = lines.setdefault((code, category), [str(ZERO)] * programme.AWARD_YEARS)
        years[year - 1] = str(amount)
    return {
        "lines": [{"component": code, "category": kind, "years": years} for (code, kind), years in lines.items()],
        "notes": [
            {"component": code, "category": kind, "text": text} for (code, kind), text in sorted(dossier.notes.items())
        ],
        "match": [
            {
                "partner": row.partner,
                "kind": row.kind,
                "what": row.what,
                "years": [str(row.amounts.get(year, ZERO)) for year in programme.YEAR_NUMBERS],
            }
            for row in match_rows(dossier)
        ],
    }


def restore_budget(proposal: Proposal, state: Mapping[str, Any]) -> bool:
    """Write a `budget_state` back on a locked proposal and save its amount; returns whether anything changed.

    The caller has asked whether it is allowed. Raises ValidationError as `save_budget` where a ceiling was lowered.
    """
    cells = {
        (line["component"], line["category"], year): Decimal(amount)
        for line in state["lines"]
        for year, amount in enumerate(line["years"], start=1)
        if Decimal(amount) != ZERO
    }
    errors = over_ceilings(proposal, cells)
    if errors:
        raise ValidationError(errors)
    notes = {(each["component"], each["category"]): each["text"] for each in state["notes"]}
    match = [_match_row(each) for each in state["match"]]
    return _write_changes(proposal, cells, notes, match)


def state_of_content(budget: Mapping[str, Any]) -> dict[str, Any]:
    """The `budget_state` of a submitted content's `budget`."""
    lines = [
        {"component": component["code"], **{name: line[name] for name in ("category", "years", "note")}}
        for component in budget["components"]
        for line in component["lines"]
    ]
    return {
        "lines": [{name: line[name] for name in ("component", "category", "years")} for line in lines],
        "notes": [
            {"component": line["component"], "category": line["category"], "text": line["note"]}
            for line in lines
            if line["note"]
        ],
        "match": budget["match"]["rows"],
    }


def write_budget(proposal: Proposal, cells: Cells) -> None:
    """Write the rows of a budget on a locked proposal. The caller has checked the ceilings and saves the proposal."""
    BudgetLine.objects.filter(proposal=proposal).delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(proposal=proposal, component_id=code, category=category, year=year, amount=amount)
        for (code, category, year), amount in cells.items()
        if amount != ZERO
    )
    totals = sums_by_year(cells)
    BudgetYear.objects.bulk_create(
        (
            BudgetYear(proposal=proposal, year=year, amount=amount, ceiling=proposal.round.yearly_ceiling)
            for year, amount in totals.items()
        ),
        update_conflicts=True,
        unique_fields=["proposal", "year"],
        update_fields=["amount", "ceiling"],
    )
    proposal.amount_requested = sum(totals.values(), ZERO)


def sums_by_year(cells: Cells) -> dict[int, Decimal]:
    """What each award year costs, all five of them."""
    totals = dict.fromkeys(programme.YEAR_NUMBERS, ZERO)
    for (_, _, year), amount in cells.items():
        totals[year] += amount
    return totals


def over_ceilings(proposal: Proposal, cells: Cells) -> dict[str, str]:
    """What is over the round's ceilings and by how much: sentences keyed `year_1` … `year_5` and `total`."""
    yearly, whole = proposal.round.yearly_ceiling, proposal.total_ceiling
    totals = sums_by_year(cells)
    errors = {
        f"year_{year}": (
            f"Year {year} is {dollars(amount)}: {dollars(amount - yearly)} over the yearly ceiling of "
            f"{dollars(yearly)}."
        )
        for year, amount in totals.items()
        if amount > yearly
    }
    together = sum(totals.values(), ZERO)
    if together > whole:
        errors["total"] = (
            f"The five years together are {dollars(together)}: {dollars(together - whole)} over the ceiling of "
            f"{dollars(whole)}."
        )
    return errors


def _unknown_cells(cells: Cells) -> dict[str, str]:
    codes = set(Component.objects.values_list("code", flat=True))
    for (code, category, year), amount in cells.items():
        if code not in codes or category not in BudgetCategory.values or year not in programme.YEAR_NUMBERS:
            return {"cells": "The budget has no such line. Open the page again and try once more."}
        if amount < ZERO:
            return {"cells": "An amount cannot be negative."}
    return {}


def _unfit(notes: Notes, match: Sequence[MatchRow]) -> dict[str, str]:
    """What justifications and match cannot be: sentences keyed `notes` and `match`."""
    codes = set(Component.objects.values_list("code", flat=True)) if notes else set()
    for (code, category), text in notes.items():
        if code not in codes or category not in BudgetCategory.values:
            return {"notes": "The budget has no such line. Open the page again and try once more."}
        if len(text) > LONGEST_NOTE:
            return {"notes": f"Shorten each justification to {LONGEST_NOTE:,} characters."}
    if len(match) > MOST_MATCH_ROWS:
        return {"match": f"Enter at most {MOST_MATCH_ROWS} kinds of match."}
    for row in match:
        if row.kind not in MatchKind.values or set(row.amounts) - set(programme.YEAR_NUMBERS):
            return {"match": "The match has no such box. Open the page again and try once more."}
        if not (row.partner.strip() and row.what.strip() and any(row.amounts.values())):
            return {"match": "Say who gives each match, what it is and how much."}
        if len(row.partner) > LONGEST_PARTNER or len(row.what) > LONGEST_WHAT:
            return {"match": f"Shorten names to {LONGEST_PARTNER} characters and what is given to {LONGEST_WHAT}."}
    return {}


def _write_changes(row: Proposal, cells: Cells, notes: Notes | None, match: Sequence[MatchRow] | None) -> bool:
    """Write what differs from the rows of a locked proposal; returns whether anything did."""
    dossier = dossier_of(row)
    changed = dossier.amounts != dict(cells)
    if changed:
        write_budget(row, cells)
        row.save(update_fields=["amount_requested"])
    if notes is not None:
        said = {place: text for place, text in ((place, tidy(text).strip()) for place, text in notes.items()) if text}
        if said != dossier.notes:
            changed = True
            BudgetNote.objects.filter(proposal=row).delete()
            BudgetNote.objects.bulk_create(
                BudgetNote(proposal=row, component_id=code, category=category, text=text)
                for (code, category), text in said.items()
            )
    if match is not None:
        given = [_plain(each) for each in match]
        if given != match_rows(dossier):
            changed = True
            _write_match(row, given)
    return changed


def _write_match(proposal: Proposal, match: Sequence[MatchRow]) -> None:
    MatchLine.objects.filter(proposal=proposal).delete()
    MatchLine.objects.bulk_create(
        MatchLine(
            proposal=proposal,
            position=position,
            partner=row.partner,
            kind=row.kind,
            what=row.what,
            year=year,
            amount=amount,
        )
        for position, row in enumerate(match, start=1)
        for year, amount in row.amounts.items()
    )


def _plain(row: MatchRow) -> MatchRow:
    """A row as it is stored, for comparing: single spaces, and no years without anything."""
    amounts = {year: amount for year, amount in sorted(row.amounts.items()) if amount != ZERO}
    return MatchRow(" ".join(row.partner.split()), row.kind, " ".join(row.what.split()), amounts)


def _match_row(told: Mapping[str, Any]) -> MatchRow:
    amounts = {year: Decimal(amount) for year, amount in enumerate(told["years"], start=1)}
    return MatchRow(told["partner"], told["kind"], told["what"], amounts)
