"""The situation thread in a real browser: by keyboard alone, and without any script."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.review_ui.conftest import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def sent(site: Site) -> dict[str, UUID]:
    """A signal that was sent to a school and to the police of the place: referral ids by kind."""
    world = site.world
    world.add_directory()
    signal = world.add_signal()
    for reader, reading in (("anna", 1), ("bram", 2)):
        world.signed_in(reader).judge(signal, "confirm:directed", reading)
    world.add_contact("wijkagent", "Basisteam Zaanbocht", "police", "cbs:GM0479", world.people["wijkagent"])
    with world.owner() as owner:
        contacts = owner.execute(
            "SELECT c.id::text FROM contacts c JOIN organisations o ON o.id = c.organisation_id"
            " WHERE o.name IN ('Lisdodde College', 'Basisteam Zaanbocht')"
        ).fetchall()
    answer = world.signed_in("anna").post(f"/signaal/{signal}/doorzetten", ontvanger=[row[0] for row in contacts])
    assert answer.status_code == 303, answer.text
    with world.owner() as owner:
        return dict(owner.execute("SELECT kind, id FROM referrals").fetchall())


def press_until(page: Page, name: str) -> None:
    """Walk with Tab to the control with this name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || document.activeElement.name || ''").strip() == name:
            return
    raise AssertionError(f"Tab does not reach {name!r}")


def test_a_school_writes_and_the_police_answer_by_keyboard_alone(site: Site, sent: dict[str, UUID]) -> None:
    school = site.page("coordinator", viewport={"width": 390, "height": 844})
    school.goto(f"/portaal/{sent['school']}")
    press_until(school, "Naar de situatie")
    school.keyboard.press("Enter")
    expect(school.get_by_role("heading", name="Situatie")).to_be_visible()
    press_until(school, "bericht")
    school.keyboard.type("Wij houden de leerlingen binnen.")
    press_until(school, "Plaatsen")
    school.keyboard.press("Enter")
    expect(school.get_by_role("status")).to_contain_text("Uw bericht staat erbij.")
    police = site.page("wijkagent")
    police.goto(f"/portaal/{sent['police']}/situatie")
    expect(police.get_by_text("Wij houden de leerlingen binnen.")).to_be_visible()
    expect(police.get_by_role("textbox")).to_have_count(0)
    press_until(police, "Wij gaan langs.")
    police.keyboard.press("Enter")
    expect(police.get_by_role("status")).to_contain_text("Uw bericht staat erbij.")
    school.get_by_role("link", name="Kijken of er iets bij is").click()
    expect(school.get_by_role("listitem").filter(has_text="Wij gaan langs.").first).to_be_visible()


def test_without_a_script_a_button_pressed_twice_says_it_once(site: Site, sent: dict[str, UUID]) -> None:
    page = site.page("coordinator", java_script_enabled=False)
    page.goto(f"/portaal/{sent['school']}/situatie")
    page.get_by_label("Of schrijf zelf, kort").fill("Het is hier stil.")
    page.get_by_role("button", name="Plaatsen").dblclick(no_wait_after=True)
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(f"/portaal/{sent['school']}/situatie")
    expect(page.locator(".message__body").filter(has_text="Het is hier stil.")).to_have_count(1)
