"""Limits the look of the portal must keep: bytes, contrast, error pages that stand alone, mail."""

import gzip
import re
from itertools import product

import pytest
from django.contrib.staticfiles import finders
from django.template import Context
from django.template.loader import get_template, render_to_string

from portal.brand import contrast, parse_colour
from portal.settings import BASE_DIR

LIMIT = 90_000
CSS = BASE_DIR / "static" / "css"
TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (CSS / "tokens.css").read_text()))


def test_styles_and_scripts_of_a_page_stay_small():
    assets = re.findall(r"{% static '([^']+\.(?:css|js))' %}", (BASE_DIR / "templates" / "base.html").read_text())

    total = 0
    for asset in assets:
        with open(finders.find(asset), "rb") as file:
            total += len(gzip.compress(file.read()))

    assert len(assets) > 10
    assert total <= LIMIT


def _contrast(one, other):
    return contrast(*(parse_colour(TOKENS[name]) for name in (one, other)))


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        *product(("ink", "ink-soft", "ink-faint"), ("paper", "card", "sunken", "plain-soft")),
        *product(("ink", "ink-soft"), ("accent-soft", "wait-soft", "bad-soft", "good-soft")),
        *product(("collaboration", "partnerships", "coherence", "brand", "bad", "accent"), ("paper", "card")),
        ("good", "good-soft"),
        ("wait", "wait-soft"),
        ("bad", "bad-soft"),
        ("brand", "brand-soft"),
        ("card", "brand"),
        ("card", "bad"),
    ],
)
def test_text_can_be_read_on_its_surface(text, surface):
    assert _contrast(text, surface) >= 4.5


@pytest.mark.parametrize("surface", ["card", "paper"])
def test_edges_of_controls_and_focus_can_be_seen(surface):
    assert _contrast("control-edge", surface) >= 3
    assert _contrast("accent", surface) >= 3


@pytest.mark.parametrize("page", ["400.html", "500.html", "403_csrf.html", "503.html"])
def test_error_page_needs_nothing_from_the_request(page):
    shown = get_template(page).template.render(Context({"posted": []}) if page == "503.html" else Context())

    assert shown.count("<h1") == 1
    assert '<a class="btn btn-primary" href="' in shown


def test_busy_page_keeps_what_was_typed_but_no_password():
    shown = render_to_string("503.html", {"posted": [("need", ["\nTwo <lines>\nof text"]), ("password", ["secret"])]})

    assert '<textarea name="need" hidden>\n\nTwo &lt;lines&gt;\nof text</textarea>' in shown
    assert "secret" not in shown


def test_mail_has_one_action_and_says_where_it_leads():
    facts = {"url": "https://portal.example/reports/R-1/", "label": "Read the report"}

    shown = render_to_string("email/button.html", facts)

    assert shown.count("https://portal.example/reports/R-1/") == 3
    assert ">Read the report</a>" in shown
