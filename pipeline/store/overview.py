"""The situation board (*situatiebord*): what stands open now and what was sent today, with what each of it waits for.

Row-level security decides which signals an expert sees here, as in the queue. It reads no text and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.queue import NamedPlace, named_places
from signals.label import LEVEL_ORDER, Category, Level
from signals.signal import SignalState

LONGEST_BOARD = 40
"""Lines on the board. More cannot be taken in at a glance; the counts hold everything."""
LONGEST_MAP = 1000
"""Signals on the map, the most urgent ones."""


@dataclass(frozen=True)
class Line:
    """One signal on the board. `answering` recipients have not said yet that they received it."""

    id: UUID
    number: int
    state: SignalState
    level: Level
    category: Category
    queued_at: datetime
    window_start: datetime | None
    window_end: datetime | None
    taken: bool
    escalated: bool
    places: tuple[NamedPlace, ...]
    answering: int = 0


@dataclass(frozen=True)
class Tally:
    """So many signals of one level are in one state, taken by a reader or not; the oldest came at `oldest`."""

    state: SignalState
    level: Level
    taken: bool
    number: int
    oldest: datetime


@dataclass(frozen=True)
class Standing:
    """Everything counted, the lines that stand highest, and what was sent today."""

    tallies: tuple[Tally, ...]
    lines: tuple[Line, ...]
    sent: tuple[Line, ...]


# Both through the index on state: what was judged or closed long ago is not looked at.
_COLUMNS = """s.id, s.number, s.state, s.level, s.level_rank, s.category, s.queued_at, s.window_start, s.window_end,
           s.escalated_at IS NULL AS ordinary, CASE WHEN s.window_end >= :now THEN s.window_end END AS soon"""

_STANDING = f"""
WITH standing AS MATERIALIZED (
    SELECT {_COLUMNS}, c.signal_id IS NOT NULL AS taken
      FROM seinpost.signals s
      LEFT JOIN seinpost.claims c ON c.signal_id = s.id AND c.expires_at > :now
     WHERE s.state IN ('new', 'waiting_second', 'casusoverleg', 'confirmed'))
"""  # noqa: S608 -- constants of this module; every value is a bound parameter

_SENT = f""",
     sent AS MATERIALIZED (
    SELECT {_COLUMNS}, false AS taken
      FROM seinpost.signals s
     WHERE s.state = 'referred' AND s.changed_at >= :midnight
       AND EXISTS (SELECT 1 FROM seinpost.signal_events e
                    WHERE e.signal_id = s.id AND e.step = 'refer' AND e.at >= :midnight))
"""  # noqa: S608

_PLACES = """coalesce((SELECT json_agg(json_build_array(p.place_id, p.kind, p.name) ORDER BY p.kind, p.name)
              FROM seinpost.signal_places p WHERE p.signal_id = l.id), '[]') AS places"""

_ORDER = " ORDER BY level_rank, ordinary, soon NULLS LAST, queued_at, number"

_BOARD = text(
    _STANDING  # noqa: S608
    + _SENT
    + f"""
SELECT (SELECT json_agg(t) FROM (
            SELECT state, level_rank, taken, count(*) AS number, min(queued_at) AS oldest
              FROM (SELECT * FROM standing UNION ALL SELECT * FROM sent) AS every GROUP BY 1, 2, 3) AS t) AS tallies,
       (SELECT json_agg(w) FROM (
            SELECT l.*, {_PLACES} FROM (SELECT * FROM standing {_ORDER} LIMIT :longest) AS l {_ORDER}) AS w) AS lines,
       (SELECT json_agg(w) FROM (
            SELECT l.*, {_PLACES}, r.answering
              FROM (SELECT * FROM sent {_ORDER} LIMIT :longest) AS l,
                   LATERAL (SELECT count(*) AS answering FROM seinpost.referrals f WHERE f.signal_id = l.id
                              AND f.state IN ('prepared', 'sent', 'received', 'read', 'failed')) AS r
             {_ORDER}) AS w) AS sent
"""  # noqa: S608
)

_MAPPED = text(
    _STANDING  # noqa: S608
    + f"SELECT l.*, {_PLACES} FROM (SELECT * FROM standing {_ORDER} LIMIT :longest) AS l {_ORDER}"  # noqa: S608
)


def standing(connection: Connection, now: datetime, midnight: datetime, longest: int = LONGEST_BOARD) -> Standing:
    """The board of this moment; sent is what was forwarded since midnight."""
    row = connection.execute(_BOARD, {"now": now, "midnight": midnight, "longest": min(longest, LONGEST_BOARD)}).one()
    return Standing(
        tallies=tuple(
            Tally(
                SignalState(one["state"]),
                LEVEL_ORDER[one["level_rank"]],
                one["taken"],
                one["number"],
                datetime.fromisoformat(one["oldest"]),
            )
            for one in row.tallies or ()
        ),
        lines=tuple(_line(one) for one in row.lines or ()),
        sent=tuple(_line(one) for one in row.sent or ()),
    )


def open_with_places(connection: Connection, now: datetime) -> list[Line]:
    """Every open signal with the places that it names, most urgent first, bounded: what the map shows."""
    rows = connection.execute(_MAPPED, {"now": now, "longest": LONGEST_MAP}).mappings()
    return [_line(dict(row)) for row in rows]


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        id=UUID(str(row["id"])),
        number=row["number"],
        state=SignalState(row["state"]),
        level=Level(row["level"]),
        category=Category(row["category"]),
        queued_at=_moment(row["queued_at"]),
        window_start=_moment(row["window_start"]) if row["window_start"] else None,
        window_end=_moment(row["window_end"]) if row["window_end"] else None,
        taken=row["taken"],
        escalated=not row["ordinary"],
        places=named_places(row["places"]),
        answering=row.get("answering", 0),
    )


def _moment(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
