"""Walks through a portal as one person, along the links a reader sees, and looks at every kind of page."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

# Of each route a reader sees at most so many pages: the second shows what one record's emptiness may hide.
VISITS = 2
# Once all people together have seen so many pages of a route, one more of each person's is enough.
ENOUGH = 4
# These look the same to everybody, so all people together see so many of each.
SHARED = (
    "account_", "mfa_", "usersessions_", "accounts:profile", "portal:help", "portal:privacy", "portal:accessibility",
    "portal:brand", "mail:mailbox", "grants:sign", "sites:invitation-detail",
)  # fmt: skip
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 800}
# A page whose main part is made of kinds of elements that were all judged on other pages is not judged again, unless it
# is the first of its route; the bars around it are judged on each person's first page.
KINDS = """() => {
    const kinds = [...document.querySelectorAll("main, main *")].map((each) =>
        [each.parentElement.tagName, each.tagName, each.getAttribute("class"), each.type, each.getAttribute("role")].join(".")
    );
    return [...new Set(kinds)];
}"""
OVERFLOW = """() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return [];
    const out = [...document.querySelectorAll("body *")].filter(
        (each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1
            && !each.closest(".table-responsive, .visually-hidden")
    );
    return [wide + " px too wide", ...out.slice(0, 4).map((each) => each.outerHTML.slice(0, 120))];
}"""
# Only what is wrong comes back: the rest of the answer is long.
AXE = """() => axe.run({resultTypes: ["violations"]}).then((found) => found.violations.map((rule) => ({
    id: rule.id, help: rule.help, nodes: rule.nodes.slice(0, 3).map((node) => node.target + " " + node.html.slice(0, 160)),
})))"""
LINKS = """() => [...document.querySelectorAll("a[href]")].map((each) => each.href)"""


@dataclass
class Crawl:
    """What was seen and found, over all the people who walk; `findings` are sentences."""

    base_url: str
    findings: list[str] = field(default_factory=list)
    routes: Counter[str] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)

    def walk(self, page: Page, who: str, *also: str) -> None:
        """Follow the links breadth-first from home, then from the paths in `also`; each route once or twice."""
        heard: list[str] = []
        page.on("console", lambda said: said.type in {"error", "warning"} and heard.append(said.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        queue = deque(["/", *also])
        seen = set(queue)
        visits: Counter[str] = Counter()
        while queue:
            path = queue.popleft()
            route = self._route(path)
            visited = self.routes if route.startswith(SHARED) else visits
            if not route or visited[route] >= (VISITS if self.routes[route] < ENOUGH else 1):
                continue
            visits[route] += 1
            self.routes[route] += 1
            where = f"{who} at {path} ({route})"
            if self._open(page, path, where):
                self.look(page, where, anyway=sum(visits.values()) == 1 or self.routes[route] == 1)
                queue.extend(link for link in self._links(page) if link not in seen)
                seen.update(queue)
            self._note(where, heard)
            heard.clear()

    def _open(self, page: Page, path: str, where: str) -> bool:
        """Go there; False when it is a file or no page at all."""
        try:
            response = page.goto(path, wait_until="load")
        except Error as error:
            # A file is downloaded instead of shown.
            if "Download is starting" not in error.message and "ERR_ABORTED" not in error.message:
                raise
            return False
        if response and response.status >= 400:
            self.findings.append(f"{where}: the link is broken ({response.status})")
            return False
        return "html" in (response.headers.get("content-type", "") if response else "")

    def look(self, page: Page, where: str, *, anyway: bool = True) -> None:
        """Judge the page that is open: headings, width on a phone, axe."""
        headings = page.locator("h1").count()
        if headings != 1:
            self.findings.append(f"{where}: {headings} headings of the first level")
        kinds = set(page.evaluate(KINDS))
        new = anyway or not kinds <= self.kinds
        self.kinds |= kinds
        if new:
            self._ask_axe(page, f"{where}, 1280 px")
        page.set_viewport_size(NARROW)
        self._note(f"{where}, 360 px", page.evaluate(OVERFLOW))
        if new:
            self._ask_axe(page, f"{where}, 360 px")
        page.set_viewport_size(WIDE)

    def _ask_axe(self, page: Page, where: str) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        for rule in page.evaluate(AXE):
            self.findings.append(f"{where}: {rule['id']}: {rule['help']}: {'; '.join(rule['nodes'])}")

    def _links(self, page: Page) -> list[str]:
        """The paths of this portal that the page links to, without fragments."""
        found = []
        for link in page.evaluate(LINKS):
            parts = urlsplit(link)
            if f"{parts.scheme}://{parts.netloc}" == self.base_url:
                found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        return found

    def _note(self, where: str, sentences: list[str]) -> None:
        self.findings.extend(f"{where}: {sentence}" for sentence in sentences)

    @staticmethod
    def _route(path: str) -> str:
        try:
            return resolve(urlsplit(path).path).view_name
        except Resolver404:
            return ""
