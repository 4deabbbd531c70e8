"""Claims (*oppakken*): a lease of ten minutes on a signal, so that two people never decide the same reading.

A lease is no history: it lies beside the signal, lapses by itself, and every form post renews it.
Run as an expert (`acting`); row-level security hides signals of the reader's own school. It judges nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import trail
from signals.signal import SignalState, SignalStep, step

LEASE = timedelta(minutes=10)

READINGS: dict[SignalState, int] = {
    SignalState.NEW: 1,
    SignalState.WAITING_SECOND: 2,
    SignalState.CASUSOVERLEG: 3,
}
"""Which reading a signal waits for, per state; a state that is not here waits for no reader."""


class NoSuchSignal(Exception):
    """There is no such signal for this reader: it does not exist, or names a school the reader is attached to."""


class ClaimedByAnother(Exception):
    """Another reader has the signal now."""


class AlreadyRead(Exception):
    """This reader has read the signal; the other reading is for somebody else."""


class NotBlind(AlreadyRead):
    """This reader knows what a colleague thinks of the signal; the second reading is for somebody who does not."""


class NothingToRead(Exception):
    """The signal waits for no reader any more."""


@dataclass(frozen=True)
class Locked:
    """A signal whose row this transaction holds, so that nothing about it changes meanwhile."""

    state: SignalState
    category: str
    level: str
    window_start: datetime | None
    window_end: datetime | None


def lock(connection: Connection, signal_id: UUID) -> Locked:
    """Hold the signal's row until the transaction ends."""
    row = connection.execute(
        text(
            "SELECT state, category, level, window_start, window_end"
            " FROM seinpost.signals WHERE id = :signal FOR UPDATE"
        ),
        {"signal": signal_id},
    ).one_or_none()
    if row is None:
        raise NoSuchSignal("there is no such signal")
    return Locked(SignalState(row.state), row.category, row.level, row.window_start, row.window_end)


def claim(connection: Connection, signal_id: UUID, user_id: UUID, now: datetime) -> datetime:
    """Take the signal, or keep it ten minutes longer. Answers when the lease ends."""
    return take(connection, lock(connection, signal_id), signal_id, user_id, now)


def take(connection: Connection, locked: Locked, signal_id: UUID, user_id: UUID, now: datetime) -> datetime:
    """`claim` for a caller that holds the row already."""
    if locked.state not in READINGS:
        raise NothingToRead(f"this signal is {locked.state}; it waits for no reader")
    if locked.state is SignalState.NEW:
        step(locked.state, SignalStep.CLAIM)
    elif _asked(connection, "has_read", signal_id):
        raise AlreadyRead("you have read this signal; somebody else does the other reading")
    elif locked.state is SignalState.WAITING_SECOND and _asked(connection, "informed", signal_id):
        raise NotBlind("you know what a colleague thinks of this signal; somebody else reads it blind")
    row = connection.execute(
        text(
            "INSERT INTO seinpost.claims AS c (signal_id, user_id, claimed_at, expires_at)"
            " VALUES (:signal, :user, :now, :expires)"
            " ON CONFLICT (signal_id) DO UPDATE SET user_id = excluded.user_id, expires_at = excluded.expires_at,"
            "   claimed_at = CASE WHEN c.user_id = excluded.user_id THEN c.claimed_at ELSE excluded.claimed_at END"
            " WHERE c.user_id = excluded.user_id OR c.expires_at <= :now"
            " RETURNING claimed_at, expires_at"
        ),
        {"signal": signal_id, "user": user_id, "now": now, "expires": now + LEASE},
    ).one_or_none()
    if row is None:
        raise ClaimedByAnother("another reader has this signal now")
    if row.claimed_at == now:  # who saw what, once a lease and not at every heartbeat
        trail.append(connection, "signal_opened", "signal", str(signal_id), now)
    expires: datetime = row.expires_at
    return expires


def release(connection: Connection, signal_id: UUID, user_id: UUID) -> None:
    """Give the signal back; harmless when the lease was lost already."""
    lock(connection, signal_id)
    connection.execute(
        text("DELETE FROM seinpost.claims WHERE signal_id = :signal AND user_id = :user"),
        {"signal": signal_id, "user": user_id},
    )


def end(connection: Connection, signal_id: UUID) -> None:
    """Nobody reads it any more: the reading is done."""
    connection.execute(text("DELETE FROM seinpost.claims WHERE signal_id = :signal"), {"signal": signal_id})


def _asked(connection: Connection, function: str, signal_id: UUID) -> bool:
    answer: bool = connection.execute(
        text(f"SELECT seinpost.{function}(seinpost.acting_user(), :signal)"), {"signal": signal_id}
    ).scalar_one()
    return answer
