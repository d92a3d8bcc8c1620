"""A foundation's own colour and logo."""

import pytest
from django.test import RequestFactory

from portal import brand


def _get(view):
    return view(RequestFactory().get("/"))


def test_stylesheet_without_an_accent_colour_is_empty(settings):
    settings.ACCENT_COLOR = ""

    assert _get(brand.stylesheet).content == b""


def test_stylesheet_derives_the_darker_and_the_lighter_colour(settings):
    settings.ACCENT_COLOR = "#204080"

    text = _get(brand.stylesheet).content.decode()

    assert "--brand: #204080; --brand-deep: #162d5a; --brand-soft: #e4e8f0;" in text
    assert "--bs-link-color-rgb: 32, 64, 128;" in text


def test_logo_is_served_where_it_can_do_no_harm(settings, tmp_path):
    file = tmp_path / "logo.svg"
    file.write_text("<svg/>")
    settings.LOGO_FILE = str(file)

    response = _get(brand.logo)

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.content == b"<svg/>"


def test_logo_that_is_not_set_is_not_found(settings, rf):
    settings.LOGO_FILE = ""

    with pytest.raises(brand.Http404):
        brand.logo(rf.get("/"))


def test_version_changes_with_the_picture(tmp_path):
    one, other = tmp_path / "one.png", tmp_path / "other.png"
    one.write_bytes(b"1")
    other.write_bytes(b"2")

    assert brand.version_of("", "") == ""
    assert len({brand.version_of("", str(one)), brand.version_of("", str(other)), brand.version_of("#204080", "")}) == 3


@pytest.mark.parametrize(
    ("colour", "logo", "expected"),
    [
        ("", "", []),
        ("#12514d", "", []),
        ("#ffcc00", "", ["portal.E020"]),
        ("green", "", ["portal.E021"]),
        ("", "logo.gif", ["portal.E022"]),
        ("", "missing.png", ["portal.E023"]),
    ],
)
def test_check_refuses_what_cannot_be_read_or_found(settings, colour, logo, expected):
    settings.ACCENT_COLOR, settings.LOGO_FILE = colour, logo

    assert [error.id for error in brand.check_brand(None)] == expected


def test_contrast_of_black_and_white_is_the_largest_there_is():
    assert brand.contrast(brand.BLACK, brand.WHITE) == pytest.approx(21)
