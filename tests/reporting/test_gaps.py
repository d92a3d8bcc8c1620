"""Achievement gaps: checked values, what must hold for any counts, what has no estimate, and the terminal."""

import json
import math
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.gaps import PointGap, Share, ThresholdFreeGap, Undefined, measure

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
ROOT = Path(__file__).parents[2]

MONTANA = ("--reference", "14066,15850,12680,8974", "--focal", "4531,1312,477,151")


def two_groups(smallest=1, largest=60):
    """Two groups' counts on the same 3 to 6 levels."""
    return st.integers(3, 6).flatmap(
        lambda levels: st.tuples(
            *[st.lists(st.integers(smallest, largest), min_size=levels, max_size=levels) for _ in range(2)]
        )
    )


def free(reference, focal):
    return measure(reference, focal).threshold_free


def terminal(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "reporting.gaps", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_measure_checked_counts_gives_checked_gaps(case):
    gaps = measure(case["ref"], case["focal"])
    at_cut = gaps.from_level(case["cut"] + 1)
    assert at_cut.points == pytest.approx(case["pp_gap"], abs=1e-9)
    assert at_cut.standard_error == pytest.approx(case["pp_se"], rel=1e-9)
    assert gaps.threshold_free.v == pytest.approx(case["v_ml"], abs=VECTORS["tolerance"]["v_ml"])
    assert gaps.threshold_free.standard_error == pytest.approx(
        case["se_ml"], rel=VECTORS["tolerance"]["se_ml_relative"]
    )
    assert gaps.threshold_free.sigma == pytest.approx(case["sigma"], abs=1e-5)
    assert gaps.threshold_free.method == case["method"]


def test_measure_four_levels_gives_a_gap_at_every_cut():
    gaps = measure([10, 20, 30, 40], [40, 30, 20, 10])
    assert gaps.at_cuts == (
        PointGap(2, Share(90, 100), Share(60, 100)),
        PointGap(3, Share(70, 100), Share(30, 100)),
        PointGap(4, Share(40, 100), Share(10, 100)),
    )
    assert [gap.points for gap in gaps.at_cuts] == [30.0, 40.0, 30.0]
    assert gaps.at_cuts[0].reference.standard_error == pytest.approx(3.0)


@settings(deadline=None)
@given(two_groups())
def test_v_groups_swapped_is_negated(groups):
    reference, focal = groups
    one, other = free(reference, focal), free(focal, reference)
    assert other.v == pytest.approx(-one.v, abs=1e-6)
    assert other.standard_error == pytest.approx(one.standard_error, rel=1e-4)
    assert other.sigma == pytest.approx(1 / one.sigma, rel=1e-5)


@settings(deadline=None)
@given(two_groups())
def test_v_levels_reversed_is_negated(groups):
    reference, focal = groups
    one, other = free(reference, focal), free(reference[::-1], focal[::-1])
    assert other.v == pytest.approx(-one.v, abs=1e-6)
    assert other.sigma == pytest.approx(one.sigma, rel=1e-5)


@settings(deadline=None)
@given(two_groups(), st.integers(2, 1000))
def test_v_counts_scaled_stays_and_its_error_shrinks_with_the_root(groups, times):
    reference, focal = groups
    one, more = free(reference, focal), free([times * n for n in reference], [times * n for n in focal])
    assert more.v == pytest.approx(one.v, abs=1e-6)
    assert more.standard_error == pytest.approx(one.standard_error / math.sqrt(times), rel=1e-4)


@given(two_groups(largest=200), st.data())
def test_v_level_nobody_reached_changes_nothing(groups, data):
    reference, focal = (counts[:5] for counts in groups)
    place = data.draw(st.integers(0, len(reference)))
    wider = [[*counts[:place], 0, *counts[place:]] for counts in (reference, focal)]
    assert free(*wider) == free(reference, focal)


@settings(deadline=None)
@given(st.integers(2, 6).flatmap(lambda levels: st.lists(st.integers(1, 10_000), min_size=levels, max_size=levels)))
def test_v_same_counts_in_both_groups_is_no_gap(counts):
    assert free(counts, counts).v == pytest.approx(0, abs=1e-9)


def test_measure_random_and_extreme_counts_is_finite_or_undefined():
    dice = random.Random(20260301)
    kinds = (
        lambda: dice.randint(0, 6),
        lambda: dice.choice((0, 0, 0, 1, 1, 2, 30)),
        lambda: int(10 ** dice.uniform(0, 4)),
        lambda: dice.choice((0, 1, 10 ** dice.randint(0, 9))),
    )
    estimates = 0
    for turn in range(2000):
        count = kinds[turn % 20 % 4 if turn % 10 else 3]
        levels = dice.randint(2, 6)
        gap = free([count() for _ in range(levels)], [count() for _ in range(levels)])
        if isinstance(gap, ThresholdFreeGap):
            estimates += 1
            assert math.isfinite(gap.v)
            assert 0 < gap.standard_error <= 5
            assert 0 < gap.sigma < math.inf
        else:
            assert gap.reason.endswith(".")
    assert estimates > 1000


@pytest.mark.parametrize(
    ("reference", "focal", "reason"),
    [
        ([0, 0, 0], [1, 2, 3], "The reference group has no students."),
        ([1, 2, 3], [0, 0, 0], "The focal group has no students."),
        ([1, None, 3], [1, 2, 3], "A count of the reference group is missing."),
        ([1, 2, 3], [1, 2, None], "A count of the focal group is missing."),
    ],
)
def test_measure_empty_group_or_missing_count_is_undefined_throughout(reference, focal, reason):
    gaps = measure(reference, focal)
    assert gaps.at_cuts == Undefined(reason)
    assert gaps.threshold_free == Undefined(reason)
    assert gaps.from_level(2) == Undefined(reason)


@pytest.mark.parametrize(
    ("reference", "focal", "reason"),
    [
        (
            [0, 9, 0],
            [0, 7, 0],
            "All students of both groups are at the same level, so the counts say nothing about a gap.",
        ),
        ([0, 9], [3, 7], "All students of the reference group are at one level, so their spread cannot be measured."),
        ([5, 9, 4], [0, 7, 0], "All students of the focal group are at one level, so their spread cannot be measured."),
        ([0, 0, 5, 9], [4, 7, 0, 0], "The two groups do not overlap, so the distance between them cannot be measured."),
        ([0, 3, 5, 9], [4, 7, 0, 0], "The two groups do not overlap, so the distance between them cannot be measured."),
        ([50, 50, 0], [20, 60, 20], "Too few levels have students of both groups to compare the two groups' spreads."),
        ([9, 8, 7, 6], [5, 0, 0, 8], "Too few levels have students of both groups to compare the two groups' spreads."),
        (
            [0, 1, 356, 13],
            [5, 68, 2, 0],
            "The two groups overlap too little, or their counts are too far from bell curves, to measure the gap in "
            "standard deviations.",
        ),
    ],
)  # fmt: skip
def test_v_no_estimate_is_undefined_with_the_reason_and_points_remain(reference, focal, reason):
    gaps = measure(reference, focal)
    assert gaps.threshold_free == Undefined(reason)
    assert gaps.at_cuts[0].points == pytest.approx(
        100 * (sum(reference[1:]) / sum(reference) - sum(focal[1:]) / sum(focal))
    )


def test_v_only_two_levels_filled_takes_equal_spreads():
    assert free([0, 300, 0, 700], [0, 550, 0, 450]) == free([300, 700], [550, 450])


def test_standard_error_all_on_one_side_is_undefined_not_zero():
    gap = measure([0, 10], [4, 6]).from_level(2)
    assert gap.points == pytest.approx(40)
    assert isinstance(gap.standard_error, Undefined)
    assert isinstance(measure([4, 6], [10, 0]).from_level(2).standard_error, Undefined)


@pytest.mark.parametrize("level", [0, 1, 4])
def test_from_level_without_a_cut_is_refused(level):
    with pytest.raises(IndexError):
        measure([1, 2, 3], [3, 2, 1]).from_level(level)


@pytest.mark.parametrize(
    ("reference", "focal"),
    [([1, 2], [1, 2, 3]), ([5], [5]), ([1] * 7, [1] * 7), ([1, -2], [1, 2]), ([1, 2.0], [1, 2]), ([1, True], [1, 2]),
     ([1, 10**10], [1, 2])],
)  # fmt: skip
def test_measure_what_cannot_be_counts_is_refused(reference, focal):
    with pytest.raises(ValueError, match=r"group|levels"):
        measure(reference, focal)


def test_terminal_montana_prints_one_object():
    done = terminal(*MONTANA, "--proficient-from", "3")
    assert (done.returncode, done.stderr) == (0, "")
    facts = json.loads(done.stdout)
    assert facts["v"] == pytest.approx(1.127768, abs=1e-5)
    assert facts["v_se"] == pytest.approx(0.017346, rel=0.01)
    assert facts["method"] == "hetop"
    assert facts["point_gap"] == pytest.approx(32.284692, abs=1e-5)
    assert facts["point_gap_se"] == pytest.approx(0.427379, abs=1e-5)
    assert [cut["from_level"] for cut in facts["cuts"]] == [2, 3, 4]
    assert "undefined" not in facts


def test_terminal_no_estimate_says_why_and_succeeds():
    done = terminal("--reference", "0,0,10,10", "--focal", "10,10,0,0", "--proficient-from", "3")
    assert (done.returncode, done.stderr) == (0, "")
    facts = json.loads(done.stdout)
    assert (facts["v"], facts["v_se"], facts["method"]) == (None, None, None)
    assert facts["undefined"] == "The two groups do not overlap, so the distance between them cannot be measured."
    assert (facts["point_gap"], facts["point_gap_se"]) == (100, None)


def test_terminal_missing_cell_gives_nulls_with_the_reason():
    done = terminal("--reference", "5,,3", "--focal", "5,2,3", "--proficient-from", "2")
    facts = json.loads(done.stdout)
    assert done.returncode == 0
    assert facts["undefined"] == facts["point_gap_undefined"] == "A count of the reference group is missing."
    assert (facts["point_gap"], facts["cuts"]) == (None, [])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--reference", "a,2", "--focal", "1,2", "--proficient-from", "2"),
            "'a,2' is not a list of whole numbers such as 120,85,40,12.\n",
        ),
        (
            ("--reference", "1,2,3", "--focal", "1,2", "--proficient-from", "2"),
            "Both groups need the same number of levels.\n",
        ),
        ((*MONTANA, "--proficient-from", "1"), "--proficient-from must be one of the levels 2, 3, 4.\n"),
        ((*MONTANA,), "The following arguments are required: --proficient-from.\n"),
    ],
)
def test_terminal_bad_input_is_refused_in_one_sentence(arguments, sentence):
    done = terminal(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)
