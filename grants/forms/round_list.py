"""What the forms of a round's lists (questions, criteria, documents) have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from grants.models import FundingRound
from portal.forms import PortalForm


class RowForm(PortalForm):
    """One row; `facts` is what the domain takes. Fields named in `plain` go to and from the row as they are."""

    plain: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args, round_: FundingRound, row: Any = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.round = round_
        self.row = row
        if row is not None:
            self.initial.update({name: getattr(row, name) for name in self.plain})

    @property
    def facts(self) -> dict[str, Any]:
        """The cleaned fields of the row, for the domain."""
        return {name: self.cleaned_data[name] for name in self.plain if name in self.fields}
