"""Saving a section of a proposal: two people never overwrite each other, and a signature never covers other words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grants import rules
from grants.domain.completeness import recount
from grants.domain.former_question import keep_for_former
from grants.domain.queries.change_request import may_change_part
from grants.domain.queries.dossier import Dossier, Part, dossier_of, forget_dossier
from grants.domain.queries.proposal import listed
from grants.domain.revision import keep, text_state
from grants.domain.voiding import void_outdated
from grants.enums import QuestionKind, Section
from grants.models import Answer, Milestone, Proposal, ProposalSection, SignOff
from portal import programme
from portal.access import Refused, demand
from portal.activity.domain import record
from portal.certain import certain
from portal.record import Stale, lock
from portal.words import counted, tidy
from sites.models import KeyIssue

# These have pages, and saves, of their own.
ELSEWHERE = frozenset({Section.BASELINE, Section.BUDGET, Section.ATTACHMENTS, Section.SIGNOFFS})
# A pause between two saves counts as writing up to this long.
LONGEST_PAUSE = timedelta(minutes=5)


@dataclass
class Saved:
    """What a save left behind: the section's row, and the signatures that no longer hold."""

    section: ProposalSection
    voided: list[SignOff] = field(default_factory=list)


@dataclass
class OpenSection:
    """A section whose proposal is locked; the caller writes and says whether anything `changed`."""

    proposal: Proposal
    row: ProposalSection | None
    turn: int = 0
    changed: bool = False
    # What the section says once it is written, for its revision; sections of questions need not say it.
    state: Callable[[Dossier], dict[str, Any]] | None = None
    restored_from: int | None = None
    # What was typed and cannot be kept as what it should be, by the box's name; None leaves what there is.
    held: dict[str, str] | None = None
    # Known when the section is closed again.
    saved: Saved = field(init=False)


class Overtaken(Exception):
    """A later save of the same page was faster than this one, and stands; `current` is the section's row."""

    def __init__(self, current: ProposalSection):
        self.current = current
        super().__init__("A later save of this page got here first.")


class WouldVoid(Refused):
    """An autosave was held back, because it would take away a signature nobody decided to give up."""


@dataclass(frozen=True)
class MilestoneRow:
    """A milestone as it is typed; `year` is the award year by whose end it is reached."""

    year: int
    text: str
    measure: str = ""


@contextmanager
def open_section(
    proposal: Proposal,
    key: str,
    *,
    actor: Any,
    at: datetime,
    version: int,
    editor: str,
    autosave: bool,
    turn: int = 0,
) -> Iterator[OpenSection]:
    """Lock the proposal for one save of one section, then count its version up, keep a revision, void signatures, log.

    `version` is what the page was made from (0 for a section never saved), `editor` the page's own random word: a save
    whose answer got lost is not a conflict with itself. `turn` counts that page's saves, 0 where nobody counts. Raises
    `Stale`, with the section as `current`, when somebody else saved since, `Overtaken` when the same page did, and
    `Refused` when the proposal may not be changed now. Autosaves are not logged one by one.
    """
    with transaction.atomic():
        row = lock(proposal)
        demand(may_change_part(row, key, at))
        current = ProposalSection.objects.filter(proposal=row, key=key).select_related("saved_by").first()
        if current is not None and current.version != version and not (editor and current.editor == editor):
            raise Stale(current)
        if current is not None and editor and current.editor == editor and 0 < turn < current.turn:
            raise Overtaken(current)
        opened = OpenSection(row, current, turn=turn)
        yield opened
        opened.saved = _close(opened, key, actor=actor, at=at, editor=editor, autosave=autosave)
    forget_dossier(proposal)


def save_section(
    proposal: Proposal,
    key: str,
    *,
    actor: Any,
    at: datetime,
    version: int,
    answers: Mapping[str, str],
    milestones: Sequence[MilestoneRow] | None = None,
    title: str | None = None,
    key_issues: Sequence[str] | None = None,
    editor: str = "",
    turn: int = 0,
    autosave: bool = False,
    restored_from: int | None = None,
) -> Saved:
    """Save the answers of a section by question key, and what else belongs to it: a plan's milestones, the title.

    Nothing is cut: what is over its word limit is kept and stands in the way of submitting only. Raises ValidationError
    keyed by field for what cannot be kept (an unknown choice, an award year there is not), else as `open_section`.
    `restored_from` is the number of the revision these answers are taken from.
    """
    demand(rules.may_write(proposal, actor))
    with open_section(
        proposal, key, actor=actor, at=at, version=version, editor=editor, autosave=autosave, turn=turn
    ) as section:
        dossier = dossier_of(section.proposal)
        part = dossier.part(key)
        if part is None or part.section in ELSEWHERE:
            raise Refused("This proposal has no such page.")
        changed = _write_answers(dossier, part, answers)
        if part.section == Section.PLAN and milestones is not None:
            changed |= _write_milestones(dossier, part, milestones)
        if part.section == Section.COALITION and title is not None:
            changed |= _write_title(section.proposal, title)
        if part.section == Section.NEED and key_issues is not None:
            changed |= _write_key_issues(dossier, key_issues)
        section.changed, section.restored_from = changed, restored_from
    return section.saved


