"""Writing that nothing can lose: two people in one section, a connection that drops, a closed tab, an ended session."""

from __future__ import annotations

import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PASSWORD, heading, press, sign_in

# What a page of ours says while it cannot save.
OFFLINE = "Offline: kept in this browser, sent when you are back"
NOT_SAVED = re.compile("You have text here that was not saved")
SAVED = re.compile(r"Saved \d+ seconds? ago")
PATIENCE = 60  # seconds, for a machine that is busy with other things
# The next save is on its way for good: a connection so slow that its answer is never seen.
NO_ANSWER = """() => {
    const really = window.fetch;
    window.fetch = (where, how) => {
        if (!new URL(where, location.href).pathname.includes("/sections/")) return really(where, how);
        window.fetch = really;
        document.documentElement.dataset.asked = "";
        return new Promise(() => {});
    };
}"""

# Nobody says goodbye.
DIES = """for (const [whose, what] of [[window, "pagehide"], [document, "visibilitychange"]])
    whose.addEventListener(what, (event) => event.stopImmediatePropagation(), true)"""

# What the scripts do does not depend on the database.
pytestmark = [pytest.mark.timeout(600), pytest.mark.once]


@pytest.fixture
def team(portal, request):
    """Ana and Ben, who write one proposal: `people` (their addresses), `names` and `proposal` (its page)."""
    name = "".join(word[0] for word in request.node.name.split("_")).title()
    return json.loads(portal.python(f"from tests.browser.writers import begin; begin({name!r})").splitlines()[-1])


def section(team, key="sustainability") -> str:
    return f"{team['proposal']}sections/{key}/"


def writer(person, team, number=0) -> Page:
    """A window in which one of the two has the last section of the proposal open."""
    page = sign_in(person(), team["people"][number], PASSWORD)
    page.goto(section(team))
    return page


def box(page: Page):
    return page.locator("textarea").first


def state(page: Page):
    return page.locator(".save-bar")


def stored(portal, team, key="after-the-grant") -> str:
    """What the server has of an answer at this moment."""
    reference = team["proposal"].split("/")[2]
    return portal.python(
        "from grants.models import Answer\n"
        f"for each in Answer.objects.filter(proposal__reference={reference!r}, question__key={key!r}): print(each.text)"
    ).strip()


def comes_to_store(portal, team, text: str) -> None:
    """Wait until the server has exactly this: a save may still be on its way, and an older one may be what the page tells."""
    deadline = time.monotonic() + PATIENCE
    while (found := stored(portal, team)) != text:
        assert time.monotonic() < deadline, f"The server has {found!r} instead of {text!r}."


def test_two_people_in_one_section_see_each_other_and_choose(person, portal, team):
    ana, ben = writer(person, team), writer(person, team, 1)
    expect(ben.locator("[data-others]")).to_have_text(f"{team['names'][0]} is writing here, too.")
    ana.goto(team["proposal"])
    expect(ana.get_by_text(f"{team['names'][1]} is writing here")).to_be_visible()
    ana.goto(section(team))

    box(ben).fill("Ben's plan: every school keeps its coach.")
    expect(state(ben)).to_contain_text(SAVED)
    box(ana).fill("Ana's plan: every school keeps its team.")

    expect(state(ana)).to_contain_text(f"{team['names'][1]} saved this page meanwhile.")
    state(ana).get_by_role("button", name="Compare both texts").first.click()
    heading(ana, "Two versions of this page")
    expect(ana.locator(".theirs").first).to_contain_text("keeps its coach")
    expect(box(ana)).to_have_value("Ana's plan: every school keeps its team.")
    box(ana).fill("Every school keeps its coach and its team.")
    press(ana, "Save what I chose")
    expect(ana).to_have_url(re.compile(team["proposal"] + "$"))
    comes_to_store(portal, team, "Every school keeps its coach and its team.")
    # The one who has the page still open is told without typing a word.
    ben.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(ben.locator("[data-overtaken]")).to_contain_text(f"{team['names'][0]} saved this page")
    # Nothing of the first text is offered again, and the version before is in the list.
    ana.goto(section(team))
    expect(ana.get_by_text(NOT_SAVED)).to_have_count(0)
    press(ana, "Earlier versions")
    ana.get_by_role("main").get_by_role("listitem").nth(1).get_by_role("link").click()
    expect(ana.locator(".changed del").first).to_contain_text("Ben's")


def test_connection_that_drops_while_typing_loses_nothing(person, portal, team):
    ana = writer(person, team)
    box(ana).fill("Before the tunnel.")
    expect(state(ana)).to_contain_text(SAVED)

    ana.context.set_offline(True)
    box(ana).press_sequentially(" In the tunnel.")
    expect(state(ana)).to_contain_text(OFFLINE)
    assert stored(portal, team) == "Before the tunnel."
    ana.context.set_offline(False)

    expect(state(ana)).to_contain_text(SAVED)
    comes_to_store(portal, team, "Before the tunnel. In the tunnel.")


