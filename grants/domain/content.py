"""What a proposal says, as one JSON-able dict: what is frozen when it is submitted, signed, shown and hashed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any

from grants.domain.queries.budget import tell_budget
from grants.domain.queries.dossier import Dossier, Part, dossier_of
from grants.enums import QuestionKind, Section, SignOffState
from portal.certain import certain
from portal.words import count_words, when_words

FORMAT = 1


def build(proposal) -> dict[str, Any]:
    """The whole content of a proposal as it stands. Amounts are text with two places, dates are ISO text."""
    dossier = dossier_of(proposal).gather()
    return {
        "format": FORMAT,
        "reference": proposal.reference,
        "title": proposal.title,
        "round": {"reference": dossier.round.reference, "name": dossier.round.name},
        "coalition": _coalition(dossier),
        "components": [
            {"code": each.code, "name": each.name, "short_name": each.short_name} for each in dossier.components
        ],
        "key_issues": [{"code": each.code, "name": each.name} for each in dossier.key_issues],
        "sections": [
            _section(dossier, part)
            for part in dossier.parts
            if part.section not in {Section.BUDGET, Section.ATTACHMENTS, Section.SIGNOFFS}
        ],
        "baseline": dossier.baseline,
        "budget": tell_budget(dossier),
        "attachments": [
            {
                "document": str(each.document_id),
                "title": each.title,
                "slot": each.slot.name if each.slot else "",
                "hidden": bool(each.slot and each.slot.hidden_from_reviewers),
                "name": each.document.name,
                "size": each.document.size,
                "sha256": each.document.sha256,
            }
            for each in dossier.attachments
        ],
        "sign_offs": _sign_offs(dossier),
    }


def canonical(content: dict[str, Any]) -> bytes:
    """The one spelling of a content that hashes are taken of: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(content: dict[str, Any]) -> str:
    """SHA-256, in hex, of the canonical spelling."""
    return hashlib.sha256(canonical(content)).hexdigest()


def signed_digest(content: dict[str, Any]) -> str:
    """The hash a partner signs: of everything but the signatures themselves."""
    return digest({name: value for name, value in content.items() if name != "sign_offs"})


def _coalition(dossier: Dossier) -> dict[str, Any]:
    """The coalition's record as it stands; as it was submitted while changes are asked for in other sections alone."""
    asked = dossier.change_request
    if asked is not None and all(each.section != Section.COALITION for each in asked.items.all()):
        known: dict[str, Any] = dossier.submitted.get("coalition", {})
        if known:
            return known
    site = dossier.site
    agent = next((each.name for each in dossier.partners if each.pk == site.fiscal_agent_id), "")
    return {
        "reference": site.reference,
        "name": site.name,
        "place": site.place,
        "state": site.state,
        "students": site.students,
        "story": site.story,
        "fiscal_agent": agent,
        "partners": [
            {
                "kind": each.kind,
                "kind_name": each.get_kind_display(),
                "name": each.name,
                "leaid": each.leaid,
                "ein": each.shown_ein,
                "uei": each.uei,
                "tax_status": each.get_tax_status_display() if each.tax_status else "",
            }
            for each in dossier.partners
        ],
        "schools": [{"name": each.name, "ncessch": each.ncessch} for each in dossier.schools],
    }


def _section(dossier: Dossier, part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "title": part.title,
        "component": part.code,
        "answers": [
            {
                "key": each.key,
                "prompt": each.prompt,
                "kind": each.kind,
                "text": each.typed,
                "words": count_words(each.typed) if each.kind == QuestionKind.TEXT else None,
                "word_limit": each.word_limit,
                "hidden": each.hidden_from_reviewers,
            }
            for each in dossier.asked(part.key)
        ],
        "milestones": [
            {"year": each.year, "text": each.text, "measure": each.measure} for each in dossier.milestones_of(part)
        ],
    }


def _sign_offs(dossier: Dossier) -> list[dict[str, Any]]:
    given = []
    for partner in dossier.partners:
        latest = dossier.latest_sign_off(partner)
        if latest is not None and latest.state == SignOffState.SIGNED:
            signed_at = certain(latest.answered_at)
            given.append(
                {
                    "partner": partner.name,
                    "name": latest.signed_name,
                    "title": latest.signed_title,
                    "at": signed_at.astimezone(UTC).isoformat(),
                    "when": when_words(signed_at, dossier.round.time_zone),
                    "content_sha256": latest.content_sha256,
                }
            )
    return given
