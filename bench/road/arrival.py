"""How soon an arriving signal is told in open browsers: 48 event streams and, where Chromium is, two real screens."""

import http.client
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from playwright.sync_api import Page, sync_playwright

from review_ui.access.cookies import SESSION_COOKIE
from tests.chromium import FLAGS

STREAMS, SCREENS = 48, 2
ARRIVALS, PAUSE = 20, 1.0
_INSERT = """
    INSERT INTO seinpost.signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at)
    VALUES (%s, 'urgent', 'new', 'threat', 'acuut', true, 'chat', 'nl', 'tip', 1, now())
"""
_WATCH = """() => {
    window.seenAt = [];
    const words = document.getElementById("nieuws-tekst");
    new MutationObserver(() => window.seenAt.push([Date.now(), words.textContent]))
        .observe(words, {childList: true, characterData: true, subtree: true});
}"""


@dataclass
class Arrival:
    """How long it took each time, to the wire or to the screen."""

    what: str
    seconds: list[float] = field(default_factory=list)


def arrivals(admin: psycopg.Connection, port: int, tokens: list[str]) -> Iterator[Arrival]:
    """Let signals arrive while everybody watches, then tell how soon each browser heard of them."""
    rung: list[list[float]] = [[] for _ in range(STREAMS)]
    stop = threading.Event()
    with ExitStack() as stack:
        stack.callback(stop.set)
        for heard, token in zip(rung, tokens, strict=False):
            threading.Thread(target=_listen, args=(port, token, heard, stop), daemon=True).start()
        pages = list(_screens(stack, port, tokens[STREAMS:]))
        time.sleep(2)
        for heard in rung:
            heard.clear()
        came = []
        for _ in range(ARRIVALS):
            came.append(time.time())
            admin.execute(_INSERT, (uuid4(),))
            # The driver of the browsers must get its turn while we wait.
            pages[0].wait_for_timeout(PAUSE * 1e3) if pages else time.sleep(PAUSE)
        yield Arrival(f"arrival to the wire of {STREAMS} event streams", _delays(came, [h for h in rung if h]))
        shown = [[moment / 1e3 for moment, words in page.evaluate("window.seenAt") if words] for page in pages]
        yield Arrival(f"arrival to the screen of {len(pages)} Chromium beside them", _delays(came, shown))


def _delays(came: list[float], heard: list[list[float]]) -> list[float]:
    """For each arrival and each browser: until the first time it heard after it, if that was before the next one."""
    found = []
    for one in heard:
        for moment, following in zip(came, [*came[1:], came[-1] + 5 * PAUSE], strict=True):
            after = [at for at in one if moment <= at < following]
            if after:
                found.append(min(after) - moment)
    return found


def _listen(port: int, token: str, heard: list[float], stop: threading.Event) -> None:
    over = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    over.request("GET", "/queue/events", headers={"Cookie": f"{SESSION_COOKIE}={token}"})
    answer = over.getresponse()
    while not stop.is_set():
        line = answer.readline()
        if not line:
            return
        if line.startswith(b"event: queue"):
            heard.append(time.time())


def _screens(stack: ExitStack, port: int, tokens: list[str]) -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return
    driver = stack.enter_context(sync_playwright())
    address = f"http://127.0.0.1:{port}"
    for token in tokens[:SCREENS]:
        browser = stack.enter_context(driver.chromium.launch(executable_path=chromium, args=FLAGS))
        page = browser.new_page()
        page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        page.goto(f"{address}/werkvoorraad")
        page.evaluate(_WATCH)
        yield page
