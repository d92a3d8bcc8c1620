"""What a team sees of its proposal at a glance: a task a section, the budget's bars, who has signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from grants.domain.queries.dossier import Dossier, Part
from grants.domain.queries.proposal import gaps_in, listed, stands
from grants.enums import QuestionKind, Section, SignOffState
from portal import programme
from portal.charts import Bar
from portal.charts import Part as Share
from portal.money import ZERO, dollars
from portal.states import ATTENTION, GO, PLAIN, STOPPED, WAIT, Look
from portal.words import count_words, counted, span_words
from sites.enums import PartnerKind
from sites.models import Component

# A colleague who saved this recently is probably still writing.
RECENTLY = timedelta(minutes=10)


@dataclass(frozen=True)
class Task:
    """A row of the task list; the page adds the address."""

    key: str
    title: str
    detail: str
    state_words: str
    look: Look
    component: Component | None
    gaps: tuple[str, ...]


def tasks_of(
    dossier: Dossier, *, user, at: datetime, writing: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> list[Task]:
    """One task a section, in order; `writing` names who else has a section open now (`domain.presence`)."""
    return [_task(dossier, part, user, at, writing.get(part.key, ())) for part in dossier.parts]


def bars_of(dossier: Dossier) -> list[Bar]:
    """The budget by year and component, against the round's ceiling."""
    sums = {(each.code, year): ZERO for each in dossier.components for year in programme.YEAR_NUMBERS}
    for line in dossier.budget_lines:
        sums[line.component_id, line.year] += line.amount
    return [
        Bar(
            f"Year {year}",
            tuple(Share(each.code, each.short_name, sums[each.code, year]) for each in dossier.components),
            dossier.round.yearly_ceiling,
        )
        for year in programme.YEAR_NUMBERS
    ]


def last_saved(dossier: Dossier) -> datetime | None:
    """When anything of the proposal was saved last."""
    return max((row.saved_at for row in dossier.saved.values()), default=None)


def _task(dossier: Dossier, part: Part, user, at: datetime, writing: Sequence[str]) -> Task:
    missing = tuple(gaps_in(dossier, part))
    words, look = _state(dossier, part, missing)
    detail = _DETAILS.get(part.section, _words_written)(dossier, part)
    saved = dossier.saved.get(part.key)
    if writing:
        detail = f"{listed(list(writing))} {'is' if len(writing) == 1 else 'are'} writing here"
    elif saved and saved.saved_by_id != user.pk and at - saved.saved_at < RECENTLY:
        detail = f"{saved.saved_by} saved here {span_words(at - saved.saved_at)} ago"
    return Task(part.key, part.title, detail, words, look, part.component, missing)


def _state(dossier: Dossier, part: Part, missing: tuple[str, ...]) -> tuple[str, Look]:
    if part.section == Section.ATTACHMENTS:
        if missing:
            return ("In progress", WAIT) if dossier.attachments else ("Not started", PLAIN)
        return ("Complete", GO) if dossier.attachments else ("Optional", PLAIN)
    if part.section == Section.SIGNOFFS:
        return _signing_state(dossier, missing)
    if not missing:
        return "Complete", GO
    if part.section == Section.BUDGET:
        return ("In progress", WAIT) if dossier.total or dossier.held_in_budget else ("Not started", PLAIN)
    if part.section == Section.BASELINE:
        return ("In progress", WAIT) if dossier.baseline else ("Not started", PLAIN)
    if part.section == Section.ELIGIBILITY and any(
        each.qualifying and each.typed == "no" for each in dossier.asked(part.key)
    ):
        return "Cannot apply", STOPPED
    begun = any(each.typed for each in dossier.asked(part.key)) or dossier.milestones_of(part)
    return ("In progress", WAIT) if begun else ("Not started", PLAIN)


def _signing_state(dossier: Dossier, missing: tuple[str, ...]) -> tuple[str, Look]:
    if not dossier.round.sign_offs_required and not dossier.sign_offs:
        return "Optional", PLAIN
    if not missing and dossier.partners:
        return "Complete", GO
    waiting = [
        partner
        for partner in dossier.partners
        if (latest := dossier.latest_sign_off(partner)) and latest.state == SignOffState.REQUESTED
    ]
    if len(waiting) == 1:
        return f"Waiting for {_SHORT[PartnerKind(waiting[0].kind)]}", WAIT
    if waiting:
        return f"Waiting for {len(waiting)}", WAIT
    return ("Ask again", ATTENTION) if dossier.sign_offs else ("Not started", PLAIN)


_SHORT = {PartnerKind.DISTRICT: "district", PartnerKind.UNION: "union", PartnerKind.COMMUNITY: "a partner"}


def _words_written(dossier: Dossier, part: Part) -> str:
    texts = [each for each in dossier.asked(part.key) if each.kind == QuestionKind.TEXT]
    if not texts:
        answered = sum(1 for each in dossier.asked(part.key) if each.typed)
        return f"{answered} of {counted(len(dossier.asked(part.key)), 'question')} answered"
    written = sum(count_words(each.typed) for each in texts)
    return f"{written:,} of {sum(each.word_limit or 0 for each in texts):,} words"


def _plan(dossier: Dossier, part: Part) -> str:
    return f"{_words_written(dossier, part)} · {counted(len(dossier.milestones_of(part)), 'milestone')}"


def _coalition(dossier: Dossier, part: Part) -> str:
    kinds = [each.kind for each in dossier.partners]
    named = [word for kind, word in ((PartnerKind.DISTRICT, "district"), (PartnerKind.UNION, "union")) if kind in kinds]
    community = kinds.count(PartnerKind.COMMUNITY)
    if community:
        named.append(counted(community, "community partner"))
    who = ", ".join(named).capitalize() or "No partners yet"
    return f"{who} · {counted(len(dossier.schools), 'school')}"


def _budget(dossier: Dossier, part: Part) -> str:
    return f"{dollars(dossier.total)} of {dollars(dossier.proposal.total_ceiling)}"


def _attachments(dossier: Dossier, part: Part) -> str:
    further = len(dossier.attachments) - len(dossier.filled)
    if not dossier.slots:
        return counted(further, "file") if further else "No files"
    asked = f"{len(dossier.filled)} of {counted(len(dossier.slots), 'document')}"
    return f"{asked} · {counted(further, 'further file')}" if further else asked


def _signoffs(dossier: Dossier, part: Part) -> str:
    signed = sum(
        1 for partner in dossier.partners if (latest := dossier.latest_sign_off(partner)) and stands(latest, dossier)
    )
    return f"{signed} of {len(dossier.partners)} signed"


def _baseline(dossier: Dossier, part: Part) -> str:
    if not dossier.baseline:
        return "No results yet"
    groups = {each["group"] for table in dossier.baseline for each in table["groups"]}
    return f"{counted(len(dossier.baseline), 'table')} · {counted(len(groups), 'student group')}"


_DETAILS = {
    Section.BASELINE: _baseline,
    Section.COALITION: _coalition,
    Section.PLAN: _plan,
    Section.BUDGET: _budget,
    Section.ATTACHMENTS: _attachments,
    Section.SIGNOFFS: _signoffs,
}
