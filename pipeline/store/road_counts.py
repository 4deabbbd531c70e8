"""Counts and ages of the road for a monitor that does not sign in: how much waits, since when, and how quick it was.

Nothing here can tell one signal, post or user from another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

FRESH = timedelta(minutes=5)
"""Latencies are those of signals that were queued within this time."""
RECENT = timedelta(hours=1)
"""Growth of the dead letters is what came within this time."""


@dataclass(frozen=True)
class Waiting:
    """Open signals of one lane, level and state, and when the oldest of them joined the queue."""

    lane: str
    level: str
    state: str
    signals: int
    oldest: datetime


@dataclass(frozen=True)
class Latency:
    """Seconds from seen to queued, of the signals queued lately; none where there were no signals."""

    signals: int
    median: float | None
    p95: float | None
    p99: float | None


@dataclass(frozen=True)
class Letters:
    """Dead letters of one reason: those that lie there, and those that came lately."""

    reason: str
    parked: int
    fresh: int


@dataclass(frozen=True)
class Backlog:
    """What waits to be told, since when, and when a post was last analysed."""

    outbox: int
    outbox_oldest: datetime | None
    notices: int
    notices_oldest: datetime | None
    last_analysis: datetime | None


def bounded(connection: Connection, milliseconds: int) -> None:
    """Let no question of this transaction take longer: a monitor must never be a burden."""
    connection.execute(text("SELECT set_config('statement_timeout', :most, true)"), {"most": str(milliseconds)})


def waiting(connection: Connection, now: datetime) -> list[Waiting]:
    """Open signals."""
    rows = connection.execute(
        text("SELECT lane, level, state, signals, oldest FROM seinpost.queue_counts(:now)"), {"now": now}
    )
    return [Waiting(**row._mapping) for row in rows]


def latency(connection: Connection, now: datetime) -> Latency:
    """How quick the road was."""
    row = connection.execute(
        text("SELECT signals, median, p95, p99 FROM seinpost.queue_latency(:since, :now)"),
        {"since": now - FRESH, "now": now},
    ).one()
    return Latency(**row._mapping)


def letters(connection: Connection, now: datetime) -> list[Letters]:
    """What was set aside."""
    rows = connection.execute(
        text("SELECT reason, parked, fresh FROM seinpost.dead_letter_counts(:since)"), {"since": now - RECENT}
    )
    return [Letters(**row._mapping) for row in rows]


def backlog(connection: Connection, now: datetime) -> Backlog:
    """What waits to be told."""
    row = connection.execute(
        text("SELECT outbox, outbox_oldest, notices, notices_oldest, last_analysis FROM seinpost.backlog_counts(:now)"),
        {"now": now},
    ).one()
    return Backlog(**row._mapping)
