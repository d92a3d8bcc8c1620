"""What a review matrix is narrowed down to."""

from django import forms

from grants.domain.queries.matrix import SHOWN
from portal.forms import PortalForm

LATEST, BEFORE = "", "before"
FIRST = "-weighted"
_ORDERS = {
    "raw": "raw mean", "weighted": "weighted mean", "standardized": "standardized mean", "adjusted": "adjusted mean",
    "reviews": "number of reviews", "spread": "spread of the marks", "apart": "how far ranks lie apart",
}  # fmt: skip
SORTS = [
    *((f"-{name}", f"By {words}, highest first") for name, words in _ORDERS.items()),
    *((name, f"By {words}, lowest first") for name, words in _ORDERS.items()),
    ("proposal", "By number, first to last"), ("-proposal", "By number, last to first"),
]  # fmt: skip


class MatrixForm(PortalForm):
    """Which proposals, and which marks: those that count now, or those from before a discussion."""

    show = forms.ChoiceField(label="Show", choices=list(SHOWN.items()), required=False)
    marks = forms.ChoiceField(
        label="Marks", choices=[(LATEST, "The latest"), (BEFORE, "Before discussions")], required=False
    )

    sort = forms.ChoiceField(label="Order", choices=SORTS, required=False)
    # The order of the table of reviewers below stays as it is.
    people = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def order(self) -> str:
        """A name of the matrix's orders, with `-` the highest first; the usual one for an address that says none."""
        return self._said("sort") or FIRST

    @property
    def shown(self) -> str:
        """The key of SHOWN; everything for an address that says nothing known."""
        return self._said("show")

    @property
    def before(self) -> bool:
        return self._said("marks") == BEFORE

    def _said(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))
