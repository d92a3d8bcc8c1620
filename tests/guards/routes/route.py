"""One row of the access matrix, and the groups of people its rows name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

VISITOR = "visitor"
LEAD = frozenset({"lead"})
WRITERS = LEAD | {"contributor"}
SPENDERS = WRITERS | {"site_finance"}
TEAM = SPENDERS | {"viewer"}
OFFICER, DIRECTOR, FINANCE = frozenset({"officer"}), frozenset({"director"}), frozenset({"finance"})
AUDITOR, ADMINISTRATOR = frozenset({"auditor"}), frozenset({"administrator"})
STAFF = OFFICER | DIRECTOR | FINANCE | AUDITOR
REVIEWER = frozenset({"reviewer"})
STRANGER = frozenset({"stranger"})
PEOPLE = TEAM | STRANGER | STAFF | ADMINISTRATOR | REVIEWER | {"other_reviewer"}
EVERYBODY = PEOPLE | {VISITOR}
NOBODY: frozenset[str] = frozenset()
# Whoever may hold a seat: everybody but those who decide about coalitions.
COALITIONS = PEOPLE - STAFF
READERS = TEAM | STAFF


@dataclass(frozen=True)
class Route:
    """One route, for one record of our site.

    `args` and the values of `data` that begin with `=` are looked up in the world. `get` and `post` say who is
    answered; None means that the method is not there at all. `sees` says who may know that the record exists: they are
    told 403, everybody else 404. With `data` the POST must be carried out, without it a refusal in the form is enough;
    `told` are the ones who may not and are told so by a sentence on the page instead of a 403. `step_up` asks for the
    password again when that was a while ago. `refusal` replaces the 403 or 404 where a library answers another way.
    """

    name: str
    args: tuple[str, ...] = ()
    get: frozenset[str] | None = PEOPLE
    post: frozenset[str] | None = None
    data: Mapping[str, str] | None = None
    sees: frozenset[str] = PEOPLE
    told: frozenset[str] = NOBODY
    step_up: bool = False
    refusal: str = ""
    note: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        last = self.args[-1] if self.args and not self.args[-1].startswith("=") else self.note
        return f"{self.name}-{last}".rstrip("-")

    @property
    def is_nested(self) -> bool:
        """Whether the address names a part of a record, which must belong to the record before it."""
        ours = [each for each in self.args if each.startswith("=ours.")]
        return len(ours) > 1 and not ours[-1].startswith("=ours.results")


def step_route(name: str, record: str, step: str, who: frozenset[str], sees: frozenset[str], **facts) -> Route:
    """The page of a workflow step: those who may take it open it and take it, at the version they read."""
    data = {"version": f"={record}.version", "comment": "Because of what we talked about."}
    return Route(name, (f"={record}.reference", step), who, who, data, sees=sees, **facts)
