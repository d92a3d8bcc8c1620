"""One table of baseline results as a sheet of boxes: what was typed into each, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from grants.domain.baseline import (
    FEWEST_LEVELS,
    LONGEST_LEVEL_NAME,
    LONGEST_TEST_NAME,
    MOST_LEVELS,
    Place,
    TableFacts,
)
from grants.forms.box import Box
from portal import clock
from portal.forms import PortalForm
from sites.enums import GradeBand, StudentGroup, Subject
from sites.identifiers import school_year_of
from sites.results import read_paste
from sites.results.cells import COUNT, WITHHELD, read_cell

USUAL_LEVELS = 4
WITHHELD_TEXT = "withheld"
# The newest results are those of the school year that is over.
_A_YEAR = timedelta(days=365)


class PlaceForm(PortalForm):
    """What a table is about. The numbers are the sheet's."""

    subject = forms.ChoiceField(label="Subject", choices=[("", "Choose a subject"), *Subject.choices])
    grade_band = forms.ChoiceField(label="Grades", choices=[("", "Choose the grades"), *GradeBand.choices])
    school_year = forms.CharField(label="School year", max_length=9, help_text="For example 2024-25.")
    test_name = forms.CharField(label="Name of the test", max_length=LONGEST_TEST_NAME, required=False)


class BaselineSheet:
    """The grid of one table: from what is saved (`told`, a content's table), or from what was posted as `data`."""

    def __init__(self, told: Mapping[str, Any] | None = None, data: Mapping[str, str] | None = None, levels: int = 0):
        self.errors: dict[str, str] = {}
        self.problems: list[str] = []
        self.levels = range(1, (levels or _levels_of(told, data)) + 1)
        if data is None:
            self._show(told)
        else:
            self._take(data)
        self.counts = self._read() if data is not None else {}

    def _show(self, told: Mapping[str, Any] | None) -> None:
        names = told["level_names"] if told else [f"Level {level}" for level in self.levels]
        self.names = dict(enumerate(names, 1))
        self.proficient_from = told["proficient_from"] if told else 3
        self.texts = {
            (each["group"], level): WITHHELD_TEXT if count is None else f"{count:,}"
            for each in (told["groups"] if told else ())
            for level, count in enumerate(each["counts"], 1)
        }
        self.place = PlaceForm(initial=told or {"school_year": school_year_of((clock.now() - _A_YEAR).date())})

    def _take(self, data: Mapping[str, str]) -> None:
        self.names = {level: data.get(f"name_{level}", f"Level {level}").strip() for level in self.levels}
        start = data.get("proficient_from", "")
        self.proficient_from = int(start) if start.isdecimal() and len(start) < 3 else 0
        self.texts = {
            (group, level): data.get(_name(group, level), "").strip()
            for group in StudentGroup.values
            for level in self.levels
        }
        self.place = PlaceForm(data)

    def _read(self) -> dict[str, list[int | None]]:
        found: dict[str, list[int | None]] = {}
        for group, name in StudentGroup.choices:
            if any(self.texts.get((group, level)) for level in self.levels):
                found[group] = [self._count(group, name, level) for level in self.levels]
        return found

    def _count(self, group: str, name: str, level: int) -> int | None:
        text = self.texts.get((group, level), "")
        cell = read_cell(text)
        if cell.kind == COUNT:
            return cell.count
        if not text:
            self.errors[_name(group, level)] = "Enter 0 where nobody was, * where the number is withheld."
        elif cell.kind != WITHHELD and text.lower() != WITHHELD_TEXT:
            self.errors[_name(group, level)] = "Enter a whole number, such as 120, or * where it is withheld."
        return None

    def fill(self, text: str) -> bool:
        """Put a pasted table into the boxes; whether anything was read. `problems` say what was not."""
        pasted = read_paste(text, len(self.levels))
        self.problems = pasted.problems
        for group, counts in pasted.rows.items():
            for level, count in enumerate(counts, 1):
                self.texts[group, level] = WITHHELD_TEXT if count is None else f"{count:,}"
        self.names |= dict(enumerate(pasted.level_names, 1))
        self.errors = {}
        return bool(pasted.rows)

    def is_valid(self) -> bool:
        """Whether every box and field can be read; how they fit together is the domain's."""
        return self.place.is_valid() and not self.errors

    def refuse(self, error: ValidationError) -> None:
        """Keep what the domain said, beside the field it is about where there is one."""
        for name, texts in error.message_dict.items():
            if name in self.place.fields:
                self.place.add_error(name, texts)
            else:
                self.errors["name_1" if name == "level_names" else name] = texts[0]

    @property
    def facts(self) -> TableFacts:
        told = self.place.cleaned_data
        return TableFacts(
            Place(told["subject"], told["grade_band"], told["school_year"].strip().replace("–", "-")),
            list(self.names.values()),
            self.proficient_from,
            self.counts,
            told["test_name"],
        )

    @property
    def entries(self) -> list[dict[str, str]]:
        """What is wrong with the boxes, for the error summary."""
        labels = {_name(group, level): self._label(group, level) for group, level in self._places()}
        return [
            {
                "target": f"id_{name}" if name in labels or name == "name_1" else "",
                "label": labels.get(name, ""),
                "text": text,
            }
            for name, text in self.errors.items()
        ]

    @property
    def heads(self) -> list[tuple[str, str, str]]:
        """The boxes over the columns: name, label, text."""
        return [(f"name_{level}", f"Name of level {level}", self.names.get(level, "")) for level in self.levels]

    @property
    def starts(self) -> list[tuple[int, str]]:
        """From which levels on students may count as proficient."""
        return [(level, self.names.get(level) or f"Level {level}") for level in self.levels if level >= FEWEST_LEVELS]

    @property
    def rows(self) -> Iterator[tuple[str, list[Box]]]:
        """Each student group with its boxes, lowest level first."""
        for group, name in StudentGroup.choices:
            yield name, [self._box(group, level) for level in self.levels]

    @property
    def more(self) -> bool:
        return len(self.levels) < MOST_LEVELS

    @property
    def fewer(self) -> bool:
        return len(self.levels) > FEWEST_LEVELS

    @property
    def longest_name(self) -> int:
        return LONGEST_LEVEL_NAME

    def _places(self) -> Iterator[tuple[str, int]]:
        return ((group, level) for group in StudentGroup.values for level in self.levels)

    def _label(self, group: str, level: int) -> str:
        return f"{StudentGroup(group).label}, {self.names.get(level) or f'level {level}'}"

    def _box(self, group: str, level: int) -> Box:
        name = _name(group, level)
        text = self.texts.get((group, level), "")
        return Box(name, self._label(group, level), text, self.errors.get(name, ""), column=self.names.get(level, ""))


def _levels_of(told: Mapping[str, Any] | None, data: Mapping[str, str] | None) -> int:
    if data is None:
        return len(told["level_names"]) if told else USUAL_LEVELS
    text = data.get("levels", "")
    levels = int(text) if text.isdecimal() and len(text) < 3 else USUAL_LEVELS
    levels += ("more" in data) - ("fewer" in data)
    return min(MOST_LEVELS, max(FEWEST_LEVELS, levels))


def _name(group: str, level: int) -> str:
    """The name of a box in the posted form."""
    return f"{group}-{level}"
