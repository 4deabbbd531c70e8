"""Corrections of what was sent that wait for a second person: stored, shown, agreed to, dropped. It changes no view.

The database holds the rule: another person than who proposed agrees, and at least one of the two is not police.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from pipeline.store.corrections import Window, as_json, from_json
from pipeline.store.queue import NamedPlace
from signals.label import Category, Level

LONGEST_LIST = 100


class NoSuchProposal(Exception):
    """The proposal was agreed to, dropped or replaced, or never was."""


class OwnProposal(Exception):
    """Who proposed a change is not the second person."""


class BothPolice(Exception):
    """Two people of the police cannot change what was sent."""


@dataclass(frozen=True)
class Proposed:
    """One open proposal: what the signal would be from then on."""

    id: UUID
    signal_id: UUID
    number: int
    proposed_by: UUID
    proposed_at: datetime
    category: Category
    level: Level
    places: tuple[NamedPlace, ...]
    window: Window


_OPEN = """
    SELECT p.id, p.signal_id, s.number, p.proposed_by, p.proposed_at, p.category, p.level, p.places, p.window_start,
           p.window_end
      FROM seinpost.proposed_corrections p JOIN seinpost.signals s ON s.id = p.signal_id
     WHERE p.ended_at IS NULL AND s.state = 'referred'
"""


def propose(
    connection: Connection,
    signal_id: UUID,
    category: Category,
    level: Level,
    places: tuple[NamedPlace, ...],
    window: Window,
    now: datetime,
) -> UUID:
    """Store a proposal in the acting user's name; an open one of the same signal gives way to it."""
    connection.execute(
        text(
            "UPDATE seinpost.proposed_corrections SET ended_at = :now, ended_by = 'replaced'"
            " WHERE signal_id = :signal AND ended_at IS NULL"
        ),
        {"signal": signal_id, "now": now},
    )
    found: UUID = connection.execute(
        text(
            "INSERT INTO seinpost.proposed_corrections"
            " (signal_id, proposed_at, category, level, places, window_start, window_end)"
            " VALUES (:signal, :now, :category, :level, CAST(:places AS jsonb), :start, :end) RETURNING id"
        ),
        {
            "signal": signal_id,
            "now": now,
            "category": category,
            "level": level,
            "places": as_json(places),
            "start": window.start,
            "end": window.end,
        },
    ).scalar_one()
    return found


def open_one(connection: Connection, signal_id: UUID) -> Proposed | None:
    """The proposal that waits for a second person at this signal."""
    row = connection.execute(text(f"{_OPEN} AND p.signal_id = :signal"), {"signal": signal_id}).one_or_none()
    return None if row is None else _proposed(row)


def every_open(connection: Connection) -> list[Proposed]:
    """All that wait for a second person, the oldest first."""
    rows = connection.execute(text(f"{_OPEN} ORDER BY p.proposed_at LIMIT :most"), {"most": LONGEST_LIST})
    return [_proposed(row) for row in rows]


def still_open(connection: Connection, signal_id: UUID, proposal_id: UUID) -> Proposed:
    """This very proposal. Raises NoSuchProposal."""
    found = open_one(connection, signal_id)
    if found is None or found.id != proposal_id:
        raise NoSuchProposal("this change does not wait any more; look at the signal again")
    return found


def agree(connection: Connection, found: Proposed, agreed_by: UUID, now: datetime) -> None:
    """End a proposal as agreed; until the transaction ends the views of its signal may change.

    Raises NoSuchProposal, OwnProposal or BothPolice.
    """
    if found.proposed_by == agreed_by:
        raise OwnProposal("a change needs somebody else's agreement")
    police = connection.execute(
        text("SELECT bool_and(police) FROM seinpost.users WHERE id IN (:one, :other)"),
        {"one": found.proposed_by, "other": agreed_by},
    ).scalar_one()
    if police:
        raise BothPolice("at least one of the two is not police; ask a colleague from outside the police")
    _end(connection, found.id, "agreed", agreed_by, now)


def drop(connection: Connection, signal_id: UUID, proposal_id: UUID, now: datetime) -> None:
    """End a proposal without a change. Raises NoSuchProposal."""
    _end(connection, still_open(connection, signal_id, proposal_id).id, "dropped", None, now)


def _end(connection: Connection, proposal_id: UUID, how: str, agreed_by: UUID | None, now: datetime) -> None:
    ended = connection.execute(
        text(
            "UPDATE seinpost.proposed_corrections SET ended_at = :now, ended_by = :how, agreed_by = :by"
            " WHERE id = :id AND ended_at IS NULL"
        ),
        {"id": proposal_id, "how": how, "by": agreed_by, "now": now},
    )
    if ended.rowcount != 1:
        raise NoSuchProposal("this change does not wait any more; look at the signal again")


def _proposed(row: Row[tuple[object, ...]]) -> Proposed:
    return Proposed(
        row.id,
        row.signal_id,
        row.number,
        row.proposed_by,
        row.proposed_at,
        Category(row.category),
        Level(row.level),
        from_json(row.places),
        Window(row.window_start, row.window_end),
    )
