"""The rubric of a round: adding, changing, moving and removing its criteria."""

from __future__ import annotations

from grants.domain.round_list import RoundList
from grants.models import Criterion


class Rubric(RoundList):
    """The criteria in order. `anchors` say what a score means, by score as text; empty ones are left out."""

    model = Criterion
    noun = "criterion"
    fields = ("name", "description", "weight", "anchors")

    def errors(self, row: Criterion) -> dict[str, str]:
        scores = {str(score) for score in range(1, row.round.top_score + 1)}
        row.anchors = {score: text for score, text in row.anchors.items() if text.strip()}
        errors = {}
        if not row.name.strip():
            errors["name"] = "Give the criterion a name."
        elif self.rows(row.round).exclude(pk=row.pk).filter(name=row.name).exists():
            errors["name"] = "The rubric has a criterion of this name already."
        if not 1 <= row.weight <= 100:
            errors["weight"] = "Enter a weight from 1 to 100."
        if not set(row.anchors) <= scores:
            errors["anchors"] = f"Scores go from 1 to {row.round.top_score}."
        return errors


RUBRIC = Rubric()
add_criterion, change_criterion, remove_criterion, move_criterion = (
    RUBRIC.add, RUBRIC.change, RUBRIC.remove, RUBRIC.move,
)  # fmt: skip
