"""Bringing an earlier version of a section back: a save like any other, of what stood there then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from grants import rules
from grants.domain.baseline import baseline_state, restore_baseline
from grants.domain.budget import budget_state, restore_budget
from grants.domain.queries.dossier import dossier_of
from grants.domain.section import MilestoneRow, Saved, open_section, save_section
from grants.enums import QuestionKind, Section
from grants.models import SectionRevision
from portal.access import demand
from sites.models import KeyIssue

_GRIDS = {
    Section.BUDGET.value: (budget_state, restore_budget),
    Section.BASELINE.value: (baseline_state, restore_baseline),
}


def restore(revision: SectionRevision, *, actor: Any, at: datetime, version: int) -> Saved:
    """Make a section say again what it said in this revision, as its next version; milestones taken out since return.

    Questions that are no longer asked stay out, those asked since then keep their answers. Signatures given for other
    words are void, as with any change. Raises as `open_section`, and as the saves of the budget and of the results.
    """
    proposal, key = revision.proposal, revision.key
    demand(rules.may_write_part(proposal, key, actor))
    if key in _GRIDS:
        state, write = _GRIDS[key]
        with open_section(proposal, key, actor=actor, at=at, version=version, editor="", autosave=False) as section:
            section.state, section.restored_from = state, revision.number
            section.changed, section.held = write(section.proposal, revision.content), {}
        return section.saved
    return save_section(
        proposal,
        key,
        actor=actor,
        at=at,
        version=version,
        restored_from=revision.number,
        **_written(revision),
    )


def _written(revision: SectionRevision) -> dict[str, Any]:
    """What `save_section` takes, without what cannot be said any more: a choice or an issue taken off its list."""
    content = revision.content
    asked = {each.key: each for each in dossier_of(revision.proposal).asked(revision.key)}
    facts: dict[str, Any] = {
        "answers": {
            key: text
            for key, text in content["answers"].items()
            if key in asked
            and (not text or asked[key].kind != QuestionKind.CHOICE or text in asked[key].choices)
            and (not text or asked[key].kind != QuestionKind.YES_NO or text in {"yes", "no"})
        }
    }
    if "milestones" in content:
        facts["milestones"] = [MilestoneRow(**each) for each in content["milestones"]]
    if "title" in content:
        facts["title"] = content["title"]
    if "key_issues" in content:
        known = set(KeyIssue.objects.values_list("code", flat=True))
        facts["key_issues"] = [code for code in content["key_issues"] if code in known]
    return facts
