"""Judging in a real browser: every step by keyboard alone, with keys of one's own, without JavaScript, and with axe."""

import re

import pytest
from playwright.sync_api import Page, expect

from review_ui.keys import ACTIONS, IS_A_REASON, TAKEN_TWICE, keys_of, problem_with
from signals.label import Level
from tests.review_ui.conftest import Site
from tests.review_ui.test_screens import _faults, in_state, no_problems

pytestmark = pytest.mark.browser


def open_first(page: Page, signal: object) -> None:
    """Take the first signal of the queue."""
    page.keyboard.press("j")
    page.wait_for_url(f"**/signaal/{signal}**")


def test_a_slip_is_taken_back_with_one_key_and_the_team_is_asked_with_another(site: Site) -> None:
    first = site.world.add_signal("het eerste bericht", level=Level.ACUUT)
    second = site.world.add_signal("het tweede bericht", level=Level.CONCREET)
    page = site.page("anna")
    open_first(page, first)
    page.keyboard.press("a")
    page.keyboard.press("k")
    page.wait_for_url(f"**/signaal/{second}**")
    in_state(site, first, "rejected")
    expect(page.locator(".done__undo")).to_contain_text("afgewezen, kunstuiting")
    page.keyboard.press("z")
    page.wait_for_url(f"**/signaal/{first}?gedaan=undone")
    in_state(site, first, "new")
    expect(page.get_by_text("U kunt opnieuw oordelen")).to_be_visible()
    page.keyboard.press("o")
    expect(page.get_by_label("Wat wilt u het team vragen?")).to_be_focused()
    page.keyboard.type("zie ik dit goed, of is het een clip?")
    expect(page.get_by_label("Wat wilt u het team vragen?")).to_have_value("zie ik dit goed, of is het een clip?")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Vragen aan het team").press("Enter")
    page.wait_for_url(f"**/signaal/{second}?gedaan=asked")
    in_state(site, first, "casusoverleg")
    assert site.world.one("SELECT count(*) FROM thread_mentions") == 1
    page.keyboard.press("p")
    page.keyboard.press("m")
    page.wait_for_url("**/werkvoorraad**")
    in_state(site, second, "parked")
    no_problems(page)


def test_a_reader_corrects_place_and_time_and_escalates_with_the_keyboard(site: Site) -> None:
    signal = site.world.add_signal(level=Level.CONCREET)
    page = site.page("anna")
    open_first(page, signal)
    page.keyboard.press("u")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Afschalen")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("#soort")).to_be_focused()
    page.get_by_text("Plaats en tijd aanpassen").press("Enter")
    page.get_by_label("Krommenie-Assendelft").press("Space")
    page.get_by_label("Plaats erbij").fill("zaandam")
    page.get_by_role("button", name="oproep met tijd en plaats").click()
    expect(page.get_by_text("Welke plaats bedoelt u?")).to_be_visible()
    page.get_by_label("station Zaandam", exact=False).first.check()
    page.get_by_label("Plaats erbij").fill("")
    page.get_by_role("button", name="oproep met tijd en plaats").click()
    page.wait_for_url("**/werkvoorraad**")
    assert site.world.one("SELECT places -> 0 ->> 'name' FROM assessments") == "Zaandam"
    assert all("422" in problem for problem in page.problems)  # type: ignore[attr-defined]


def test_a_user_chooses_keys_and_the_buttons_show_and_obey_them(site: Site) -> None:
    signal = site.world.add_signal()
    page = site.page("anna")
    page.goto("/toetsen")
    page.locator('input[name="reject"]').fill("x")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Deze toetsen gelden nu voor u")).to_be_visible()
    page.goto("/werkvoorraad")
    open_first(page, signal)
    expect(page.locator("summary", has_text="Afwijzen")).to_contain_text(re.compile("X"))
    page.keyboard.press("a")
    expect(page.get_by_text("Waarom wijst u af?")).to_be_hidden()
    page.keyboard.press("x")
    expect(page.get_by_text("Waarom wijst u af?")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("X")
    in_state(site, signal, "new")
    page.goto("/toetsen")
    page.locator('input[name="reject"]').fill("b")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text(TAKEN_TWICE)).to_be_visible()
    page.get_by_role("button", name="Zoals ze waren").click()
    expect(page.locator('input[name="reject"]')).to_have_value("A")


def test_no_key_that_opens_a_panel_stands_for_a_reason_in_another() -> None:
    shipped = {action: key for action, (key, _) in ACTIONS.items()}
    assert problem_with(shipped) is None
    assert problem_with({**shipped, "reject": "G"}) == IS_A_REASON


def test_an_action_that_came_later_gets_a_free_key_where_its_own_was_chosen_for_another() -> None:
    keys = keys_of({"next": ACTIONS["part"][0]})
    assert keys["next"] == ACTIONS["part"][0]
    assert problem_with(keys) is None


def test_undo_overleg_and_keys_work_without_javascript(site: Site) -> None:
    signal = site.world.add_signal()
    page = site.page("anna", java_script_enabled=False)
    page.locator(f'[data-signal="{signal}"] button').click()
    page.locator("summary", has_text="Afwijzen").click()
    page.get_by_role("button", name="kunstuiting").click()
    page.get_by_role("button", name="Ongedaan maken").click()
    in_state(site, signal, "new")
    page.locator("summary", has_text="Casusoverleg").click()
    page.get_by_label("Wat wilt u het team vragen?").fill("@bram wie kent dit?")
    page.get_by_role("button", name="Vragen aan het team").click()
    in_state(site, signal, "casusoverleg")
    colleague = site.page("bram", java_script_enabled=False)
    colleague.get_by_role("link", name="signaal 1").click()
    colleague.get_by_role("button", name="Meedoen aan het overleg").click()
    expect(colleague.get_by_text("wie kent dit?")).to_be_visible()
    colleague.get_by_label("Uw bericht aan het team").fill("ik")
    colleague.get_by_role("button", name="Bericht plaatsen").click()
    expect(colleague.locator(".message")).to_have_count(2)
    page.goto("/toetsen")
    page.locator('input[name="park"]').fill("w")
    page.get_by_role("button", name="Bewaren").click()
    assert site.world.one("SELECT keys ->> 'park' FROM users WHERE username = 'anna'") == "W"


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [
        (390, "light", "en"),
        pytest.param(1280, "dark", "nl", marks=pytest.mark.soak),
    ],
)
def test_no_state_of_judging_has_an_accessibility_fault(site: Site, width: int, scheme: str, language: str) -> None:
    world = site.world
    asked, done, parked = world.add_signal("een"), world.add_signal("twee"), world.add_signal("drie")
    anna, bram = world.signed_in("anna"), world.signed_in("bram")
    bram.post(f"/signaal/{asked}/casusoverleg", vraag="@anna wie kent dit?")
    for reading, browser in ((1, anna), (2, bram)):
        browser.judge(done, "confirm:directed", reading)
    bram.judge(parked, "park:context_wanted", 1)
    fresh = world.add_signal("vier")
    anna.post(f"/signaal/{fresh}/oppakken")
    page = site.page("anna", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
    found = {path: _faults(page, path) for path in (f"/signaal/{parked}", f"/signaal/{done}", "/lopend", "/toetsen")}
    page.goto(f"/signaal/{fresh}")
    for key in "bop":
        page.keyboard.press(key)
        found[key] = _faults(page)
        page.keyboard.press("Escape")
    anna.post(f"/signaal/{asked}/casusoverleg/meedoen")
    found["overleg"] = _faults(page, f"/signaal/{asked}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert {path: faults for path, faults in found.items() if faults} == {}
