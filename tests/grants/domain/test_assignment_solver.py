"""The arithmetic of a balanced assignment."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from grants.domain.assignment_solver import FULL_MATCH, Problem, solve

pytestmark = pytest.mark.once


def a_problem(proposals, reviewers, *, need=1, room=9, loads=(), matches=()):
    pairs = {(p, r): 0 for p in range(proposals) for r in range(reviewers)}
    needs, rooms = dict.fromkeys(range(proposals), need), dict.fromkeys(range(reviewers), room)
    return Problem(needs, rooms, dict(loads), pairs | dict(matches))


def loads_of(found):
    return Counter(reviewer for _, reviewer in found)


def test_loads_are_as_even_as_they_can_be():
    assert sorted(loads_of(solve(a_problem(10, 4, need=2))).values()) == [5, 5, 5, 5]


def test_loads_count_what_reviewers_have_already():
    assert loads_of(solve(a_problem(4, 3, loads={0: 4, 1: 2}))) == {1: 1, 2: 3}


def test_expertise_decides_between_even_loads():
    matches = {(0, 1): FULL_MATCH, (1, 0): FULL_MATCH}

    assert solve(a_problem(2, 2, matches=matches)) == [(0, 1), (1, 0)]


@pytest.mark.parametrize(("load", "chosen"), [(1, 0), (3, 1)])
def test_a_perfect_match_makes_up_for_two_reviews_and_not_for_more(load, chosen):
    problem = a_problem(1, 2, loads={0: load}, matches={(0, 0): FULL_MATCH})

    assert solve(problem) == [(0, chosen)]


def test_what_is_missing_is_spread_over_the_proposals():
    found = solve(a_problem(3, 2, need=2, room=2))

    assert sorted(Counter(proposal for proposal, _ in found).values()) == [1, 1, 2]


@pytest.mark.parametrize(
    "problem", [a_problem(0, 3), a_problem(3, 0), a_problem(2, 2, need=0), a_problem(2, 2, room=0)]
)
def test_nothing_to_assign_is_an_empty_plan(problem):
    assert solve(problem) == []


def test_a_whole_round_is_covered_evenly_and_the_same_twice():
    pairs = {(p, r): (p * r) % FULL_MATCH for p in range(60) for r in range(25) if (p + 3 * r) % 7}
    problem = Problem(dict.fromkeys(range(60), 3), dict.fromkeys(range(25), 8), {}, pairs)

    found = solve(problem)

    assert Counter(Counter(p for p, _ in found).values()) == {3: 60}
    # Expertise may cost a difference of two reviews, never more.
    assert set(loads_of(found).values()) <= {6, 7, 8}
    assert solve(problem) == found


@settings(deadline=None, max_examples=60)
@given(some.data())
def test_no_plan_has_a_conflict_passes_a_capacity_or_leaves_out_what_is_possible(data):
    proposals, reviewers = data.draw(some.integers(1, 6)), data.draw(some.integers(1, 5))
    every = [(p, r) for p in range(proposals) for r in range(reviewers)]
    pairs = {pair: data.draw(some.integers(0, FULL_MATCH)) for pair in every if data.draw(some.booleans())}
    needs = {p: data.draw(some.integers(0, 3)) for p in range(proposals)}
    rooms = {r: data.draw(some.integers(0, 4)) for r in range(reviewers)}
    loads = {r: data.draw(some.integers(0, 3)) for r in range(reviewers)}

    found = solve(Problem(needs, rooms, loads, pairs))

    assert set(found) <= set(pairs)
    assert len(found) == len(set(found))
    assert all(number <= rooms[r] for r, number in loads_of(found).items())
    given_to = Counter(p for p, _ in found)
    assert all(given_to[p] <= need for p, need in needs.items())
    if all(room >= proposals for room in rooms.values()):
        possible = Counter(p for p, _ in pairs)
        assert given_to == Counter({p: min(need, possible[p]) for p, need in needs.items() if min(need, possible[p])})
    assert len(found) == most_possible(needs, rooms, pairs)


def most_possible(needs, rooms, pairs):
    """The size of the largest assignment, by augmenting paths: another method than the one under test."""
    taken, used = set(), Counter()

    def place(p, seen):
        for r in range(len(rooms)):
            if (p, r) not in pairs or (p, r) in taken or r in seen:
                continue
            seen.add(r)
            if used[r] < rooms[r]:
                taken.add((p, r))
                used[r] += 1
                return True
            for q in [q for q, other in taken if other == r and q != p]:
                taken.discard((q, r))
                taken.add((p, r))
                if place(q, seen):
                    return True
                taken.add((q, r))
                taken.discard((p, r))
        return False

    return sum(place(p, set()) for p, need in needs.items() for _ in range(need))
