"""A foundation's own accent colour and logo: a style sheet of three lines and one picture, both from settings."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import checks
from django.http import Http404, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

WHITE = (255, 255, 255)
BLACK = (0, 0, 0)
READABLE = 4.5  # WCAG 2.2, 1.4.3: white words on a button of this colour
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}

Colour = tuple[int, int, int]


def parse_colour(text: str) -> Colour:
    """`#12514d` as red, green and blue. Raises ValueError for anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f"{text!r} is not a color like #12514d.")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mixed(colour: Colour, other: Colour, share: float) -> str:
    """A colour with a share of another one mixed in, as CSS writes it."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(colour, other, strict=True))


def luminance(colour: Colour) -> float:
    """WCAG 2.2, "relative luminance"."""
    channels = [value / 255 for value in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2, "contrast ratio", from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def stylesheet_text() -> str:
    """The custom properties that follow the accent colour; empty when the portal keeps its own."""
    if not settings.ACCENT_COLOR:
        return ""
    colour = parse_colour(settings.ACCENT_COLOR)
    return (
        f":root {{ --brand: {settings.ACCENT_COLOR}; --brand-deep: {mixed(colour, BLACK, 0.3)}; "
        f"--brand-soft: {mixed(colour, WHITE, 0.88)}; --bs-primary-rgb: {', '.join(map(str, colour))}; "
        f"--bs-link-color-rgb: {', '.join(map(str, colour))}; }}\n"
    )


@cache
def version_of(accent_color: str, logo_file: str) -> str:
    """Changes when colour or logo change, so that browsers may keep both for a long time; empty without either."""
    if not accent_color and not logo_file:
        return ""
    picture = Path(logo_file).read_bytes() if logo_file else b""
    return sha256(accent_color.encode() + picture).hexdigest()[:12]


@require_safe
@login_not_required
@cache_control(public=True, max_age=31536000)
def stylesheet(request):
    """The foundation's colour, for every page."""
    return HttpResponse(stylesheet_text(), content_type="text/css; charset=utf-8")


@require_safe
@login_not_required
@cache_control(public=True, max_age=31536000)
def logo(request):
    """The foundation's logo, for every page."""
    if not settings.LOGO_FILE:
        raise Http404
    path = Path(settings.LOGO_FILE)
    response = HttpResponse(path.read_bytes(), content_type=LOGO_TYPES[path.suffix])
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def check_brand(app_configs, **kwargs):
    """A colour that white words cannot be read on, or a logo that is not there, stops the start."""
    found = []
    if settings.ACCENT_COLOR:
        try:
            if contrast(parse_colour(settings.ACCENT_COLOR), WHITE) < READABLE:
                found.append(checks.Error("ACCENT_COLOR is too light for white words on buttons.", id="portal.E020"))
        except ValueError as error:
            found.append(checks.Error(f"ACCENT_COLOR: {error}", id="portal.E021"))
    if settings.LOGO_FILE and Path(settings.LOGO_FILE).suffix not in LOGO_TYPES:
        found.append(checks.Error("LOGO_FILE must be an .svg or .png file.", id="portal.E022"))
    elif settings.LOGO_FILE and not Path(settings.LOGO_FILE).is_file():
        found.append(checks.Error("LOGO_FILE does not exist.", id="portal.E023"))
    return found
