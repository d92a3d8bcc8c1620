"""Icons and component marks as inline SVG."""

import pytest

from portal.icons import MARKS, icon, mark


def test_icon_is_hidden_from_screen_readers():
    drawn = icon("check2")

    assert drawn.startswith('<svg class="icon icon-check2" viewBox="0 0 16 16" aria-hidden="true"')
    assert drawn.endswith("</svg>")


def test_icon_with_an_unknown_name_is_an_error():
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_marks_of_the_components_have_three_shapes():
    assert set(MARKS) == {"collaboration", "partnerships", "coherence"}
    assert len({mark(code).replace(code, "") for code in MARKS}) == 3
