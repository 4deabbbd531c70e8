"""The team's queue (*werkvoorraad*): open signals in the order they should be read, with filters and counts.

Order: escalated, level, time left until the named moment, place known, age; a language that this reader does not read
comes after those that the reader does. Run as an expert; it changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.queue_counts import Bundle, Counted, QueueFilter, QueueView
from pipeline.store.reader import Desk, desk
from signals.label import LEVEL_ORDER, Category, Level
from signals.place import PlaceKind
from signals.post import Source
from signals.region import Region
from signals.signal import SignalState

LONGEST_LIST = 200
OTHERS_FIRST = timedelta(minutes=10)
"""So long a text that this reader does not read is left to a colleague who does."""


@dataclass(frozen=True)
class NamedPlace:
    """A place that a signal names."""

    id: str
    kind: PlaceKind
    name: str


@dataclass(frozen=True)
class Card:
    """One signal as a list names it; no text."""

    id: UUID
    number: int
    state: SignalState
    category: Category
    level: Level
    source: Source
    sightings: int
    queued_at: datetime
    window_start: datetime | None
    window_end: datetime | None
    places: tuple[NamedPlace, ...]


@dataclass(frozen=True)
class QueueItem(Card):
    """A card in the queue of one reader. `avoided`: its topic is one that this reader leaves to others.

    `handed_to`: the region that it was handed over to and that has not accepted yet.
    """

    seen_at: datetime
    source_removed: bool
    mine: bool
    taken: bool
    read_by_me: bool
    avoided: bool
    escalated: bool
    handed_to: Region | None


@dataclass(frozen=True)
class Look:
    """The list as it is drawn, and everything that stands open, counted in the same moment."""

    items: tuple[QueueItem, ...]
    counted: Counted
    matching: int


# One row per open signal that row-level security shows this reader, with just what order, filters and counts ask.
# `barred` is who may not do the second of two readings: a police reader after a police reader, and who knows already
# what a colleague thinks of it. Who takes part in a casusoverleg is not sent back to it either; a card still opens it.
_SHOWN = """
WITH shown AS MATERIALIZED (
    SELECT s.id, s.number, s.state, s.category, s.level_rank, s.source, s.queued_at, s.lane = 'tip' AS tip,
           CASE WHEN s.window_end >= :now THEN s.window_end END AS soon,
           s.escalated_at IS NULL AS ordinary, NOT s.place_known AS nowhere,
           coalesce(c.user_id = :reader, false) AS mine, coalesce(c.user_id <> :reader, false) AS taken,
           s.state <> 'new' AND s.id IN (SELECT seinpost.open_read_by_me()) AS read_by_me,
           s.state = 'waiting_second' AND :police AND s.first_reader_police
               OR s.id IN (SELECT seinpost.open_known_to_me()) AS barred,
           s.lang = ANY(CAST(:left_to_others AS text[])) AND s.queued_at > :fresh
               AND c.user_id IS DISTINCT FROM :reader AS later,
           h.to_region AS handed_to, coalesce(h.to_region = (SELECT seinpost.my_region()), false) AS offered,
           s.category = ANY(CAST(:avoided AS text[])) AND c.user_id IS DISTINCT FROM :reader AS avoided
      FROM seinpost.signals s
      LEFT JOIN seinpost.claims c ON c.signal_id = s.id AND c.expires_at > :now
      LEFT JOIN seinpost.region_handovers h ON h.signal_id = s.id AND h.outcome IS NULL
     WHERE s.state IN ('new', 'waiting_second', 'casusoverleg', 'confirmed'))
