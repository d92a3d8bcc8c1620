"""Small groups: every example of the rule, exact rounding, and that nothing hidden can be worked out."""

import json
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sites.suppression import Protection, coded_percent, protect

ROOT = Path(__file__).parents[2]
FRACTIONS = [
    ("3/9", "n<10"),
    ("0/10", "≤20%"),
    ("9/19", "47%"),
    ("2/20", "≤10%"),
    ("4/20", "20%"),
    ("2/40", "≤5%"),
    ("38/40", "≥95%"),
    ("98/100", "≥98%"),
    ("297/300", "≥99%"),
    ("150/299", "50%"),
]
PARTITIONS = [
    ({"White": 120, "AIAN": 4}, ["AIAN", "White"]),
    ({"White": 120, "Black": 45, "Hispanic": 60, "Asian": 12, "AIAN": 4}, ["AIAN", "Asian"]),
    ({"White": 120, "Black": 45, "Hispanic": 60, "Asian": 3, "AIAN": 4}, ["AIAN", "Asian", "Black"]),
    ({"with disabilities": 6, "without": 80}, ["with disabilities", "without"]),
]
partitions = st.dictionaries(
    st.text("ABCDEFGHIJKLMNOP", min_size=1, max_size=2),
    st.one_of(st.integers(0, 12), st.just(1), st.integers(0, 500)),
    min_size=1,
    max_size=14,
)


def terminal(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "reporting.suppression", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def bounds(counts, protection):
    """What each hidden count can be for a reader who knows the shown cells, the total if shown, and how empty ones go.

    Tightens intervals until nothing changes: exact for one equation over whole numbers.
    """
    total = sum(counts.values())
    rest = total - sum(n for name, n in counts.items() if name not in protection.hidden)
    least = 0 if protection.total_hidden else 1
    known = dict.fromkeys(protection.hidden, (least, sys.maxsize if protection.total_hidden else total))
    while not protection.total_hidden:
        tighter = {
            name: (
                max(low, rest - sum(h for other, (_, h) in known.items() if other != name)),
                min(high, rest - sum(w for other, (w, _) in known.items() if other != name)),
            )
            for name, (low, high) in known.items()
        }
        if tighter == known:
            break
        known = tighter
    return known


@pytest.mark.parametrize(("fraction", "shown"), FRACTIONS)
def test_coded_percent_examples(fraction, shown):
    numerator, students = map(int, fraction.split("/"))
    assert coded_percent(numerator, students) == shown


@pytest.mark.parametrize(
    ("students", "end"),
    [(10, 20), (19, 20), (20, 10), (39, 10), (40, 5), (99, 5), (100, 2), (299, 2), (300, 1), (9000, 1)],
)
def test_coded_percent_ends_by_group_size(students, end):
    assert coded_percent(0, students) == f"≤{end}%"
    assert coded_percent(students, students) == f"≥{100 - end}%"


@given(st.integers(10, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@example((125, 1000))
@example((25, 200))
@example((201, 400))
def test_coded_percent_between_the_ends_is_rounded_half_up(fraction):
    numerator, students = fraction
    shown = coded_percent(numerator, students)
    rounded = (Decimal(100 * numerator) / Decimal(students)).quantize(Decimal(1), ROUND_HALF_UP)
    bound = int(shown.strip("≤≥%"))
    if shown[0] == "≤":
        assert rounded <= bound
    elif shown[0] == "≥":
        assert rounded >= bound
    else:
        assert rounded == bound


@pytest.mark.parametrize("students", range(10))
def test_coded_percent_small_group_is_suppressed_whatever_it_reached(students):
    assert {coded_percent(numerator, students) for numerator in range(students + 1)} == {"n<10"}


@pytest.mark.parametrize(("numerator", "students"), [(11, 10), (-1, 10), (1, 0)])
def test_coded_percent_more_than_all_is_refused(numerator, students):
    with pytest.raises(ValueError, match="cannot be more"):
        coded_percent(numerator, students)


@pytest.mark.parametrize(("counts", "hidden"), PARTITIONS)
def test_protect_examples(counts, hidden):
    assert protect(counts) == Protection(tuple(hidden), total_hidden=False)


@pytest.mark.parametrize(
    ("counts", "hidden", "total_hidden"),
    [
        ({"a": 10, "b": 0}, (), False),
        ({"a": 0, "b": 0}, (), False),
        ({"a": 6, "b": 0}, ("a", "b"), True),
        ({"a": 4, "b": 3, "c": 0}, ("a", "b", "c"), True),
        ({"a": 4, "b": 6, "c": 0}, ("a", "b"), False),
        ({"a": 100, "b": 0, "c": 5}, ("a", "c"), False),
        ({"a": 20, "b": 20, "c": 5}, ("a", "c"), False),
        ({"a": 7}, ("a",), True),
        ({"a": 1, "b": 1, "c": 30, "d": 40}, ("a", "b", "c"), False),
        ({f"{k}": 1 for k in range(10)} | {"z": 50}, (*"0123456789", "z"), False),
    ],
)
def test_protect_edges(counts, hidden, total_hidden):
    assert protect(counts) == Protection(hidden, total_hidden)


@given(partitions)
def test_protect_nothing_hidden_can_be_worked_out(counts):
    protection = protect(counts)
    assert {name for name, n in counts.items() if 0 < n < 10} <= set(protection.hidden)
    for name, (low, high) in bounds(counts, protection).items():
        assert low <= counts[name] <= high
        assert low < high


@given(partitions)
def test_protect_hidden_cells_together_hold_ten_or_the_total_is_hidden(counts):
    protection = protect(counts)
    together = sum(counts[name] for name in protection.hidden)
    assert not protection.hidden or protection.total_hidden or (together >= 10 and len(protection.hidden) >= 2)


@given(st.dictionaries(st.text(min_size=1), st.one_of(st.just(0), st.integers(10, 999)), min_size=1))
def test_protect_no_small_cell_hides_nothing(counts):
    assert protect(counts) == Protection((), total_hidden=False)


@pytest.mark.parametrize("counts", [{}, {"a": -1, "b": 4}])
def test_protect_what_is_no_partition_is_refused(counts):
    with pytest.raises(ValueError, match=r"partition|negative"):
        protect(counts)


@pytest.mark.parametrize(("counts", "hidden"), PARTITIONS)
def test_terminal_partition_prints_what_to_hide(counts, hidden):
    done = terminal(json.dumps(counts))
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, {"hidden": hidden}, "")


@pytest.mark.parametrize(("fraction", "shown"), FRACTIONS[:3])
def test_terminal_fraction_prints_the_coded_percentage(fraction, shown):
    done = terminal(fraction)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{shown}\n", "")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("9/0", "The first number counts some of the second's students, so it cannot be more.\n"),
        ('{"a": 1, "a": 2}', "A group's name stands twice in the partition.\n"),
        ('{"a": -3}', "A count of students cannot be negative.\n"),
        ("{}", "A partition needs at least one group.\n"),
    ],
)
def test_terminal_bad_input_is_refused_in_one_sentence(question, sentence):
    done = terminal(question)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


@pytest.mark.parametrize("question", ["nine of ten", '{"a": 1.5}', '{"a": true}', "[1, 2]", "{", "١/٢", "[" * 100_000])
def test_terminal_neither_fraction_nor_partition_is_refused(question):
    done = terminal(question)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Give a fraction such as 9/19, or whole numbers by group")
    assert done.stderr.count("\n") == 1
