"""No question of a page reads a growing table from end to end: counted by PostgreSQL itself, also inside functions."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from pipeline.store import handovers, onlookers, parking, quality, queue, saved_views, sessions, thread, undo
from pipeline.store.case import case
from pipeline.store.connection import Database, acting
from pipeline.store.page_frame import page_frame
from pipeline.store.queue_counts import QueueFilter, QueueView
from pipeline.store.reader import desk
from signals.label import Category
from tests.database import owner_connection
from tests.people import NOW, add_user

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SIGNALS = 20_000
_FILL = """
    INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at, queued_at,
                         changed_at, parked_at, parked_until)
    SELECT md5('signal' || n)::uuid, 'ordinary', s.state, 'drugs', 'aandacht', false, 'chat', 'nl', 'tip', 1, s.at,
           s.at, s.at, CASE WHEN s.state = 'parked' THEN s.at END,
           CASE WHEN s.state = 'parked' THEN s.at + interval '13 days' END
      FROM generate_series(1, %(signals)s) AS n,
           LATERAL (SELECT %(now)s - n * interval '10 minutes' AS at,
                           CASE WHEN n %% 400 = 0 THEN 'new' WHEN n %% 400 = 1 THEN 'waiting_second'
                                WHEN n %% 400 = 2 THEN 'casusoverleg' WHEN n %% 400 = 3 THEN 'referred'
                                WHEN n %% 10 = 4 THEN 'parked' ELSE 'rejected' END AS state) s;
    INSERT INTO sightings (post_id, signal_id, event_id, revision, source, seen_at, text, analysis)
    SELECT gen_random_uuid(), id, gen_random_uuid(), 1, 'tip', seen_at, 'een bericht', '{}' FROM signals;
    INSERT INTO signal_places SELECT id, 'area:' || number %% 500, 'area', 'Wijk ' || number %% 500 FROM signals;
    INSERT INTO signal_events (signal_id, at, step, to_state) SELECT id, seen_at, 'arrive', 'new' FROM signals;
    INSERT INTO users (username, display_name, pseudonym, password_hash)
    SELECT 'lezer' || n, 'Lezer', 'lezer ' || n, 'x' FROM generate_series(1, 300) AS n;
    INSERT INTO assessments (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)
    SELECT s.id, 1, (SELECT id FROM users WHERE username = 'lezer' || 1 + s.number %% 300), false, 'reject', 'art',
           'drugs', 'aandacht', s.queued_at FROM signals s WHERE s.state IN ('rejected', 'waiting_second');
    INSERT INTO first_eyes SELECT id, level, queued_at, queued_at + interval '5 minutes' FROM signals;
    INSERT INTO thread_messages (signal_id, user_id, kind, body, at)
    SELECT s.id, (SELECT id FROM users WHERE username = 'lezer1'), 'question', 'wat denken jullie?', s.queued_at
      FROM signals s;
    INSERT INTO thread_mentions (message_id, signal_id, user_id, seen_at)
    SELECT m.id, m.signal_id, u.id, m.at FROM thread_messages m JOIN users u ON u.username = 'lezer2';
    INSERT INTO handovers (user_id, at, note, signals)
    SELECT u.id, %(now)s - n * interval '3 hours', 'een notitie', '{}'
      FROM users u, generate_series(1, 50) AS n WHERE u.username LIKE 'lezer%%';
    INSERT INTO saved_views (user_id, place, name, filters)
    SELECT u.id, n, 'weergave ' || n, 'soort=drugs' FROM users u, generate_series(1, 20) AS n;
    INSERT INTO web_sessions (token_hash, user_id, csrf, created_at, last_seen_at, expires_at)
    SELECT sha256(('t' || n)::bytea), (SELECT id FROM users WHERE username = 'lezer1'), 'x', %(now)s, %(now)s,
           %(now)s + interval '1 hour' FROM generate_series(1, 5000) AS n;
    INSERT INTO onlookers SELECT s.id, u.id, %(now)s + interval '1 hour'
      FROM (SELECT id FROM signals LIMIT 5000) s, users u WHERE u.username = 'lezer3';
