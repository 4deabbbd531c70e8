"""An expert opens, reads and judges a signal and has the next one on the screen in at most four key presses."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from signals.label import Level
from tests.patience import until
from tests.review_ui.conftest import Site

pytestmark = pytest.mark.browser

MOST = 4


class Keyboard:
    """A keyboard that counts; the mouse stays where it is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, key: str) -> None:
        """One key."""
        self.presses += 1
        self.page.keyboard.press(key)


@pytest.mark.parametrize(
    ("verdict", "reason", "said"), [("a", "k", "Afgewezen"), ("b", "o", "Bevestigd"), ("p", "m", "Aangehouden")]
)
def test_opening_reading_judging_and_the_next_take_at_most_four_keys(
    site: Site, verdict: str, reason: str, said: str
) -> None:
    first, second, third = (
        site.world.add_signal(f"het {name} bericht", level=level)
        for name, level in (("eerste", Level.CONCREET), ("tweede", Level.CONCREET), ("derde", Level.AANDACHT))
    )
    page = site.page("anna")
    keyboard = Keyboard(page)
    keyboard.press("j")
    page.wait_for_url(f"**/signaal/{first}**")
    expect(page.get_by_role("region", name="Tekst van de uiting")).to_contain_text("het eerste bericht")
    for text, following in (("het tweede bericht", second), ("het derde bericht", third)):
        keyboard.press(verdict)
        keyboard.press(reason)
        page.wait_for_url(f"**/signaal/{following}**")
        expect(page.get_by_role("region", name="Tekst van de uiting")).to_contain_text(text)
        expect(page.get_by_text(said).first).to_be_visible()
        assert keyboard.presses <= MOST, "open, judge and the next one"
        keyboard.presses = 0
    assert page.problems == []  # type: ignore[attr-defined]


def test_on_the_way_to_the_next_signal_the_browser_asks_for_nothing_that_can_wait(site: Site) -> None:
    first, second, third = (site.world.add_signal(f"het {name} bericht") for name in ("eerste", "tweede", "derde"))
    page = site.page("anna")
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # what waits for a moment waits until it runs on
    page.keyboard.press("j")
    page.wait_for_url(f"**/signaal/{first}**", wait_until="load")
    page.wait_for_timeout(200)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {urlsplit(request.url).path}"))

    def goes_on(after: UUID, here: UUID) -> list[str]:
        """What is asked from judging one signal until the next one's page stands there, styles and scripts left out."""
        asked.clear()
        page.keyboard.press("a")
        page.keyboard.press("k")
        page.wait_for_url(f"**/signaal/{after}**", wait_until="load")
        page.wait_for_timeout(200)
        assert not any("htmx" in address for address in asked)
        way = asked[asked.index(f"POST /signaal/{here}/oordeel") :]  # what the page before it asked late is not of it
        return [address.replace(str(here), "here") for address in way if "/static/" not in address]

    def left() -> int:
        """How often the server heard that a page was left."""
        route = {"method": "POST", "route": "/signaal/{signal_id}/wegkijken", "status": "204"}
        return int(site.world.app.state.metrics.registry.get_sample_value("seinpost_http_requests_total", route) or 0)

    at_once = ["POST /signaal/here/oordeel", f"GET /signaal/{second}", "GET /queue/events"]
    assert goes_on(second, first) == at_once
    assert left() == 0, "who is gone at once was not counted"
    page.clock.run_for(500)
    expect(page.locator(".presence")).to_be_attached()
    goes_on(third, second)
    until(lambda: left() > 0, 10)
    page.wait_for_timeout(300)
    assert left() == 1
