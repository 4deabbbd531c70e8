"""The invented team as a fixture, and the same app behind a real web server for a real browser."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Playwright, sync_playwright

from pipeline.kafka.local_broker import free_port
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from review_ui.access.cookies import SESSION_COOKIE
from review_ui.build_static import VENDOR
from tests.chromium import FLAGS
from tests.conftest import missing
from tests.review_ui.world import Browser, World, world_in


@pytest.fixture
def world(database: Database, keys: KeyFolder) -> Iterator[World]:
    """A fresh database with a team and no signals."""
    if not VENDOR.is_dir():
        missing(
            "the screens' style sheets are not built: npm ci --prefix review_ui && python -m review_ui.build_static"
        )
    with world_in(database, keys) as made:
        yield made


@pytest.fixture
def anna(world: World) -> Browser:
    """A logged-in reader; in most tests the first one."""
    return world.signed_in("anna")


@pytest.fixture
def bram(world: World) -> Browser:
    """A logged-in colleague; in most tests the second reader, or who is asked."""
    return world.signed_in("bram")


@dataclass
class Site:
    """The app on a port of this machine, and a browser to open it in."""

    world: World
    address: str
    chromium: Chromium

    def page(self, username: str | None = None, **options: object) -> Page:
        """A fresh browser window, logged in as somebody. Anything a script does wrong ends the test."""
        context = self.chromium.new_context(base_url=self.address, locale="nl-NL", **options)  # type: ignore[arg-type]
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        page.problems = problems  # type: ignore[attr-defined]
        if username is not None:
            token = self.world.signed_in(username).client.cookies[SESSION_COOKIE]
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.address}])
            page.goto("/werkvoorraad")
        return page


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The browser driver. It ends with its file: while it runs, no other test of this process can run an event loop."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Chromium]:
    """The machine's own Chromium."""
    with playwright.chromium.launch(executable_path=chromium, args=FLAGS) as running:
        yield running


@pytest.fixture
def site(world: World, browser: Chromium) -> Iterator[Site]:
    """The team's app behind a real web server."""
    with served(world, browser) as made:
        yield made


@contextmanager
def served(world: World, browser: Chromium) -> Iterator[Site]:
    """The same for as long as the block lasts, for a team that another fixture made."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(world.app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    made = Site(world, f"http://127.0.0.1:{port}", browser)
    yield made
    for context in browser.contexts:
        context.close()
    server.should_exit = True
    thread.join(10)
