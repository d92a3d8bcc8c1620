"""One box of a grid people type into. A grid has hundreds, so its markup is written here and not by templates."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from portal.icons import icon


@dataclass(frozen=True)
class Box:
    """`name` in the form, `label` for those who cannot see the table, `text` as typed, what is wrong with it.

    `groups` are the totals it counts towards, for the browser; `kind` is the keyboard a phone shows.
    """

    name: str
    label: str
    text: str
    error: str = ""
    groups: str = ""
    kind: str = "numeric"
    column: str = ""

    @property
    def html(self) -> SafeString:
        """The table cell with the box and its error; on a small screen the cell says its `column`."""
        name, invalid, wrong, sums = escape(self.name), "", "", ""
        if self.error:
            invalid = f' aria-invalid="true" aria-describedby="id_{name}_error"'
            wrong = (
                f'<div class="field-error" id="id_{name}_error">{icon("exclamation-triangle")}'
                f"<span>{escape(self.error)}</span></div>"
            )
        if self.groups:
            sums = f' data-sum-group="{escape(self.groups)}"'
        column = f' data-column="{escape(self.column)}"' if self.column else ""
        return SafeString(
            f'<td{column}><input type="text" class="form-control num{" is-invalid" if self.error else ""}" id="id_{name}" '
            f'name="{name}" value="{escape(self.text)}" inputmode="{self.kind}" autocomplete="off" '
            f'aria-label="{escape(self.label)}"{sums}{invalid}>{wrong}</td>'
        )
