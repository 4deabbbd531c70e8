"""Lifting a signal to the head of the queue (*opschalen*), putting it back, and closing one with what came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import trail
from pipeline.store.claims import READINGS, NothingToRead, lock
from pipeline.store.steps import write_step
from signals.signal import Outcome, SignalState, SignalStep, step


class NotToClose(Exception):
    """Only a confirmed or forwarded signal is closed."""


def escalate(connection: Connection, signal_id: UUID, user_id: UUID, now: datetime, *, up: bool = True) -> None:
    """Put an open signal at the head of everybody's queue, or back in its place; every browser hears of it."""
    locked = lock(connection, signal_id)
    if locked.state not in READINGS:
        raise NothingToRead(f"this signal is {locked.state}; it waits for no reader")
    action = SignalStep.ESCALATE if up else SignalStep.DEESCALATE
    after = step(locked.state, action)
    connection.execute(
        text(
            "UPDATE seinpost.signals SET escalated_at = CASE WHEN :up THEN CAST(:now AS timestamptz) END"
            " WHERE id = :signal"
        ),
        {"signal": signal_id, "up": up, "now": now},
    )
    write_step(connection, signal_id, action, locked.state, after, user_id, now)
    trail.append(connection, f"signal_{action}", "signal", str(signal_id), now)


def close(connection: Connection, signal_id: UUID, user_id: UUID, outcome: Outcome, now: datetime) -> None:
    """Close a confirmed or forwarded signal; its text goes 28 days later."""
    locked = lock(connection, signal_id)
    if locked.state not in {SignalState.CONFIRMED, SignalState.REFERRED}:
        raise NotToClose(f"a signal that is {locked.state} cannot be closed")
    after = step(locked.state, SignalStep.CLOSE)
    connection.execute(
        text("UPDATE seinpost.signals SET state = :state, outcome = :outcome, changed_at = :now WHERE id = :signal"),
        {"signal": signal_id, "state": after, "outcome": outcome, "now": now},
    )
    write_step(connection, signal_id, SignalStep.CLOSE, locked.state, after, user_id, now, {"outcome": outcome.value})
    trail.append(connection, "signal_closed", "signal", str(signal_id), now, {"outcome": outcome.value})
