"""Reading versions of an award: all of them, and what is different between two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from grants.models import Award, AwardVersion
from portal.money import ZERO, dollars
from portal.words import day_words
from sites.enums import TaxStatus
from sites.identifiers import show_ein
from sites.models import Component

Content = dict[str, Any]
NONE = "None"


@dataclass(frozen=True)
class Change:
    """One thing that differs, in words; `by` is the difference in dollars where it is money, signed."""

    label: str
    before: str
    after: str
    by: str = ""


@dataclass(frozen=True)
class VersionStory:
    """A version and what it changed about the one before; the first changed nothing."""

    version: AwardVersion
    changes: tuple[Change, ...]


def versions_of(award: Award) -> list[VersionStory]:
    """Every version, the newest first, each with what it changed. Two queries."""
    found = list(award.versions.select_related("by", "amendment").order_by("number"))
    names = component_names()
    told = [VersionStory(each, ()) for each in found[:1]]
    told += [
        VersionStory(after, tuple(differences(before.content, after.content, names)))
        for before, after in pairwise(found)
    ]
    return told[::-1]


def between(award: Award, first: int, second: int) -> list[Change]:
    """What differs between two versions, by number. Raises KeyError when there is no such pair. Two queries."""
    found = {each.number: each.content for each in award.versions.filter(number__in={first, second})}
    return list(differences(found[first], found[second], component_names()))


def component_names() -> dict[str, str]:
    """Every component's short name by code, in the program's order."""
    return {each.code: each.short_name for each in Component.objects.all()}


def differences(before: Content, after: Content, names: dict[str, str]) -> Iterator[Change]:
    """What differs between two contents of one award: money by year and component, then days, payee and people."""
    for was, now in zip(before["years"], after["years"], strict=True):
        yield from _money(was, now, names)
    if before["ends_on"] != after["ends_on"]:
        yield Change("Last day of the award", _day(before["ends_on"]), _day(after["ends_on"]))
    yield from _payee(before["payee"], after["payee"])
    yield from _people(before["people"], after["people"])


def _money(was: Content, now: Content, names: dict[str, str]) -> Iterator[Change]:
    year = f"Year {now['number']}"
    for code in [*names, *sorted((was["components"].keys() | now["components"].keys()) - names.keys())]:
        change = _dollars(f"{year}, {names.get(code, code)}", was["components"].get(code), now["components"].get(code))
        if change is not None:
            yield change
    together = _dollars(f"{year}, together", was["amount"], now["amount"])
    if together is not None:
        yield together


def _dollars(label: str, was: str | None, now: str | None) -> Change | None:
    before, after = Decimal(was or ZERO), Decimal(now or ZERO)
    if before == after:
        return None
    sign = "+" if after > before else ""
    return Change(label, dollars(before), dollars(after), f"{sign}{dollars(after - before)}")


def _payee(was: Content, now: Content) -> Iterator[Change]:
    if was["name"] != now["name"]:
        yield Change("Paid to", was["name"], now["name"])
    if was["ein"] != now["ein"]:
        yield Change("EIN", *(show_ein(each["ein"]) if each["ein"] else NONE for each in (was, now)))
    if was["tax_status"] != now["tax_status"]:
        yield Change("Tax status", *(_status(each["tax_status"]) for each in (was, now)))


def _status(value: str) -> str:
    return str(TaxStatus(value).label) if value else NONE


def _day(text: str) -> str:
    return day_words(date.fromisoformat(text))


def _people(was: list[str], now: list[str]) -> Iterator[Change]:
    """What was agreed about people only grows; read backwards, from a later version to an earlier one, it shrinks."""
    for text in now[len(was) :]:
        yield Change("People", "", text)
    for text in was[len(now) :]:
        yield Change("People", text, "")
