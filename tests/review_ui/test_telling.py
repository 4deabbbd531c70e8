"""Whether our notices arrive: on the page of sources, for the monitor, sent again by who may; and the CAP export."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree
from playwright.sync_api import expect

from forwarding.channels.channel import Outcome
from pipeline.store.notices import ChannelName
from pipeline.store.users import UserRole
from review_ui.coverage.telling import CHANNELS, PROBLEMS
from tests.review_ui.conftest import Site
from tests.review_ui.test_forwarding import confirmed, contacts_on
from tests.review_ui.world import SCHOOL, World

SCHEMA = Path(__file__).parents[1] / "forwarding" / "channels" / "schema" / "CAP-v1.2.xsd"


def forwarded(world: World) -> UUID:
    """A signal that went to two recipients, whose notices wait."""
    world.add_directory()
    anna = world.signed_in("anna")
    signal = confirmed(world, anna)
    anna.post(f"/signaal/{signal}/doorzetten", ontvanger=contacts_on(anna.get(f"/signaal/{signal}").text))
    return signal


def fail(world: World, problem: Outcome) -> None:
    with world.owner() as owner:
        owner.execute("UPDATE notices SET state = 'failed', last_problem = %s", (problem.value,))
        owner.execute("UPDATE referrals SET state = 'failed'")


def words_of(page: str) -> str:
    return " ".join(etree.HTML(page).xpath("string(//main)").split())


def test_what_did_not_arrive_is_said_with_what_to_do_and_sent_again_by_a_press(world: World) -> None:
    signal = forwarded(world)
    anna = world.signed_in("anna")
    assert "2 berichten wachten" in words_of(anna.get("/bronnen").text)
    fail(world, Outcome.NOT_ENCRYPTED)
    page = anna.get("/bronnen").text
    said = words_of(page)
    assert "2 berichten zijn niet aangekomen. Bel deze ontvangers." in said
    assert all(sentence in said for sentence in PROBLEMS[Outcome.NOT_ENCRYPTED])
    assert "not_encrypted" not in page
    assert str(signal) not in page
    pressed = anna.post("/bronnen/berichten/email/opnieuw")
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/bronnen?opnieuw=2#berichten")
    said = words_of(anna.get("/bronnen?opnieuw=2").text)
    assert "2 berichten worden opnieuw verstuurd." in said
    assert "2 berichten wachten" in said
    assert "niet aangekomen" not in said
    assert world.one("SELECT count(*) FROM referrals WHERE state = 'prepared'") == 2
    assert world.one("SELECT count(*) FROM referral_events WHERE detail ->> 'again' = 'yes'") == 2
    assert world.one("SELECT count(*) FROM trail WHERE payload LIKE '%%notices_again%%'") == 1
    assert anna.get("/bronnen/berichten/email/opnieuw").status_code == 303


def test_who_only_looks_on_sees_it_without_the_button_and_recipients_see_nothing(world: World) -> None:
    forwarded(world)
    fail(world, Outcome.UNREACHABLE)
    world.add_person("bestuur", UserRole.BOARD)
    onlooker = world.signed_in("bestuur")
    page = onlooker.get("/bronnen").text
    assert "niet aangekomen" in page
    assert "Verstuur opnieuw" not in page
    assert onlooker.post("/bronnen/berichten/email/opnieuw").status_code == 403
    world.add_person("ontvanger", UserRole.RECIPIENT, school=SCHOOL)
    assert world.signed_in("ontvanger").post("/bronnen/berichten/email/opnieuw").status_code == 403
    assert world.one("SELECT count(*) FROM notices WHERE state = 'failed'") == 2


def test_a_monitor_reads_each_channel(world: World) -> None:
    forwarded(world)
    fail(world, Outcome.REFUSED)
    told = world.signed_in("anna").get("/metrics").text
    assert 'seinpost_channel_failed{channel="email"} 2.0' in told
    assert 'seinpost_channel_waiting{channel="webhook"} 0.0' in told
    assert 'seinpost_channel_since_sent_seconds{channel="email"} NaN' in told


def test_every_channel_and_every_problem_has_words() -> None:
    assert set(CHANNELS) == set(ChannelName)
    assert set(PROBLEMS) == set(Outcome) - {Outcome.ACCEPTED}


def test_a_forwarded_signal_is_exported_as_a_restricted_alert_and_its_withdrawal_as_a_cancel(world: World) -> None:
    anna = world.signed_in("anna")
    refused = anna.call(f"/signals/{world.add_signal()}/cap")
    assert (refused.status_code, refused.json()["error"]) == (409, "not_forwarded")
    signal = forwarded(world)
    answer = anna.call(f"/signals/{signal}/cap")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/cap+xml")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(answer.content))
    assert b"<msgType>Alert" in answer.content
    assert b"<scope>Restricted" in answer.content
    assert b"Lisdodde" not in answer.content
    assert anna.call(f"/signals/{signal}/cap").content == answer.content
    anna.call(f"/signals/{signal}/withdrawal", {"reason": "over"})
    gone = anna.call(f"/signals/{signal}/cap").content
    schema.assertValid(etree.fromstring(gone))
    assert b"<msgType>Cancel" in gone
    assert world.one("SELECT count(*) FROM trail WHERE payload LIKE '%%cap_exported%%'") == 3
    world.clock.pass_by(timedelta(days=29))
    assert world.signed_in("anna").call(f"/signals/{signal}/cap").status_code == 409
    assert world.signed_in("coordinator").call(f"/signals/{signal}/cap").status_code == 403


def test_a_forwarded_signal_has_its_cap_file_one_press_away_and_no_other(world: World) -> None:
    anna = world.signed_in("anna")
    assert "CAP-bestand" not in anna.get(f"/signaal/{world.add_signal()}").text
    signal = forwarded(world)
    page = anna.get(f"/signaal/{signal}").text
    assert "CAP-bestand downloaden" in page
    assert "Geen school, geen tekst, geen link." in page
    answer = anna.post(f"/signaal/{signal}/cap-bestand")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/cap+xml")
    assert "attachment" in answer.headers["content-disposition"]
    assert b"Lisdodde" not in answer.content
    assert world.one("SELECT count(*) FROM trail WHERE payload LIKE '%%cap_exported%%'") == 1
    assert anna.get(f"/signaal/{signal}/cap-bestand").headers["location"] == f"/signaal/{signal}#stand"
    assert world.signed_in("coordinator").post(f"/signaal/{signal}/cap-bestand").status_code == 403
    with world.owner() as owner:
        owner.execute("DELETE FROM signal_places")
    assert "CAP-bestand" not in anna.get(f"/signaal/{signal}").text, "no area, no file"


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "nl"), (390, "dark", "en")])
def test_the_part_about_notices_has_no_accessibility_fault_and_is_worked_by_keyboard(
    site: Site, width: int, scheme: str, language: str
) -> None:
    forwarded(site.world)
    fail(site.world, Outcome.NOT_ENCRYPTED)
    page = site.page("anna", viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.context.add_cookies([{"name": "seinpost_language", "value": language, "url": site.address}])
    page.goto("/bronnen")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    faults = Axe().run(page, options=options).response["violations"]
    assert [(fault["id"], node["html"][:120]) for fault in faults for node in fault["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    button = page.get_by_role("button", name="Verstuur opnieuw" if language == "nl" else "Send again")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2")
