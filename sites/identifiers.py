"""Identifiers of districts, schools, organisations and school years: how they are cleaned, checked and shown."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError

# The first two digits of a LEAID are the state's FIPS code. Source: ANSI INCITS 38, as NCES uses it.
STATE_FIPS = {
    "AL": "01", "AK": "02", "AZ": "04", "AR": "05", "CA": "06", "CO": "08", "CT": "09", "DE": "10", "DC": "11",
    "FL": "12", "GA": "13", "HI": "15", "ID": "16", "IL": "17", "IN": "18", "IA": "19", "KS": "20", "KY": "21",
    "LA": "22", "ME": "23", "MD": "24", "MA": "25", "MI": "26", "MN": "27", "MS": "28", "MO": "29", "MT": "30",
    "NE": "31", "NV": "32", "NH": "33", "NJ": "34", "NM": "35", "NY": "36", "NC": "37", "ND": "38", "OH": "39",
    "OK": "40", "OR": "41", "PA": "42", "RI": "44", "SC": "45", "SD": "46", "TN": "47", "TX": "48", "UT": "49",
    "VT": "50", "VA": "51", "WA": "53", "WV": "54", "WI": "55", "WY": "56", "AS": "60", "GU": "66", "MP": "69",
    "PR": "72", "VI": "78",
}  # fmt: skip

# No EIN was ever given out with these first two digits. Source: the Internal Revenue Service's list of valid prefixes.
UNASSIGNED_EIN_PREFIXES = frozenset(
    {"00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96", "97"}
)
_UEI = re.compile(r"[1-9A-HJ-NP-Z][0-9A-HJ-NP-Z]{10}[0-9]")
_SCHOOL_YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")
FIRST_MONTH = 7  # a school year begins on 1 July


def squeeze(text: str) -> str:
    """The identifier without the spaces and dashes people put in, in capitals."""
    return re.sub(r"[\s\u2010-\u2015-]+", "", text).upper()


def check_leaid(text: str, state: str) -> str:
    """The seven digits of a district id of that state (postal code). Raises ValidationError with a sentence."""
    leaid = squeeze(text)
    if not re.fullmatch(r"[0-9]{7}", leaid):
        raise ValidationError("A district id has 7 digits, with any zeros in front. Example: 2512345.", code="form")
    fips = STATE_FIPS[state]
    if not leaid.startswith(fips):
        raise ValidationError(
            f"District ids in {state} start with {fips}, and this one starts with {leaid[:2]}. Check the id and the state.",
            code="state",
        )
    return leaid


def check_ncessch(text: str, leaid: str, state: str = "") -> str:
    """The twelve digits of a school id; with a LEAID, one of that district, else with a state one of that state.

    Raises ValidationError with a sentence.
    """
    ncessch = squeeze(text)
    if not re.fullmatch(r"[0-9]{12}", ncessch):
        raise ValidationError("A school id has 12 digits, with any zeros in front. Example: 251234500123.", code="form")
    if leaid and not ncessch.startswith(leaid):
        raise ValidationError(
            f"School ids of this district start with {leaid}, and this one does not.", code="district"
        )
    if state and not ncessch.startswith(STATE_FIPS[state]):
        raise ValidationError(
            f"School ids in {state} start with {STATE_FIPS[state]}, and this one does not.", code="state"
        )
    return ncessch


def check_ein(text: str) -> str:
    """The nine digits of an EIN, without the dash. Raises ValidationError with a sentence."""
    ein = squeeze(text)
    if not re.fullmatch(r"[0-9]{9}", ein):
        raise ValidationError("An EIN has 9 digits. Example: 12-3456789.", code="form")
    if ein[:2] in UNASSIGNED_EIN_PREFIXES:
        raise ValidationError(f"No EIN starts with {ein[:2]}. Compare it with a letter from the IRS.", code="prefix")
    return ein


def show_ein(ein: str) -> str:
    """`12-3456789`; empty for an empty one."""
    return f"{ein[:2]}-{ein[2:]}" if ein else ""


def check_uei(text: str) -> str:
    """The twelve characters of a UEI, in capitals. Raises ValidationError with a sentence."""
    uei = squeeze(text)
    if not _UEI.fullmatch(uei):
        raise ValidationError(
            "A UEI has 12 letters and digits, never the letters O or I, no zero in front, and ends in a digit. "
            "Example: E2NYLCDML6V1.",
            code="form",
        )
    if re.search(r"[0-9]{9}", uei):
        raise ValidationError(
            "A UEI never has nine digits in a row. Check that this is not a tax number.", code="digits"
        )
    if uei[-1] != uei_check_digit(uei[:-1]):
        raise ValidationError("This UEI has a typing mistake: its last digit does not fit the rest.", code="digit")
    return uei


def uei_check_digit(first_eleven: str) -> str:
    """The last character of a UEI.

    Each value times its place (from 1), modulo 10, is summed: over the ASCII codes first, then again over the
    decimal digits of the sum until one digit is left. Source: GSA's technical specification of the UEI.
    """
    total = _weighted(first_eleven.encode("ascii"))
    while total > 9:
        total = _weighted(int(digit) for digit in str(total))
    return str(total)


def school_year(first: int) -> str:
    """`2022-23` for the school year that begins on 1 July of that year."""
    return f"{first}-{(first + 1) % 100:02d}"


def school_year_of(day: date) -> str:
    """The school year a day falls in."""
    return school_year(day.year if day.month >= FIRST_MONTH else day.year - 1)


def first_year(text: str) -> int:
    """The calendar year in which a school year begins. Raises ValidationError with a sentence."""
    found = _SCHOOL_YEAR.fullmatch(text.strip().replace("–", "-"))
    if not found or school_year(int(found[1])) != f"{found[1]}-{found[2]}":
        raise ValidationError("Write a school year as its two calendar years. Example: 2022-23.", code="form")
    return int(found[1])


def school_year_span(text: str) -> tuple[date, date]:
    """First and last day, 1 July and 30 June. Raises ValidationError with a sentence."""
    first = first_year(text)
    return date(first, FIRST_MONTH, 1), date(first + 1, FIRST_MONTH - 1, 30)


def _weighted(values) -> int:
    return sum(value * place % 10 for place, value in enumerate(values, 1))
