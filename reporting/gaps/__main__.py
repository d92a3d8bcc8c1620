"""The gaps in a terminal: `python -m reporting.gaps --help`."""

import json
import sys
from collections.abc import Sequence

from reporting.gaps.measures import FEWEST_LEVELS, Gaps, PointGap, Undefined, measure
from reporting.gaps.terminal import SentenceParser


def as_facts(gaps: Gaps, *, proficient_from: int) -> dict[str, object]:
    """The gaps as plain values for JSON: None with a reason beside it where there is no estimate."""
    facts: dict[str, object] = {"v": None, "v_se": None, "sigma": None, "method": None}
    free = gaps.threshold_free
    if isinstance(free, Undefined):
        facts["undefined"] = free.reason
    else:
        facts |= {"v": free.v, "v_se": free.standard_error, "sigma": free.sigma, "method": free.method}
    facts |= _point_facts(gaps.from_level(proficient_from))
    facts["proficient_from"] = proficient_from
    facts["cuts"] = [] if isinstance(gaps.at_cuts, Undefined) else [_cut_facts(gap) for gap in gaps.at_cuts]
    return facts


def _point_facts(gap: PointGap | Undefined) -> dict[str, object]:
    if isinstance(gap, Undefined):
        return {"point_gap": None, "point_gap_se": None, "point_gap_undefined": gap.reason}
    return {"point_gap": gap.points} | _error_facts("point_gap_se", gap.standard_error)


def _cut_facts(gap: PointGap) -> dict[str, object]:
    facts: dict[str, object] = {"from_level": gap.from_level}
    for name, share in (("reference", gap.reference), ("focal", gap.focal)):
        facts[f"{name}_percent"] = share.percent
        facts |= _error_facts(f"{name}_percent_se", share.standard_error)
    return facts | _point_facts(gap)


def _error_facts(name: str, error: float | Undefined) -> dict[str, object]:
    if isinstance(error, Undefined):
        return {name: None, f"{name}_undefined": error.reason}
    return {name: error}


def _read_counts(text: str) -> list[int | None]:
    cells = [cell.strip() for cell in text.split(",")]
    if not all(cell == "" or (cell.isascii() and cell.isdigit() and len(cell) <= 10) for cell in cells):
        raise ValueError(f"{text!r} is not a list of whole numbers such as 120,85,40,12")
    return [int(cell) if cell else None for cell in cells]


def main(arguments: Sequence[str]) -> None:
    parser = SentenceParser(
        prog="python -m reporting.gaps",
        allow_abbrev=False,
        description="Print the achievement gaps between two groups as JSON.",
        epilog="An empty place between two commas is a count that is not known.",
    )
    parser.add_argument("--reference", required=True, help="students per level, lowest level first: 120,85,40,12")
    parser.add_argument("--focal", required=True, help="the same for the other group")
    parser.add_argument("--proficient-from", required=True, help="the first level that counts as proficient, from 2")
    given = parser.parse_args(arguments)
    try:
        reference, focal = _read_counts(given.reference), _read_counts(given.focal)
        gaps = measure(reference, focal)
    except ValueError as problem:
        parser.error(str(problem))
    cuts = [str(level) for level in range(FEWEST_LEVELS, len(reference) + 1)]
    if given.proficient_from not in cuts:
        parser.error(f"--proficient-from must be one of the levels {', '.join(cuts)}")
    facts = as_facts(gaps, proficient_from=int(given.proficient_from))
    sys.stdout.write(json.dumps(facts, allow_nan=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
