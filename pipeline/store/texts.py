"""Texts whose source is gone and that people were still at work with: they go at the decision or after 24 hours.

Only kept versions (`pipeline.store.sightings`); every other retention rule is `pipeline.retention`'s work.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import sightings, signals
from pipeline.store.sighting_book import Event
from signals.signal import SignalState, SignalStep

KEPT_FOR = timedelta(hours=24)

# Due: marked long enough ago; or a decision fell after the mark; or nobody holds the signal any more.
_DUE = text("""
    SELECT g.post_id
      FROM sightings g JOIN signals s ON s.id = g.signal_id
     WHERE g.post_id = g.event_id AND g.text IS NOT NULL
       AND (greatest(s.source_removed_at, s.source_edited_at) <= :limit
            OR s.state IN ('parked', 'rejected', 'expired', 'closed')
            OR EXISTS (SELECT 1 FROM signal_events e
                        WHERE e.signal_id = s.id AND e.to_state IN ('confirmed', 'referred')
                          AND e.from_state IS DISTINCT FROM e.to_state
                          AND e.at > greatest(s.source_removed_at, s.source_edited_at))
            OR (s.state = 'new'
                AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.signal_id = s.id AND c.expires_at > :now)))
     ORDER BY g.post_id
""")
_EMPTY = text("""
    UPDATE sightings
       SET text = NULL, link_box = NULL, names_box = NULL,
           analysis = analysis || '{"facts": {}, "places": [], "reasons": []}'
     WHERE post_id = ANY(CAST(:posts AS uuid[]))
""")
_KEYS = text("DELETE FROM link_keys WHERE post_id = ANY(CAST(:posts AS uuid[]))")
# A claim that ended without a reading left these in the queue with nothing to read.
_UNREAD = text("""
    SELECT s.id FROM signals s
     WHERE s.id IN (SELECT signal_id FROM sightings WHERE post_id = ANY(CAST(:posts AS uuid[])))
       AND s.state = 'new' AND s.sightings = 0
       AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.signal_id = s.id AND c.expires_at > :now)
     ORDER BY s.id FOR UPDATE
""")


def texts_due(connection: Connection, now: datetime, kept_for: timedelta = KEPT_FOR) -> list[UUID]:
    """Rows of kept versions whose text must go now."""
    return list(connection.execute(_DUE, {"now": now, "limit": now - kept_for}).scalars())


def forget_due_texts(connection: Connection, now: datetime, kept_for: timedelta = KEPT_FOR) -> int:
    """Empty the texts that are due, and let signals expire that have nothing left to read. Says how many texts went."""
    due = texts_due(connection, now, kept_for)
    if not due:
        return 0
    connection.execute(_KEYS, {"posts": due})
    connection.execute(_EMPTY, {"posts": due})
    unread = list(connection.execute(_UNREAD, {"posts": due, "now": now}).scalars())
    _expire(connection, unread, now)
    return len(due)


def _expire(connection: Connection, ids: Iterable[UUID], now: datetime) -> None:
    standings = signals.load(connection, list(ids), now)
    for standing in standings.values():
        standing.state, standing.state_changed = SignalState.EXPIRED, True
    events = [
        Event(i, SignalStep.EXPIRE.value, SignalState.NEW, SignalState.EXPIRED, {"why": "source_gone"})
        for i in standings
    ]
    signals.write_steps(connection, standings.values(), events, now)
    sightings.drop(connection, sightings.kept_of(connection, standings))
