"""What is due is forgotten, nothing sooner; a dry run counts and changes nothing."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store.connection import Database
from tests.database import owner_connection
from tests.people import NOW, add_signal

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "after", "ends", "text_left"),
    [
        ("new", 7 * DAY - HOUR, "new", True),
        ("new", 7 * DAY + HOUR, "expired", False),
        ("parked", 14 * DAY - HOUR, "parked", True),
        ("parked", 14 * DAY + HOUR, "expired", False),
        ("rejected", DAY - HOUR, "rejected", True),
        ("rejected", DAY + HOUR, "rejected", False),
        ("closed", 28 * DAY - HOUR, "closed", True),
        ("closed", 28 * DAY + HOUR, "closed", False),
        ("referred", 90 * DAY - HOUR, "referred", True),
        ("referred", 90 * DAY + HOUR, "referred", False),
    ],
)
def test_a_signal_is_kept_as_long_as_its_state_says(
    database: Database, tmp_path: Path, state: str, after: timedelta, ends: str, text_left: bool
) -> None:
    signal = add_signal(database, state=state)
    with owner_connection(database) as owner:
        owner.execute("UPDATE signals SET queued_at = %s, changed_at = %s", (NOW, NOW))
        engine, road = database.engine_for("seinpost_retention"), database.engine_for("seinpost_road")
        forget(engine, road, KeyFolder(tmp_path / "keys"), NOW + after)
        engine.dispose()
        road.dispose()
        assert owner.execute("SELECT state FROM signals WHERE id = %s", (signal.id,)).fetchone() == (ends,)
        assert owner.execute("SELECT text IS NOT NULL FROM sightings").fetchone() == (text_left,)


def test_a_removal_of_a_post_that_stands_nowhere_goes_with_the_raw_window(database: Database, tmp_path: Path) -> None:
    signal = add_signal(database)
    stray, kept = uuid4(), uuid4()
    with owner_connection(database) as owner:
        for post, removed, at in ((stray, True, None), (kept, True, signal.id), (uuid4(), False, None)):
            owner.execute(
                "INSERT INTO post_heads (post_id, revision, event_id, removed, seen_at, signal_id)"
                " VALUES (%s, 1, %s, %s, %s, %s)",
                (post, uuid4(), removed, NOW, at),
            )
        engine, road = database.engine_for("seinpost_retention"), database.engine_for("seinpost_road")
        assert forget(engine, road, KeyFolder(tmp_path / "keys"), NOW + 22 * HOUR)["removals"] == 0
        assert forget(engine, road, KeyFolder(tmp_path / "keys"), NOW + 23 * HOUR)["removals"] == 1
        engine.dispose()
        road.dispose()
        assert owner.execute("SELECT count(*) FROM post_heads WHERE post_id = %s", (stray,)).fetchone() == (0,)
        assert owner.execute("SELECT count(*) FROM post_heads WHERE post_id = %s", (kept,)).fetchone() == (1,)


def test_a_dry_run_counts_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    add_signal(database)
    keys = KeyFolder(tmp_path / "keys")
    keys.hour_key(NOW)
    engine, road = database.engine_for("seinpost_retention"), database.engine_for("seinpost_road")
    with owner_connection(database) as owner:
        owner.execute("UPDATE signals SET queued_at = %s", (NOW,))
        counted = forget(engine, road, keys, NOW + 8 * DAY, dry_run=True)
        assert (counted["unread"], counted["expired"]) == (1, 1)
        assert owner.execute("SELECT state FROM signals").fetchone() == ("new",)
    assert keys.hour_key_if_alive(NOW) is not None
    assert forget(engine, road, keys, NOW + 8 * DAY)["unread"] == counted["unread"]
    engine.dispose()
    road.dispose()


def test_an_hour_key_lives_for_less_than_a_day(database: Database, tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.hour_key(NOW)
    engine, road = database.engine_for("seinpost_retention"), database.engine_for("seinpost_road")
    forget(engine, road, keys, NOW + 22 * HOUR)
    assert keys.hour_key_if_alive(NOW) is not None
    assert forget(engine, road, keys, NOW + 23 * HOUR)["hour_keys"] == 1
    assert keys.hour_key_if_alive(NOW) is None
    engine.dispose()
    road.dispose()
