"""How long an expert waits at each step of open, read, judge and next: server and browser together, keyboard only."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from bench.road.place import place
from bench.road.processes import machine_load
from bench.row import Row
from review_ui.access.cookies import SESSION_COOKIE
from signals.label import Level
from tests.review_ui.hammer.server import server
from tests.review_ui.world import TEXT, world_in

QUESTION = "How long does an expert wait at each step? (asked: median at most 150 ms, at most 4 key presses)"
COLUMNS = ("step", "median; p95", "keys")
OPEN = int(os.environ.get("BENCH_OPEN", "1000"))
READ = int(os.environ.get("BENCH_READ", "60"))
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

# From the key to the frame in which the opened panel stands on the screen, as the page itself measures it.
_PANEL = """() => {
  window.waited = new Promise((done) => addEventListener("keydown", (event) => {
    requestAnimationFrame(() => requestAnimationFrame((at) => done(at - event.timeStamp)));
  }, { capture: true, once: true }));
}"""
# A navigation's clock starts when the form is sent: the answer to the form, the next page, its styles and scripts.
_PAGE = """() => {
  const [way] = performance.getEntriesByType("navigation");
  const [painted] = performance.getEntriesByName("first-contentful-paint");
  return Math.max(way.loadEventEnd, painted ? painted.startTime : 0);
}"""


def rows() -> Iterator[Row]:
    """Read a queue with the keyboard, and say what each step took."""
    opened: list[float] = []
    panels: list[float] = []
    judged: list[float] = []
    with ExitStack() as stack:
        here = stack.enter_context(place(kafka=False))
        world = stack.enter_context(world_in(here.at.database, here.at.keys))
        for number in range(OPEN):
            world.add_signal(f"{TEXT} {number}", level=list(Level)[number % 3 + 1])
        address = stack.enter_context(server(here.at.database, here.at.keys, pace=1))
        driver = stack.enter_context(sync_playwright())
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = stack.enter_context(driver.chromium.launch(executable_path=chromium, args=_FLAGS))
        context = browser.new_context(base_url=address, locale="nl-NL", viewport={"width": 1280, "height": 800})
        token = world.signed_in("anna").client.cookies[SESSION_COOKIE]
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        page = context.new_page()
        for _ in range(5):
            page.goto("/werkvoorraad")
            opened.append(_goes(page, "j"))
            _judged(page, panels, judged)
        while len(judged) < READ:
            _judged(page, panels, judged)
    yield Row(f"open the first of {OPEN:,} signals", _said(opened), ("1",))
    yield Row("choose a verdict: the panel with reasons stands open", _said(panels), ("1",))
    yield Row("give the reason: judged, and the next signal stands on the screen", _said(judged), ("1",))
    yield Row(f"the whole path, from signal to signal; load {machine_load()}", _said(_together(panels, judged)), ("2",))


def _judged(page: Page, panels: list[float], judged: list[float]) -> None:
    page.evaluate(_PANEL)
    page.keyboard.press("a")
    panels.append(page.evaluate("window.waited"))
    judged.append(_goes(page, "k"))


def _goes(page: Page, key: str) -> float:
    """Milliseconds until the page that a key leads to stands on the screen."""
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)
    page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    took: float = page.evaluate(_PAGE)
    return took


def _together(panels: list[float], judged: list[float]) -> list[float]:
    return [one + other for one, other in zip(panels, judged, strict=True)]


def _said(milliseconds: list[float]) -> str:
    return f"{median(milliseconds):.0f}; {quantiles(milliseconds, n=20)[18]:.0f} ms"
