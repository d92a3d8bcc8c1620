"""Icons and component marks as inline SVG, so that pages need no icon font and the drawings take the text's colour."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Square, circle, diamond: the shapes by which the three core components are told apart without colour.
# They are drawn in a box of 10 around the middle, so a chart can put them anywhere.
MARKS = {
    "collaboration": mark_safe('<path d="M-4.5-4.5h9v9h-9z"/>'),
    "partnerships": mark_safe('<circle r="5"/>'),
    "coherence": mark_safe('<path d="M0-6 6 0 0 6-6 0z"/>'),
}


@cache
def drawing(name: str) -> SafeString:
    """The inside of one of the installed icons. Raises FileNotFoundError for a name that is not among them."""
    path = settings.NODE_MODULES / "bootstrap-icons" / "icons" / f"{name}.svg"
    inner = path.read_text().partition(">")[2].rpartition("</svg>")[0]
    return mark_safe(" ".join(inner.split()))  # noqa: S308 - drawings of an installed package, never of people


@cache
def icon(name: str) -> SafeString:
    """A decorative icon, hidden from screen readers: the words beside it say the same."""
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        name,
        drawing(name),
    )


@cache
def mark(code: str) -> SafeString:
    """The mark of a core component, in its hue; decorative, the component's name stands beside it."""
    return format_html(
        '<svg class="component-mark {}" viewBox="-6 -6 12 12" aria-hidden="true" focusable="false">{}</svg>',
        code,
        MARKS[code],
    )
