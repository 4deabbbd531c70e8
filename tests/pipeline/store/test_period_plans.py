"""A month's numbers come from that month: PostgreSQL itself counts that no growing table is read from end to end."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from pipeline.store import period_numbers
from pipeline.store.connection import Database, acting
from pipeline.store.period_numbers import Period
from tests.database import owner_connection
from tests.people import NOW, add_user

SIGNALS = 20_000
MONTH = Period(NOW - timedelta(days=70), NOW - timedelta(days=40))
FILLED = ("signals", "signal_events", "signal_places", "assessments", "first_eyes")
_FILL = """
    INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, seen_at, queued_at,
                         changed_at)
    SELECT md5('signal' || n)::uuid, 'ordinary', CASE WHEN n %% 500 = 0 THEN 'new' ELSE 'rejected' END, 'drugs',
           'aandacht', false, 'chat', 'nl', 'tip', at, at, at
      FROM generate_series(1, %(signals)s) AS n, LATERAL (SELECT %(now)s - n * interval '30 minutes' AS at) t;
    INSERT INTO signal_places SELECT id, 'area:' || number %% 500, 'area', 'Wijk' FROM signals;
    INSERT INTO signal_events (signal_id, at, step, from_state, to_state)
    SELECT id, seen_at, 'reject', 'new', 'rejected' FROM signals WHERE state = 'rejected';
    INSERT INTO assessments (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)
    SELECT s.id, 1, (SELECT id FROM users LIMIT 1), false, 'reject', 'art', 'drugs', 'aandacht', s.queued_at
      FROM signals s WHERE s.state = 'rejected';
    INSERT INTO first_eyes SELECT id, level, queued_at, queued_at + interval '5 minutes' FROM signals;
"""


@pytest.fixture
def web(database: Database) -> Iterator[tuple[Engine, UUID]]:
    """The web server's log-in and an expert, before a year of signals."""
    me = add_user(database, "ik", "expert")
    with owner_connection(database) as owner:
        for statement in _FILL.split(";\n"):
            if statement.strip():
                owner.execute(statement.encode(), {"now": NOW, "signals": SIGNALS})
        owner.execute("VACUUM ANALYZE")
    engine = database.engine_for("seinpost_web")
    yield engine, me
    engine.dispose()


def read_through(connection: Connection, ask: Callable[[Connection], object]) -> dict[str, int]:
    """Rows of filled tables that a question reads without an index."""
    count = text("SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = ANY(:filled)")
    before = {row.relname: row.seq_tup_read for row in connection.execute(count, {"filled": list(FILLED)})}
    ask(connection)
    rows = connection.execute(count, {"filled": list(FILLED)})
    return {
        row.relname: row.seq_tup_read - before[row.relname] for row in rows if row.seq_tup_read > before[row.relname]
    }


def test_a_months_numbers_are_found_by_their_moment(web: tuple[Engine, UUID]) -> None:
    engine, me = web
    some = [f"area:{number}" for number in range(40)]
    with acting(engine, me, "seinpost_expert") as connection:
        whole = period_numbers.numbers(connection, MONTH, None, exact=True)
        assert {one.number for one in whole if one.section == "came_level"} == {30 * 48}
        for ask in (
            lambda c: period_numbers.numbers(c, MONTH, None, exact=True),
            lambda c: period_numbers.numbers(c, MONTH, some, exact=True),
            lambda c: period_numbers.districts(c, MONTH, dict.fromkeys(some, "Wijk"), exact=True),
        ):
            assert read_through(connection, ask) == {}
        everything = read_through(
            connection, lambda c: c.execute(text("SELECT count(*) FROM signals WHERE genre = 'x'"))
        )
    assert everything == {"signals": SIGNALS}, "the count sees a table that is read through"