"""

_ORDER = " ORDER BY avoided, ordinary, later, level_rank, soon NULLS LAST, nowhere, queued_at, number"

_SECOND = "state = 'waiting_second' AND NOT read_by_me AND NOT barred"

# A name is looked up signal by signal, as a value and not with EXISTS: the planner would read the places of years.
# Everything but the places can be counted from the bundles; how many match is only asked where a place is.
_LOOK = text(
    _SHOWN  # noqa: S608 -- constants of this module; every value is a bound parameter
    + f""",
     matching AS NOT MATERIALIZED (
    SELECT * FROM shown
     WHERE CASE :view WHEN 'acuut' THEN level_rank = 0 WHEN 'second' THEN {_SECOND} WHEN 'mine' THEN mine OR offered
                      WHEN 'casusoverleg' THEN state = 'casusoverleg' WHEN 'confirmed' THEN state = 'confirmed'
                      WHEN 'tips' THEN tip OR source IN ('tip', 'observation') ELSE true END
       AND (CAST(:category AS text) IS NULL OR category = :category)
       AND (CAST(:level AS smallint) IS NULL OR level_rank = :level)
       AND (CAST(:source AS text) IS NULL OR source = :source)
       AND (CAST(:nowhere AS boolean) IS NULL OR nowhere = :nowhere)
       AND (CAST(:place AS text) IS NULL OR EXISTS (
                SELECT 1 FROM seinpost.signal_places p WHERE p.signal_id = shown.id AND p.place_id = :place))
       AND (CAST(:name AS text) IS NULL OR NOT nowhere AND (
                SELECT true FROM seinpost.signal_places p
                 WHERE p.signal_id = shown.id AND starts_with(lower(p.name), lower(CAST(:name AS text))) LIMIT 1))),
     listed AS MATERIALIZED (SELECT * FROM matching {_ORDER} LIMIT :longest)
SELECT (SELECT json_agg(line) FROM (
            SELECT * FROM (
                SELECT l.*, s.level, s.sightings, s.seen_at, s.window_start, s.window_end, s.source_removed_at,
                       coalesce((SELECT json_agg(json_build_array(p.place_id, p.kind, p.name) ORDER BY p.kind, p.name)
                                   FROM seinpost.signal_places p WHERE p.signal_id = l.id), '[]') AS places
                  FROM listed l JOIN seinpost.signals s ON s.id = l.id) AS whole {_ORDER}) AS line) AS items,
       CASE WHEN CAST(:place AS text) IS NOT NULL OR CAST(:name AS text) IS NOT NULL
            THEN (SELECT count(*) FROM matching) END AS matching,
       (SELECT json_agg(bundle) FROM (
            SELECT state, category, level_rank, source, tip, mine OR offered AS mine, {_SECOND} AS second, nowhere,
                   count(*) AS count
              FROM shown GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) AS bundle) AS bundles
