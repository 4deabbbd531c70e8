"""A real browser that opens a page, looks what became of it, and hears all that ran, was blocked or was asked."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request

from tests.review_ui.hostile.seen import Seen, element, faults

LOOK = (Path(__file__).parent / "look.js").read_text()
WATCH = """
window.qzRan = [];
window.qz = () => window.qzRan.push("qz");
document.addEventListener("securitypolicyviolation", (event) => qzRan.push(`blocked ${event.violatedDirective}`));
"""
WIDTHS = (390, 1280)


@dataclass
class Look:
    """A page at one width as the browser shows it."""

    seen: Seen
    turned: list[str]
    out_of_reach: list[str]
    wide: bool
    title: str


@dataclass
class Watcher:
    """One person's browser. `happened` is all that no text may cause."""

    page: Page
    home: str
    happened: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Start to watch."""
        self.page.add_init_script(WATCH)
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.happened.append(f"error: {error}"))
        self.page.on("popup", lambda _: self.happened.append("a window opened"))
        self.page.on("download", lambda _: self.happened.append("a download"))
        self.page.context.on("request", self._request)

    def open(self, path: str) -> dict[int, Look]:
        """Open a page and look at it in every width."""
        self.page.goto(path)
        return self.look()

    def look(self) -> dict[int, Look]:
        """Look at the page that stands open, in every width."""
        looks = {}
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            looks[width] = _look(self.page)
        self.happened += self.page.evaluate("window.qzRan.splice(0)")
        return looks

    def told(self) -> list[str]:
        """What happened since the last time it was asked."""
        told, self.happened = self.happened, []
        return told

    def _dialog(self, dialog: Dialog) -> None:
        self.happened.append(f"a {dialog.type} opened")
        dialog.dismiss()

    def _console(self, line: ConsoleMessage) -> None:
        if line.type in ("error", "warning"):
            self.happened.append(f"console: {line.text[:200]}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if f"{address.scheme}://{address.netloc}" != self.home:
            self.happened.append(f"asked elsewhere: {request.url[:80]}")
        self.asked.add(f"{request.method} {address.path}")


def wrong(
    looks: dict[int, Look], ordinary: dict[int, Look], shown: Iterable[str], promised: Iterable[str]
) -> list[str]:
    """What is wrong with a page beside the same page with an ordinary text."""
    found: list[str] = []
    shown, promised = tuple(shown), tuple(promised)
    for width, look in looks.items():
        plain = ordinary[width]
        said = faults(look.seen, plain.seen, shown, promised)
        said += [f"turned round: {word}" for word in look.turned]
        said += [f"out of reach: {button}" for button in sorted({*look.out_of_reach} - {*plain.out_of_reach})]
        said += ["the page is wider than the screen"] if look.wide else []
        said += ["another title"] if look.title != plain.title else []
        found += [f"{width} px: {fault}" for fault in said]
    return found


def _look(page: Page) -> Look:
    made = page.evaluate(LOOK)
    seen = Seen(
        elements={element(tag, attributes) for tag, attributes in map(json.loads, made["elements"])},
        others=made["others"],
        own=made["own"],
    )
    return Look(seen, made["turned"], made["outOfReach"], made["wide"], made["title"])
