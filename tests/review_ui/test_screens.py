"""The screens in a real browser: by keyboard alone, without JavaScript, on a phone, and with hostile posts."""

import re
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from signals.label import Level
from tests.review_ui.conftest import Site
from tests.review_ui.world import PASSWORD

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>document.title='gehackt'</script>",
    "<img src=x onerror=\"document.title='gehackt'\">",
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7}",
    '"><svg onload="document.title=\'gehackt\'">',
    "javascript:document.title='gehackt'",
    "\u202eomgekeerd\u202c en \u2066verstopt",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b" * 40,
    "a" * 4000,
    "\u200b" * 300 + "onzichtbaar",
    "</textarea></select></bdi></mark><h1>koppen</h1>",
    "<a href=https://example.org hx-get=/uitloggen hx-trigger=load>x</a>",
)


def no_problems(page: Page) -> None:
    """Nothing was blocked by the policy and no script failed."""
    assert page.problems == []  # type: ignore[attr-defined]


def in_state(site: Site, signal: UUID, state: str) -> None:
    """The stored state is this one by now."""
    assert site.world.state_of(signal) == state


def test_a_reader_logs_in_reads_judges_and_goes_on_with_the_keyboard_alone(site: Site) -> None:
    first = site.world.add_signal("het eerste bericht", level=Level.ACUUT)
    second = site.world.add_signal("het tweede bericht", level=Level.CONCREET)
    page = site.page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.get_by_label("Naam").focus()
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/werkvoorraad")
    page.keyboard.press("j")
    page.wait_for_url(f"**/signaal/{first}")
    expect(page.get_by_text("het eerste bericht")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("Waarom wijst u af?")).to_be_visible()
    page.keyboard.press("k")
    page.wait_for_url(f"**/signaal/{second}**")
    in_state(site, first, "rejected")
    page.keyboard.press("b")
    page.keyboard.press("g")
    page.wait_for_url("**/werkvoorraad**")
    in_state(site, second, "waiting_second")
    no_problems(page)


def test_keys_are_silent_while_someone_types(site: Site) -> None:
    signal = site.world.add_signal()
    page = site.page("anna")
    page.keyboard.press("j")
    page.wait_for_url(f"**/signaal/{signal}")
    page.keyboard.press("e")
    expect(page.locator("#soort")).to_be_focused()
    page.get_by_label("Duiding voor de ontvanger").focus()
    page.keyboard.type("a g k p j ?")
    expect(page.get_by_label("Duiding voor de ontvanger")).to_have_value("a g k p j ?")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Duiding voor de ontvanger")).to_be_hidden()
    in_state(site, signal, "new")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    no_problems(page)


def test_two_readers_confirm_and_forward_in_their_browsers_the_second_one_blind(site: Site) -> None:
    site.world.add_directory()
    signal = site.world.add_signal()
    anna = site.page("anna")
    anna.keyboard.press("j")
    anna.wait_for_url(f"**/signaal/{signal}")
    anna.keyboard.press("e")
    anna.get_by_label("Duiding voor de ontvanger").fill("oproep met tijd en plaats, geen clip")
    anna.get_by_role("button", name="oproep met tijd en plaats").click()
    expect(anna.get_by_role("heading", name="Acuut: bel eerst 112")).to_be_visible()
    bram = site.page("bram")
    bram.keyboard.press("j")
    bram.wait_for_url(f"**/signaal/{signal}")
    expect(bram.get_by_text("Uw oordeel als tweede lezer")).to_be_visible()
    assert "geen clip" not in bram.content()
    bram.keyboard.press("b")
    bram.keyboard.press("o")
    expect(bram.get_by_role("heading", name="Doorzetten")).to_be_visible()
    bram.keyboard.press("d")
    bram.keyboard.press("Enter")
    expect(bram.get_by_text("klaargezet").first).to_be_visible()
    in_state(site, signal, "referred")
    for page in (anna, bram):
        no_problems(page)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_post_is_text_and_nothing_else(site: Site, text: str) -> None:
    signal = site.world.add_signal(text)
    page = site.page("anna")
    page.goto(f"/signaal/{signal}")
    expect(page.locator(".reading__text")).to_be_visible()
    page.wait_for_timeout(200)
    assert "gehackt" not in page.title()
    assert page.locator(".reading__text").locator("script, img, svg, a, h1").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the layout holds"
    expect(page.get_by_role("heading", name="Uw oordeel")).to_be_visible()
    no_problems(page)


def test_a_new_signal_is_announced_without_moving_the_list(site: Site) -> None:
    site.world.add_signal("er is er al een")
    page = site.page("anna")
    page.wait_for_timeout(500)
    site.world.clock.now = site.world.clock.now.replace(microsecond=999_999)
    site.world.add_signal("net binnen")
    line = page.get_by_text("1 nieuw signaal")
    expect(line).to_be_visible(timeout=5000)
    expect(page.locator("[data-signal]")).to_have_count(1)
    page.keyboard.press("n")
    expect(page.locator("[data-signal]")).to_have_count(2)
    no_problems(page)


def test_reading_judging_and_forwarding_work_without_javascript(site: Site) -> None:
    site.world.add_directory()
    signal = site.world.add_signal()
    for name in ("anna", "bram"):
        page = site.page(name, java_script_enabled=False)
        page.locator(f'[data-signal="{signal}"] button').click()
        page.locator("summary", has_text="Bevestigen").click()
        page.get_by_role("button", name="gericht op een school").click()
    page.get_by_role("button", name="Doorzetten").click()
    expect(page.get_by_text("Doorgezet. De ontvangers krijgen een bericht.")).to_be_visible()
    in_state(site, signal, "referred")


def test_on_a_phone_the_signal_comes_first_and_nothing_runs_off_the_screen(site: Site) -> None:
    signal = site.world.add_signal()
    page = site.page("anna", viewport={"width": 360, "height": 740}, has_touch=True)
    page.goto(f"/signaal/{signal}")
    text, queue = page.locator(".reading__text").bounding_box(), page.locator("#wachtrij").bounding_box()
    assert text is not None
    assert queue is not None
    assert text["y"] < queue["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name=re.compile("Werkvoorraad 1")).click()
    expect(page.locator("#wachtrij")).to_be_in_viewport()
    page.goto("/melden/waarneming")
    page.get_by_label("Wat zag of hoorde u?").fill("een groep verzamelt zich")
    page.get_by_label("Waar?").fill("bij het station")
    page.get_by_label("Wanneer?").fill("nu")
    page.get_by_role("button", name="Melden").click()
    expect(page.get_by_text("Dank u.")).to_be_visible()


def _faults(page: Page, path: str | None = None) -> list[str]:
    if path is not None:
        page.goto(path)
    # Halfway a page the links that stay in sight lie over some button; its size is judged where it lies free.
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    result = Axe().run(page, options=options)
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for fault in result.response["violations"]
        for node in fault["nodes"]
    ]