def _close(opened: OpenSection, key: str, *, actor: Any, at: datetime, editor: str, autosave: bool) -> Saved:
    row = opened.row or ProposalSection(proposal=opened.proposal, key=key, version=0)
    if opened.state is not None:
        forget_dossier(opened.proposal)
    voided = []
    if opened.changed and dossier_of(opened.proposal).has_signature:
        title = certain(dossier_of(opened.proposal).part(key)).title
        voided = void_outdated(opened.proposal, actor=actor, at=at, because=f"“{title}”")
    if voided and autosave:
        raise WouldVoid(
            f"This will void {counted(len(voided), 'signature')} ({listed([each.signed_name for each in voided])}). "
            "Press Save to keep your change, then ask to sign again."
        )
    moved = opened.changed or opened.row is None or opened.held not in (None, row.held)
    if opened.held is not None:
        row.held = opened.held
    if moved:
        row.version += 1
        row.writing_seconds += _pause(row, at, editor)
        row.saved_at, row.saved_by, row.editor, row.turn = at, actor, editor, opened.turn
    if opened.changed:
        _keep(opened, key, actor=actor, at=at, editor=editor)
    if not autosave and row.version != row.logged_version:
        row.logged_version = row.version
        row.save()
        _log(opened, key, voided, actor=actor, at=at)
        recount(opened.proposal, at=at)
    elif moved:
        row.save()
    return Saved(row, voided)


def _pause(row: ProposalSection, at: datetime, editor: str) -> int:
    """The seconds since the same open page saved last, which somebody spent writing."""
    if not editor or row.editor != editor:
        return 0
    return int(max(timedelta(0), min(at - row.saved_at, LONGEST_PAUSE)).total_seconds())


def _keep(opened: OpenSection, key: str, *, actor: Any, at: datetime, editor: str) -> None:
    dossier = dossier_of(opened.proposal)
    content = opened.state(dossier) if opened.state else text_state(dossier, certain(dossier.part(key)))
    keep(
        opened.proposal,
        key,
        actor=actor,
        at=at,
        editor=editor,
        content=content,
        restored_from=opened.restored_from,
    )


def _log(opened: OpenSection, key: str, voided: list[SignOff], *, actor: Any, at: datetime) -> None:
    proposal = opened.proposal
    part = certain(dossier_of(proposal).part(key))
    summary = f"{part.title} saved by {actor}."
    if opened.restored_from:
        summary = f"{part.title}: version {opened.restored_from} brought back by {actor}."
    if voided:
        summary += f" No longer signed by {' and '.join(each.signed_name for each in voided)}."
    record(proposal, "save_section", actor=actor, at=at, summary=summary, facts={"section": key})


def _write_answers(dossier: Dossier, part: Part, answers: Mapping[str, str]) -> bool:
    """Write the answers that differ once both are tidied, so that a browser's own line ends are no change."""
    changed = []
    kept = keep_for_former(dossier, part, answers)
    for question in dossier.asked(part.key):
        if question.key not in answers:
            continue
        text = answers[question.key] if question.kind == QuestionKind.CHOICE else tidy(answers[question.key])
        if not question.takes(text):
            if question.key in kept:
                continue
            choose = "one of the answers" if question.kind == QuestionKind.CHOICE else "yes or no"
            raise ValidationError({question.key: f"Choose {choose}."})
        if text != question.typed:
            changed.append(Answer(proposal=dossier.proposal, question=question, text=text))
            question.typed = text
    if changed:
        Answer.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["proposal", "question"], update_fields=["text"]
        )
    return bool(changed)


def _write_milestones(dossier: Dossier, part: Part, milestones: Sequence[MilestoneRow]) -> bool:
    wanted = [(each.year, tidy(each.text).strip(), tidy(each.measure).strip()) for each in milestones]
    wanted.sort(key=lambda each: each[0])
    if any(year not in programme.YEAR_NUMBERS for year, _, _ in wanted):
        raise ValidationError({"milestones": f"A milestone belongs to one of the {programme.AWARD_YEARS} years."})
    if any(not text for _, text, _ in wanted):
        raise ValidationError({"milestones": "Say what each milestone is."})
    mine = dossier.milestones_of(part)
    if [(each.year, each.text, each.measure) for each in mine] == wanted:
        return False
    Milestone.objects.filter(pk__in=[each.pk for each in mine]).delete()
    Milestone.objects.bulk_create(
        Milestone(proposal=dossier.proposal, component_id=part.code, year=year, text=text, measure=measure)
        for year, text, measure in wanted
    )
    vars(dossier).pop("milestones")
    return True


def _write_title(proposal: Proposal, title: str) -> bool:
    title = " ".join(title.split())
    longest = certain(Proposal._meta.get_field("title").max_length)
    if len(title) > longest:
        raise ValidationError({"title": f"Shorten the title to {longest} characters."})
    if title == proposal.title:
        return False
    proposal.title = title
    proposal.save(update_fields=["title"])
    return True


def _write_key_issues(dossier: Dossier, codes: Sequence[str]) -> bool:
    chosen = list(KeyIssue.objects.filter(pk__in=codes))
    known = {each.code for each in chosen}
    if known != set(codes):
        raise ValidationError({"key_issues": "Choose among the key issues of the list."})
    if known == {each.code for each in dossier.key_issues}:
        return False
    dossier.proposal.key_issues.set(chosen)
    vars(dossier).pop("key_issues")
    return True
