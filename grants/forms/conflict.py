"""Two versions of a section: in which fields what was typed differs from what a colleague saved, and taking theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from grants.domain.queries.dossier import Dossier, Part
from grants.forms.section import SectionForm, milestone_rows, typed_milestones
from grants.models import SectionRevision
from portal.words import tidy

MILESTONES = "milestones"
# How many of the last revisions are searched for a text that was only read, not typed.
RECENT = 20


@dataclass(frozen=True)
class Choice:
    """A field with two texts: the typed one is in its box, `theirs` is saved; `untouched` when nobody typed it here."""

    bound: Any
    theirs: str
    untouched: bool


@dataclass
class Differences:
    """Every field in which the two differ, those in which they do not, and the milestones where those differ."""

    choices: list[Choice] = field(default_factory=list)
    same: list[Any] = field(default_factory=list)
    saved_milestones: list[dict[str, Any]] | None = None
    milestones_untouched: bool = False

    @property
    def any(self) -> bool:
        return bool(self.choices) or self.saved_milestones is not None


def differences(fresh: Dossier, part: Part, form: SectionForm, rows: Any) -> Differences:
    """What a valid form and its rows say, beside what is saved now.

    A field that reads as the section read before was left alone by this person: it is the colleague who changed it.
    """
    found = Differences()
    saved = SectionForm(fresh, part).initial
    before = _before(fresh, part)
    for bound in form:
        typed = _plain(form.cleaned_data[bound.name])
        if typed == _plain(saved[bound.name]):
            found.same.append(bound)
        else:
            untouched = any(_plain(_value(state, bound.name)) == typed for state in before)
            found.choices.append(Choice(bound, _readable(bound, saved[bound.name]), untouched))
    typed_rows = typed_milestones(rows)
    if typed_rows is not None:
        mine = sorted((each.year, tidy(each.text).strip(), tidy(each.measure).strip()) for each in typed_rows)
        theirs = [{"year": each.year, "text": each.text, "measure": each.measure} for each in fresh.milestones_of(part)]
        if mine != _sorted(theirs):
            found.saved_milestones = theirs
            found.milestones_untouched = any(mine == _sorted(state.get(MILESTONES, [])) for state in before)
    return found


def put_saved(data: QueryDict, name: str, dossier: Dossier, part: Part) -> None:
    """Replace what was typed in a field, or in all milestones, by what is saved."""
    saved = SectionForm(dossier, part).initial
    if name in saved:
        data.setlist(name, saved[name] if isinstance(saved[name], list) else [saved[name]])
    elif name == MILESTONES:
        rows = milestone_rows(dossier, part)
        if rows is None:
            return
        for known in [each for each in data if each.startswith(f"{MILESTONES}-")]:
            del data[known]
        data[f"{MILESTONES}-TOTAL_FORMS"] = str(len(rows.initial))
        data[f"{MILESTONES}-INITIAL_FORMS"] = str(len(rows.initial))
        for number, row in enumerate(rows.initial):
            for key, value in row.items():
                data[f"{MILESTONES}-{number}-{key}"] = str(value)


def _before(fresh: Dossier, part: Part) -> list[dict[str, Any]]:
    """How the section read lately, before it was saved last, and before it was ever saved: empty."""
    kept = SectionRevision.objects.filter(proposal=fresh.proposal, key=part.key).order_by("-number")
    return [*kept.values_list("content", flat=True)[1:RECENT], {}]


def _value(state: dict[str, Any], name: str) -> Any:
    return state[name] if name in {"title", "key_issues"} and name in state else state.get("answers", {}).get(name, "")


def _plain(value: Any) -> Any:
    """A value as it would be kept: a text tidied, ticked boxes in no order; nothing ticked is as empty as no text."""
    if isinstance(value, list):
        return sorted(value) or ""
    return tidy(value).strip() if isinstance(value, str) else value or ""


def _sorted(rows: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    return sorted((each["year"], each["text"], each["measure"]) for each in rows)


def _readable(bound: forms.BoundField, value: Any) -> str:
    """A saved value in words: the labels of what was ticked, else the text."""
    choices = dict(getattr(bound.field, "choices", ()))
    if isinstance(value, list):
        return "\n".join(str(choices.get(each, each)) for each in value)
    return str(choices.get(value, value))
