"""A monitor reads from the web application how the road is doing: right counts, and every series."""

import math
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, text

from pipeline.store import road_counts
from pipeline.store.connection import Database
from review_ui.metrics import Metrics
from review_ui.road_gauges import LANES, STATES, RoadGauges
from signals.dead_letter import DeadReason
from signals.label import Level
from signals.signal import SignalState
from tests.database import owner_connection
from tests.road.invented import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def web(database: Database) -> Engine:
    """Logged in as the web server before anyone signed in."""
    return database.engine_for("seinpost_web")


def _signal(database: Database, lane: str, level: str, state: str, seen: float, queued: float) -> None:
    """A signal seen and queued so many seconds before now."""
    with owner_connection(database) as owner:
        owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, seen_at, queued_at)"
            " VALUES (%s, %s, %s, 'threat', %s, false, 'chat', 'nl', 'export', %s, %s)",
            (uuid4(), lane, state, level, NOW - timedelta(seconds=seen), NOW - timedelta(seconds=queued)),
        )


def _letter(database: Database, reason: DeadReason, ago: timedelta, state: str = "parked") -> None:
    with owner_connection(database) as owner:
        owner.execute(
            "INSERT INTO dead_letters (id, reason, step, source_kind, size, sha256, field_path, code_location,"
            " happened_at, hour, state) VALUES (%s, %s, 'analyse', 'export', 1, '', '', '', %s, %s, %s)",
            (uuid4(), reason.value, NOW - ago, NOW, state),
        )


def _read(web: Engine) -> dict[tuple[str, tuple[str, ...]], float]:
    gauges = RoadGauges(web, lambda: NOW)
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for metric in gauges.collect()
        for sample in metric.samples
    }


def test_an_empty_house_shows_every_series_at_zero(web: Engine) -> None:
    read = _read(web)
    for lane in LANES:
        for level in Level:
            for state in STATES:
                assert read["seinpost_queue_signals", (lane, level.value, state)] == 0
                assert read["seinpost_queue_oldest_seconds", (lane, level.value, state)] == 0
    for reason in DeadReason:
        assert read["seinpost_dead_letters_open", (reason.value,)] == 0
    assert math.isnan(read["seinpost_queue_latency_seconds", ("0.95",)])
    assert read["seinpost_outbox_waiting", ()] == 0


def test_queue_length_and_age_are_those_of_open_signals(database: Database, web: Engine) -> None:
    _signal(database, "urgent", "acuut", "new", 605, 600)
    _signal(database, "urgent", "acuut", "new", 65, 60)
    _signal(database, "ordinary", "concreet", "waiting_second", 7200, 7100)
    _signal(database, "ordinary", "concreet", "rejected", 9000, 9000)
    read = _read(web)
    assert read["seinpost_queue_signals", ("urgent", "acuut", "new")] == 2
    assert read["seinpost_queue_oldest_seconds", ("urgent", "acuut", "new")] == 600
    assert read["seinpost_queue_oldest_seconds", ("ordinary", "concreet", "waiting_second")] == 7100
    assert sum(value for (name, _), value in read.items() if name == "seinpost_queue_signals") == 3


def test_latency_is_from_seen_to_queued_of_the_last_minutes(database: Database, web: Engine) -> None:
    for took in range(1, 101):
        _signal(database, "ordinary", "concreet", "new", 100 + took / 10, 100)
    _signal(database, "ordinary", "concreet", "new", 5000, 1000)  # long ago
    _signal(database, "ordinary", "concreet", "new", 40, 60)  # a later version of its post was seen since
    read = _read(web)
    assert read["seinpost_queue_latency_signals", ()] == 100
    assert read["seinpost_queue_latency_seconds", ("0.5",)] == pytest.approx(5.05)
    assert read["seinpost_queue_latency_seconds", ("0.95",)] == pytest.approx(9.505)


