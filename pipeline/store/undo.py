"""Taking one's own last reading back, within a minute and before anything left. The reading stays, marked as undone.

The database function `undo_reading` decides whether it may; the step tables of `signals.signal` say where it goes.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import trail
from pipeline.store.claims import ClaimedByAnother, lock, take
from pipeline.store.steps import write_step
from signals.signal import UNDO_STEPS, SignalState, step

WINDOW = timedelta(seconds=60)


class CannotUndo(Exception):
    """The reading stands: it is not the signal's last step, or not this user's."""


class UndoTooLate(CannotUndo):
    """More than a minute went by."""


class AlreadyLeft(CannotUndo):
    """Something was sent since; a person withdraws that, nobody undoes it."""


class TextForgotten(CannotUndo):
    """The text had to go with the decision; nothing is left to read again."""


_REFUSALS: dict[str, type[CannotUndo]] = {
    "too_late": UndoTooLate,
    "has_left": AlreadyLeft,
    "forgotten": TextForgotten,
}


@dataclass(frozen=True)
class Undoable:
    """A reader's last reading that can still be taken back, and until when."""

    assessment: UUID
    signal_id: UUID
    number: int
    verdict: str
    reason: str
    until: datetime


def offered(connection: Connection, user_id: UUID, now: datetime) -> Undoable | None:
    """What this reader could undo now; None when there is nothing, a colleague went on with it, or it was sent."""
    row = connection.execute(
        text(
            "SELECT a.id, a.signal_id, a.verdict, a.reason, a.created_at, s.number,"
            "       (SELECT e.user_id = a.user_id AND e.at = a.created_at AND e.detail ->> 'reading' = a.reading::text"
            "          FROM seinpost.signal_events e"
            "         WHERE e.signal_id = a.signal_id AND e.from_state IS DISTINCT FROM e.to_state"
            "         ORDER BY e.id DESC LIMIT 1) AS is_last,"
            "       EXISTS (SELECT 1 FROM seinpost.referrals r"
            "                WHERE r.signal_id = a.signal_id AND (a.reading = 1 OR NOT r.place_notice)) AS has_left"
            "  FROM seinpost.assessments a JOIN seinpost.signals s ON s.id = a.signal_id"
            " WHERE a.user_id = :user AND a.created_at >= :since AND a.lapsed_at IS NULL"
            " ORDER BY a.created_at DESC LIMIT 1"
        ),
        {"user": user_id, "since": now - WINDOW},
    ).one_or_none()
    if row is None or not row.is_last or row.has_left:
        return None
    return Undoable(row.id, row.signal_id, row.number, row.verdict, row.reason, row.created_at + WINDOW)


def undo(connection: Connection, signal_id: UUID, assessment: UUID, user_id: UUID, now: datetime) -> SignalState:
    """Take a reading back; answers the signal's state, and claims it again for its reader where the reading is redone.

    A second reading is redone by somebody else: its reader saw the first one. Raises NoSuchSignal or a CannotUndo.
    """
    locked = lock(connection, signal_id)
    given = connection.execute(
        text(
            "SELECT from_state FROM seinpost.signal_events"
            " WHERE signal_id = :signal AND from_state IS DISTINCT FROM to_state ORDER BY id DESC LIMIT 1"
        ),
        {"signal": signal_id},
    ).scalar_one_or_none()
    belongs: bool = connection.execute(
        text("SELECT EXISTS (SELECT 1 FROM seinpost.assessments WHERE id = :assessment AND signal_id = :signal)"),
        {"assessment": assessment, "signal": signal_id},
    ).scalar_one()
    answer: str = (
        connection.execute(
            text("SELECT seinpost.undo_reading(:assessment, :now)"), {"assessment": assessment, "now": now}
        ).scalar_one()
        if belongs
        else "not_yours"
    )
    if answer != "undone" or given is None:
        raise _REFUSALS.get(answer, CannotUndo)(f"this reading stands: {answer}")
    action = UNDO_STEPS[SignalState(given)]
    after = step(locked.state, action)
    connection.execute(
        text(
            "UPDATE seinpost.signals SET state = :state, changed_at = :now, parked_at = NULL, parked_by = NULL,"
            "       parked_until = NULL, first_reader_police = first_reader_police AND :state = 'waiting_second'"
            " WHERE id = :signal"
        ),
        {"signal": signal_id, "state": after, "now": now},
    )
    write_step(connection, signal_id, action, locked.state, after, user_id, now, {"undone": str(assessment)})
    restored = lock(connection, signal_id)
    trail.append(connection, "assessment_undone", "signal", str(signal_id), now, {"state": after.value})
    if after is not SignalState.WAITING_SECOND:
        with suppress(ClaimedByAnother):  # a colleague was about to read it; that reading starts from here
            take(connection, restored, signal_id, user_id, now)
    return after
