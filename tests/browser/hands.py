"""The two ways people work a page: with a mouse or finger, and with nothing but a keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

# More presses of Tab than any page needs from one of its fields to another.
FAR = 300
_HERE = "each => each === document.activeElement"
_VISIBLE = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""


class Mouse:
    """Points at things."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: Locator) -> None:
        """Press a button or follow a link that leads to a page, and wait for that page."""
        # Whoever goes elsewhere before the answer is there may see what was before, or take the request back.
        with self.page.expect_navigation():
            what.click()

    def type(self, where: Locator, text: str) -> None:
        """Replace what a box holds."""
        where.fill(text)

    def tick(self, what: Locator) -> None:
        """Choose a radio button or tick a box."""
        what.check()

    def choose(self, where: Locator, label: str) -> None:
        """Choose one of a list, by what it says."""
        where.select_option(label=label)

    def named(self, name: str | re.Pattern[str]) -> Locator:
        """The button or link of that name in the page's main part."""
        main = self.page.get_by_role("main")
        exact = isinstance(name, str)
        return main.get_by_role("button", name=name, exact=exact).or_(
            main.get_by_role("link", name=name, exact=exact)
        ).first  # fmt: skip


class Keyboard(Mouse):
    """Reaches everything with Tab, and fails where that is not possible or the focus cannot be seen."""

    def press(self, what: Locator) -> None:
        self._reach(what)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, where: Locator, text: str) -> None:
        self._reach(where)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def tick(self, what: Locator) -> None:
        if what.is_checked():
            return
        if what.get_attribute("type") != "radio":
            self._reach(what)
            self.page.keyboard.press("Space")
            return
        # Tab enters a group of radio buttons at one place; the arrows move inside it.
        group = self.page.locator(f"input[type=radio][name='{what.get_attribute('name')}']")
        self._reach(*group.all())
        for _ in range(group.count()):
            self.page.keyboard.press("Space")
            if what.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert what.is_checked(), "The arrow keys do not reach this answer."

    def choose(self, where: Locator, label: str) -> None:
        self._reach(where)
        self.page.keyboard.type(label)
        assert where.evaluate("each => each.selectedOptions[0].text") == label

    def _reach(self, *targets: Locator) -> None:
        """Press Tab until the focus is on one of the targets."""
        targets[0].wait_for()
        for _ in range(FAR):
            if any(each.evaluate(_HERE) for each in targets):
                assert self.page.evaluate(_VISIBLE), f"Nobody sees that the focus is on {targets[0]}."
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {targets[0]}.")
