"""How long an expert waits at each step of open, read, judge and next: server and browser together, keyboard only.

The machine may be busy: so each step also tells what it took of the server's processor and of the page's own thread,
and how many bytes came, which another process beside it hardly changes. `BENCH_OPEN` and `BENCH_READ` set the size.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.road.place import place
from bench.road.processes import machine_load, started, worked
from bench.row import Row
from pipeline.kafka.local_broker import free_port
from review_ui.access.cookies import SESSION_COOKIE
from signals.label import Level
from tests.chromium import FLAGS
from tests.review_ui.world import TEXT, world_in

QUESTION = "How long does an expert wait at each step? (asked: median at most 150 ms, at most 4 key presses)"
COLUMNS = ("step", "median; p95", "keys", "server's processor", "the page's thread", "bytes")
OPEN = int(os.environ.get("BENCH_OPEN", "1000"))
READ = int(os.environ.get("BENCH_READ", "60"))

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
  return [Math.max(way.loadEventEnd, painted ? painted.startTime : 0), way.transferSize];
}"""


@dataclass
class Step:
    """What one kind of step took, each time."""

    milliseconds: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    thread: list[float] = field(default_factory=list)
    size: list[float] = field(default_factory=list)

    def row(self, name: str) -> Row:
        """All of it, as one row."""
        more = [f"{median(self.server):.0f} ms", f"{median(self.thread):.0f} ms", f"{median(self.size):,.0f}"]
        return Row(name, _said(self.milliseconds), ("1", *more))


@dataclass(frozen=True)
class Screen:
    """A page in a browser with a clock on its thread, before a server of its own."""

    page: Page
    clock: CDPSession
    server: int

    def goes(self, key: str, step: Step) -> None:
        """Press a key and wait until the page that it leads to stands on the screen."""
        was = worked(self.server)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)
        self.page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
        took, size = self.page.evaluate(_PAGE)
        step.milliseconds.append(took)
        step.size.append(size)
        step.server.append((worked(self.server) - was) * 1e3)
        # The counters of a page begin anew with it.
        step.thread.append(self._ticked("TaskDuration") * 1e3)

    def judges(self, panels: list[float], judged: Step) -> None:
        """Choose a verdict and give the reason."""
        self.page.evaluate(_PANEL)
        self.page.keyboard.press("a")
        panels.append(self.page.evaluate("window.waited"))
        self.goes("k", judged)

    def _ticked(self, name: str) -> float:
        metrics = self.clock.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == name))


def rows() -> Iterator[Row]:
    """Read a queue with the keyboard, and say what each step took."""
    opened, judged, panels = Step(), Step(), list[float]()
    with ExitStack() as stack:
        here = stack.enter_context(place(kafka=False))
        world = stack.enter_context(world_in(here.at.database, here.at.keys))
        for number in range(OPEN):
            world.add_signal(f"{TEXT} {number}", level=list(Level)[number % 3 + 1])
        with world.owner() as owner:
            owner.execute("ANALYZE")
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        server = stack.enter_context(started("screens", here.at, str(port)))
        screen = _screen(stack, address, world.signed_in("anna").client.cookies[SESSION_COOKIE], server.pid)
        for _ in range(5):
            screen.page.goto("/werkvoorraad")
            screen.goes("j", opened)
            screen.judges(panels, judged)
        while len(judged.milliseconds) < READ:
            screen.judges(panels, judged)
    yield opened.row(f"open the first of {OPEN:,} signals")
    yield Row("choose a verdict: the panel with reasons stands open", _said(panels), ("1",))
    yield judged.row("give the reason: judged, and the next signal stands on the screen")
    whole = [one + other for one, other in zip(panels, judged.milliseconds, strict=True)]
    yield Row(f"the whole path, from signal to signal; load {machine_load()}", _said(whole), ("2",))


def _screen(stack: ExitStack, address: str, token: str, server: int) -> Screen:
    driver = stack.enter_context(sync_playwright())
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    browser = stack.enter_context(driver.chromium.launch(executable_path=chromium, args=FLAGS))
    context = browser.new_context(base_url=address, locale="nl-NL", viewport={"width": 1280, "height": 800})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    page = context.new_page()
    clock = context.new_cdp_session(page)
    clock.send("Performance.enable", {"timeDomain": "threadTicks"})
    return Screen(page, clock, server)


def _said(milliseconds: list[float]) -> str:
    return f"{median(milliseconds):.0f}; {quantiles(milliseconds, n=20)[18]:.0f} ms"
