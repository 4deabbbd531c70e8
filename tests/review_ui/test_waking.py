"""Parked signals come back on time with nobody looking: the server itself sees to it."""

import time
from datetime import timedelta
from uuid import UUID

from sqlalchemy import create_engine

from review_ui.signal.form import written
from review_ui.waking import Waking, wake_due
from tests.review_ui.world import Browser, World

HOUR = timedelta(hours=1)


def parked(world: World, browser: Browser, text: str = "een bericht") -> UUID:
    """A signal that comes back in an hour."""
    signal = world.add_signal(text)
    until = written(world.clock.now + HOUR)
    assert browser.judge(signal, "park:context_wanted", 1, aanhouden_tot=until).status_code == 303
    return signal


def test_the_server_wakes_a_parked_signal_at_its_moment_without_a_page_view(world: World, anna: Browser) -> None:
    signal = parked(world, anna)
    waking = Waking(world.app.state.dependencies.engine, world.clock, every=0.05)
    waking.start()
    try:
        time.sleep(0.3)
        assert world.state_of(signal) == "parked", "not before its moment"
        world.clock.pass_by(HOUR)
        give_up = time.monotonic() + 10
        while world.state_of(signal) != "new" and time.monotonic() < give_up:
            time.sleep(0.02)
    finally:
        waking.close()
    assert world.state_of(signal) == "new"
    steps = world.one("SELECT array_agg(step || ' ' || (user_id IS NULL) ORDER BY id) FROM signal_events")
    assert steps == ["park false", "resume true"], "its history says that time passed, and nobody's name"


def test_the_server_begins_with_it_and_ends_with_it(world: World, anna: Browser) -> None:
    signal = parked(world, anna)
    world.clock.pass_by(HOUR)
    with anna.client:  # as a real server does: it starts, and it stops
        give_up = time.monotonic() + 10
        while world.state_of(signal) != "new" and time.monotonic() < give_up:
            time.sleep(0.02)
    assert world.state_of(signal) == "new"


def test_more_than_one_turn_takes_come_back_together(world: World, anna: Browser) -> None:
    first = parked(world, anna)
    with world.owner() as owner:
        owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at,"
            " parked_at, parked_until) SELECT gen_random_uuid(), lane, state, category, level, imminent, genre, lang,"
            " source, sightings, seen_at, parked_at, parked_until FROM signals, generate_series(1, 150) WHERE id = %s",
            (first,),
        )
    assert wake_due(world.app.state.dependencies.engine, world.clock.now + HOUR) == 151


def test_a_database_that_is_away_is_waited_for(world: World) -> None:
    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    waking = Waking(nowhere, world.clock, every=0.01)
    waking.start()
    time.sleep(0.2)
    alive = waking.alive
    waking.close()
    assert alive, "it goes on trying"
    assert not waking.alive
