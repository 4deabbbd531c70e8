"""Handing over at the end of a shift (*overdracht*): claims go back to the queue, with a short masked note.

A note is kept for seven days (`pipeline.retention`). It judges nothing, and says nothing of a signal that waits for a
blind second reader: only what was given back and what is in casusoverleg stands with it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import claims, trail
from signals.label import Category, Level
from signals.masking import mask
from signals.signal import SignalState

LONGEST_NOTE = 500
MOST_SIGNALS = 20
SHOWN = 5
_MOST_CLAIMS = 200


class NoteTooLong(Exception):
    """The note is longer than a note should be."""


@dataclass(frozen=True)
class OpenSignal:
    """One signal in a line."""

    id: UUID
    number: int
    state: SignalState
    level: Level
    category: Category


@dataclass(frozen=True)
class Handover:
    """What a colleague left for the next shift. `signals` are those that this reader may see."""

    id: UUID
    display_name: str
    own: bool
    at: datetime
    note: str
    signals: tuple[OpenSignal, ...]


_LINE = "SELECT s.id, s.number, s.state, s.level, s.category FROM seinpost.signals s"


def in_hand(connection: Connection, reader: UUID, now: datetime) -> list[OpenSignal]:
    """What this reader has claimed."""
    return _signals(
        connection,
        f"{_LINE} JOIN seinpost.claims c ON c.signal_id = s.id AND c.expires_at > :now"
        " WHERE c.user_id = :reader ORDER BY s.level_rank, s.number LIMIT :most",
        {"reader": reader, "now": now, "most": _MOST_CLAIMS},
    )


def in_consultation(connection: Connection, reader: UUID) -> list[OpenSignal]:
    """Signals in casusoverleg that this reader read."""
    return _signals(
        connection,
        f"{_LINE} WHERE s.state = 'casusoverleg' AND seinpost.has_read(:reader, s.id)"
        " ORDER BY s.level_rank, s.number LIMIT :most",
        {"reader": reader, "most": MOST_SIGNALS},
    )


def hand_over(connection: Connection, reader: UUID, note: str, now: datetime) -> int:
    """Give every claim back and leave the note; says how many went back. Raises NoteTooLong.

    Without a note and without an open signal nothing is left for others to read.
    """
    words = " ".join(note.split())
    masked = mask(words).text
    if len(words) > LONGEST_NOTE:
        raise NoteTooLong(f"a note has at most {LONGEST_NOTE} characters")
    held = in_hand(connection, reader, now)
    for signal in held:
        claims.release(connection, signal.id, reader)
    about = [signal.id for signal in (*held, *in_consultation(connection, reader))][:MOST_SIGNALS]
    if masked or about:
        connection.execute(
            text(
                "INSERT INTO seinpost.handovers (user_id, at, note, signals)"
                " VALUES (:reader, :now, :note, CAST(:signals AS uuid[]))"
            ),
            # A token is longer than what it hides may be; the end of a note gives way.
            {"reader": reader, "now": now, "note": masked[:LONGEST_NOTE], "signals": about},
        )
    trail.append(connection, "handed_over", "user", str(reader), now, {"signals": str(len(held))})
    return len(held)


def latest(connection: Connection, reader: UUID, since: datetime) -> list[Handover]:
    """The newest notes since a moment that this reader may see, at most five."""
    rows = connection.execute(
        text(
            "SELECT h.id, h.user_id, u.display_name, h.at, h.note, h.signals FROM seinpost.handovers h"
            "  JOIN seinpost.users u ON u.id = h.user_id WHERE h.at > :since ORDER BY h.at DESC, h.id LIMIT :most"
        ),
        {"since": since, "most": SHOWN},
    ).all()
    if not rows:
        return []
    wanted = list({signal for row in rows for signal in row.signals})
    found = {
        signal.id: signal for signal in _signals(connection, f"{_LINE} WHERE s.id = ANY(:wanted)", {"wanted": wanted})
    }
    return [
        Handover(
            id=row.id,
            display_name=row.display_name,
            own=row.user_id == reader,
            at=row.at,
            note=row.note,
            signals=tuple(found[signal] for signal in row.signals if signal in found),
        )
        for row in rows
    ]


def take_back(connection: Connection, handover: UUID) -> None:
    """Remove a note of one's own; harmless when it is gone or somebody else's."""
    connection.execute(
        text("DELETE FROM seinpost.handovers WHERE id = :id AND user_id = seinpost.acting_user()"), {"id": handover}
    )


def _signals(connection: Connection, statement: str, values: dict[str, object]) -> list[OpenSignal]:
    rows = connection.execute(text(statement), values)
    return [
        OpenSignal(row.id, row.number, SignalState(row.state), Level(row.level), Category(row.category)) for row in rows
    ]
