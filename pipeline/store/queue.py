"""The team's queue (*werkvoorraad*): open signals in the order they should be read, with filters and counts.

Order: level, time left until the named moment, place known, age. Run as an expert; it changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text

from signals.label import Category, Level
from signals.place import PlaceKind
from signals.post import Source
from signals.signal import SignalState

LONGEST_LIST = 200


class QueueView(StrEnum):
    """The part of the queue a reader looks at."""

    ALL = "all"
    ACUUT = "acuut"
    SECOND = "second"
    MINE = "mine"
    CASUSOVERLEG = "casusoverleg"
    CONFIRMED = "confirmed"
    TIPS = "tips"


@dataclass(frozen=True)
class QueueFilter:
    """What the list is narrowed to. There is no filter by language, and none by who wrote something."""

    view: QueueView = QueueView.ALL
    category: Category | None = None
    level: Level | None = None
    source: Source | None = None
    place_id: str | None = None


@dataclass(frozen=True)
class NamedPlace:
    """A place that a signal names."""

    id: str
    kind: PlaceKind
    name: str


@dataclass(frozen=True)
class QueueItem:
    """One signal as a card in the list; no text."""

    id: UUID
    number: int
    state: SignalState
    category: Category
    level: Level
    source: Source
    sightings: int
    seen_at: datetime
    queued_at: datetime
    window_start: datetime | None
    window_end: datetime | None
    source_removed: bool
    places: tuple[NamedPlace, ...]
    mine: bool
    taken: bool
    read_by_me: bool


# One row per open signal that row-level security shows this reader. `readable` is true where the reader can do a
# reading now: nobody else has it, the reader did no other reading of it, and a police reader is not the second of two.
_SHOWN = """
WITH open AS (
    SELECT s.*, coalesce(c.user_id = :reader, false) AS mine,
           coalesce(c.user_id <> :reader, false) AS taken,
           EXISTS (SELECT 1 FROM seinpost.assessments a
                    WHERE a.signal_id = s.id AND a.user_id = :reader) AS read_by_me,
           s.state = 'waiting_second' AND :police AND EXISTS (
               SELECT 1 FROM seinpost.signal_events e JOIN seinpost.users u ON u.id = e.user_id
                WHERE e.signal_id = s.id AND e.step = 'confirm_first' AND u.police) AS second_police
      FROM seinpost.signals s
      LEFT JOIN seinpost.claims c ON c.signal_id = s.id AND c.expires_at > :now
     WHERE s.state IN ('new', 'waiting_second', 'casusoverleg', 'confirmed')),
     shown AS (
    SELECT *, state <> 'confirmed' AND NOT taken AND NOT read_by_me AND NOT second_police AS readable,
           TRUE AS in_all, level = 'acuut' AS in_acuut, mine AS in_mine,
           state = 'waiting_second' AND NOT read_by_me AND NOT second_police AS in_second,
           state = 'casusoverleg' AS in_casusoverleg, state = 'confirmed' AS in_confirmed,
           lane = 'tip' OR source IN ('tip', 'observation') AS in_tips
      FROM open)
"""

_ORDER = """
 ORDER BY level_rank,
          CASE WHEN window_end >= :now THEN window_end END NULLS LAST,
          NOT EXISTS (SELECT 1 FROM seinpost.signal_places p WHERE p.signal_id = shown.id),
          queued_at, number
"""

_LIST = text(
    _SHOWN  # noqa: S608 -- three constants of this module; every value is a bound parameter
    + """
SELECT shown.*,
       coalesce((SELECT json_agg(json_build_array(p.place_id, p.kind, p.name) ORDER BY p.kind, p.name)
                   FROM seinpost.signal_places p WHERE p.signal_id = shown.id), '[]') AS places
  FROM shown
 WHERE CASE :view WHEN 'acuut' THEN in_acuut WHEN 'second' THEN in_second WHEN 'mine' THEN in_mine
                  WHEN 'casusoverleg' THEN in_casusoverleg WHEN 'confirmed' THEN in_confirmed
                  WHEN 'tips' THEN in_tips ELSE in_all END
   AND (CAST(:category AS text) IS NULL OR category = :category)
   AND (CAST(:level AS text) IS NULL OR level = :level)
   AND (CAST(:source AS text) IS NULL OR source = :source)
   AND (CAST(:place AS text) IS NULL OR EXISTS (
            SELECT 1 FROM seinpost.signal_places p WHERE p.signal_id = shown.id AND p.place_id = :place))
