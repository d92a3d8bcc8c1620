"""Takes the README's pictures from the running demo: what `make screenshots` calls."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import tests.plugins.environment  # noqa: F401 - gives the portal a throwaway folder and a broker
from tests.browser.people import sign_in
from tests.browser.server import ROOT, Portal

FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 150_000  # bytes
SIZE = {"width": 1280, "height": 900}
RESULTS = 3  # the fourth page
PATIENCE = 60  # seconds until the worker has printed the reports


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, from which page they start, and the link they follow there, if any."""

    name: str
    who: str
    start: str
    link: str = ""
    then: str = ""


SHOTS = (
    Shot("call", "", "/calls/", r"/calls/R-[\d-]+/"),
    Shot("proposal", "ana", "/proposals/", r"/proposals/P-[\d-]+/"),
    Shot("budget", "chen", "/proposals/", r"/proposals/P-[\d-]+/", "sections/budget/"),
    Shot("review", "rolf", "/reviews/", r"/reviews/V-[\d-]+/"),
    Shot("docket", "omar", "/dockets/", r"/dockets/D-[\d-]+/"),
    Shot("award", "lea", "/awards/", r"/awards/A-[\d-]+/"),
    Shot("payments", "fay", "/payments/"),
    Shot("report", "hugo", "/reports/", r"/reports/AR-[\d-]+/"),
    Shot("activity", "otto", "/activity/"),
    Shot("people", "ada", "/people/"),
)


def main() -> None:
    """Start a portal with the demo, take every picture, stop it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    portal = Portal(Path(tempfile.mkdtemp(prefix="throughline-screenshots-")))
    try:
        portal.start()
        portal.manage("demo", "--stage", "reporting")
        portal.python("from tests.browser.unfinished import begin; begin()")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for shot in SHOTS:
                take(browser, portal.base_url, shot)
            print_page(browser, portal.base_url)
            browser.close()
    finally:
        portal.stop()


def take(browser: Browser, base_url: str, shot: Shot) -> None:
    """Go there as that person and keep what the window shows."""
    page = _window(browser, base_url, shot.who)
    page.goto(shot.start)
    if shot.link:
        page.goto(_followed(page, shot.link) + shot.then)
    page.wait_for_load_state("networkidle")
    keep(shot.name, Image.open(io.BytesIO(page.screenshot())))
    page.context.close()


def print_page(browser: Browser, base_url: str) -> None:
    """Keep the page of a report's PDF with the results, once the worker has made it."""
    page = _window(browser, base_url, "lea")
    deadline = time.monotonic() + PATIENCE
    while True:
        page.goto("/reports/")
        page.goto(_followed(page, r"/reports/AR-[\d-]+/"))
        link = page.locator("a[href*='/pdf/']").first
        if link.count():
            break
        if time.monotonic() > deadline:
            raise SystemExit("No worker has made the PDF of the first report.")
        time.sleep(1)
    content = page.request.get(link.get_attribute("href")).body()
    with pypdfium2.PdfDocument(content) as document:
        keep("pdf", document[RESULTS].render(scale=1.4).to_pil())
    page.context.close()


def keep(name: str, picture: Image.Image) -> None:
    """Save it in its most frequent colours, so that surfaces and small marks keep exactly theirs."""
    path = FOLDER / f"{name}.png"
    plain = picture.convert("RGB")
    frequent = sorted(plain.getcolors(plain.width * plain.height), reverse=True)
    for most in (256, 128, 64):
        palette = Image.new("P", (1, 1))
        palette.putpalette([part for _, color in frequent[:most] for part in color])
        plain.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < LARGEST:
            break
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


def _window(browser: Browser, base_url: str, who: str) -> Page:
    context = browser.new_context(base_url=base_url, viewport=SIZE, timezone_id="America/New_York", locale="en-US")
    page = context.new_page()
    return sign_in(page, f"{who}@demo.example") if who else page


def _followed(page: Page, pattern: str) -> str:
    """The path of the first link of the page's main part that fits."""
    paths = [link.get_attribute("href") or "" for link in page.locator("main a[href]").all()]
    found = [path for path in paths if re.fullmatch(pattern, path)]
    if not found:
        raise SystemExit(f"No link like {pattern} on {page.url}.")
    return found[0]


if __name__ == "__main__":
    main()
