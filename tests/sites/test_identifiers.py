"""Identifiers are checked as identifiers.md says, and every refusal is a sentence."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from sites import identifiers
from sites.enums import State

_UEI_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def test_states_have_a_fips_code_each():
    assert set(identifiers.STATE_FIPS) == set(State.values)
    assert len(set(identifiers.STATE_FIPS.values())) == len(State.values) == 56


def test_leaid_with_spaces_is_cleaned():
    assert identifiers.check_leaid(" 25 12345", "MA") == "2512345"


def test_leaid_keeps_leading_zeros():
    assert identifiers.check_leaid("0100005", "AL") == "0100005"


@pytest.mark.parametrize("text", ["251234", "25123456", "25A2345", "", "٢٥١٢٣٤٥"])
def test_leaid_of_another_form_is_refused(text):
    with pytest.raises(ValidationError, match="7 digits"):
        identifiers.check_leaid(text, "MA")


def test_leaid_of_another_state_is_refused_with_both_codes():
    with pytest.raises(ValidationError, match="MA start with 25, and this one starts with 39"):
        identifiers.check_leaid("3900001", "MA")


def test_ncessch_of_the_district_is_accepted():
    assert identifiers.check_ncessch("251234500012", "2512345") == "251234500012"


def test_ncessch_without_known_district_is_accepted():
    assert identifiers.check_ncessch("390000100012", "") == "390000100012"


def test_ncessch_of_another_district_is_refused():
    with pytest.raises(ValidationError, match="start with 2512345"):
        identifiers.check_ncessch("390000100012", "2512345")


@pytest.mark.parametrize("text", ["25123450001", "2512345000123", "25123450001X"])
def test_ncessch_of_another_form_is_refused(text):
    with pytest.raises(ValidationError, match="12 digits"):
        identifiers.check_ncessch(text, "2512345")


@pytest.mark.parametrize("text", ["123456789", "12-3456789", "12 3456789", "12–3456789"])
def test_ein_however_written_is_nine_digits(text):
    assert identifiers.check_ein(text) == "123456789"


def test_ein_is_shown_with_its_dash():
    assert identifiers.show_ein("123456789") == "12-3456789"
    assert identifiers.show_ein("") == ""


@pytest.mark.parametrize(
    "prefix", ["00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96", "97"]
)
def test_ein_with_an_unassigned_prefix_is_refused(prefix):
    with pytest.raises(ValidationError, match=f"No EIN starts with {prefix}"):
        identifiers.check_ein(f"{prefix}3456789")


def test_ein_prefixes_left_are_accepted():
    accepted = []
    for number in range(100):
        try:
            identifiers.check_ein(f"{number:02d}3456789")
        except ValidationError:
            continue
        accepted.append(number)

    assert len(accepted) == 100 - 17


@pytest.mark.parametrize("text", ["12345678", "1234567890", "12-345678X"])
def test_ein_of_another_form_is_refused(text):
    with pytest.raises(ValidationError, match="9 digits"):
        identifiers.check_ein(text)


@pytest.mark.parametrize("uei", ["E2NYLCDML6V1", "HJD6G4D6TJY5"])
def test_uei_of_the_specification_is_accepted_in_any_case(uei):
    assert identifiers.check_uei(uei.lower()) == uei
    assert identifiers.uei_check_digit(uei[:-1]) == uei[-1]


@pytest.mark.parametrize(
    "text",
    ["E2NYLCDML6V", "E2NYLCDML6V11", "E2NYLCDMO6V1", "E2NYLCDMI6V1", "02NYLCDML6V1", "E2NYLCDML6VA", "E2NYLCDML6V٣"],
)
def test_uei_of_another_form_is_refused(text):
    with pytest.raises(ValidationError, match="12 letters and digits"):
        identifiers.check_uei(text)


def test_uei_with_nine_digits_in_a_row_is_refused():
    stem = "A123456789B"

    with pytest.raises(ValidationError, match="nine digits in a row"):
        identifiers.check_uei(stem + identifiers.uei_check_digit(stem))


def test_uei_with_a_wrong_last_digit_is_refused():
    with pytest.raises(ValidationError, match="typing mistake"):
        identifiers.check_uei("E2NYLCDML6V2")


@given(st.text(_UEI_CHARACTERS, min_size=11, max_size=11))
def test_uei_check_digit_is_one_digit_whatever_comes_before(stem):
    digit = identifiers.uei_check_digit(stem)

    assert len(digit) == 1
    assert digit.isascii()
    assert digit.isdigit()


@given(st.text(_UEI_CHARACTERS, min_size=11, max_size=11), st.integers(0, 9))
def test_uei_only_the_check_digit_fits(stem, last):
    stem = f"A{stem[1:9]}B{stem[10]}"
    assume(not re.search(r"[0-9]{9}", f"{stem}{last}"))

    if str(last) == identifiers.uei_check_digit(stem):
        assert identifiers.check_uei(f"{stem}{last}") == f"{stem}{last}"
    else:
        with pytest.raises(ValidationError, match="typing mistake"):
            identifiers.check_uei(f"{stem}{last}")


def test_school_year_is_written_with_two_years():
    assert identifiers.school_year(2022) == "2022-23"
    assert identifiers.school_year(1999) == "1999-00"


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2022, 7, 1), "2022-23"),
        (date(2023, 6, 30), "2022-23"),
        (date(2023, 7, 1), "2023-24"),
        (date(2023, 1, 1), "2022-23"),
    ],
)
def test_school_year_begins_on_the_first_of_july(day, year):
    assert identifiers.school_year_of(day) == year


@pytest.mark.parametrize("text", ["2022-23", " 2022–23 "])
def test_school_year_is_read_as_its_first_year(text):
    assert identifiers.first_year(text) == 2022
    assert identifiers.school_year_span(text) == (date(2022, 7, 1), date(2023, 6, 30))


@pytest.mark.parametrize("text", ["2022-24", "2022-2023", "22-23", "2022/23", ""])
def test_school_year_of_another_form_is_refused(text):
    with pytest.raises(ValidationError, match="two calendar years"):
        identifiers.first_year(text)
