"""Which pages are measured, as whom, and what each of them may cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.visits import Form, Visitor


@dataclass(frozen=True)
class Page:
    """A page to visit: `sql` and `times` are the most statements and times hello it may cost, None without a target."""

    name: str
    path: str
    who: str = ""
    sql: int | None = None
    times: float | None = None
    method: str = "GET"
    status: int = 200


def pages(facts: dict) -> list[Page]:
    """The pages of the quality table, then more of the lists that grow."""
    return [
        Page("Public call page, anonymous", f"/calls/{facts['call']}/", "", 6, 8),
        Page("Application section, form", section(facts), "writer", 12, 15),
        Page("Application section, autosave", section(facts), "writer", None, 20, "POST"),
        Page("Submit", "", "lead", 20, 15, "POST", 302),
        Page("Staff list, first page", "/proposals/", "officer", 12, 20),
        Page("Staff list, last page", f"/proposals/?after={facts['last']}", "officer", 12, 20),
        Page("Record page for staff", f"/proposals/{facts['record']}/", "officer", 20, 20),
        Page("Review form", f"/reviews/{facts['review']}/", "reviewer", 15, 15),
        Page("Calls, anonymous", "/calls/", ""),
        Page("Team's workspace", f"/proposals/{facts['draft']}/", "writer"),
        Page("Budget form", f"/proposals/{facts['draft']}/sections/budget/", "writer"),
        Page("Staff's home", "/", "officer"),
        Page("Reviews, staff", "/reviews/", "officer"),
        Page("Review matrix, staff", f"/rounds/{facts['closed']}/matrix/", "officer", 20),
        Page("Docket of 100 lines, staff", f"/dockets/{facts['docket']}/", "officer", 20),
        Page("Sites, staff", "/sites/", "officer"),
        Page("Awards, staff", "/awards/", "officer"),
        Page("Payments, staff", "/payments/", "officer"),
        Page("Award, staff", f"/awards/{facts['award']}/", "officer"),
        Page("Reconciliation by site", "/reconciliation/", "officer"),
        Page("Reconciliation by component", "/reconciliation/?by=component", "officer"),
    ]


def section(facts: dict) -> str:
    """The longest section there is: a plan, with three texts and milestones."""
    return f"/proposals/{facts['draft']}/sections/plan-collaboration/"


class Typing:
    """What is posted to a page: forms are fetched from it, and every autosave types one word more."""

    def __init__(self, facts: dict, visitor: Visitor, page: Page) -> None:
        self.page = page
        self._drafts: Iterator[str] = iter(facts["drafts"])
        self._visitor = visitor
        self._typed = 0
        self._path = page.path
        self._form = [] if self._submits else self._fetch(page.path)

    @property
    def _submits(self) -> bool:
        return self.page.status == 302

    def prepare(self) -> None:
        """Fetch what the next request needs, so that only the request itself is timed."""
        if self._submits:
            self._path = f"/proposals/{next(self._drafts)}/submit/"
            self._form = self._fetch(self._path)

    def next(self) -> tuple[str, list[tuple[str, str]], dict[str, str]]:
        """Path, data and headers of the prepared request."""
        if self._submits:
            return self._path, self._form, {}
        self._typed += 1
        longest = max(self._form, key=lambda pair: len(pair[1]))
        data = [(name, f"{text} {self._typed}" if (name, text) == longest else text) for name, text in self._form]
        return self._path, data, {"HX-Request": "true"}

    def _fetch(self, path: str) -> list[tuple[str, str]]:
        answer = self._visitor.get(path, **{"Accept-Encoding": "identity"})
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}: {answer.body[:500]!r}")
        return Form(answer.body.decode()).data