"""  # noqa: S608
)

_NEXT = text(
    _SHOWN  # noqa: S608 -- constants of this module
    + "SELECT id FROM shown WHERE state <> 'confirmed' AND NOT taken AND NOT read_by_me AND NOT barred"
    "   AND NOT avoided AND (CAST(:skip AS uuid) IS NULL OR id <> :skip)" + _ORDER + " LIMIT 1"
)


def look(
    connection: Connection,
    reader: UUID,
    police: bool,
    wanted: QueueFilter,
    now: datetime,
    own: Desk,
    fresh: datetime,
    longest: int = LONGEST_LIST,
) -> Look:
    """The list and the counts of the same moment. What came after `fresh` may still be left to a colleague."""
    row = connection.execute(
        _LOOK,
        {
            **_asked_by(reader, police, now, own, fresh),
            "view": wanted.view,
            "category": wanted.category,
            "level": None if wanted.level is None else LEVEL_ORDER.index(wanted.level),
            "source": wanted.source,
            "place": wanted.place_id,
            "nowhere": None if wanted.place_known is None else not wanted.place_known,
            "name": wanted.place_name,
            "longest": min(longest, LONGEST_LIST),
        },
    ).one()
    counted = Counted(tuple(_bundle(line) for line in row.bundles or ()))
    return Look(
        items=tuple(_item(line) for line in row.items or ()),
        counted=counted,
        matching=counted.fitting(wanted) if row.matching is None else row.matching,
    )


def open_signals(
    connection: Connection, reader: UUID, police: bool, wanted: QueueFilter, now: datetime
) -> list[QueueItem]:
    """The open signals in reading order, at most 200."""
    return list(look(connection, reader, police, wanted, now, desk(connection, now), now - OTHERS_FIRST).items)


def named_places(rows: Sequence[Sequence[str]]) -> tuple[NamedPlace, ...]:
    """Places from rows of id, kind and name."""
    return tuple(NamedPlace(place_id, PlaceKind(kind), name) for place_id, kind, name in rows)


def counts(connection: Connection, reader: UUID, police: bool, now: datetime) -> dict[QueueView, int]:
    """How many signals each view holds for this reader."""
    own = desk(connection, now)
    return look(connection, reader, police, QueueFilter(), now, own, now - OTHERS_FIRST, longest=0).counted.views()


def next_to_read(
    connection: Connection,
    reader: UUID,
    police: bool,
    now: datetime,
    skip: UUID | None = None,
    fresh: datetime | None = None,
) -> UUID | None:
    """The signal this reader should open next, other than `skip`; None when nothing waits for this reader.

    Never a topic that the reader leaves to others: such a signal is opened by choice.
    """
    asked = _asked_by(reader, police, now, desk(connection, now), fresh or now - OTHERS_FIRST)
    found = connection.execute(_NEXT, {**asked, "skip": skip}).scalar_one_or_none()
    return UUID(str(found)) if found else None


@dataclass(frozen=True)
class Arrivals:
    """How many signals came since `since`: what a drawn list remembers, so that none is overlooked.

    A signal may become visible a little later than the moment it carries; so the list counts from before its own
    moment, and what it saw then is taken off.
    """

    since: datetime
    had: int


_OVERLAP = timedelta(minutes=2)


def arrivals(connection: Connection, now: datetime) -> Arrivals:
    """What a list that is drawn now remembers."""
    since = now - _OVERLAP
    return Arrivals(since, _came(connection, since)[0])


def arrived_since(connection: Connection, drawn: Arrivals) -> int:
    """How many signals joined the queue after a list was drawn and still wait to be read."""
    came, waiting = _came(connection, drawn.since)
    return max(0, min(came - drawn.had, waiting))


def _came(connection: Connection, since: datetime) -> tuple[int, int]:
    row = connection.execute(
        text(
            "SELECT count(*) AS came, count(*) FILTER (WHERE state IN ('new', 'waiting_second')) AS waiting"
            "  FROM seinpost.signals WHERE queued_at > :since"
        ),
        {"since": since},
    ).one()
    return row.came, row.waiting


def _asked_by(reader: UUID, police: bool, now: datetime, own: Desk, fresh: datetime) -> dict[str, object]:
    return {
        "reader": reader,
        "police": police,
        "now": now,
        "left_to_others": sorted(lang.value for lang in own.left_to_others),
        "avoided": sorted(topic.value for topic in own.settings.avoided),
        "fresh": fresh,
    }


def _item(line: Mapping[str, Any]) -> QueueItem:
    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(line[name]) if line[name] else None

    return QueueItem(
        id=UUID(line["id"]),
        number=line["number"],
        state=SignalState(line["state"]),
        category=Category(line["category"]),
        level=Level(line["level"]),
        source=Source(line["source"]),
        sightings=line["sightings"],
        seen_at=datetime.fromisoformat(line["seen_at"]),
        queued_at=datetime.fromisoformat(line["queued_at"]),
        window_start=moment("window_start"),
        window_end=moment("window_end"),
        source_removed=line["source_removed_at"] is not None,
        places=named_places(line["places"]),
        mine=line["mine"],
        taken=line["taken"],
        read_by_me=line["read_by_me"],
        avoided=line["avoided"],
        escalated=not line["ordinary"],
        handed_to=Region(line["handed_to"]) if line["handed_to"] else None,
    )


def _bundle(line: Mapping[str, Any]) -> Bundle:
    return Bundle(
        state=SignalState(line["state"]),
        category=Category(line["category"]),
        level=LEVEL_ORDER[line["level_rank"]],
        source=Source(line["source"]),
        tip=line["tip"],
        mine=line["mine"],
        second=line["second"],
        placed=not line["nowhere"],
        count=line["count"],
    )


@dataclass(frozen=True)
class SourcesNow:
    """How many sources answer, and how many are silent. Not which: a seed is only a number."""

    active: int
    silent: int


SOURCES_NOW = (
    "SELECT count(*) FILTER (WHERE reads) AS active, count(*) FILTER (WHERE NOT reads) AS silent"
    "  FROM seinpost.source_health h JOIN seinpost.orders o ON o.id = h.order_id,"
    "       LATERAL (SELECT h.state IN ('ok', 'nothing_new', 'slowed')"
    "                       AND (h.silent_from IS NULL OR h.silent_from > now()) AS reads) r"
    " WHERE o.state = 'in_force'"
)
"""The health of all sources under orders in force, in two numbers: a question that others ask within theirs."""
