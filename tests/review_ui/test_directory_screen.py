"""The directory for experts: what is missing on top, who is in it, and a test message with what becomes of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree
from playwright.sync_api import expect

from forwarding.channels.channel import Outcome
from forwarding.directory_gaps import GapKind
from pipeline.store import directory_listing
from pipeline.store.users import UserRole
from review_ui.directory import board
from review_ui.directory.words import LACKS
from tests.review_ui.conftest import Site
from tests.review_ui.world import Browser, World


def words_of(page: str) -> str:
    return " ".join(etree.HTML(page).xpath("string(//main)").split())


def listed(browser: Browser, asked: str = "") -> list[str]:
    """The organisations on a page, in order."""
    names = etree.HTML(browser.get(f"/adresboek{asked}").text).xpath("//h3[@class='directory__name']/bdi[1]/text()")
    return [str(name) for name in names]


def contact_of(world: World, organisation: str = "Lisdodde College") -> UUID:
    found = world.one(
        "SELECT c.id FROM contacts c JOIN organisations o ON o.id = c.organisation_id WHERE o.name = %s", organisation
    )
    assert isinstance(found, UUID)
    return found


def say(world: World, change: str, *values: object) -> None:
    """Change what is stored, as the owner."""
    with world.owner() as owner:
        owner.execute(change.encode(), values)


def test_an_organisation_is_shown_with_its_agreement_and_its_people(world: World) -> None:
    world.add_directory()
    today = world.clock.now.date()
    say(world, "UPDATE contacts SET phone = '0612345678', hours = 'ma-do <8.30>', confirmed_on = %s", today)
    say(
        world,
        "INSERT INTO contact_absences VALUES (%s, %s, %s, NULL)",
        contact_of(world),
        today,
        today + timedelta(days=3),
    )
    page = world.signed_in("anna").get("/adresboek").text
    said = words_of(page)
    assert "Lisdodde College school, Zaanstad" in said
    assert "Basisteam Rietdam politie, Zaanstad, eenheid Noord-Holland" in said
    assert "schoolveiligheid: thema, soort, niveau, plaats, tijd, fragment, bronlink op verzoek, duiding." in said
    assert "Geldig tot en met" in said
    assert "coördinator Veilig Leefklimaat" in said
    assert "Afwezig van" in said
    assert "Niemand neemt waar." in said
    assert "Voor Krommenie" in said, "a place by its name"
    assert "iemand@example.org, ma-do <8.30>" in said
    assert "Berichten via E-mail; portaal" in said
    assert "ma-do &lt;8.30&gt;" in page
    assert "Let op: Verzonnen Persoon, coördinator Veilig Leefklimaat: afwezig, niemand neemt waar" in said


def test_what_is_missing_stands_above_all_with_what_to_do(world: World) -> None:
    world.add_directory()
    say(world, "UPDATE contacts SET user_id = NULL WHERE kind = 'school'")
    said = words_of(world.signed_in("anna").get("/adresboek").text)
    top = said.partition("Soort organisatie")[0]
    for kind in (GapKind.NO_ACCOUNT, GapKind.NEVER_CONFIRMED):
        assert LACKS[kind].heading in top
        assert LACKS[kind].do in top
    assert "Verzonnen Persoon, coördinator Veilig Leefklimaat, Lisdodde College" in top
    assert set(LACKS) == set(GapKind), "every gap has its words"


def test_filters_by_kind_municipality_and_what_is_lacking_and_pages_are_bounded_and_by_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_directory()
    anna = world.signed_in("anna")
    assert listed(anna) == ["Basisteam Rietdam", "Basisteam Waterstad", "Lisdodde College"]
    assert listed(anna, "?soort=school") == ["Lisdodde College"]
    assert listed(anna, "?soort=onzin&gemeente=") == listed(anna)
    say(world, "UPDATE organisations SET municipality = 'Heuvelstad' WHERE name = 'Basisteam Waterstad'")
    assert listed(anna, "?gemeente=Heuvelstad") == ["Basisteam Waterstad"]
    today = world.clock.now.date()
    say(world, "UPDATE contacts SET confirmed_on = %s WHERE id <> %s", today, contact_of(world))
    assert listed(anna, "?ontbreekt=ja") == ["Lisdodde College"]
    monkeypatch.setattr(directory_listing, "PAGE", 2)
    monkeypatch.setattr(board, "PAGE", 2)
    assert listed(anna) == ["Basisteam Rietdam", "Basisteam Waterstad"]
    assert "/adresboek?soort=police" not in anna.get("/adresboek?soort=police").text, "one page has no next"
    assert 'href="/adresboek?pagina=2"' in anna.get("/adresboek").text
    assert listed(anna, "?pagina=2") == ["Lisdodde College"]
    assert anna.get("/adresboek?pagina=9&soort=police").headers["location"] == "/adresboek?soort=police"


def test_of_a_municipality_every_school_that_nobody_has_is_counted_and_some_are_named(world: World) -> None:
    world.add_directory()
    anna = world.signed_in("anna")
    assert "Scholen zonder coördinator" not in words_of(anna.get("/adresboek").text)
    many = anna.get("/adresboek?gemeente=Zaanstad").text
    lines = etree.HTML(many).xpath("//details[contains(., 'Scholen zonder coördinator')]//li")
    assert 5 < len(lines) <= board.MOST_LINES


def test_a_test_message_is_asked_for_and_its_state_is_told_in_words(world: World) -> None:
    world.add_directory()
    anna, contact = world.signed_in("anna"), contact_of(world)
    asked = anna.post(f"/adresboek/{contact}/proefbericht", soort="school", pagina="1")
    assert asked.status_code == 303
    assert asked.headers["location"] == f"/adresboek?soort=school&gedaan=verstuurd#contact-{contact}"
    page = anna.get("/adresboek?soort=school&gedaan=verstuurd").text
    assert "Het proefbericht gaat zo weg." in words_of(page)
    assert "wacht op verzending" in words_of(page)
    assert "Proefbericht sturen" not in words_of(page), "one at a time"
    assert anna.post(f"/adresboek/{contact}/proefbericht").headers["location"].startswith("/adresboek?gedaan=wacht")
    for change, said in (
        (
            "last_problem = 'unreachable'",
            "nog niet gelukt, Seinpost probeert het opnieuw. De andere kant antwoordt niet.",
        ),
        ("state = 'sent', last_problem = ''", "afgeleverd, nog niet bevestigd"),
        ("state = 'failed', last_problem = 'refused'", "niet aangekomen. De andere kant weigert het bericht."),
    ):
        say(world, f"UPDATE trial_messages SET {change}")
        assert said in words_of(anna.get("/adresboek").text)
    assert "bericht komt niet aan (E-mail)" in words_of(anna.get("/adresboek").text)
    for outcome in Outcome:
        say(world, "UPDATE trial_messages SET last_problem = %s", outcome.value)
        assert anna.get("/adresboek").status_code == 200
    for _ in range(2):
        anna.post(f"/adresboek/{contact}/proefbericht")
        say(world, "UPDATE trial_messages SET state = 'sent'")
    assert anna.post(f"/adresboek/{contact}/proefbericht").headers["location"].startswith("/adresboek?gedaan=genoeg")
    say(world, "UPDATE contacts SET active = false")
    assert anna.post(f"/adresboek/{contact}/proefbericht").headers["location"].startswith("/adresboek?gedaan=weg")
    assert anna.get(f"/adresboek/{contact}/proefbericht").headers["location"] == "/adresboek"


def test_the_contact_presses_received_in_the_portal_and_the_directory_shows_it(world: World) -> None:
    world.add_directory()
    anna, contact = world.signed_in("anna"), contact_of(world)
    anna.post(f"/adresboek/{contact}/proefbericht")
    trial = world.one("SELECT trial_id FROM trial_messages")
    own, other = world.signed_in("coordinator"), world.signed_in("wijkagent")
    page = words_of(own.get(f"/portaal/proefbericht/{trial}").text)
    assert "Er is geen signaal en er is niets aan de hand." in page
    assert other.get(f"/portaal/proefbericht/{trial}").status_code == 404
    assert other.post(f"/portaal/proefbericht/{trial}/ontvangen").status_code == 404
    pressed = own.post(f"/portaal/proefbericht/{trial}/ontvangen")
    assert pressed.status_code == 303
    after = words_of(own.get(pressed.headers["location"]).text)
    assert "Het team weet nu dat berichten bij u aankomen." in after
    assert "U bevestigde de ontvangst" in after
    assert "ontvangen: het contact drukte op ‘Ontvangen’" in words_of(anna.get("/adresboek").text)
    assert own.get(f"/portaal/proefbericht/{trial}/ontvangen").status_code == 303


def test_the_directory_is_for_experts_alone(world: World) -> None:
    world.add_directory()
    world.add_person("bestuur", UserRole.BOARD)
    contact = contact_of(world)
    for name in ("coordinator", "bestuur"):
        browser = world.signed_in(name)
        assert browser.get("/adresboek").status_code == 403
        assert browser.post(f"/adresboek/{contact}/proefbericht").status_code == 403
        assert "/adresboek" not in browser.get("/melden").text
    assert world.one("SELECT count(*) FROM trial_messages") == 0
    assert 'href="/adresboek"' in world.signed_in("anna").get("/melden").text


@pytest.mark.browser
def test_the_directory_is_worked_by_keyboard_without_a_fault_on_a_phone_and_on_a_wide_screen(site: Site) -> None:
    world = site.world
    world.add_directory()
    say(world, "UPDATE contacts SET user_id = NULL WHERE kind = 'school'")
    for width, scheme, language in ((390, "dark", "en"), (1280, "light", "nl")):
        page = site.page("anna", viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
        page.goto("/adresboek")
        for summary in page.locator("main summary").all():
            summary.focus()
            page.keyboard.press("Enter")
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        faults = Axe().run(page, options=options).response["violations"]
        assert [(fault["id"], node["html"][:120]) for fault in faults for node in fault["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        if language == "nl":
            page.get_by_role("button", name="Proefbericht sturen naar Verzonnen Persoon, Lisdodde College").focus()
            page.keyboard.press("Enter")
            expect(page.get_by_role("status")).to_contain_text("Het proefbericht gaat zo weg.")
        assert page.problems == []  # type: ignore[attr-defined]
