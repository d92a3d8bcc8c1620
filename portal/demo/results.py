"""Invented results of students by group and level that funded sites report."""

from __future__ import annotations

from random import Random

from sites.enums import StudentGroup

LEVELS = ("Below", "Near", "Meets", "Exceeds")
PROFICIENT_FROM = 3
TEST = "State test (invented results)"
# Students in every 1,000 at each level in the first year, by group; later years move a little upward.
_PROFILES = {
    StudentGroup.WHITE: (230, 310, 290, 170),
    StudentGroup.BLACK: (470, 300, 170, 60),
    StudentGroup.HISPANIC: (430, 310, 190, 70),
    StudentGroup.ASIAN: (180, 260, 320, 240),
    StudentGroup.AMERICAN_INDIAN: (500, 300, 150, 50),
}
_SIZES = {
    StudentGroup.WHITE: 1000,
    StudentGroup.BLACK: 640,
    StudentGroup.HISPANIC: 720,
    StudentGroup.ASIAN: 130,
    StudentGroup.AMERICAN_INDIAN: 7,
}
_GAIN = 12  # students in every 1,000 who leave the lowest level each year


def counts(year: int, random: Random) -> dict[str, list[int]]:
    """Students by group and level in an award year: a little better each year, a little noisy."""
    return {group: _counts(group, year, random) for group in _PROFILES}


def _counts(group: StudentGroup, year: int, random: Random) -> list[int]:
    share = list(_PROFILES[group])
    share[0] -= _GAIN * year
    share[2] += _GAIN * year
    size = _SIZES[group]
    return [max(0, size * each // 1000 + random.randint(-2, 2) * (size > 100)) for each in share]
