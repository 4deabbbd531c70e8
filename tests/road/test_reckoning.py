"""The reckoning after a run under faults would notice: one thing taken away, doubled or changed, and it is named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.kafka.local_broker import LocalBroker
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from tests.patience import until
from tests.road.books import Books
from tests.road.decisions import decisions_told, leave_for
from tests.road.invented import Maker, add_order
from tests.road.kafka_road import kafka_road
from tests.road.storm.experts import Decision, Experts
from tests.road.storm.reckoning import Told, reckon_decisions, reckon_posts, reckon_signals, reckon_told
from tests.road.storm.said import Outcome, outcome, stream

pytestmark = pytest.mark.kafka
POSTS, DECISIONS, TOLD, SEED = 1_500, 12, 20, 5

WRONGS = {
    "a post was lost": (
        "analyses: 1 lost",
        "DELETE FROM analyses WHERE ctid = (SELECT ctid FROM analyses LIMIT 1)",
    ),
    "a post came from nowhere": (
        "analyses: 1 too many",
        "INSERT INTO analyses SELECT (jsonb_populate_record(a, jsonb_build_object('event_id', gen_random_uuid()))).*"
        " FROM analyses a LIMIT 1",
    ),
    "a dead letter was lost": (
        "dead letters of a reason",
        "DELETE FROM dead_letters WHERE ctid = (SELECT ctid FROM dead_letters LIMIT 1)",
    ),
    "an edit was lost": (
        "last versions of a post: 1 otherwise",
        "UPDATE post_heads SET event_id = gen_random_uuid() WHERE ctid = (SELECT ctid FROM post_heads LIMIT 1)",
    ),
    "a removal was lost": (
        "last versions of a post: 1 otherwise",
        "UPDATE post_heads SET removed = false WHERE ctid = (SELECT ctid FROM post_heads WHERE removed LIMIT 1)",
    ),
    "a flagged post stands at no signal": (
        "posts at a signal: 1 lost",
        "DELETE FROM sightings WHERE ctid = (SELECT ctid FROM sightings LIMIT 1)",
    ),
    "a signal stands twice": (
        "signals: 1 too many",
        "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at)"
        " SELECT gen_random_uuid(), lane, state, category, level, imminent, genre, lang, source, sightings, seen_at"
        " FROM signals LIMIT 1",
    ),
    "a signal was lost": (
        "signals: 1 lost",
        "DELETE FROM signals WHERE ctid = (SELECT ctid FROM signals LIMIT 1)",
    ),
    "a post counted twice": (
        "posts counted at a signal: 1 otherwise",
        "UPDATE signals SET sightings = sightings + 1 WHERE ctid = (SELECT ctid FROM signals LIMIT 1)",
    ),
    "a signal arrived twice": (
        "arrivals of a signal: 1 otherwise",
        "INSERT INTO signal_events (signal_id, at, step, to_state) SELECT signal_id, at, step, to_state"
        " FROM signal_events WHERE step = 'arrive' LIMIT 1",
    ),
    "a signal left the queue unread": (
        "states of a signal nobody read: 1 otherwise",
        "UPDATE signals SET state = 'closed' WHERE ctid = (SELECT ctid FROM signals WHERE state = 'new'"
        " AND id NOT IN (SELECT signal_id FROM claims UNION SELECT signal_id FROM assessments) LIMIT 1)",
    ),
    "the only decision on a signal was lost": (
        "states of a signal nobody read: 1 otherwise",
        "DELETE FROM assessments WHERE ctid = (SELECT ctid FROM assessments a WHERE NOT EXISTS"
        " (SELECT 1 FROM assessments b WHERE b.signal_id = a.signal_id AND b.reading <> a.reading) LIMIT 1)",
    ),
    "a second decision was lost": (
        "decisions that were answered: 1 lost",
        "DELETE FROM assessments WHERE ctid = (SELECT ctid FROM assessments WHERE reading = 2 LIMIT 1)",
    ),
    "a decision was changed": (
        "decisions that were answered: 1 otherwise",
        "UPDATE assessments SET user_id = gen_random_uuid() WHERE ctid = (SELECT ctid FROM assessments LIMIT 1)",
    ),
    "a decision did not move its signal": (
        "states that a last reader was told: 1 otherwise",
        "UPDATE signals SET state = 'new' WHERE id = (SELECT signal_id FROM assessments LIMIT 1)",
    ),
    "what was told is not in the outbox": (
        "decisions told of a signal: 1 otherwise",
        "DELETE FROM outbox WHERE ctid = (SELECT ctid FROM outbox LIMIT 1)",
    ),
    "what is in the outbox was not told": (
        "decisions told of a signal: 1 otherwise",
        "INSERT INTO outbox (event_id, topic, key, body) SELECT gen_random_uuid(), topic, key, body"
        " FROM outbox LIMIT 1",
    ),
}


@dataclass
class Finished:
    """A run that came to rest, and a hand that can spoil one thing of it and put it back."""

    connection: psycopg.Connection[tuple[Any, ...]]
    wanted: Outcome
    told: Told
    made: list[Decision]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement.encode()).fetchall()

    def reckon(self, told: Told | None = None) -> None:
        reckon_posts(self.rows, self.wanted)
        reckon_signals(self.rows, self.wanted)
        assert reckon_decisions(self.rows, self.made) >= DECISIONS
        assert reckon_told(self.rows, self.told if told is None else told) >= TOLD - 1

    def spoiled(self, statement: str) -> str:
        """What the reckoning says after one statement, which is then undone."""
        try:
            assert self.connection.execute(statement.encode()).rowcount == 1
            return _said(self.reckon)
        finally:
            self.connection.rollback()


@pytest.fixture
def finished(
    database: Database,
    postgres: EmbeddedPostgres,
    own_keys: KeyFolder,
    road: Engine,
    books: Books,
    kafka_broker: LocalBroker,
) -> Iterator[Finished]:
    """A little run without faults: some hundred posts, a dozen decisions, everything told."""
    maker = Maker(own_keys.id_key(), add_order(database))
    said = stream(SEED, POSTS)
    experts = Experts(database, SEED, pause=0.1)
    with kafka_road(kafka_broker.bootstrap, database, own_keys, maker) as built:
        built.sink.accept([one.made(maker) for one in said], None)
        built.flow()
        leave_for("reckoning", kafka_broker.bootstrap, database, TOLD)
        experts.start()
        try:
            until(lambda: _enough(experts) or experts.fault is not None)
        finally:
            experts.halt()
            experts.join(30)
        assert experts.fault is None
        until(lambda: books.one("SELECT count(*) FROM outbox WHERE published_at IS NULL") == 0)
    told = decisions_told("reckoning", kafka_broker.bootstrap)
    url = postgres.admin_url.set(drivername="postgresql", database=database.url.database)
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        # As a fault of the database itself would: past every rule that keeps rows from being changed.
        connection.execute("SET session_replication_role = replica")
        connection.commit()
        yield Finished(connection, outcome(said, maker), told, experts.made)


def test_whatever_is_lost_doubled_or_changed_is_named(finished: Finished) -> None:
    finished.reckon()
    said = {what: finished.spoiled(statement) for what, (_, statement) in WRONGS.items()}
    assert {what: line for what, line in said.items() if not line.startswith(WRONGS[what][0])} == {}
    assert all("\n" not in line and len(line) < 400 for line in said.values())
    finished.reckon()
    _a_decision_that_was_not_told_or_out_of_order_is_named(finished)


def _a_decision_that_was_not_told_or_out_of_order_is_named(finished: Finished) -> None:
    some = next(iter(finished.told))
    twice = next(key for key, events in finished.told.items() if len(events) > 1)
    silent = {key: events for key, events in finished.told.items() if key != some}
    turned = {**finished.told, twice: finished.told[twice][::-1]}
    cut = {**finished.told, twice: finished.told[twice][:1]}
    assert _said(lambda: finished.reckon(silent)).startswith(f"decisions told of a signal: 1 lost ({some})")
    assert _said(lambda: finished.reckon(turned)).startswith("decisions told of a signal: 1 otherwise")
    assert _said(lambda: finished.reckon(cut)).startswith("decisions told of a signal: 1 otherwise")


def _enough(experts: Experts) -> bool:
    return len(experts.made) >= DECISIONS and any(decision.reading > 1 for decision in experts.made)


def _said(reckon: Callable[[], None]) -> str:
    try:
        reckon()
    except AssertionError as wrong:
        return str(wrong)
    return "it noticed nothing"
