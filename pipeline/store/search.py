"""Finding signals by place, time, kind, level, state and words of the term list: the open ones first, then the rest.

The text of a post is not searched, nor anyone's name, account or source. Run as an expert: row-level security decides
what is found; what was removed at its source is not. Every search is written on the trail.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.errors import QueryCanceled
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from pipeline.store import trail
from pipeline.store.queue import Card, named_places
from signals.label import LEVEL_ORDER, Category, Level
from signals.post import Source
from signals.signal import SignalState

MOST_OPEN = 200
A_PAGE = 50
LOOKS_BACK = timedelta(days=28)
"""So far back earlier signals are searched where no moment is given."""
LONGEST = timedelta(seconds=3)

OPEN = (SignalState.NEW, SignalState.WAITING_SECOND, SignalState.CASUSOVERLEG, SignalState.CONFIRMED)
EARLIER = tuple(state for state in SignalState if state not in (*OPEN, SignalState.CLAIMED))


class SearchTooWide(Exception):
    """The answer would take too long."""


@dataclass(frozen=True)
class Wanted:
    """What is searched for; None and empty ask nothing. `word` is a listed word, `place_ids` a place and all within.

    `named` is when something would happen, `seen` when we first saw it, each from and until.
    """

    word: str | None = None
    place_ids: tuple[str, ...] = ()
    category: Category | None = None
    level: Level | None = None
    state: SignalState | None = None
    named: tuple[datetime, datetime] | None = None
    seen: tuple[datetime, datetime] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is asked."""
        return self == Wanted()


@dataclass(frozen=True)
class Page:
    """Signals in their order; `more` says that others follow."""

    signals: tuple[Card, ...]
    more: bool


_COLUMNS = """
SELECT s.id, s.number, s.state, s.category, s.level, s.source, s.sightings, s.queued_at, s.window_start, s.window_end,
       coalesce((SELECT json_agg(json_build_array(p.place_id, p.kind, p.name) ORDER BY p.kind, p.name)
                   FROM seinpost.signal_places p WHERE p.signal_id = s.id), '[]') AS places
  FROM seinpost.signals s
 WHERE s.source_removed_at IS NULL AND s.state = ANY(CAST(:states AS text[]))
"""
# Each only where it is asked: so the database sees which index serves. Comparisons that row-level security lets an
# index answer (equal, before, after), on purpose. A version that its source took back (post_id = event_id) is left out.
_PARTS = {
    "word": """
   AND s.id IN (SELECT g.signal_id FROM seinpost.listed_words w JOIN seinpost.sightings g USING (post_id)
                 WHERE w.word = :word AND g.post_id <> g.event_id)""",
    "places": """
   AND s.id IN (SELECT p.signal_id FROM seinpost.signal_places p WHERE p.place_id = ANY(CAST(:places AS text[])))""",
    "category": " AND s.category = :category",
    "level": " AND s.level_rank = :level",
    "named_from": " AND s.window_start <= :named_until AND s.window_end >= :named_from",
    "seen_from": " AND s.queued_at >= :seen_from AND s.queued_at <= :seen_until",
    "before": " AND (s.queued_at, s.number) < (:before, :before_number)",
}
_URGENT_FIRST = """
 ORDER BY s.escalated_at IS NULL, s.level_rank, CASE WHEN s.window_end >= :now THEN s.window_end END NULLS LAST,
          NOT s.place_known, s.queued_at, s.number LIMIT :most
"""
_NEWEST_FIRST = " ORDER BY s.queued_at DESC, s.number DESC LIMIT :most"


def open_found(connection: Connection, wanted: Wanted, now: datetime) -> Page:
    """The open signals that fit, in the order of the queue, at most 200."""
    states = _within(OPEN, wanted)
    if not states:
        return Page((), False)
    return _page(connection, _values(wanted, states, None), _URGENT_FIRST, {"now": now}, MOST_OPEN)


def earlier_found(
    connection: Connection, wanted: Wanted, now: datetime, before: tuple[datetime, int] | None = None
) -> Page:
    """The other signals that fit, newest first, 50 at a time; `before` is where the page before this one ended."""
    states = _within(EARLIER, wanted)
    if not states:
        return Page((), False)
    values = _values(wanted, states, now)
    if before is not None:
        values |= {"before": before[0], "before_number": before[1]}
    return _page(connection, values, _NEWEST_FIRST, {}, A_PAGE)


def note(connection: Connection, now: datetime, filters: Mapping[str, str]) -> None:
    """Write on the trail that the acting user searched, and by what: codes, ids of places and listed words only."""
    trail.append(connection, "searched", "search", "signals", now, dict(filters))


@contextmanager
def in_time(connection: Connection) -> Iterator[None]:
    """Ask for at most three seconds. Raises SearchTooWide when that was not enough; the transaction is over then."""
    connection.execute(text(f"SET LOCAL statement_timeout = {int(LONGEST.total_seconds() * 1000)}"))
    try:
        yield
    except OperationalError as failed:
        if isinstance(failed.orig, QueryCanceled):
            raise SearchTooWide("narrow the search down: a shorter time, a place or a kind") from None
        raise


def _within(states: Sequence[SignalState], wanted: Wanted) -> list[str]:
    return [state.value for state in states if wanted.state in (None, state)]


def _values(wanted: Wanted, states: list[str], now: datetime | None) -> dict[str, object]:
    """The parameters of what is asked. Earlier signals are always searched within a time."""
    values: dict[str, object] = {"states": states}
    if wanted.word is not None:
        values["word"] = wanted.word
    if wanted.place_ids:
        values["places"] = list(wanted.place_ids)
    if wanted.category is not None:
        values["category"] = wanted.category.value
    if wanted.level is not None:
        values["level"] = LEVEL_ORDER.index(wanted.level)
    if wanted.named is not None:
        values |= {"named_from": wanted.named[0], "named_until": wanted.named[1]}
    seen = wanted.seen or ((now - LOOKS_BACK, now) if now is not None else None)
    if seen is not None:
        values |= {"seen_from": seen[0], "seen_until": seen[1]}
    return values


def statement(values: Mapping[str, object], order: str) -> str:
    """The question with just the parts that these parameters ask."""
    return _COLUMNS + "".join(part for name, part in _PARTS.items() if name in values) + order


def _page(connection: Connection, values: dict[str, object], order: str, more: Mapping[str, object], most: int) -> Page:
    rows = connection.execute(text(statement(values, order)), {**values, **more, "most": most + 1}).all()
    found = tuple(
        Card(
            row.id,
            row.number,
            SignalState(row.state),
            Category(row.category),
            Level(row.level),
            Source(row.source),
            row.sightings,
            row.queued_at,
            row.window_start,
            row.window_end,
            named_places(row.places),
        )
        for row in rows[:most]
    )
    return Page(found, len(rows) > most)
