"""Handing over at the end of a shift: what is in hand goes back, a short masked note stays for a week."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from signals.place import PlaceKind
from tests.review_ui.world import SCHOOL, Browser, World

EVENING = datetime(2026, 11, 23, 16, 50, tzinfo=UTC)


@pytest.fixture
def anna(world: World) -> Browser:
    """A reader near the end of her shift."""
    world.clock.now = EVENING
    return world.signed_in("anna")


def test_everything_in_hand_goes_back_and_the_next_shift_reads_the_note(world: World, anna: Browser) -> None:
    first, second = world.add_signal(), world.add_signal("een ander bericht")
    for signal in (first, second):
        anna.post(f"/signaal/{signal}/oppakken")
    page = anna.get("/overdracht").text
    assert "Dit geeft u terug aan de werkvoorraad" in page
    assert str(first) in page
    assert str(second) in page
    done = anna.post("/overdracht", notitie="De wijkagent is al gebeld over het station.")
    assert "2 signalen staan weer in de werkvoorraad" in anna.get(done.headers["location"]).text
    assert world.one("SELECT count(*) FROM claims") == 0
    bram = world.signed_in("bram")
    assert "De wijkagent is al gebeld" in bram.get("/werkvoorraad").text
    page = bram.get("/overdracht").text
    assert "De wijkagent is al gebeld" in page
    assert str(first) in page
    assert "Deze notitie verwijderen" not in page, "a note is removed by who wrote it"
    assert bram.post(f"/signaal/{first}/oppakken").status_code == 303
    assert world.one("SELECT count(*) FROM trail WHERE payload LIKE '%%handed_over%%'") == 1
    assert "wijkagent" not in str(world.one("SELECT payload FROM trail WHERE payload LIKE '%%handed_over%%'"))


def test_a_note_is_masked_and_at_most_500_characters(world: World, anna: Browser) -> None:
    anna.post("/overdracht", notitie="bel 06-12345678 of kijk bij @verzonnen_artiest\n\n\nen https://example.org/x")
    assert world.one("SELECT note FROM handovers") == "bel [telefoon] of kijk bij [@] en [link]"
    long = anna.post("/overdracht", notitie="a" * 501)
    assert long.status_code == 409
    assert "hooguit 500 tekens" in long.text
    assert anna.post("/overdracht", notitie="b" * 2001).status_code == 422
    assert anna.post("/overdracht", notitie="c" * 500).status_code == 303
    assert anna.post("/overdracht", notitie="@a " * 166).status_code == 303, "tokens are longer than what they hide"
    assert world.one("SELECT max(length(note)) FROM handovers") == 500


def test_a_shift_without_anything_to_tell_leaves_nothing_to_read(world: World, anna: Browser) -> None:
    anna.post("/overdracht")
    assert world.one("SELECT count(*) FROM handovers") == 0


def test_who_is_attached_to_a_named_school_does_not_read_the_note_about_it(world: World, anna: Browser) -> None:
    signal = world.add_signal(places=((SCHOOL, PlaceKind.SCHOOL, "Lisdodde College"),))
    anna.post(f"/signaal/{signal}/oppakken")
    anna.post("/overdracht", notitie="let op de zijdeur van het gebouw")
    assert "zijdeur" in world.signed_in("bram").get("/overdracht").text
    for path in ("/overdracht", "/werkvoorraad"):
        page = world.signed_in("dunya").get(path).text
        assert "zijdeur" not in page
        assert str(signal) not in page


def test_a_note_says_nothing_of_a_signal_that_waits_for_a_blind_reader(world: World, anna: Browser) -> None:
    signal = world.add_signal()
    anna.judge(signal, "confirm:directed", 1)
    anna.post("/overdracht", notitie="tot morgen")
    assert world.one("SELECT cardinality(signals) FROM handovers") == 0
    assert str(signal) not in world.signed_in("bram").get("/overdracht").text


def test_one_can_take_ones_own_note_back_and_nobody_elses(world: World, anna: Browser) -> None:
    anna.post("/overdracht", notitie="te veel gezegd")
    note = world.one("SELECT id FROM handovers")
    world.signed_in("bram").post(f"/overdracht/{note}/verwijderen")
    assert world.one("SELECT count(*) FROM handovers") == 1
    anna.post(f"/overdracht/{note}/verwijderen")
    assert world.one("SELECT count(*) FROM handovers") == 0


def test_a_note_is_forgotten_after_seven_days(world: World, anna: Browser, tmp_path: Path) -> None:
    anna.post("/overdracht", notitie="tot morgen")
    engine, road = (world.database.engine_for(f"seinpost_{role}") for role in ("retention", "road"))
    for days, left in ((6, 1), (7, 0)):
        moment = EVENING + timedelta(days=days, minutes=1 if days == 7 else 0)
        forget(engine, road, KeyFolder(tmp_path / "keys"), moment)
        assert world.one("SELECT count(*) FROM handovers") == left
    engine.dispose()
    road.dispose()


def test_an_older_note_is_not_shown_should_forgetting_be_late(world: World, anna: Browser) -> None:
    anna.post("/overdracht", notitie="tot morgen")
    world.clock.pass_by(timedelta(days=7, minutes=1))
    assert "tot morgen" not in world.signed_in("bram").get("/overdracht").text
