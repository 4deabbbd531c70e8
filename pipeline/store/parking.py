"""Parking (*aanhouden*) until a moment of at most 14 days ahead, taking up again, and one more term by a second person.

Judging parks (`pipeline.store.assessments`); here stand the terms. What comes back is read anew from the start.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import trail
from pipeline.store.claims import claim, lock
from pipeline.store.steps import write_step
from signals.label import Category, Level
from signals.signal import SignalState, SignalStep, step

LONGEST_PARKED = timedelta(days=14)
"""The retention table's row for parked signals; one more such term by a second person."""
LONGEST_LIST = 200


class NoSuchTerm(Exception):
    """The moment lies in the past or more than 14 days ahead."""


class NotParked(Exception):
    """The signal is not parked, so it cannot be taken up again or get another term."""


class NeedsSecondPerson(Exception):
    """Another term is given once, by somebody else than who parked it."""


@dataclass(frozen=True)
class Running:
    """A signal that stands outside the queue but is not over: parked, or sent and not yet closed."""

    id: UUID
    number: int
    state: SignalState
    category: Category
    level: Level
    place: str | None
    since: datetime
    until: datetime | None
    extended: bool


@dataclass(frozen=True)
class Term:
    """How long a signal stays parked, and what may still be done about it."""

    ends: datetime
    until: datetime | None
    extended: bool
    parked_by: UUID | None


def fits(until: datetime, now: datetime) -> bool:
    """Whether a signal can come back at this moment."""
    return now < until <= now + LONGEST_PARKED


def check(until: datetime | None, now: datetime) -> None:
    """Raise NoSuchTerm for a moment at which nothing can come back."""
    if until is not None and not fits(until, now):
        raise NoSuchTerm("choose a moment in the coming 14 days")


def park(connection: Connection, signal_id: UUID, user_id: UUID, until: datetime | None, now: datetime) -> None:
    """Write the term of a signal that was just parked."""
    connection.execute(
        text(
            "UPDATE seinpost.signals SET parked_at = :now, parked_by = :user, parked_until = :until, extended_by = NULL"
            " WHERE id = :signal"
        ),
        {"signal": signal_id, "user": user_id, "until": until, "now": now},
    )


def term(connection: Connection, signal_id: UUID) -> Term | None:
    """The term of a parked signal; None for any other."""
    row = connection.execute(
        text(
            "SELECT coalesce(parked_at, changed_at) AS since, parked_by, parked_until, extended_by"
            "  FROM seinpost.signals WHERE id = :signal AND state = 'parked'"
        ),
        {"signal": signal_id},
    ).one_or_none()
    if row is None:
        return None
    terms = 2 if row.extended_by is not None else 1
    return Term(row.since + terms * LONGEST_PARKED, row.parked_until, row.extended_by is not None, row.parked_by)


def resume(connection: Connection, signal_id: UUID, user_id: UUID, now: datetime) -> None:
    """Take a parked signal up again and claim it. Its earlier readings stay, and count no more."""
    locked = lock(connection, signal_id)
    if locked.state is not SignalState.PARKED:
        raise NotParked(f"this signal is {locked.state}; it is not parked")
    after = step(locked.state, SignalStep.RESUME)
    connection.execute(text("SELECT seinpost.lapse_readings(:signal, :now)"), {"signal": signal_id, "now": now})
    connection.execute(
        text(
            "UPDATE seinpost.signals SET state = :state, changed_at = :now, resumed_at = :now, parked_at = NULL,"
            "       parked_by = NULL, parked_until = NULL, extended_by = NULL, first_reader_police = false"
            " WHERE id = :signal"
        ),
        {"signal": signal_id, "state": after, "now": now},
    )
    write_step(connection, signal_id, SignalStep.RESUME, locked.state, after, user_id, now)
    trail.append(connection, "signal_resumed", "signal", str(signal_id), now)
    claim(connection, signal_id, user_id, now)


def extend(connection: Connection, signal_id: UUID, user_id: UUID, until: datetime | None, now: datetime) -> None:
    """Give a parked signal one more term of 14 days; by somebody else than who parked it, and once."""
    locked = lock(connection, signal_id)
    stands = term(connection, signal_id)
    if stands is None:
        raise NotParked(f"this signal is {locked.state}; it is not parked")
    if stands.extended or stands.parked_by == user_id:
        raise NeedsSecondPerson("one more term is given once, by a colleague of who parked it")
    check(until, now)
    if until is not None and until > stands.ends + LONGEST_PARKED:
        raise NoSuchTerm("choose a moment before the second term ends")
    connection.execute(
        text("UPDATE seinpost.signals SET extended_by = :user, parked_until = :until WHERE id = :signal"),
        {"signal": signal_id, "user": user_id, "until": until},
    )
    after = step(locked.state, SignalStep.EXTEND)
    write_step(connection, signal_id, SignalStep.EXTEND, locked.state, after, user_id, now)
    trail.append(connection, "parking_extended", "signal", str(signal_id), now)


def wake(connection: Connection, now: datetime) -> int:
    """Put signals whose moment has come back into the queue; says how many."""
    woken: int = connection.execute(text("SELECT seinpost.wake_parked(:now)"), {"now": now}).scalar_one()
    return woken


_RUNNING = text("""
    SELECT s.id, s.number, s.state, s.category, s.level, coalesce(s.parked_at, s.changed_at) AS since,
           s.parked_until, s.extended_by IS NOT NULL AS extended,
           (SELECT min(p.name) FROM seinpost.signal_places p WHERE p.signal_id = s.id) AS place
      FROM seinpost.signals s WHERE s.state = :state
     ORDER BY s.level_rank, s.parked_until NULLS LAST, s.number LIMIT :longest
""")


def running(connection: Connection) -> list[Running]:
    """Parked signals and those that were sent and are not closed, at most 200 of each."""
    return [
        Running(
            row.id,
            row.number,
            SignalState(row.state),
            Category(row.category),
            Level(row.level),
            row.place,
            row.since,
            row.parked_until,
            row.extended,
        )
        for state in (SignalState.PARKED, SignalState.REFERRED)
        for row in connection.execute(_RUNNING, {"state": state, "longest": LONGEST_LIST})
    ]
