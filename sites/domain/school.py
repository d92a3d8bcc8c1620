"""The schools of a coalition: pasted one to a line, removed one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.access import demand
from portal.accounts.models import User
from portal.activity.domain import record
from portal.record import lock
from portal.words import counted
from sites.enums import PartnerKind
from sites.identifiers import check_ncessch
from sites.models import School, Site
from sites.rules import may_lead
from sites.signals import coalition_changed

MOST = 200
LONGEST_NAME = 160
# A name, then the id behind a comma, semicolon, bar or tab; or the twelve digits behind a mere space.
_WITH_ID = re.compile(r"(?P<name>.*?)(?:\s*[,;|\t]\s*(?P<marked>[\d\s-]+)|\s+(?P<bare>\d{12}))")
_ID_FIRST = re.compile(r"(?P<bare>\d{12})\s*[,;|\t ]\s*(?P<name>.+)")


def add_schools(site: Site, text: str, *, actor: User, at: datetime) -> list[School]:
    """Add the schools of a pasted list, one to a line, each with its NCES id if it is known.

    Raises `Refused`, or ValidationError under `schools` that names every line that does not work; then none is added.
    """
    with transaction.atomic():
        row = lock(site)
        demand(may_lead(row, actor))
        district = row.partners.filter(kind=PartnerKind.DISTRICT).first()
        there = list(row.schools.all())
        schools = _read(text, leaid=district.leaid if district else "", state=row.state, there=there)
        if len(there) + len(schools) > MOST:
            raise ValidationError({"schools": f"A coalition lists at most {MOST} schools."})
        for school in schools:
            school.site = row
        School.objects.bulk_create(schools)
        coalition_changed.send(Site, site=row, actor=actor, at=at, what="the list of schools")
        record(
            row, "add-schools", actor=actor, at=at, summary=f"Listed {counted(len(schools), 'school')}.",
            facts={"schools": [[school.name, school.ncessch] for school in schools]},
        )  # fmt: skip
    return schools


def remove_schools(site: Site, schools: Iterable[School], *, actor: User, at: datetime) -> int:
    """Take schools off the list. Returns how many; raises `Refused`, ValidationError when none is named."""
    with transaction.atomic():
        row = lock(site)
        demand(may_lead(row, actor))
        named = list(row.schools.filter(pk__in=[school.pk for school in schools]))
        if not named:
            raise ValidationError({"schools": "Choose at least one school."})
        row.schools.filter(pk__in=[school.pk for school in named]).delete()
        coalition_changed.send(Site, site=row, actor=actor, at=at, what="the list of schools")
        record(
            row, "remove-schools", actor=actor, at=at, summary=f"Took {counted(len(named), 'school')} off the list.",
            facts={"schools": [[school.name, school.ncessch] for school in named]},
        )  # fmt: skip
    return len(named)


def _read(text: str, *, leaid: str, state: str, there: list[School]) -> list[School]:
    names = {school.name.casefold() for school in there}
    ids = {school.ncessch for school in there if school.ncessch}
    schools, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            school = _school(line.strip(), leaid, state)
            _once(school, names, ids)
        except ValidationError as error:
            problems.append(f"Line {number}: {error.message}")
        else:
            schools.append(school)
    if problems:
        raise ValidationError({"schools": problems})
    if not schools:
        raise ValidationError({"schools": "Write the name of at least one school."})
    return schools


def _school(line: str, leaid: str, state: str) -> School:
    found = _ID_FIRST.fullmatch(line) or _WITH_ID.fullmatch(line)
    groups = found.groupdict() if found else {}
    ncessch = groups.get("marked") or groups.get("bare") or ""
    name = " ".join((groups.get("name") or "" if found else line).split())
    if not name:
        raise ValidationError("Write the school's name before its id.")
    if len(name) > LONGEST_NAME:
        raise ValidationError(f"This name is longer than {LONGEST_NAME} characters. Is there one school to a line?")
    return School(name=name, ncessch=check_ncessch(ncessch, leaid, state) if ncessch else "")


def _once(school: School, names: set[str], ids: set[str]) -> None:
    """Remember the school, or say that it is listed already."""
    if school.name.casefold() in names:
        raise ValidationError(f"{school.name} is listed already.")
    if school.ncessch and school.ncessch in ids:
        raise ValidationError(f"The id {school.ncessch} is listed already.")
    names.add(school.name.casefold())
    if school.ncessch:
        ids.add(school.ncessch)