"""
    + _ORDER
    + " LIMIT :longest"
)

_COUNTS = text(
    _SHOWN
    + """
SELECT count(*) FILTER (WHERE in_all), count(*) FILTER (WHERE in_acuut), count(*) FILTER (WHERE in_second),
       count(*) FILTER (WHERE in_mine), count(*) FILTER (WHERE in_casusoverleg), count(*) FILTER (WHERE in_confirmed),
       count(*) FILTER (WHERE in_tips)
  FROM shown
"""
)

_NEXT = text(
    _SHOWN  # noqa: S608 -- constants of this module
    + "SELECT id FROM shown WHERE readable AND (CAST(:skip AS uuid) IS NULL OR id <> :skip)"
    + _ORDER
    + " LIMIT 1"
)


def open_signals(
    connection: Connection, reader: UUID, police: bool, wanted: QueueFilter, now: datetime
) -> list[QueueItem]:
    """The open signals in reading order, at most 200."""
    rows = connection.execute(
        _LIST,
        {
            "reader": reader,
            "police": police,
            "now": now,
            "view": wanted.view,
            "category": wanted.category,
            "level": wanted.level,
            "source": wanted.source,
            "place": wanted.place_id,
            "longest": LONGEST_LIST,
        },
    )
    return [
        QueueItem(
            id=row.id,
            number=row.number,
            state=SignalState(row.state),
            category=Category(row.category),
            level=Level(row.level),
            source=Source(row.source),
            sightings=row.sightings,
            seen_at=row.seen_at,
            queued_at=row.queued_at,
            window_start=row.window_start,
            window_end=row.window_end,
            source_removed=row.source_removed_at is not None,
            places=named_places(row.places),
            mine=row.mine,
            taken=row.taken,
            read_by_me=row.read_by_me,
        )
        for row in rows
    ]


def named_places(rows: Sequence[Sequence[str]]) -> tuple[NamedPlace, ...]:
    """Places from rows of id, kind and name."""
    return tuple(NamedPlace(place_id, PlaceKind(kind), name) for place_id, kind, name in rows)


def counts(connection: Connection, reader: UUID, police: bool, now: datetime) -> dict[QueueView, int]:
    """How many signals each view holds for this reader."""
    row = connection.execute(_COUNTS, {"reader": reader, "police": police, "now": now}).one()
    return dict(zip(QueueView, row, strict=True))


def next_to_read(
    connection: Connection, reader: UUID, police: bool, now: datetime, skip: UUID | None = None
) -> UUID | None:
    """The signal this reader should open next, other than `skip`; None when nothing waits for this reader."""
    found = connection.execute(
        _NEXT, {"reader": reader, "police": police, "now": now, "skip": skip}
    ).scalar_one_or_none()
    return UUID(str(found)) if found else None


def arrived_since(connection: Connection, moment: datetime) -> int:
    """How many signals joined the queue after `moment` and still wait to be read."""
    count: int = connection.execute(
        text("SELECT count(*) FROM seinpost.signals WHERE state IN ('new', 'waiting_second') AND queued_at > :moment"),
        {"moment": moment},
    ).scalar_one()
    return count


def read_today(connection: Connection, reader: UUID, midnight: datetime) -> int:
    """How many readings this reader did since midnight: shown to the reader alone, for his or her own breaks."""
    count: int = connection.execute(
        text("SELECT count(*) FROM seinpost.assessments WHERE user_id = :reader AND created_at >= :midnight"),
        {"reader": reader, "midnight": midnight},
    ).scalar_one()
    return count


@dataclass(frozen=True)
class SourcesNow:
    """How many sources answer, and how many are silent. Not which: a seed is only a number."""

    active: int
    silent: int


def sources_now(connection: Connection) -> SourcesNow:
    """The health of all sources under orders in force, in two numbers."""
    row = connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE reads) AS active, count(*) FILTER (WHERE NOT reads) AS silent"
            "  FROM seinpost.source_health h JOIN seinpost.orders o ON o.id = h.order_id,"
            "       LATERAL (SELECT h.state IN ('ok', 'nothing_new', 'slowed')"
            "                       AND (h.silent_from IS NULL OR h.silent_from > now()) AS reads) r"
            " WHERE o.state = 'in_force'"
        )
    ).one()
    return SourcesNow(row.active, row.silent)
