"""Where each proposal of a round stands under each measure, kept by column so that thousands are light to keep and sort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from grants.domain.queries.scores import are_split
from grants.domain.queries.scores_bias import Estimate

RAW, WEIGHTED, STANDARDIZED, ADJUSTED = MEASURES = ("raw", "weighted", "standardized", "adjusted")
_PLACES = 9  # two means that differ by less are the same


@dataclass(frozen=True)
class Standing:
    """One proposal: how many marks, each measure and its rank from 1 (None where undefined), the ends of its marks.

    The ranks under `adjusted` count within `part`, the group of proposals that share reviewers.
    """

    marks: int
    values: Mapping[str, float | None]
    ranks: Mapping[str, int | None]
    low: float
    high: float
    split: bool
    part: int
    rank_span: int
    apart: bool

    @property
    def spread(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class Standings(Mapping[int, Standing]):
    """Standings by the proposal's key; `columns` hold what they are made of, in the order of `keys`."""

    keys_in_order: list[int]
    columns: dict[str, list[Any]]
    apart_from: int

    @cached_property
    def place(self) -> dict[int, int]:
        """Where in the columns a proposal is."""
        return {key: place for place, key in enumerate(self.keys_in_order)}

    def __getitem__(self, key: int) -> Standing:
        row = {name: column[self.place[key]] for name, column in self.columns.items()}
        return Standing(
            marks=row["marks"],
            values={measure: row[measure] for measure in MEASURES},
            ranks={measure: row[f"rank {measure}"] for measure in MEASURES},
            low=row["low"],
            high=row["high"],
            split=row["split"],
            part=row["part"],
            rank_span=row["span"],
            apart=row["span"] >= self.apart_from,
        )

    def __iter__(self) -> Iterator[int]:
        return iter(self.keys_in_order)

    def __len__(self) -> int:
        return len(self.keys_in_order)

    def __reduce__(self):
        """As light as it can be in the cache: without the index, which is made again."""
        return Standings, (self.keys_in_order, self.columns, self.apart_from)

    @property
    def split_number(self) -> int:
        """How many proposals' reviewers disagree."""
        return sum(self.columns["split"])

    @property
    def apart_number(self) -> int:
        """How many proposals' ranks lie apart."""
        return sum(span >= self.apart_from for span in self.columns["span"])


def standings(
    by_proposal: Mapping[Any, Sequence[Decimal]],
    values: Mapping[str, Mapping[Any, float]],
    fitted: Estimate,
    *,
    apart_from: int,
    top_score: int,
) -> Standings:
    """From the marks of each proposal, the measures by name and proposal, and the fitted model."""
    ranks = {measure: ranked(values[measure]) for measure in (RAW, WEIGHTED, STANDARDIZED)}
    inside: dict[int, dict[Any, float]] = {}
    for key, value in fitted.adjusted.items():
        inside.setdefault(fitted.parts[key], {})[key] = value
    ranks[ADJUSTED] = {key: place for group in inside.values() for key, place in ranked(group).items()}
    # A rank within a group says nothing beside ranks over all.
    compared = MEASURES if fitted.connected else MEASURES[:3]
    spans = []
    for key in by_proposal:
        places = [ranks[measure][key] for measure in compared if key in ranks[measure]]
        spans.append(max(places) - min(places))
    columns: dict[str, list[Any]] = {
        "marks": [len(given) for given in by_proposal.values()],
        "low": [float(min(given)) for given in by_proposal.values()],
        "high": [float(max(given)) for given in by_proposal.values()],
        "split": [are_split(given, top_score) for given in by_proposal.values()],
        "part": [fitted.parts[key] for key in by_proposal],
        "span": spans,
    }
    for measure in MEASURES:
        columns[measure] = [values[measure].get(key) for key in by_proposal]
        columns[f"rank {measure}"] = [ranks[measure].get(key) for key in by_proposal]
    return Standings(list(by_proposal), columns, apart_from)


def ranked(values: Mapping[Any, float]) -> dict[Any, int]:
    """Places from 1 for the highest; equal values share a place and the next ones are passed over (1, 2, 2, 4)."""
    places: dict[Any, int] = {}
    last, place = None, 0
    for number, (key, value) in enumerate(sorted(values.items(), key=lambda item: -item[1]), 1):
        rounded = round(value, _PLACES)
        if rounded != last:
            last, place = rounded, number
        places[key] = place
    return places
