"""How a section read after each save: kept as it was written, so that nothing a team wrote is ever gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from grants.domain.queries.dossier import Dossier, Part
from grants.enums import Section
from grants.models import Proposal, SectionRevision

# Saves of one open page this long after the first of them share a revision.
TOGETHER = timedelta(minutes=10)


def keep(
    proposal: Proposal,
    key: str,
    *,
    actor: Any,
    at: datetime,
    editor: str,
    content: dict[str, Any],
    restored_from: int | None = None,
) -> SectionRevision:
    """Keep what a section says after a save of the locked proposal; `open_section` calls it for every kind of section.

    Saves of the same open page (`editor`) within ten minutes share a revision, else every save is one of its own. All
    are kept while the proposal is there. `restored_from` is the number of the revision that was brought back.
    """
    latest = SectionRevision.objects.filter(proposal=proposal, key=key).order_by("-number").defer("content").first()
    if latest is not None and restored_from is None and _goes_on(latest, actor, at, editor):
        latest.content, latest.saved_at = content, at
        latest.save(update_fields=["content", "saved_at"])
        return latest
    return SectionRevision.objects.create(
        proposal=proposal,
        key=key,
        number=latest.number + 1 if latest else 1,
        content=content,
        editor=editor,
        started_at=at,
        saved_at=at,
        saved_by=actor,
        restored_from=restored_from,
    )


def text_state(dossier: Dossier, part: Part) -> dict[str, Any]:
    """What a section of questions says now, as its revisions keep it."""
    state: dict[str, Any] = {"answers": {each.key: each.typed for each in dossier.asked(part.key)}}
    if part.section == Section.PLAN:
        mine = dossier.milestones_of(part)
        state["milestones"] = [{"year": each.year, "text": each.text, "measure": each.measure} for each in mine]
    elif part.section == Section.COALITION:
        state["title"] = dossier.proposal.title
    elif part.section == Section.NEED:
        state["key_issues"] = [each.code for each in dossier.key_issues]
    return state


def _goes_on(latest: SectionRevision, actor: Any, at: datetime, editor: str) -> bool:
    return (
        bool(editor)
        and latest.editor == editor
        and latest.saved_by_id == actor.pk
        and latest.restored_from is None
        and latest.saved_at <= at < latest.started_at + TOGETHER
    )
