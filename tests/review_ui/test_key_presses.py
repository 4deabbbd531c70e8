"""An expert opens, reads and judges a signal and has the next one on the screen in at most four key presses."""

import pytest
from playwright.sync_api import Page, expect

from signals.label import Level
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