def test_dead_letters_count_while_they_lie_there_and_grow_by_the_hour(database: Database, web: Engine) -> None:
    _letter(database, DeadReason.SCHEMA, timedelta(minutes=5))
    _letter(database, DeadReason.SCHEMA, timedelta(hours=5))
    _letter(database, DeadReason.SCHEMA, timedelta(minutes=9), state="retried")
    read = _read(web)
    assert read["seinpost_dead_letters_open", ("schema",)] == 2
    assert read["seinpost_dead_letters_last_hour", ("schema",)] == 2


def test_what_waits_to_be_told_has_an_age(database: Database, web: Engine) -> None:
    with owner_connection(database) as owner:
        owner.execute(
            "INSERT INTO outbox (event_id, topic, key, body, created_at)"
            " VALUES (%s, 'seinpost.decisions.v1', 'k', '{}', %s)",
            (uuid4(), NOW - HOUR),
        )
    read = _read(web)
    assert read["seinpost_outbox_waiting", ()] == 1
    assert read["seinpost_outbox_oldest_seconds", ()] == 3600


def test_the_states_shown_are_the_open_ones_of_the_vocabulary() -> None:
    assert set(STATES) <= {state.value for state in SignalState}


def test_the_database_is_asked_seldom_and_its_absence_is_an_absence(database: Database, web: Engine) -> None:
    gauges = RoadGauges(web, lambda: NOW, keep_seconds=60)
    before = list(gauges.collect())
    _signal(database, "tip", "aandacht", "new", 10, 5)
    assert list(gauges.collect()) == before
    with owner_connection(database) as owner:
        owner.execute("ALTER FUNCTION queue_counts(timestamptz) RENAME TO away")
    assert list(RoadGauges(web, lambda: NOW).collect()) == []


def test_the_web_server_reads_counts_and_still_no_signal(web: Engine) -> None:
    with web.begin() as connection:
        row = connection.execute(
            text(
                "SELECT has_table_privilege('seinpost.signals', 'SELECT'),"
                " has_table_privilege('seinpost.dead_letters', 'SELECT')"
            )
        ).one()
    assert tuple(row) == (False, False)


def test_growing_tables_are_asked_through_their_indexes(database: Database) -> None:
    """The plans of the functions' own words, with sequential scans made dear as on a large table."""
    given = {"at": f"timestamptz '{NOW.isoformat()}'", "since": f"timestamptz '{(NOW - HOUR).isoformat()}'"}
    wanted = {
        "queue_counts": {"signals_queue"},
        "queue_latency": {"signals_queued"},
        "dead_letter_counts": {"dead_letters_parked", "dead_letters_age"},
        "backlog_counts": {"outbox_waiting", "notices_waiting", "analyses_age"},
    }
    with owner_connection(database) as owner:
        owner.execute("SET enable_seqscan = off")
        owner.execute("SET enable_bitmapscan = off")
        for function, indexes in wanted.items():
            row = owner.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", (function,)).fetchone()
            assert row is not None
            body = row[0]
            for name, value in given.items():
                body = _with(body, name, value)
            plan = "\n".join(line for (line,) in owner.execute(f"EXPLAIN {body}").fetchall())
            assert {index for index in indexes if index in plan} == indexes, plan
            assert "Seq Scan" not in plan


def _with(body: str, name: str, value: str) -> str:
    return re.sub(rf"(?<![.\w]){name}(?!\w)", value, body)


def test_the_page_of_the_web_application_is_prometheus_own_form(web: Engine) -> None:
    metrics = Metrics()
    metrics.registry.register(RoadGauges(web, lambda: NOW))
    page = bytes(metrics.page().body).decode()
    names = {family.name for family in text_string_to_metric_families(page)}
    assert {"seinpost_queue_signals", "seinpost_queue_latency_seconds", "seinpost_outbox_waiting"} <= names
    assert road_counts.FRESH < road_counts.RECENT
