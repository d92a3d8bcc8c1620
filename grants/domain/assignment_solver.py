"""Who should review what: the arithmetic of a balanced assignment, without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.access import Refused

# Points of a perfect match of expertise. One step of load is worth 10 points (see `solve`), so a perfect match makes up
# for a difference of two reviews between two people and never for more.
FULL_MATCH = 20
STEP = 5
# Far more than any round takes (60 proposals and 25 reviewers: a fifth of a second); then the best found so far counts.
SECONDS = 20.0


@dataclass(frozen=True)
class Problem:
    """What is to be assigned. Keys are whatever the caller counts proposals and reviewers by.

    `needs`: by proposal, how many reviews it still lacks. `rooms`: by reviewer, how many more they take on. `loads`: by
    reviewer, how many they have already (0 when left out). `open_pairs`: by the (proposal, reviewer) that may come
    together, the match of expertise from 0 to `FULL_MATCH`; every other pair is forbidden.
    """

    needs: Mapping[int, int]
    rooms: Mapping[int, int]
    loads: Mapping[int, int]
    open_pairs: Mapping[tuple[int, int], int]


def solve(problem: Problem) -> list[tuple[int, int]]:
    """The (proposal, reviewer) pairs of the best assignment, in the order of the keys.

    A transportation problem with convex costs, solved as a mixed-integer program by HiGHS (`scipy.optimize.milp`):

        minimize    Σ_p Σ_j j·M·short[p,j]  +  Σ_r Σ_k 5·(2·(load_r + k) − 1)·step[r,k]  −  Σ match[p,r]·x[p,r]
        subject to  Σ_r x[p,r] + Σ_j short[p,j] = need_p      for every proposal
                    Σ_p x[p,r] = Σ_k step[r,k]                for every reviewer, k = 1 … room_r
                    0 ≤ short, step ≤ 1,  x ∈ {0, 1}

    The first sum is what proposals lack; the j-th missing review of a proposal costs j·M, so that what is missing is as
    little as possible and spread over the proposals, and M is larger than whatever else could be won. The second is
    the sum of the squared loads, written as its increments: loads are as even as they can be, and nobody has more than
    their room. The third is the expertise. The matrix is totally unimodular, so the linear relaxation is integral and
    the solver needs no branching; with the same input it gives the same assignment.

    Raises `Refused` when the solver finds nothing within its time.
    """
    # Web workers never get here; a job's worker loads these when it first needs them.
    import numpy
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    proposals = sorted(key for key, need in problem.needs.items() if need > 0)
    reviewers = sorted(key for key, room in problem.rooms.items() if room > 0)
    row_of = {("p", key): row for row, key in enumerate(proposals)}
    row_of |= {("r", key): len(proposals) + row for row, key in enumerate(reviewers)}
    pairs = [pair for pair in sorted(problem.open_pairs) if ("p", pair[0]) in row_of and ("r", pair[1]) in row_of]
    if not pairs:
        return []
    costs: list[int] = [-problem.open_pairs[pair] for pair in pairs]
    entries = [(row_of["p", p], column, 1) for column, (p, _) in enumerate(pairs)]
    entries += [(row_of["r", r], column, 1) for column, (_, r) in enumerate(pairs)]
    for key in reviewers:
        for load in _steps(problem, key, proposals):
            entries.append((row_of["r", key], len(costs), -1))
            costs.append(STEP * (2 * load - 1))
    missing = 1 + max(costs) + 2 * FULL_MATCH * (len(proposals) + len(reviewers))
    for key in proposals:
        for number in range(1, problem.needs[key] + 1):
            entries.append((row_of["p", key], len(costs), 1))
            costs.append(number * missing)
    rows, columns, values = zip(*entries, strict=True)
    matrix = coo_array((values, (rows, columns)), shape=(len(row_of), len(costs))).tocsr()
    wanted = numpy.array([problem.needs[key] for key in proposals] + [0] * len(reviewers))
    whole = numpy.zeros(len(costs))
    whole[: len(pairs)] = 1
    found = milp(
        numpy.array(costs), integrality=whole, bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, wanted, wanted), options={"time_limit": SECONDS, "mip_rel_gap": 0},
    )  # fmt: skip
    if found.x is None:
        raise Refused("The portal found no assignment in time. Choose some reviewers by hand and try again.")
    return [pair for pair, chosen in zip(pairs, found.x, strict=False) if chosen > 1 / 2]


def _steps(problem: Problem, key: int, proposals: Sequence[int]) -> range:
    """The loads a reviewer would reach one by one; nobody can be given more than there are proposals."""
    before = problem.loads.get(key, 0)
    return range(before + 1, before + 1 + min(problem.rooms[key], len(proposals)))
