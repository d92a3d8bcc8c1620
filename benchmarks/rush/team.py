"""What one team does in the last minutes, and what it was told."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from random import Random

from benchmarks.rush.browser import Answer, Browser
from benchmarks.visits import Form

FIELD = "collaboration-strategy"
SECTION = "/proposals/{}/sections/plan-collaboration/"
SUBMIT = "/proposals/{}/submit/"
# Seconds between two saves of somebody who writes in a hurry.
PAUSE = (15.0, 45.0)
TWICE, TOO_LATE = 0.2, 0.03


@dataclass
class Times:
    """Milliseconds of the answers, by what was asked, and how many of each status there were."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, dict[int, int]] = field(default_factory=dict)

    def note(self, what: str, answer: Answer) -> Answer:
        self.taken.setdefault(what, []).append(answer.milliseconds)
        counted = self.statuses.setdefault(what, {})
        counted[answer.status] = counted.get(answer.status, 0) + 1
        return answer


@dataclass
class Team:
    """A team that opens its plan, goes on writing, and submits once, sometimes with a double click, a few too late.

    `kept` is the last text the server said it had, `tried` every text that was sent, `receipt` whether it was told that
    its proposal was submitted.
    """

    reference: str
    browser: Browser
    random: Random
    closes: float  # by `time.monotonic`
    length: float  # seconds of the rush
    times: Times
    kept: str = ""
    tried: list[str] = field(default_factory=list)
    receipt: bool = False
    late: bool = False
    problems: list[str] = field(default_factory=list)

    async def hurry(self) -> None:
        """The last minutes of this team."""
        self.late = self.random.random() < TOO_LATE
        # Most wait until the end: half of the submissions come in the last quarter.
        before = 2 + self.length * 0.9 * self.random.random() ** 2
        submits = self.closes + 1 + self.random.random() * 3 if self.late else self.closes - before
        await asyncio.sleep(self.random.random() * max(0.0, submits - time.monotonic() - 5))
        await self._write(until=submits)
        await asyncio.sleep(max(0.0, submits - time.monotonic()))
        await self._submit()

    async def _write(self, *, until: float) -> None:
        path = SECTION.format(self.reference)
        page = self.times.note("open the section", await self.browser.get(path))
        if page.status != 200:
            self.problems.append(f"{self.reference}: the section answered {page.status}")
            return
        data = Form(page.body).data
        number = 0
        while time.monotonic() < until - 2:
            number += 1
            text = f"We meet every month and look at results together. {self.reference} draft {number}."
            self.tried.append(text)
            typed = [(name, text if name == FIELD else value) for name, value in data]
            answer = self.times.note("save", await self.browser.post(path, typed, htmx=True))
            if answer.status == 200 and 'name="version"' in answer.body:
                self.kept = text
            else:
                self.problems.append(f"{self.reference}: a save answered {answer.status}: {answer.body[:200]}")
            await asyncio.sleep(min(self.random.uniform(*PAUSE), max(0.0, until - time.monotonic())))

    async def _submit(self) -> None:
        path = SUBMIT.format(self.reference)
        page = self.times.note("check answers", await self.browser.get(path))
        data = Form(page.body).data
        if not data and not self.late:
            self.problems.append(f"{self.reference}: {_complaint(page.body)}")
        clicks = 2 if self.random.random() < TWICE else 1
        answers = await asyncio.gather(*(self.browser.post(path, data) for _ in range(clicks)))
        for answer in answers:
            self.times.note("submit too late" if self.late else "submit", answer)
        self.receipt = any(answer.status == 302 for answer in answers)
        if self.late and self.receipt:
            self.problems.append(f"{self.reference}: submitted after the closing")
        if not self.late and not self.receipt:
            told = ", ".join(f"{answer.status} {_complaint(answer.body)}" for answer in answers)
            self.problems.append(f"{self.reference}: submitting in time answered {told}")


def _complaint(page: str) -> str:
    """What a page says is wrong, without its tags."""
    found = re.search(
        r'class="next-step mb-4".*?</section>|<section class="card confirm".*?</section>', page, re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(0)).split())[:200] if found else ""
