"""The story's town: a whole Seinpost as processes of its own, a stream to post on, a mail server and a browser.

People, schools and directory are the demo's invented ones. Nothing of the product is replaced.
"""

import asyncio
import contextlib
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.kafka.local_broker import free_port
from pipeline.quality.rules import AtRandom
from seinpost.demo import start as demo
from seinpost.demo.replay_server import ReplayServer
from seinpost.demo.script import Line, frames
from tests.chromium import FLAGS
from tests.database import owner_connection
from tests.forwarding.mailbox import Mailbox, serve
from tests.whole_road.house import House, house
from tests.whole_road.replayed import replayed

SERVICES = ("serve", "unseal", "dispatch", "collect-stream")
EVERY_REJECTION = (AtRandom(kind="random", share=1.0),)
PATIENCE_MS = 20_000
"""For one thing to appear: the processes of a whole house share the machine with other tests."""
_LINK = re.compile(r"http://\S+(/portaal/[0-9a-f-]{36})")


@dataclass
class Stream:
    """A local Jetstream: what is posted on it goes to the collector that follows it."""

    server: ReplayServer
    loop: asyncio.AbstractEventLoop
    posted: int = 0

    def post(self, text: str) -> float:
        """Somebody posts this now; the moment, on the monotonic clock."""
        self.posted += 1
        frame = next(frames([Line(text=text)], seed=self.posted))
        time_us = time.time_ns() // 1000
        self.loop.call_soon_threadsafe(self.server.tape.add, time_us, frame(time_us))
        return time.monotonic()


@dataclass
class Town:
    """The running house, and the browser windows of those who are at it. Each window is a context of its own."""

    house: House
    stream: Stream
    mailbox: Mailbox
    chromium: Browser
    password: str
    windows: dict[str, Page] = field(default_factory=dict)

    def window(self, username: str) -> Page:
        """The window of somebody; a fresh one where nobody has logged in yet."""
        if username not in self.windows:
            context = self.chromium.new_context(base_url=self.house.settings.address, locale="nl-NL")
            context.set_default_timeout(PATIENCE_MS)
            self.windows[username] = context.new_page()
        return self.windows[username]

    def log_in(self, username: str) -> Page:
        """Log in through the form that stands open in this window; opens it where none does."""
        page = self.window(username)
        if "inloggen" not in page.url:
            page.goto("/inloggen")
        page.get_by_label("Naam").fill(username)
        page.get_by_label("Wachtwoord").fill(self.password)
        page.get_by_label("Wachtwoord").press("Enter")
        page.wait_for_url(lambda url: "inloggen" not in url)
        return page

    def leave(self, *usernames: str) -> None:
        """Close their windows: they are logged out there."""
        for username in usernames:
            if username in self.windows:
                self.windows.pop(username).context.close()

    def mail_for(self, username: str) -> list[tuple[str, str]]:
        """What came for somebody, in order: the text of each e-mail and the link in it."""
        found = []
        for message in self.mailbox.messages():
            body = message.get_body(("plain",))
            if username in str(message["To"]) and body is not None:
                text = body.get_content()
                link = _LINK.search(text)
                assert link is not None, text
                found.append((text, link.group(1)))
        return found

    def count(self, table: str, which: str = "true") -> int:
        """Rows of a table."""
        return int(str(self.house.rows(f"SELECT count(*) FROM {table} WHERE {which}")[0][0]))

    def let_pass(self, interval: str) -> None:
        """Time passes for all that was stored: every moment in it lies so much further back."""
        for table, moments in _MOMENTS.items():
            changes = ", ".join(f"{moment} = {moment} - interval '{interval}'" for moment in moments)
            with owner_connection(self.house.database) as owner:
                owner.execute(f"UPDATE {table} SET {changes}".encode())


_MOMENTS = {
    "signals": ("posted_at", "seen_at", "queued_at", "changed_at", "escalated_at", "window_start", "window_end"),
    "sightings": ("posted_at", "seen_at"),
    "raw_window": ("seen_at",),
    "assessments": ("created_at",),
    "referrals": ("prepared_at", "expires_at", "called_at", "window_start", "window_end"),
}


@contextlib.contextmanager
def town(folder: Path, chromium: str | None = None) -> Iterator[Town]:
    """A fresh town in `folder`, with every process of the embedded road started by the command of the compose file."""
    path = chromium or shutil.which("chromium") or shutil.which("google-chrome")
    mailbox, mail_port = Mailbox(), free_port()
    with contextlib.ExitStack() as stack:
        built = stack.enter_context(
            house(folder, port=free_port(), second_readings=EVERY_REJECTION, golden_share=0.0, unflagged_share=0.0)
        )
        settings, stream_port = demo.start_demo(built.settings, stack)
        built.settings = settings.model_copy(
            update={"smtp_port": mail_port, "golden_share": 0.0, "unflagged_share": 0.0}
        )
        stack.callback(serve(mailbox, mail_port).stop)
        server = ReplayServer([])
        stream = Stream(server, stack.enter_context(replayed(server, stream_port, play=False)))
        built.start_service(*SERVICES)
        stack.callback(built.stop)
        built.wait_for(lambda: built.answers() and server.connections > 0)
        driver = stack.enter_context(sync_playwright())
        browser = stack.enter_context(driver.chromium.launch(executable_path=path, args=FLAGS))
        expect.set_options(timeout=PATIENCE_MS)
        stack.callback(expect.set_options)
        yield Town(built, stream, mailbox, browser, demo.password(built.settings))
