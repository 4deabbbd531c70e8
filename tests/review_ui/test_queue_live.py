"""Live arrival and presence in a real browser: the list never jumps, and focus and place on the page stay."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from signals.label import Level
from tests.review_ui.conftest import Site
from tests.review_ui.test_screens import _faults, no_problems

pytestmark = pytest.mark.browser


def test_a_new_card_above_moves_nothing_of_what_is_in_sight_and_focus_stays(site: Site) -> None:
    for number in range(25):
        site.world.add_signal(f"bericht {number}", level=Level.AANDACHT)
        site.world.clock.pass_by(timedelta(seconds=1))
    page = site.page("anna", viewport={"width": 1280, "height": 700})
    page.wait_for_timeout(500)
    card = page.locator("[data-signal]").nth(15)
    signal = card.get_attribute("data-signal")
    press = card.locator(".queue-card__press")
    press.focus()
    press.scroll_into_view_if_needed()
    before = press.bounding_box()
    fresh = site.world.add_signal("net binnen", level=Level.ACUUT)
    expect(page.get_by_text("1 nieuw signaal")).to_be_attached(timeout=5000)
    expect(page.locator("#nieuws")).not_to_have_attribute("hidden", "")
    assert press.bounding_box() == before, "nothing moves by itself"
    page.keyboard.press("n")
    expect(page.locator("[data-signal]")).to_have_count(26)
    expect(page.locator("[data-signal]").first).to_have_attribute("data-signal", str(fresh))
    same = page.locator(f'[data-signal="{signal}"] .queue-card__press')
    expect(same).to_be_focused()
    after = same.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1
    no_problems(page)


def test_the_line_itself_hands_its_focus_to_the_new_card(site: Site) -> None:
    site.world.add_signal("er is er al een", level=Level.AANDACHT)
    page = site.page("anna")
    page.wait_for_timeout(500)
    fresh = site.world.add_signal("net binnen", level=Level.ACUUT)
    line = page.get_by_role("link", name="1 nieuw signaal")
    expect(line).to_be_visible(timeout=5000)
    line.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-signal="{fresh}"] .queue-card__press')).to_be_focused()
    expect(page.locator("#nieuws")).to_be_hidden()
    no_problems(page)


def test_beside_an_open_signal_the_list_keeps_which_one_is_open(site: Site) -> None:
    signal = site.world.add_signal("er is er al een")
    page = site.page("anna")
    page.keyboard.press("j")
    page.wait_for_url(f"**/signaal/{signal}")
    page.wait_for_timeout(500)
    site.world.add_signal("net binnen", level=Level.AANDACHT)
    expect(page.get_by_text("1 nieuw signaal")).to_be_visible(timeout=5000)
    page.keyboard.press("n")
    expect(page.locator("[data-signal]")).to_have_count(2)
    expect(page.locator(".queue-card--open")).to_have_attribute("data-signal", str(signal))
    no_problems(page)


def test_two_windows_see_each_other_and_one_that_closes_is_gone_at_once(site: Site) -> None:
    signal = site.world.add_signal()
    anna = site.page("anna")
    anna.goto(f"/signaal/{signal}")
    bram = site.page("bram")
    bram.goto(f"/signaal/{signal}")
    expect(bram.get_by_text("1 collega kijkt mee")).to_be_visible(timeout=5000)
    anna.goto("/werkvoorraad")
    anna.goto(f"/signaal/{signal}")
    expect(anna.get_by_text("1 collega kijkt mee")).to_be_visible(timeout=5000)
    bram.goto("/werkvoorraad")
    for _ in range(100):
        if site.world.one("SELECT count(*) FROM onlookers") == 1:
            break
        anna.wait_for_timeout(50)
    anna.reload()
    expect(anna.get_by_text("kijkt mee")).to_have_count(0)
    for page in (anna, bram):
        no_problems(page)


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [
        (390, "light", "nl"),
        (1280, "dark", "en"),
        pytest.param(1280, "light", "nl", marks=pytest.mark.soak),
        pytest.param(390, "dark", "en", marks=pytest.mark.soak),
    ],
)
def test_the_readers_own_pages_have_no_accessibility_fault(site: Site, width: int, scheme: str, language: str) -> None:
    world = site.world
    held = world.add_signal()
    anna = world.signed_in("anna")
    anna.post(f"/signaal/{held}/oppakken")
    anna.post("/weergaven", naam="alleen drugs", filters="soort=drugs")
    anna.post("/mijn-instellingen", taal="nl", aantal="1", minuten="45", liever_niet="sexual")
    anna.judge(world.add_signal("al gelezen"), "reject:art", 1)
    world.signed_in("bram").post("/overdracht", notitie="tot morgen")
    page = site.page("anna", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
    paths = ["/werkvoorraad?soort=confrontation&plek=bekend", "/mijn-instellingen", "/overdracht", f"/signaal/{held}"]
    found = {path: _faults(page, path) for path in paths}
    page.goto(paths[0])
    page.locator("summary", has_text="Filter").click()
    found["filter"] = _faults(page)
    assert found == {path: [] for path in found}
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    no_problems(page)


def test_saving_a_view_handing_over_and_settings_work_without_javascript(site: Site) -> None:
    signal = site.world.add_signal()
    page = site.page("anna", java_script_enabled=False)
    page.goto("/werkvoorraad?soort=confrontation")
    page.locator("summary", has_text="Filter · Confrontatie").click()
    page.get_by_label("Bewaren als").fill("confrontaties")
    page.get_by_role("button", name="Deze weergave bewaren").click()
    page.get_by_role("link", name="confrontaties 1").click()
    expect(page.locator("[data-signal]")).to_have_count(1)
    page.locator(f'[data-signal="{signal}"] button').click()
    page.goto("/overdracht")
    page.get_by_label("Notitie voor de volgende dienst").fill("tot morgen")
    page.get_by_role("button", name="Overdragen").click()
    expect(page.get_by_text("1 signaal staat weer in de werkvoorraad")).to_be_visible()
    page.goto("/mijn-instellingen")
    page.get_by_label("Drugshandel").check()
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.get_by_label("Drugshandel")).to_be_checked()
