"""What the overview draws with a script, in a real browser: no accessibility fault and nothing off the screen.

The pages as they come from the server are tried with all others (`test_every_page.py`).
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from signals.label import Level
from signals.place import PlaceKind
from tests.review_ui.conftest import Site
from tests.review_ui.test_overview_numbers import FEW, add, count, past
from tests.review_ui.test_screens import no_problems

DRAWN = (
    ("/overzicht", "#bord .board-line"),
    ("/overzicht/kaart", "#kaart path.district--open"),
    ("/overzicht/cijfers?op=soort", "#grafieken canvas"),
)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [
        (390, "dark", "nl"),
        pytest.param(1280, "light", "en", marks=pytest.mark.soak),
        pytest.param(390, "light", "en", marks=pytest.mark.soak),
        pytest.param(1280, "dark", "nl", marks=pytest.mark.soak),
    ],
)
def test_what_is_drawn_has_no_accessibility_fault(site: Site, width: int, scheme: str, language: str) -> None:
    site.world.add_signal()
    for place in ("area:amsterdam/noord", "cbs:GM0363", "area:utrecht"):
        site.world.add_signal(places=((place, PlaceKind.AREA, "een plaats"),), level=Level.AANDACHT, window=False)
    add(site.world, past(site.world, 1), FEW)
    count(site.world)
    page = site.page("chris", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
    for path, drawn in DRAWN:
        page.goto(path)
        expect(page.locator(drawn).first).to_be_visible()
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        faults = [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found.response["violations"]]
        assert faults == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    no_problems(page)