"""
FILLED = (
    "signals",
    "sightings",
    "signal_places",
    "signal_events",
    "assessments",
    "first_eyes",
    "thread_messages",
    "thread_mentions",
    "handovers",
    "saved_views",
    "web_sessions",
    "onlookers",
)


@pytest.fixture
def web(database: Database) -> Iterator[tuple[Engine, UUID]]:
    """The web server's log-in and a reader, before a database with months of everything."""
    me = add_user(database, "ik", "expert")
    with owner_connection(database) as owner:
        for statement in _FILL.split(";\n"):
            if statement.strip():
                owner.execute(statement.encode(), {"now": NOW, "signals": SIGNALS})
        owner.execute("VACUUM ANALYZE")
    engine = database.engine_for("seinpost_web")
    yield engine, me
    engine.dispose()


def questions(me: UUID, one: UUID) -> dict[str, Callable[[Connection], object]]:
    """Everything that pages ask, by name."""

    def looked(wanted: QueueFilter) -> Callable[[Connection], object]:
        return lambda c: queue.look(c, me, False, wanted, NOW, desk(c, NOW - DAY), NOW - 10 * MINUTE, 40)

    return {
        "queue": looked(QueueFilter()),
        "queue, mine": looked(QueueFilter(QueueView.MINE)),
        "queue, one kind, place known": looked(QueueFilter(category=Category.DRUGS, place_known=True)),
        "queue, one place": looked(QueueFilter(place_id="area:7")),
        "queue, place by name": looked(QueueFilter(place_name="wijk 12")),
        "next": lambda c: queue.next_to_read(c, me, False, NOW),
        "arrivals": lambda c: queue.arrivals(c, NOW),
        "around every page": lambda c: page_frame(c, NOW - DAY, NOW),
        "undo": lambda c: undo.offered(c, me, NOW),
        "questions to me": lambda c: thread.questions_to(c, me),
        "saved views": lambda c: saved_views.views_of(c, me),
        "presence": lambda c: onlookers.look_on(c, one, NOW),
        "others who look": lambda c: onlookers.others_looking(c, one, NOW),
        "a signal": lambda c: case(c, one, NOW),
        "a casusoverleg": lambda c: thread.thread(c, one),
        "parked and sent": parking.running,
        "a term": lambda c: parking.term(c, one),
        "waking": lambda c: parking.wake(c, NOW),
        "in hand": lambda c: handovers.in_hand(c, me, NOW),
        "in casusoverleg": lambda c: handovers.in_consultation(c, me),
        "notes": lambda c: handovers.latest(c, me, NOW - DAY),
        "quality: how alike": lambda c: quality.pairs(c, NOW - DAY),
        "quality: second readings": lambda c: quality.drawn(c, NOW - DAY),
        "quality: how soon": lambda c: quality.waits(c, NOW - DAY, NOW),
        "quality: confirmed": lambda c: quality.posts_confirmed(c, NOW - DAY, NOW),
    }


def read_through(connection: Connection, ask: Callable[[Connection], object]) -> dict[str, int]:
    """Rows of filled tables that a question reads without an index."""
    before = _read_so_far(connection)  # the counters of this log-in go on from earlier transactions for a while
    ask(connection)
    after = _read_so_far(connection)
    return {name: rows - before.get(name, 0) for name, rows in after.items() if rows > before.get(name, 0)}


def _read_so_far(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        text("SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = ANY(:filled)"),
        {"filled": list(FILLED)},
    )
    return {row.relname: row.seq_tup_read for row in rows}


def test_no_question_of_a_page_reads_a_growing_table_from_end_to_end(web: tuple[Engine, UUID]) -> None:
    engine, me = web
    with acting(engine, me, "seinpost_expert") as connection:
        one = connection.execute(text("SELECT id FROM signals WHERE state = 'casusoverleg' LIMIT 1")).scalar_one()
        all_of_it = read_through(
            connection, lambda c: c.execute(text("SELECT count(*) FROM signals WHERE genre = 'x'"))
        )
        assert all_of_it == {"signals": SIGNALS}, "the count sees a table that is read through"
    found = {}
    for name, ask in questions(me, one).items():
        with acting(engine, me, "seinpost_expert") as connection:
            found[name] = read_through(connection, ask)
    with acting(engine, None) as connection:
        found["who it is"] = read_through(connection, lambda c: sessions.session_of(c, "t7", NOW))
    assert {name: rows for name, rows in found.items() if rows} == {}
