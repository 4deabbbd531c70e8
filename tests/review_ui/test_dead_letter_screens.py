"""The screens of what lies aside in a real browser: by keyboard, both languages, both schemes, phone and wide."""

import os
import re
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from signals.dead_letter import DeadReason
from tests.review_ui.conftest import Site
from tests.review_ui.test_dead_letters import SECRET, Aside, aside

__all__ = ["aside"]
pytestmark = pytest.mark.browser

LOOK_AT = os.environ.get("LOOK_AT")
"""A folder for pictures of every state, for whoever changes these screens."""
REASON = "nakijken wat er misging"
CHECKED = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [
        (1280, "light", "nl"),
        (390, "dark", "en"),
        pytest.param(1280, "dark", "en", marks=pytest.mark.soak),
        pytest.param(390, "light", "en", marks=pytest.mark.soak),
        pytest.param(390, "dark", "nl", marks=pytest.mark.soak),
    ],
)
def test_no_state_has_an_accessibility_fault_and_each_fits(
    site: Site, aside: Aside, width: int, scheme: str, language: str
) -> None:
    page = _opened(site, width, scheme, language)
    look = Look(page, f"{language}-{scheme}-{width}")
    fails, foreign = (aside.add(n, r, s) for n, r, s in _MORE)
    page.goto("/terzijde")
    for summary in page.locator("summary").all():
        summary.click()
    look.at("heaps")
    page.goto(f"/terzijde/{foreign}")
    look.at("cannot go back")
    page.goto(f"/terzijde/{fails}")
    look.at("letter")
    press(page, fails, "openen", "x" * 4, valid=False)
    look.at("no reason")
    press(page, fails, "openen", REASON)
    assert SECRET in page.content()
    look.at("opened")
    page.locator(f'form[action="/terzijde/{fails}/terug"] button').click()
    look.at("back")
    press(page, foreign, "weg", REASON)
    look.at("discarded")
    page.goto("/terzijde?terug=3&gebleven=2&even=niet")
    look.at("road away")
    with site.world.owner() as owner:
        owner.execute("UPDATE dead_letters SET state = 'discarded', bytes = NULL")
    page.goto("/terzijde")
    look.at("empty")
    assert look.faults == [], "\n".join(look.faults)
    problems = [line for line in page.problems if "422" not in line]  # type: ignore[attr-defined]  # the browser tells
    assert problems == []


def test_mending_goes_by_keyboard_alone_and_what_has_the_focus_shows_it(site: Site, aside: Aside) -> None:
    page = _opened(site, 1280, "light", "nl")
    page.goto("/terzijde")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    newest = page.get_by_text("De nieuwste berichten").first
    tab_to(page, newest)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name=re.compile("bij de analyse")).first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/terzijde/[0-9a-f-]{36}$"))
    tab_to(page, page.get_by_label("Waarom wilt u de inhoud zien?"))
    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    expect(page.get_by_text(SECRET)).to_be_visible()
    tab_to(page, page.get_by_role("button", name="English"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A record set aside")).to_be_visible()
    assert SECRET not in page.content()
    tab_to(page, page.get_by_role("button", name="Give back", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Back to what lies aside"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Give all back").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/terzijde?terug=2*")
    assert aside.trail("dead_letter_opened") == 1
    assert aside.trail("dead_letter_retried") == 3


def test_it_works_without_a_script(site: Site, aside: Aside) -> None:
    page = site.page("toon", java_script_enabled=False)
    page.goto("/terzijde")
    page.get_by_role("button", name="Zet alles terug").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/terzijde?terug=3*")
    page.get_by_text("De nieuwste berichten").click()
    page.get_by_role("link", name="bij het inlezen van een bestand").click()
    page.get_by_label("Waarom gooit u het weg?").fill("bestand is hersteld")
    page.get_by_role("button", name="Gooi weg").click()
    assert "Het bericht is weggegooid." in page.content()


_MORE = (("e", DeadReason.STORE_REFUSED, "intake"), ("f", DeadReason.SCHEMA, "import"))


class Look:
    """Judges a state of a page, and keeps a picture of it where somebody asked for one."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
        self.faults: list[str] = []

    def at(self, state: str) -> None:
        """The page as it stands now."""
        found = Axe().run(self.page, options=CHECKED).response["violations"]
        self.faults += [f"{state}: {fault['id']} {node['html'][:120]}" for fault in found for node in fault["nodes"]]
        if not self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            self.faults.append(f"{state}: runs off the screen")
        if LOOK_AT:
            name = f"{state.replace(' ', '-')}-{self.name}.png"
            self.page.screenshot(path=Path(LOOK_AT) / name, full_page=True)


def press(page: Page, letter: UUID, what: str, reason: str, *, valid: bool = True) -> None:
    """Send one of a letter's forms with a reason, also one that the browser itself would hold back."""
    if not page.url.endswith(f"/terzijde/{letter}"):
        page.goto(f"/terzijde/{letter}")
    form = page.locator(f'form[action="/terzijde/{letter}/{what}"]')
    if not valid:
        form.evaluate("form => form.noValidate = true")
    form.get_by_role("textbox").fill(reason)
    form.get_by_role("button").click()


def tab_to(page: Page, wanted: Locator, most: int = 40) -> None:
    """Press Tab until something has the focus; it must then be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement || one.contains(document.activeElement)"):
            seen = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' && s.outlineWidth !== '0px' || s.boxShadow !== 'none'; }"
            )
            assert seen, "what has the focus does not show it"
            return
    raise AssertionError("it cannot be reached with Tab")


def _opened(site: Site, width: int, scheme: str, language: str) -> Page:
    page = site.page("toon", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.problems.clear()  # type: ignore[attr-defined]  # a tuner has no queue to start in
    page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
    return page
