"""Finding districts in the list by state and name."""

from __future__ import annotations

import re
from operator import itemgetter

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from portal.jobs.models import Job
from sites.domain.district import JOB
from sites.enums import State
from sites.models import District

MOST = 12
SHORTEST = 2


def find_districts(state: str, text: str) -> QuerySet[District]:
    """The first districts of a state whose name, city or id fits what was typed; those whose name begins so come first."""
    words = text.split()
    found = District.objects.filter(state=state)
    digits = re.sub(r"\D", "", text)
    if digits and not re.search(r"[^\W\d]", text):
        return found.filter(leaid__startswith=digits)[:MOST]
    if len("".join(words)) < SHORTEST:
        return found.none()
    for word in words:
        found = found.filter(Q(name__icontains=word) | Q(city__icontains=word))
    begins = Case(When(name__istartswith=text.strip(), then=Value(0)), default=Value(1))
    return found.order_by(begins, Lower("name"), "leaid")[:MOST]


def district_named(state: str, leaid: str) -> District | None:
    """The district of that id in that state's list, or None."""
    return District.objects.filter(state=state, leaid=leaid).first()


def is_listed(state: str) -> bool:
    """Whether the list has any district of that state."""
    return District.objects.filter(state=state).exists()


def number_by_state() -> list[dict]:
    """How many districts of each state the list has: `{"state": "Alabama", "number": 151}`, by name."""
    rows = District.objects.order_by().values_list("state").annotate(number=Count("pk"))
    return sorted(({"state": State(state).label, "number": number} for state, number in rows), key=itemgetter("state"))


def last_loaded() -> Job | None:
    """The last upload of a list, whatever came of it."""
    return Job.objects.filter(kind=JOB).select_related("created_by").order_by("-created_at").first()
