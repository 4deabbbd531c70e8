"""Forwarding from the page: only after two readers, to whom the directory names, each told what it may see."""

import re
from uuid import UUID

import pytest

from signals.label import Level
from tests.review_ui.world import Browser, World


@pytest.fixture
def anna(world: World) -> Browser:
    """An expert in a team with a directory."""
    world.add_directory()
    return world.signed_in("anna")


def contacts_on(page: str) -> list[str]:
    """The contacts that can be ticked."""
    return re.findall(r'name="ontvanger" value="([^"]+)"', page)


def confirmed(world: World, anna: Browser) -> UUID:
    """A signal that two readers confirmed."""
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1, duiding="Oproep met tijd en plaats.")
    world.signed_in("bram").judge(signal, "confirm:directed", 2)
    return signal


def test_who_gets_what_stands_on_the_screen_before_anyone_decides(world: World, anna: Browser) -> None:
    page = anna.get(f"/signaal/{world.add_signal()}").text
    assert "Lisdodde College" in page
    assert "Nog niets verstuurd" in page
    assert contacts_on(page) == [], "nothing can be ticked before two readers confirmed"


def test_a_confirmed_signal_goes_to_the_ticked_contacts_and_its_state_is_followed(world: World, anna: Browser) -> None:
    signal = confirmed(world, anna)
    ticked = contacts_on(anna.get(f"/signaal/{signal}").text)
    assert len(ticked) == 2
    assert anna.post(f"/signaal/{signal}/doorzetten", ontvanger=ticked).status_code == 303
    assert world.state_of(signal) == "referred"
    page = anna.get(f"/signaal/{signal}").text
    assert "klaargezet" in page
    with world.owner() as owner:
        owner.execute("UPDATE referrals SET state = 'fed_back' WHERE kind = 'school'")
        owner.execute(
            "INSERT INTO feedback SELECT id, 'visibly_present', %s, now() FROM referrals WHERE kind = 'school'",
            (world.people["coordinator"],),
        )
    assert "zichtbaar aanwezig" in anna.get(f"/signaal/{signal}").text


def test_the_preview_shows_a_police_recipient_no_excerpt_while_the_switch_is_off(world: World, anna: Browser) -> None:
    signal = confirmed(world, anna)
    pages = [
        anna.get(f"/signaal/{signal}/voorbeeld/{c}").text for c in contacts_on(anna.get(f"/signaal/{signal}").text)
    ]
    school = next(page for page in pages if "Lisdodde College" in page)
    police = next(page for page in pages if "Basisteam" in page)
    assert "neem mensen mee" in school
    assert "neem mensen mee" not in police


def test_one_reader_cannot_forward_not_even_through_the_api(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    contact = anna.get(f"/api/v1/signals/{signal}/proposals").json()[0]["contact_id"]
    assert anna.post(f"/signaal/{signal}/doorzetten", ontvanger=[contact]).status_code == 409
    assert anna.call(f"/signals/{signal}/referrals", {"contact_ids": [contact]}).status_code == 409
    assert world.one("SELECT count(*) FROM referrals") == 0


def test_the_first_reader_of_an_acute_signal_may_send_a_place_notice_without_text(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1, niveau="acuut", duiding="Nu bij het station.")
    page = anna.get(f"/signaal/{signal}").text
    assert "bel eerst 112" in page
    anna.post(f"/signaal/{signal}/plaatsbericht", ontvanger=contacts_on(page))
    assert world.one("SELECT count(*) FROM referrals WHERE place_notice AND excerpt IS NULL") == 2
    assert world.state_of(signal) == "waiting_second"
    assert "nog één lezer" in anna.get(f"/signaal/{signal}").text


def test_a_signal_that_is_not_acute_offers_no_place_notice(world: World, anna: Browser) -> None:
    signal = world.add_signal(level=Level.CONCREET)
    anna.judge(signal, "confirm:directed", 1, niveau="concreet")
    assert "plaatsbericht" not in anna.get(f"/signaal/{signal}").text
    contact = anna.get(f"/api/v1/signals/{signal}/proposals").json()[0]["contact_id"]
    assert anna.post(f"/signaal/{signal}/plaatsbericht", ontvanger=[contact]).status_code == 409
    assert world.one("SELECT count(*) FROM referrals") == 0


def test_ticking_nobody_sends_nothing_and_says_so(world: World, anna: Browser) -> None:
    signal = confirmed(world, anna)
    assert anna.post(f"/signaal/{signal}/doorzetten").headers["location"].endswith("gedaan=nobody")
    assert world.state_of(signal) == "confirmed"


def test_opening_a_link_asks_a_reason_and_goes_on_the_trail(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    assert anna.post(f"/signaal/{signal}/openen", wat="link", reden="  ").status_code == 409
    assert world.one("SELECT count(*) FROM trail WHERE payload LIKE '%%unseal%%'") == 0
    answered = anna.post(f"/signaal/{signal}/openen", wat="link", reden="nodig voor de plaats")
    assert "Hier is niets van bewaard" in answered.text
    assert world.one("SELECT count(*) FROM trail WHERE payload LIKE '%%unseal_link%%'") == 1
