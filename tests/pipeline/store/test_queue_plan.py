"""The queue is read through its indexes: what was judged long ago costs a look at the queue nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text

from pipeline.store import queue
from pipeline.store.connection import Database, acting
from pipeline.store.queue import QueueFilter
from pipeline.store.reader import desk
from tests.database import owner_connection
from tests.people import add_user

JUDGED, OPEN = 20_000, 50
NOW = datetime.now(UTC)  # the rows are as old as the database's own clock says


@pytest.fixture
def reader(database: Database) -> UUID:
    """A reader before a database with many judged signals and a few open ones."""
    person = add_user(database, "lezer", "expert")
    with owner_connection(database) as owner:
        owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at,"
            " queued_at)"
            " SELECT gen_random_uuid(), 'ordinary', CASE WHEN n %% %(every)s = 0 THEN 'new' ELSE 'rejected' END,"
            "  'drugs', 'aandacht', false, 'chat', 'nl', 'tip', 1, now(), now() - n * interval '1 minute'"
            "  FROM generate_series(1, %(judged)s) AS n",
            {"every": JUDGED // OPEN, "judged": JUDGED},
        )
        owner.execute("INSERT INTO signal_places SELECT id, 'area:x', 'area', 'Wijk X' FROM signals")
        owner.execute(
            "INSERT INTO assessments"
            " (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)"
            " SELECT id, 1, %s, false, 'reject', 'art', 'drugs', 'aandacht', queued_at FROM signals"
            "  WHERE state = 'rejected'",
            (person,),
        )
        owner.execute("ANALYZE")
    return person


@pytest.fixture
def connection(database: Database, reader: UUID) -> Iterator[Connection]:
    """A transaction as the reader."""
    engine: Engine = database.engine_for("seinpost_web")
    with acting(engine, reader, "seinpost_expert") as connection:
        yield connection
    engine.dispose()


def plan(connection: Connection, statement: str, values: dict[str, object]) -> str:
    """What PostgreSQL would do, as text."""
    return "\n".join(connection.execute(text(f"EXPLAIN {statement}"), values).scalars())


def test_a_look_at_the_queue_reads_open_signals_only_and_all_of_them(
    database: Database, connection: Connection, reader: UUID
) -> None:
    values = {
        **queue._asked_by(reader, False, NOW, desk(connection, NOW), NOW),
        **dict.fromkeys(("category", "level", "source", "place", "nowhere", "name", "skip")),
        "view": "all",
        "longest": 60,
    }
    for statement in (queue._LOOK, queue._NEXT):
        found = plan(connection, statement.text, values)
        assert "signals_queue" in found, found
        for table in ("signals", "signal_places", "assessments", "signal_events"):
            assert not re.search(rf"Seq Scan on {table}\b", found), found
    found = plan(connection, "SELECT count(*) FROM seinpost.signals WHERE queued_at > :since", {"since": NOW})
    assert "signals_queued" in found, found
    with owner_connection(database) as owner:
        assert "assessments_newest" in _owners_plan(
            owner, "SELECT created_at FROM assessments WHERE user_id = %s AND created_at > now() LIMIT 200", reader
        )
    seen = queue.look(connection, reader, False, QueueFilter(), NOW, desk(connection, NOW), NOW)
    assert (len(seen.items), seen.matching) == (OPEN, OPEN)
    assert [item.queued_at for item in seen.items] == sorted(item.queued_at for item in seen.items)


def _owners_plan(owner: psycopg.Connection, statement: str, value: object) -> str:
    return "\n".join(line for (line,) in owner.execute(f"EXPLAIN {statement}", (value,)).fetchall())
