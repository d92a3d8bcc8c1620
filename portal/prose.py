"""Plain text as it is meant to be read: paragraphs, lists and tables that were written with line ends, marks and tabs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_BULLET = re.compile(r"( *)[•·▪*–-] +(\S.*)")
_NUMBERED = re.compile(r"( *)(\d{1,4})[.)] +(\S.*)")
# Spaces by which an item is set in below the one before it.
_INDENT = 2
_DEEPEST = 4
PARAGRAPH, BULLET, NUMBERED, CELLS, GAP = "paragraph", "bullet", "numbered", "cells", "gap"


@dataclass(frozen=True)
class _Line:
    kind: str
    text: str
    depth: int = 0
    number: int = 0


def as_html(text: str) -> SafeString:
    """The text as escaped HTML of paragraphs, lists and tables; nothing in it is ever taken for markup.

    Lines that begin with a bullet or with "1." are items, deeper by two spaces; two or more lines with the same number
    of tabs are the rows of a table, the first of them its head. A list of one number is a sentence.
    """
    parts: list[str] = []
    lines = [_line(each) for each in text.split("\n")]
    for kind, group in groupby(_mended(lines), key=lambda line: line.kind):
        parts += _DRAWN[kind](list(group))
    return mark_safe("\n".join(parts))  # noqa: S308 - every piece of the text is escaped where it is drawn


def _line(text: str) -> _Line:
    if not text.strip():
        return _Line(GAP, "")
    bullet = _BULLET.fullmatch(text)
    if bullet:
        return _Line(BULLET, bullet[2], _depth(bullet[1]))
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        return _Line(NUMBERED, numbered[3], _depth(numbered[1]), int(numbered[2]))
    if "\t" in text.strip():
        return _Line(CELLS, text, text.count("\t"))
    return _Line(PARAGRAPH, text.strip())


def _depth(spaces: str) -> int:
    return min(len(spaces) // _INDENT, _DEEPEST)


def _mended(lines: list[_Line]) -> Iterable[_Line]:
    """Rows that fit no other row and numbers that count nothing are lines like any other."""
    last = len(lines) - 1
    for place, line in enumerate(lines):
        around = [lines[each] for each in (place - 1, place + 1) if 0 <= each <= last]
        if line.kind == CELLS and not any(each.kind == CELLS and each.depth == line.depth for each in around):
            yield _Line(PARAGRAPH, "   ".join(cell.strip() for cell in line.text.split("\t")))
        elif line.kind == NUMBERED and not any(
            each.kind == NUMBERED and abs(each.number - line.number) <= 1 for each in around
        ):
            yield _Line(PARAGRAPH, f"{line.number}. {line.text}")
        else:
            yield line


def _paragraph(lines: list[_Line]) -> list[str]:
    return [f"<p>{'<br>'.join(escape(line.text) for line in lines)}</p>"]


def _items(name: str, lines: list[_Line], depth: int | None = None) -> str:
    """A list with the lists below its items; `lines` are of one kind."""
    depth = min(line.depth for line in lines) if depth is None else depth
    start = f' start="{lines[0].number}"' if name == "ol" and lines[0].number != 1 else ""
    parts, place = [f"<{name}{start}>"], 0
    while place < len(lines):
        below = place + 1
        while below < len(lines) and lines[below].depth > depth:
            below += 1
        inner = _items(name, lines[place + 1 : below]) if below > place + 1 else ""
        parts.append(f"<li>{escape(lines[place].text)}{inner}</li>")
        place = below
    return "".join([*parts, f"</{name}>"])


def _table(lines: list[_Line]) -> list[str]:
    drawn = []
    for _, rows in groupby(lines, key=lambda line: line.depth):
        head, *body = [[cell.strip() for cell in row.text.split("\t")] for row in rows]
        cells = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in head)
        told = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in body)
        drawn.append(
            '<div class="table-responsive" tabindex="0" role="region" aria-label="Table in the text">'
            f'<table class="table table-sm"><thead><tr>{cells}</tr></thead><tbody>{told}</tbody></table></div>'
        )
    return drawn


_DRAWN: dict[str, Callable[[list[_Line]], list[str]]] = {
    GAP: lambda lines: [],
    PARAGRAPH: _paragraph,
    BULLET: lambda lines: [_items("ul", lines)],
    NUMBERED: lambda lines: [_items("ol", lines)],
    CELLS: _table,
}
