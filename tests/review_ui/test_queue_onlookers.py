"""Presence: how many colleagues look at a signal now. A number, from a lease; no name, no history, no growing table."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store.connection import acting
from pipeline.store.onlookers import LEASE
from signals.place import PlaceKind
from tests.review_ui.world import SCHOOL, World


def test_colleagues_who_look_are_counted_and_forgotten_when_they_leave(world: World) -> None:
    signal, other = world.add_signal(), world.add_signal("een ander bericht")
    anna, bram, chris = (world.signed_in(name) for name in ("anna", "bram", "chris"))
    assert "kijk" not in anna.post(f"/signaal/{signal}/meekijken").text
    assert "1 collega kijkt mee" in bram.post(f"/signaal/{signal}/meekijken").text
    assert "2 collega's kijken mee" in chris.post(f"/signaal/{signal}/meekijken").text
    page = anna.get(f"/signaal/{signal}").text
    assert "2 collega's kijken mee" in page
    assert "kijk" not in anna.post(f"/signaal/{other}/meekijken").text
    assert chris.post(f"/signaal/{signal}/wegkijken").status_code == 204
    assert "1 collega kijkt mee" in anna.post(f"/signaal/{signal}/meekijken").text


def test_a_browser_that_fell_away_is_forgotten_after_half_a_minute_and_two_windows_are_one_person(
    world: World,
) -> None:
    signal = world.add_signal()
    anna, bram = world.signed_in("anna"), world.signed_in("bram")
    for _ in range(2):
        bram.post(f"/signaal/{signal}/meekijken")
    assert "1 collega kijkt mee" in anna.post(f"/signaal/{signal}/meekijken").text
    world.clock.pass_by(LEASE)
    assert "kijk" not in anna.post(f"/signaal/{signal}/meekijken").text
    assert world.one("SELECT count(*) FROM onlookers") == 1, "what ended is gone with the next look"


def test_looking_leaves_no_trace(world: World, tmp_path: Path) -> None:
    signal = world.add_signal()
    before = world.one("SELECT count(*) FROM trail"), world.one("SELECT count(*) FROM signal_events")
    anna = world.signed_in("anna")
    anna.post(f"/signaal/{signal}/meekijken")
    assert (world.one("SELECT count(*) FROM trail"), world.one("SELECT count(*) FROM signal_events")) == before
    assert world.one("SELECT relpersistence FROM pg_class WHERE relname = 'onlookers'") == "u"
    engine, road = (world.database.engine_for(f"seinpost_{role}") for role in ("retention", "road"))
    forget(engine, road, KeyFolder(tmp_path / "keys"), world.clock() + LEASE + timedelta(seconds=1))
    assert world.one("SELECT count(*) FROM onlookers") == 0
    engine.dispose()
    road.dispose()


@pytest.mark.parametrize("role", ["seinpost_expert", "seinpost_supervisor", "seinpost_recipient"])
def test_no_screen_can_ask_who_looks(world: World, role: str) -> None:
    engine = world.app.state.dependencies.engine
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting(engine, world.people["anna"], role) as connection,
    ):
        connection.execute(text("SELECT user_id FROM onlookers"))


def test_what_one_may_not_see_one_cannot_look_at(world: World) -> None:
    signal = world.add_signal(places=((SCHOOL, PlaceKind.SCHOOL, "Lisdodde College"),))
    dunya = world.signed_in("dunya")
    assert dunya.post(f"/signaal/{signal}/meekijken").status_code == 404
    assert dunya.client.post(f"/signaal/{signal}/meekijken", data={"csrf": "fout"}).status_code == 403
    assert world.one("SELECT count(*) FROM onlookers") == 0
