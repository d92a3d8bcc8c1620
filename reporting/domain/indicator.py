"""Entering results by student group and achievement level."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError

from reporting.domain.section import EXPLICIT, OpenPage, open_section
from reporting.enums import ReportSection
from reporting.models import AnnualReport, GroupResult, Indicator
from sites.enums import GradeBand, StudentGroup, Subject

FEWEST_LEVELS, MOST_LEVELS = 2, 6
MOST_STUDENTS = 10_000_000
LONGEST_LEVEL_NAME = 60


def save_indicator(
    report: AnnualReport,
    *,
    actor,
    at: datetime,
    version: int,
    subject: str,
    grade_band: str,
    test_name: str,
    level_names: Sequence[str],
    proficient_from: int,
    reference_group: str,
    focal_group: str,
    counts: Mapping[str, Sequence[int]],
    page: OpenPage = EXPLICIT,
) -> Indicator:
    """Save one test's results: `counts` gives students per level, lowest level first, by student group.

    Replaces what the report had for that subject and those grades. Raises ValidationError when levels and counts do
    not fit together, `Refused` or `Stale` as every section.
    """
    level_names = [name.strip() for name in level_names]
    _check_place(subject, grade_band)
    _check_levels(level_names, proficient_from)
    _check_groups(reference_group, focal_group, counts)
    _check_counts(len(level_names), counts)
    with open_section(report, ReportSection.INDICATORS, actor=actor, at=at, version=version, page=page) as row:
        indicator, _ = row.indicators.update_or_create(
            subject=subject,
            grade_band=grade_band,
            defaults={
                "school_year": row.award_year.school_year,
                "test_name": test_name.strip(),
                "level_names": level_names,
                "proficient_from": proficient_from,
                "reference_group": reference_group,
                "focal_group": focal_group,
            },
        )
        indicator.results.all().delete()
        GroupResult.objects.bulk_create(
            GroupResult(indicator=indicator, group=group, counts=list(counts[group]))
            for group in StudentGroup.values
            if group in counts
        )
    return indicator


def remove_indicator(indicator: Indicator, *, actor, at: datetime, version: int) -> None:
    """Take one test's results out of its report again."""
    report = indicator.report
    with open_section(report, ReportSection.INDICATORS, actor=actor, at=at, version=version) as row:
        row.indicators.filter(pk=indicator.pk).delete()


def _check_place(subject: str, grade_band: str) -> None:
    if subject not in Subject.values:
        raise ValidationError({"subject": "Choose a subject."})
    if grade_band not in GradeBand.values:
        raise ValidationError({"grade_band": "Choose the grades."})


def _check_levels(level_names: Sequence[str], proficient_from: int) -> None:
    levels = len(level_names)
    if not FEWEST_LEVELS <= levels <= MOST_LEVELS:
        raise ValidationError({"level_names": f"Give {FEWEST_LEVELS} to {MOST_LEVELS} levels."})
    if not all(0 < len(name) <= LONGEST_LEVEL_NAME for name in level_names):
        raise ValidationError({"level_names": f"Give every level a name of at most {LONGEST_LEVEL_NAME} characters."})
    if len({name.lower() for name in level_names}) != levels:
        raise ValidationError({"level_names": "Two levels have the same name."})
    if not 2 <= proficient_from <= levels:
        raise ValidationError({"proficient_from": f"Choose a level from 2 to {levels}."})


def _check_groups(reference_group: str, focal_group: str, counts: Mapping[str, Sequence[int]]) -> None:
    unknown = {reference_group, focal_group, *counts} - set(StudentGroup.values)
    if unknown:
        raise ValidationError("Choose student groups of the list.")
    if reference_group == focal_group:
        raise ValidationError({"focal_group": "Compare two different groups."})


def _check_counts(levels: int, counts: Mapping[str, Sequence[int]]) -> None:
    if not counts:
        raise ValidationError("Enter the number of students at each level for at least one group.")
    for group, row in counts.items():
        name = StudentGroup(group).label
        if len(row) != levels:
            raise ValidationError(f"{name}: enter a number for each of the {levels} levels, 0 where nobody was.")
        if any(not 0 <= count <= MOST_STUDENTS for count in row):
            raise ValidationError(f"{name}: the numbers of students must be from 0 to {MOST_STUDENTS:,}.")
        if not any(row):
            raise ValidationError(f"{name}: nobody was tested. Leave the whole line empty.")
