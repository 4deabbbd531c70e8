"""Every page in both languages, light and dark, on a phone and wide: no accessibility fault, nothing off the screen."""

from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Window

from pipeline.key_folder import KeyFolder
from tests.review_ui.conftest import Site
from tests.review_ui.every_page import NO_PAGES, PAGES, Page, get_routes, set_stage
from tests.review_ui.world import World
from tests.soak import Soak

Look = tuple[str, str, int]
LOOKS: tuple[Look, ...] = tuple(product(("nl", "en"), ("light", "dark"), (390, 1280)))
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def pairwise() -> Iterator[tuple[Look, Page]]:
    """Each page in one look and in its opposite, another pair from page to page: so every two of page, language, theme
    and width meet.
    """
    half = LOOKS[: len(LOOKS) // 2]
    for number, page in enumerate(PAGES):
        look = half[number % len(half)]
        yield look, page
        yield opposite(look), page


def opposite(look: Look) -> Look:
    """The other language, the other theme and the other width."""
    language, theme, width = look
    return (
        "en" if language == "nl" else "nl",
        "dark" if theme == "light" else "light",
        1280 if width == 390 else 390,
    )


def test_every_route_that_can_be_opened_is_a_page_of_the_list_or_says_why_not(world: World) -> None:
    routes = get_routes(world.app)
    listed = {page.pattern for page in PAGES if page.status == 200}
    assert routes - listed - NO_PAGES.keys() == set(), "add the page to tests/review_ui/every_page.py"
    assert (listed | NO_PAGES.keys()) - routes == set(), "the list names what is no route any more"


def test_every_two_of_page_language_theme_and_width_meet_in_the_short_form() -> None:
    short = list(pairwise())
    for index, values in enumerate((("nl", "en"), ("light", "dark"), (390, 1280))):
        assert {(page.name, look[index]) for look, page in short} == {
            (page.name, value) for page in PAGES for value in values
        }
    seen = {look for look, _ in short}
    assert seen == set(LOOKS)


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_no_page_has_a_fault_or_runs_off_the_screen(site: Site, keys: KeyFolder) -> None:
    faults, _ = walk(site, keys, pairwise())
    assert faults == [], "\n".join(faults)


@pytest.mark.browser
@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_no_page_has_a_fault_in_any_language_theme_and_width(site: Site, keys: KeyFolder, soak: Soak) -> None:
    faults, seen = walk(site, keys, product(LOOKS, PAGES))
    soak.record("every page: axe and overflow", f"{seen} looks at {len(PAGES)} pages and states, {len(faults)} faults")
    assert faults == [], "\n".join(faults)


def walk(site: Site, keys: KeyFolder, visits: Iterable[tuple[Look, Page]]) -> tuple[list[str], int]:
    """Open each page in each look; what is wrong, and how many were looked at."""
    visits = list(visits)
    windows: dict[tuple[Look, str | None], Window] = {}
    found: list[str] = []
    seen = 0
    with set_stage(site.world, keys) as names:
        for look, page in visits:
            at = (look, page.who)
            if at not in windows:
                windows[at] = _window(site, look, page.who)
            found += [f"{page.name} {look}: {fault}" for fault in _faults(windows[at], page, names)]
            seen += 1
    for (look, who), window in windows.items():
        # The browser itself tells of an answer that is no page; the list says which those are.
        missing = sum(page.status == 404 for visited, page in visits if (visited, page.who) == (look, who))
        lines = [line for line in window.problems if "404" not in line]  # type: ignore[attr-defined]
        lines += [line for line in window.problems if "404" in line][missing:]  # type: ignore[attr-defined]
        found += [f"{who} {look}: {line}" for line in lines]
    return found, seen


def _window(site: Site, look: Look, who: str | None) -> Window:
    language, theme, width = look
    window = site.page(None, viewport={"width": width, "height": 900}, color_scheme=theme)
    cookies = [("seinpost_language", language)]
    if who is not None:
        cookies.append(("seinpost_session", site.world.signed_in(who).client.cookies["seinpost_session"]))
    window.context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in cookies])
    return window


def _faults(window: Window, page: Page, names: dict[str, str]) -> list[str]:
    answer = window.goto(page.at.format(**names))
    if answer is None or answer.status != page.status:
        return [f"answered {answer.status if answer else 'nothing'}"]
    for key in page.keys:
        window.keyboard.press(key)
    # Halfway a page the links that stay in sight lie over some button; its size is judged where it lies free.
    window.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    wide: int = window.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    off = [f"runs {wide} px off the screen"] if wide > 0 else []
    violations = Axe().run(window, options=_RULES).response["violations"]
    return off + [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for fault in violations
        for node in fault["nodes"]
    ]
