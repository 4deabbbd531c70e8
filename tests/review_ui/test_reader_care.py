"""Care for readers: enough for a day, time for a break, text and never media, and a calm word outside staffed hours."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_ui.reader.care import PAUSE, reading_on_end
from signals.label import Level
from tests.review_ui.world import Browser, World

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def anna(world: World) -> Browser:
    """A reader, on a Monday at noon."""
    world.clock.now = NOON
    return world.signed_in("anna")


def read(world: World, browser: Browser, count: int, every: timedelta = MINUTE) -> None:
    """Judge so many signals, one after another."""
    for number in range(count):
        assert browser.judge(world.add_signal(f"bericht {number}"), "reject:art", 1).status_code == 303
        world.clock.pass_by(every)


def test_after_ones_own_number_a_calm_line_asks_for_a_break_and_an_acute_signal_can_still_be_read(
    world: World, anna: Browser
) -> None:
    anna.post("/mijn-instellingen", taal="nl", aantal="3", minuten="45")
    read(world, anna, 2)
    assert 'class="care"' not in anna.get("/werkvoorraad").text
    read(world, anna, 1)
    acute = world.add_signal(level=Level.ACUUT)
    assert anna.post(f"/signaal/{acute}/oppakken").status_code == 303
    page = anna.get(f"/signaal/{acute}").text
    assert "U heeft er vandaag 3 gelezen. Neem een pauze, of draag over." in page
    assert "Een acuut signaal kunt u altijd lezen." in page
    assert anna.judge(acute, "confirm:directed", 1).status_code == 303, "nothing is blocked"
    assert "vandaag 4 van 3 gelezen" in anna.get("/werkvoorraad").text
    world.clock.pass_by(timedelta(days=1))
    assert "vandaag 0 van 3 gelezen" in world.signed_in("anna").get("/werkvoorraad").text


def test_after_minutes_of_reading_a_line_asks_for_a_break_until_there_was_one(world: World, anna: Browser) -> None:
    anna.post("/mijn-instellingen", taal="nl", aantal="60", minuten="20")
    read(world, anna, 4, every=6 * MINUTE)
    assert "U leest al 24 minuten achter elkaar." in anna.get("/werkvoorraad").text
    world.clock.pass_by(PAUSE)
    assert 'class="care"' not in anna.get("/werkvoorraad").text
    read(world, anna, 1)
    assert 'class="care"' not in anna.get("/werkvoorraad").text, "reading begins anew"


@given(st.lists(st.integers(0, 600), max_size=40), st.integers(0, 60))
def test_reading_on_end_reaches_back_to_the_last_break(offsets: list[int], waited: int) -> None:
    moments = tuple(NOON + offset * MINUTE for offset in sorted(offsets))
    now = (moments[-1] if moments else NOON) + waited * MINUTE
    on_end = reading_on_end(moments, now)
    began = now - on_end
    assert on_end >= timedelta(0)
    if not moments or waited * MINUTE >= PAUSE:
        assert on_end == timedelta(0)
    else:
        assert began in moments
        assert all(began - earlier >= PAUSE for earlier in moments if earlier < began)
        inside = [moment for moment in moments if moment >= began] + [now]
        assert all(later - sooner < PAUSE for sooner, later in pairwise(inside))


def test_how_much_a_reader_read_is_told_to_that_reader_alone(world: World, anna: Browser) -> None:
    read(world, anna, 2)
    assert "vandaag 2 van 15 gelezen" in anna.get("/werkvoorraad").text
    assert "vandaag 0 van 15 gelezen" in world.signed_in("bram").get("/werkvoorraad").text


def test_a_signal_is_text_and_no_page_shows_media(world: World, anna: Browser) -> None:
    signal = world.add_signal("kijk dan ![foto](https://example.org/x.jpg) <video src=x></video>")
    for path in ("/werkvoorraad", f"/signaal/{signal}", "/overdracht", "/mijn-instellingen"):
        answer = anna.get(path)
        assert not re.search(r"<(img|picture|video|audio|iframe|embed|object)\b", answer.text), path
        assert "media-src" not in answer.headers["content-security-policy"]
        assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_outside_staffed_hours_every_page_says_whom_to_call(world: World) -> None:
    world.clock.now = NOON + timedelta(hours=9)
    signal = world.add_signal()
    anna = world.signed_in("anna")
    for path in ("/werkvoorraad", f"/signaal/{signal}", "/overdracht", "/melden", "/mijn-instellingen"):
        page = anna.get(path).text
        assert "Niet bemand" in page, path
        assert 'href="tel:112"' in page, path
        assert 'href="tel:0900-8844"' in page, path
