"""One portal of real processes and one Chromium for all browser tests; each person gets a context of their own."""

import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.server import Portal

# What a page comes to say is waited for so long: the machine may be busy with other things.
PATIENCE = 60_000  # milliseconds
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


# Before pytest-xdist reads the groups, whether this folder is named on the command line or found.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Browser tests run in one worker, so there is one browser and one portal; the long walk runs in another."""
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("walk" if item.path.name == "test_axe.py" else "browser"))


@contextmanager
def running_portal():
    """A portal of its own in a folder of its own, stopped and removed in the end."""
    running = Portal(Path(tempfile.mkdtemp(prefix="throughline-browser-")))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="package")
def portal():
    """The running portal, with the demo's open call in it."""
    with running_portal() as running:
        running.manage("demo", "--stage", "open")
        yield running


@pytest.fixture(scope="package")
def demo_portal():
    """A second running portal with the whole demo in it, for tests that only look."""
    with running_portal() as running:
        running.manage("demo", "--stage", "reporting")
        running.notes = json.loads(running.python("from tests.browser.unfinished import begin; begin()"))
        yield running


# Ends with the last test of this folder: Playwright keeps an event loop running in the thread, and Django's
# database refuses to be used beside one by the tests that the worker runs next.
@pytest.fixture(scope="package")
def chromium():
    """One Chromium of the system's own."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def person(chromium, portal):
    """A function that gives a person their own browser window: `person(width=360)` for a phone."""
    contexts = []

    def open_window(width: int = 1280, height: int = 900, **options):
        context = chromium.new_context(
            base_url=portal.base_url,
            viewport={"width": width, "height": height},
            timezone_id="America/New_York",
            locale="en-US",
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
