"""Health in the real database: since when, what is usual, from when silence is an alarm, and who may read what."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from collectors.health import HealthState, SourceHealth
from collectors.spiders.visit_place import VisitPlace
from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store import cursors, health, rhythms
from pipeline.store.connection import Database, acting
from seinpost.cli import collect_status
from signals.ports import Cursor
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


def by_seed(connection: Connection, now: datetime) -> dict[object, dict[str, object]]:
    return {one["seed"]: one for one in collect_status.described(connection, now)}


def test_the_status_says_what_is_the_matter_and_what_to_do_worst_first(collecting: Connection, order: UUID) -> None:
    now = watch(collecting, order, 100)
    for seed, state, reason in ((2, HealthState.BLOCKED, "captcha"), (3, HealthState.SLOWED, "http_429")):
        health.report(collecting, SourceHealth("feeds", order, seed, state, now, reason))
    told = collect_status.described(collecting, now)
    assert [one["seed"] for one in told] == [2, 1, 3]
    assert (told[0]["matter"], told[0]["alarm"], told[0]["since"]) == ("closed", True, now.isoformat())
    assert "no account" in str(told[0]["do"])
    assert told[1]["seen_24h"] == 48
    assert told[1]["expected_24h"] == pytest.approx(48, rel=0.1)
    assert told[2]["expected_24h"] is None
    assert "example" not in json.dumps(told)


def test_a_source_that_falls_silent_becomes_an_alarm_although_nobody_reports(
    collecting: Connection, order: UUID
) -> None:
    now = watch(collecting, order, 100)
    place = VisitPlace(not_before=int((now + timedelta(days=3)).timestamp())).dumps()
    cursors.save(collecting, Cursor(collector="feeds", order_id=order, seed=1, position=place))
    assert by_seed(collecting, now)[1]["matter"] == "reads"
    assert by_seed(collecting, now + timedelta(hours=20))[1]["matter"] == "silent"


def test_a_source_that_is_not_visited_when_it_is_due_says_that_no_collector_runs(
    database: Database, collecting: Connection, order: UUID
) -> None:
    now = watch(collecting, order, 2)
    place = VisitPlace(not_before=int((now + HOUR).timestamp()))
    cursors.save(collecting, Cursor(collector="feeds", order_id=order, seed=1, position=place.dumps()))
    collecting.commit()
    with owner_connection(database) as owner:
        owner.execute("UPDATE cursors SET saved_at = %s", (now,))
    assert by_seed(collecting, now + 1.5 * HOUR)[1]["matter"] == "reads"
    assert by_seed(collecting, now + 2.5 * HOUR)[1]["matter"] == "unheard"
    stopped = replace(place, stopped="http_403").dumps()
    cursors.save(collecting, Cursor(collector="feeds", order_id=order, seed=1, position=stopped))
    assert by_seed(collecting, now + 9 * HOUR)[1]["waits_for_a_person"]
    assert by_seed(collecting, now + 9 * HOUR)[1]["matter"] == "reads"


def test_when_an_order_is_over_its_sources_say_so_without_a_collector(collecting: Connection, order: UUID) -> None:
    watch(collecting, order, 100)
    ended = BEGAN + timedelta(days=28)
    told = by_seed(collecting, ended + HOUR)[1]
    assert (told["state"], told["matter"], told["since"]) == ("stopped_by_order", "order_over", ended.isoformat())
    assert not told["silent"]
    assert by_seed(collecting, ended + timedelta(days=8)) == {}
