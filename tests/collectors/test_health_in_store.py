"""Health in the real database: since when, what is usual, from when silence is an alarm, and who may read what."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from collectors.health import HealthState, SourceHealth
from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store import health, rhythms
from pipeline.store.connection import Database, acting
from tests.database import owner_connection
from tests.people import add_user

HOUR = timedelta(hours=1)
BEGAN = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def order(database: Database) -> UUID:
    """An order in force for four weeks."""
    made, people = uuid4(), [add_user(database, name, "order_approver") for name in ("een", "twee", "drie")]
    with owner_connection(database) as owner:
        owner.execute(
            "INSERT INTO orders (id, controller, basis, occasion, scope, starts_at, ends_at, drafted_by)"
            " VALUES (%s, 'x', 'x', 'x', '{\"sources\": [\"feed-entry\"]}', %s, %s, %s)",
            (made, BEGAN, BEGAN + timedelta(days=28), people[0]),
        )
        for person in people[1:]:
            owner.execute("INSERT INTO order_approvals VALUES (%s, %s)", (made, person))
        owner.execute("UPDATE orders SET state = 'in_force'")
    return made


@pytest.fixture
def collecting(database: Database) -> Iterator[Connection]:
    """A connection as the collectors have it."""
    engine = database.engine_for("seinpost_collect")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def watch(connection: Connection, order: UUID, hours: int) -> datetime:
    """Two posts an hour, told hour by hour; says when it ended."""
    now = BEGAN
    for _ in range(hours):
        now += HOUR
        health.report(connection, SourceHealth("feeds", order, 1, HealthState.OK, now, "", now, 2))
    connection.commit()
    return now


def test_a_source_that_is_watched_gets_a_moment_from_which_silence_is_an_alarm(
    collecting: Connection, order: UUID
) -> None:
    watch(collecting, order, 40)
    (row,) = health.listed(collecting)
    assert (row.silent_from, row.expected_per_day) == (None, None)
    now = watch(collecting, order, 60)
    (row,) = health.listed(collecting)
    assert row.silent_from is not None
    assert now + HOUR < row.silent_from < now + 12 * HOUR
    assert row.expected_per_day == pytest.approx(48, rel=0.2)
    assert row.accepted == 200


def test_a_source_keeps_its_trouble_when_the_network_hiccups_and_late_news_does_not_revive_it(
    collecting: Connection, order: UUID
) -> None:
    for state, at, reason in (
        (HealthState.BLOCKED, 1, "http_403"),
        (HealthState.FAILING, 2, "timeout"),
        (HealthState.OK, 0, ""),
    ):
        health.report(collecting, SourceHealth("feeds", order, 1, state, BEGAN + at * HOUR, reason, None, 1))
    (row,) = health.listed(collecting)
    assert (row.state, row.since, row.reason) == (HealthState.BLOCKED, BEGAN + HOUR, "http_403 then_timeout")
    assert (row.reported_at, row.accepted) == (BEGAN + 2 * HOUR, 3)


def test_what_was_learned_is_read_back_as_it_was(collecting: Connection, order: UUID) -> None:
    watch(collecting, order, 30)
    source = ("feeds", order, 1)
    learned = rhythms.load(collecting, source)
    assert sum(learned.hours) == pytest.approx(29)
    assert rhythms.listed(collecting) == {source: learned}


def test_a_rhythm_goes_with_its_order(database: Database, collecting: Connection, order: UUID, tmp_path: Path) -> None:
    watch(collecting, order, 2)
    engine, road = database.engine_for("seinpost_retention"), database.engine_for("seinpost_road")
    keys = KeyFolder(tmp_path / "keys")
    assert forget(engine, road, keys, BEGAN + timedelta(days=27))["source_rhythms"] == 0
    assert forget(engine, road, keys, BEGAN + timedelta(days=28))["source_rhythms"] == 1
    watch(collecting, order, 1)
    with owner_connection(database) as owner:
        owner.execute("UPDATE orders SET state = 'stopped'")
    assert forget(engine, road, keys, BEGAN + HOUR)["source_rhythms"] == 1
    assert rhythms.listed(collecting) == {}
    engine.dispose()
    road.dispose()


@pytest.mark.parametrize("role", ["seinpost_expert", "seinpost_supervisor"])
def test_no_person_reads_the_rhythm_of_a_channel(database: Database, order: UUID, role: str) -> None:
    engine = database.engine_for("seinpost_web")
    reader = add_user(database, "lezer", "expert", "admin")
    with pytest.raises(DBAPIError, match="permission denied"), acting(engine, reader, role) as connection:
        connection.execute(text("SELECT 1 FROM seinpost.source_rhythms"))
    engine.dispose()


def test_a_monitor_sees_counts_of_what_is_in_force_and_nothing_else(
    database: Database, collecting: Connection, order: UUID
) -> None:
    now = watch(collecting, order, 100)
    engine = database.engine_for("seinpost_web")
    with engine.begin() as connection:
        assert health.counts(connection, now) == [health.Counted("feeds", HealthState.OK, 1, 0)]
        assert health.counts(connection, now + timedelta(days=2)) == [health.Counted("feeds", HealthState.OK, 1, 1)]
        assert health.counts(connection, now + timedelta(days=28)) == []
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("SELECT 1 FROM seinpost.source_health"))
    engine.dispose()
