"""One test's results: the levels and their names, the groups to compare, the grid of counts, and what is pasted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from portal.forms import CountField
from reporting.domain.indicator import FEWEST_LEVELS, LONGEST_LEVEL_NAME, MOST_LEVELS
from reporting.forms.section import SectionForm
from reporting.forms.tables import MOST_PEOPLE
from reporting.models import Indicator
from sites.enums import GradeBand, StudentGroup, Subject
from sites.results import read_paste

USUAL_LEVELS = 4
_GROUPS = [("", "Choose a group"), *StudentGroup.choices]


def levels_wanted(data: Any, standing: int) -> int:
    """How many levels a posted grid has, or `standing` when it does not say so sensibly."""
    try:
        return min(MOST_LEVELS, max(FEWEST_LEVELS, int(data.get("levels", standing))))
    except ValueError:
        return standing


class IndicatorForm(SectionForm):
    """The results of one test. `indicator` is None for a new one; `levels` is how many columns the grid has.

    `typed` is what stood in a form that is shown again without being saved.
    """

    is_draft = False

    subject = forms.ChoiceField(label="Subject", choices=[("", "Choose a subject"), *Subject.choices])
    grade_band = forms.ChoiceField(label="Grades", choices=[("", "Choose the grades"), *GradeBand.choices])
    test_name = forms.CharField(label="Name of the test", max_length=120, required=False)
    proficient_from = forms.TypedChoiceField(
        label="Proficient from", coerce=int, help_text="The first level at which a student counts as proficient."
    )
    reference_group = forms.ChoiceField(label="Reference group", choices=_GROUPS)
    focal_group = forms.ChoiceField(
        label="Focal group", choices=_GROUPS, help_text="The gap is the reference group's share less this group's."
    )
    paste = forms.CharField(
        label="Paste from a spreadsheet",
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="One line for each group: its name, then the number of students at each level, lowest first.",
    )

    def __init__(
        self,
        *args: Any,
        indicator: Indicator | None = None,
        levels: int = USUAL_LEVELS,
        typed: dict[str, Any] | None = None,
        **kwargs: Any,
    ):
        self.indicator = indicator
        self.typed = typed or {}
        self.levels = range(1, levels + 1)
        super().__init__(*args, **kwargs)
        names = [self.data.get(f"name_{level}") or self.initial.get(f"name_{level}", "") for level in self.levels]
        start: Any = self.fields["proficient_from"]
        start.choices = [
            (level, f"{level}: {name}" if name else f"Level {level}")
            for level, name in zip(self.levels, names, strict=True)
            if level >= FEWEST_LEVELS
        ]
        self.fields["levels"] = forms.IntegerField(widget=forms.HiddenInput, initial=levels, required=False)
        if indicator is not None:
            del self.fields["subject"], self.fields["grade_band"]

    def row_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {
            f"name_{level}": forms.CharField(label=f"Name of level {level}", max_length=LONGEST_LEVEL_NAME)
            for level in self.levels
        }
        for group, name in StudentGroup.choices:
            for level in self.levels:
                fields[f"{group}_{level}"] = CountField(
                    label=f"{name}, level {level}", required=False, max_value=MOST_PEOPLE
                )
        return fields

    def stored(self) -> dict[str, Any]:
        return self._kept() | self.typed

    def _kept(self) -> dict[str, Any]:
        if self.indicator is None:
            names = {f"name_{level}": f"Level {level}" for level in self.levels}
            return names | {"proficient_from": min(3, len(self.levels)), "reference_group": StudentGroup.WHITE.value}
        stored: dict[str, Any] = {
            name: getattr(self.indicator, name)
            for name in ("subject", "grade_band", "test_name", "proficient_from", "reference_group", "focal_group")
        }
        stored |= {f"name_{level}": name for level, name in enumerate(self.indicator.level_names, 1)}
        for result in self.indicator.results.all():
            stored |= {f"{result.group}_{level}": count for level, count in enumerate(result.counts, 1)}
        return stored

    @property
    def level_fields(self) -> list[Any]:
        """The names of the levels, over the columns."""
        return [self[f"name_{level}"] for level in self.levels]

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """Each student group with its fields, lowest level first."""
        for group, name in StudentGroup.choices:
            yield {"code": group, "name": name, "cells": [self[f"{group}_{level}"] for level in self.levels]}

    def clean(self) -> dict[str, Any]:
        super().clean()
        told = self.cleaned_data
        for group, name in StudentGroup.choices:
            row = [told.get(f"{group}_{level}") for level in self.levels]
            if any(cell is not None for cell in row):
                for level in self.levels:
                    field = f"{group}_{level}"
                    if told.get(field) is None and not self.has_error(field):
                        self.add_error(field, f"Enter a number for {name}, 0 where nobody was at this level.")
        place = told.get("subject"), told.get("grade_band")
        if self.indicator is None and self.report.indicators.filter(subject=place[0], grade_band=place[1]).exists():
            self.add_error("subject", "This subject is entered for these grades already. Change it there.")
        return told

    def facts(self) -> dict[str, Any]:
        told = self.cleaned_data
        counts = {
            group: [told[f"{group}_{level}"] for level in self.levels]
            for group in StudentGroup.values
            if told[f"{group}_1"] is not None
        }
        place = self.indicator
        return {
            "subject": place.subject if place else told["subject"],
            "grade_band": place.grade_band if place else told["grade_band"],
            "test_name": told["test_name"],
            "level_names": [told[f"name_{level}"] for level in self.levels],
            "proficient_from": told["proficient_from"],
            "reference_group": told["reference_group"],
            "focal_group": told["focal_group"],
            "counts": counts,
        }


def filled(data: Any, levels: int) -> tuple[dict[str, Any], list[str]]:
    """What was typed with the pasted counts put into the grid, and sentences on the lines that could not be read."""
    pasted = read_paste(data.get("paste", ""), levels)
    typed = {name: data.get(name, "") for name in data if name not in {"paste", "version", "editor", "levels"}}
    problems = list(pasted.problems)
    for group, counts in pasted.rows.items():
        if None in counts:
            problems.append(f"{StudentGroup(group).label}: some numbers are withheld. A report needs every level's.")
        typed |= {f"{group}_{level}": "" if count is None else count for level, count in enumerate(counts, 1)}
    typed |= {f"name_{level}": name for level, name in enumerate(pasted.level_names, 1)}
    if problems:
        typed["paste"] = data.get("paste", "")
    return typed, problems
