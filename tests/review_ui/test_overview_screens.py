"""Every page of the overview in a real browser: no accessibility fault, nothing off the screen, nothing refused."""

import pytest
from playwright.sync_api import expect

from signals.label import Level
from signals.place import PlaceKind
from tests.review_ui.conftest import Site
from tests.review_ui.test_overview_board import a_day
from tests.review_ui.test_screens import _faults, no_problems


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [
        (390, "dark", "nl"),
        (1280, "light", "en"),
        pytest.param(390, "light", "en", marks=pytest.mark.soak),
        pytest.param(1280, "dark", "nl", marks=pytest.mark.soak),
        pytest.param(390, "dark", "en", marks=pytest.mark.soak),
        pytest.param(1280, "dark", "en", marks=pytest.mark.soak),
    ],
)
def test_no_page_of_the_overview_has_an_accessibility_fault(site: Site, width: int, scheme: str, language: str) -> None:
    a_day(site.world)
    for place in ("area:amsterdam/noord", "cbs:GM0363", "area:utrecht"):
        site.world.add_signal(places=((place, PlaceKind.AREA, "een plaats"),), level=Level.AANDACHT, window=False)
    page = site.page("chris", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
    found = {}
    for path, drawn in (("/overzicht", "#bord"), ("/overzicht/kaart", "#kaart path.district--open")):
        page.goto(path)
        expect(page.locator(drawn).first).to_be_visible()
        found[path] = _faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert found == {path: [] for path in found}
    no_problems(page)
