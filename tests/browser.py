"""Pages in the Chromium of the system: opening one without a network, and what axe says of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
WIDTH_OF_A4 = 703
"""Pixels between the margins of the style sheet."""
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}
_ASKED = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, as long as it is open."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, file: Path, size: dict[str, int] = DESK, has_script: bool = True) -> Page:
    """A page of a release, without a network."""
    page = browser.new_context(viewport=size, java_script_enabled=has_script, offline=True).new_page()
    page.goto(file.as_uri())
    return page


def axe_finds(page: Page) -> list[str]:
    """What of WCAG 2.2 AA and of good practice the page does not meet: the rule, and the element it is met in."""
    violations = Axe().run(page, options=_ASKED).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations]


def cut_off_on_paper(page: Page) -> list[str]:
    """The texts of what is wider than A4 when the page is printed."""
    page.set_viewport_size({"width": WIDTH_OF_A4, "height": 1000})
    page.emulate_media(media="print")
    texts: list[str] = page.evaluate(
        "[...document.querySelectorAll('table, svg, p, h1, h2')]"
        f".filter(one => one.getBoundingClientRect().right > {WIDTH_OF_A4} + 1).map(one => one.textContent)"
    )
    return texts


def width(page: Page) -> int:
    """Pixels that the page is wide, whatever the screen is."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return wide
