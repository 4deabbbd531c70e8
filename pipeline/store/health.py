"""How each source is doing: one row per source, with since when it has been so. Codes and numbers only.

What may follow what stands in `collectors.health_states`, when silence is an alarm in `collectors.health_rhythm`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from collectors.health import HealthState, SourceHealth
from collectors.health_rhythm import Rhythm, alarm_at, heard, rates
from collectors.health_states import Standing, after
from pipeline.store import rhythms

_DAYS = 7


@dataclass(frozen=True)
class HealthRow:
    """The health of one source as it stands; `accepted` counts everything under this order.

    `silent_from` is when its silence becomes an alarm if nothing comes; `expected_per_day` is None until it is known.
    """

    collector: str
    order_id: UUID
    seed: int
    state: HealthState
    reason: str
    since: datetime
    last_seen_at: datetime | None
    accepted: int
    reported_at: datetime
    silent_from: datetime | None = None
    expected_per_day: float | None = None


@dataclass(frozen=True)
class Counted:
    """How many sources of one collector are in one state under orders in force, and how many of them are silent."""

    collector: str
    state: HealthState
    sources: int
    silent: int


def report(connection: Connection, health: SourceHealth) -> None:
    """Keep what a collector said, and learn from it what is usual."""
    source = (health.collector, health.order_id, health.seed)
    # Two processes may tell of one source at once; the second waits here, also when there is no row yet.
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:source, 0))"),
        {"source": f"source_health {health.collector} {health.order_id} {health.seed}"},
    )
    row = connection.execute(
        text(f"{_SELECT} WHERE collector = :collector AND order_id = :order_id AND seed = :seed"),
        rhythms.key(source),
    ).one_or_none()
    before = None if row is None else _row(row)
    standing = after(None if before is None else _standing(before), health)
    silent = before is not None and before.silent_from is not None and before.silent_from <= health.at
    rhythm = heard(rhythms.load(connection, source), health.state, health.at, max(health.accepted, 0), silent=silent)
    rhythms.save(connection, source, rhythm)
    _save(connection, source, standing, rhythm)


def listed(connection: Connection) -> list[HealthRow]:
    """Every source, by collector, order and seed."""
    return [_row(row) for row in connection.execute(text(f"{_SELECT} ORDER BY collector, order_id, seed"))]


def counts(connection: Connection, now: datetime) -> list[Counted]:
    """What a monitor may see without signing in."""
    rows = connection.execute(
        text("SELECT collector, state, sources, silent FROM seinpost.source_counts(:now) ORDER BY 1, 2"), {"now": now}
    )
    return [Counted(row.collector, HealthState(row.state), row.sources, row.silent) for row in rows]


def _save(connection: Connection, source: rhythms.Source, standing: Standing, rhythm: Rhythm) -> None:
    connection.execute(
        text(
            "INSERT INTO seinpost.source_health (collector, order_id, seed, state, reason, since, last_seen_at,"
            "   accepted, reported_at, silent_from, expected_per_day)"
            " VALUES (:collector, :order_id, :seed, :state, :reason, :since, :last_seen_at, :accepted,"
            "   :reported_at, :silent_from, :expected_per_day)"
            " ON CONFLICT (collector, order_id, seed) DO UPDATE SET state = excluded.state, reason = excluded.reason,"
            "   since = excluded.since, last_seen_at = excluded.last_seen_at, accepted = excluded.accepted,"
            "   reported_at = excluded.reported_at, silent_from = excluded.silent_from,"
            "   expected_per_day = excluded.expected_per_day"
        ),
        {
            **rhythms.key(source),
            "state": standing.state,
            "reason": standing.reason,
            "since": standing.since,
            "last_seen_at": standing.last_seen_at,
            "accepted": standing.accepted,
            "reported_at": standing.reported_at,
            "silent_from": alarm_at(rhythm, standing.last_seen_at),
            "expected_per_day": sum(rates(rhythm)) / _DAYS if rhythm.learned else None,
        },
    )


_SELECT = (
    "SELECT collector, order_id, seed, state, reason, since, last_seen_at, accepted, reported_at, silent_from,"
    " expected_per_day FROM seinpost.source_health"
)


def _row(row: Row[tuple[object, ...]]) -> HealthRow:
    return HealthRow(
        collector=row.collector,
        order_id=row.order_id,
        seed=row.seed,
        state=HealthState(row.state),
        reason=row.reason,
        since=row.since,
        last_seen_at=row.last_seen_at,
        accepted=row.accepted,
        reported_at=row.reported_at,
        silent_from=row.silent_from,
        expected_per_day=row.expected_per_day,
    )


def _standing(row: HealthRow) -> Standing:
    return Standing(row.state, row.reason, row.since, row.reported_at, row.last_seen_at, row.accepted)