def test_browser_that_dies_while_offline_offers_its_text_when_opened_again(person, portal, team):
    ana = writer(person, team)
    box(ana).fill("Saved before.")
    expect(state(ana)).to_contain_text(SAVED)
    ana.context.set_offline(True)
    box(ana).fill("Typed on the train.")
    expect(state(ana)).to_contain_text(OFFLINE)
    # A page that is closed in order still sends its words, and Chromium lets them go once nothing is offline any more.
    ana.evaluate(DIES)
    ana.close()
    ana.context.set_offline(False)

    again = ana.context.new_page()
    again.goto(section(team))

    expect(again.get_by_text(NOT_SAVED)).to_be_visible()
    expect(box(again)).to_have_value("Saved before.")
    again.get_by_role("button", name="Use it", exact=True).click()
    expect(box(again)).to_have_value("Typed on the train.")
    expect(state(again)).to_contain_text(SAVED)
    comes_to_store(portal, team, "Typed on the train.")
    again.reload()
    expect(again.get_by_text(NOT_SAVED)).to_have_count(0)


def test_session_that_ended_while_typing_offers_the_text_after_signing_in(person, portal, team):
    ana = writer(person, team)
    ana.context.clear_cookies()
    box(ana).fill("Typed after the session ended.")
    expect(state(ana)).to_contain_text("Signed out. Your text is kept in this browser")

    state(ana).get_by_role("link", name="Sign in").click()
    # Whoever else signs in on this computer is not shown it.
    ben = ana.context.new_page()
    sign_in(ben, team["people"][1], PASSWORD)
    ben.goto(section(team))
    expect(ben.get_by_text(NOT_SAVED)).to_have_count(0)
    ben.close()
    ana.context.clear_cookies()
    ana.goto(f"/accounts/login/?next={section(team)}")
    ana.locator("input[name=login]").fill(team["people"][0])
    ana.locator("input[name=password]").fill(PASSWORD)
    ana.get_by_role("main").get_by_role("button", name="Sign in").first.click()

    expect(ana.get_by_text(NOT_SAVED)).to_be_visible()
    ana.get_by_role("button", name="Use it", exact=True).click()
    expect(state(ana)).to_contain_text(SAVED)
    comes_to_store(portal, team, "Typed after the session ended.")


def test_signing_in_on_another_tab_lets_the_first_go_on_by_itself(person, portal, team):
    ana = writer(person, team)
    ana.context.clear_cookies()
    box(ana).fill("Typed meanwhile.")
    expect(state(ana)).to_contain_text("Signed out.")

    sign_in(ana.context.new_page(), team["people"][0], PASSWORD)
    box(ana).press_sequentially(" And on.")

    expect(state(ana)).to_contain_text(SAVED)
    comes_to_store(portal, team, "Typed meanwhile. And on.")


def test_leaving_at_once_still_saves_the_last_words(person, portal, team):
    ana = writer(person, team)
    box(ana).fill("The last words.")

    ana.goto(team["proposal"])

    # The browser sends them after the page is gone, so the next page may be there first.
    comes_to_store(portal, team, "The last words.")
    ana.goto(section(team))
    expect(box(ana)).to_have_value("The last words.")
    expect(ana.get_by_text(NOT_SAVED)).to_have_count(0)


def test_leaving_while_a_save_is_on_its_way_still_saves_what_is_newer(person, portal, team):
    ana = writer(person, team)
    ana.evaluate(NO_ANSWER)
    box(ana).fill("The first words.")
    expect(ana.locator("html[data-asked]")).to_have_count(1)
    box(ana).fill("The first words. The last words.")

    ana.goto(team["proposal"])

    comes_to_store(portal, team, "The first words. The last words.")


def test_signing_out_saves_the_last_words_and_leaves_nothing_in_the_browser(person, portal, team):
    ana = writer(person, team)
    box(ana).fill("The very last words.")

    ana.get_by_text("Ana", exact=True).click()
    ana.get_by_role("button", name="Sign out").click()

    expect(ana).not_to_have_url(re.compile("/sections/"))
    comes_to_store(portal, team, "The very last words.")
    assert ana.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kept:'))") == []


def test_without_scripts_an_ended_session_gives_the_text_back_to_send_again(person, portal, team):
    ana = writer(lambda: person(java_script_enabled=False), team)
    ana.context.clear_cookies()
    # The token of the form and its cookie belong together; only the session is gone.
    ana.goto("/accounts/login/")
    sign_in(ana, team["people"][0], PASSWORD)
    ana.goto(section(team))
    box(ana).fill("Typed without scripts.")
    cookies = [each for each in ana.context.cookies() if each["name"] != "sessionid"]
    ana.context.clear_cookies()
    ana.context.add_cookies(cookies)
    press(ana, "Save and continue")
    heading(ana, "You were signed out")
    expect(ana.get_by_label("After the grant")).to_have_value("Typed without scripts.")

    sign_in(ana.context.new_page(), team["people"][0], PASSWORD)
    press(ana, "Send it again")
    # Signing in gave forms a new token, so it is asked once more, with the text still there.
    heading(ana, "Please send this once more")
    press(ana, "Send it again")

    expect(ana).to_have_url(re.compile("/sections/attachments/"))
    comes_to_store(portal, team, "Typed without scripts.")
