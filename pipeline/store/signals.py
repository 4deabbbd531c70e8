"""Signals in the database: made and locked in the order of their ids, their state changed, their facts settled.

What happens to a signal is worked out in `pipeline.store.sighting_book`; this writes it down. People's readings are
`pipeline.store.assessments`' work.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.sighting_book import Birth, Event, Standing
from signals.analysed import Analysed
from signals.label import Level
from signals.post import HUMAN_SOURCES
from signals.signal import SignalState

# One statement makes what is missing and locks what is there, row by row in the order of the ids: no ring of waiting
# workers. `WHERE false` locks the row without writing it. Facts are settled afterwards from the sightings.
_MAKE_AND_LOCK = text("""
    INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, seen_at, queued_at,
                         changed_at, reopened_from)
    SELECT id, 'ordinary', 'new', category, level, imminent, genre, lang, source, seen_at, :now, :now, reopened_from
      FROM unnest(CAST(:id AS uuid[]), CAST(:category AS text[]), CAST(:level AS text[]),
                  CAST(:imminent AS boolean[]), CAST(:genre AS text[]), CAST(:lang AS text[]), CAST(:source AS text[]),
                  CAST(:seen_at AS timestamptz[]), CAST(:reopened_from AS uuid[]))
           AS new (id, category, level, imminent, genre, lang, source, seen_at, reopened_from)
     ORDER BY id
    ON CONFLICT (id) DO UPDATE SET state = signals.state WHERE false
    RETURNING id
""")
_LOCK = text("SELECT id FROM signals WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE")
# Read after locking, in a statement of its own, so that it sees what the last holder of the lock committed.
_STANDINGS = text("""
    SELECT s.id, s.state, s.level, s.source_removed_at IS NOT NULL OR s.source_edited_at IS NOT NULL AS marked,
           EXISTS (SELECT 1 FROM assessments a WHERE a.signal_id = s.id) AS read,
           EXISTS (SELECT 1 FROM claims c WHERE c.signal_id = s.id AND c.expires_at > :now) AS claimed,
           (SELECT count(*) FROM sightings g WHERE g.signal_id = s.id AND g.post_id <> g.event_id) AS live,
           ARRAY(SELECT p.place_id FROM signal_places p WHERE p.signal_id = s.id) AS places
      FROM signals s WHERE s.id = ANY(CAST(:ids AS uuid[]))
""")
_STATE = text("""
    UPDATE signals s
       SET state = new.state, changed_at = :now,
           queued_at = CASE WHEN s.state = 'expired' AND new.state = 'new' THEN :now ELSE s.queued_at END,
           source_removed_at = CASE new.mark WHEN 'source_removed' THEN :now WHEN 'cleared' THEN NULL
                                             ELSE s.source_removed_at END,
           source_edited_at = CASE new.mark WHEN 'source_edited' THEN :now WHEN 'cleared' THEN NULL
                                            ELSE s.source_edited_at END
      FROM unnest(CAST(:id AS uuid[]), CAST(:state AS text[]), CAST(:mark AS text[])) AS new (id, state, mark)
     WHERE s.id = new.id
""")
_LINK = text("""
    UPDATE signals s SET reopened_from = least(s.reopened_from, new.before)
      FROM unnest(CAST(:id AS uuid[]), CAST(:before AS uuid[])) AS new (id, before) WHERE s.id = new.id
""")
_COUNT = text("""
    UPDATE signals s SET sightings = live.number
      FROM (SELECT i.id, count(g.post_id) AS number FROM unnest(CAST(:ids AS uuid[])) AS i (id)
              LEFT JOIN sightings g ON g.signal_id = i.id AND g.post_id <> g.event_id GROUP BY i.id) AS live
     WHERE s.id = live.id AND s.sightings <> live.number
""")
# The sighting that speaks for a signal nobody has read yet: the newest version among the posts in its own words, else
# in other words that say the same, whatever came in first.
# After a reading the facts are the reader's and stay as they are.
_CURRENT = """
    SELECT DISTINCT ON (g.signal_id) g.signal_id, g.source, g.posted_at, g.seen_at, g.analysis
      FROM sightings g JOIN signals s ON s.id = g.signal_id
     WHERE g.signal_id = ANY(CAST(:ids AS uuid[])) AND g.post_id <> g.event_id AND s.state = 'new'
       AND g.text IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM assessments a WHERE a.signal_id = s.id)
     ORDER BY g.signal_id, g.own_signal IS NOT NULL, g.revision DESC, g.event_id DESC
"""
_FACTS = text(f"""
    WITH current AS ({_CURRENT})
    UPDATE signals s
       SET category = c.analysis ->> 'category', level = c.analysis ->> 'level',
           imminent = (c.analysis ->> 'imminent')::boolean, genre = c.analysis ->> 'genre',
           lang = c.analysis ->> 'lang', source = c.source, posted_at = c.posted_at, seen_at = c.seen_at,
           changed_at = :now,
           window_start = (c.analysis -> 'window' ->> 'start')::timestamptz,
           window_end = (c.analysis -> 'window' ->> 'end')::timestamptz,
           lane = CASE WHEN c.analysis ->> 'level' = 'acuut' OR (c.analysis ->> 'imminent')::boolean THEN 'urgent'
                       WHEN c.source = ANY(CAST(:human AS text[])) THEN 'tip' ELSE 'ordinary' END
      FROM current c WHERE s.id = c.signal_id
""")  # noqa: S608
_PLACES_GONE = text(f"""
    WITH current AS ({_CURRENT})
    DELETE FROM signal_places p USING current c
     WHERE p.signal_id = c.signal_id AND p.added_by IS NULL
       AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(c.analysis -> 'places') AS m WHERE m ->> 'id' = p.place_id)
""")  # noqa: S608
_PLACES_ADDED = text(f"""
    WITH current AS ({_CURRENT})
    INSERT INTO signal_places (signal_id, place_id, kind, name)
    SELECT c.signal_id, m ->> 'id', min(m ->> 'kind'), min(m ->> 'name')
      FROM current c CROSS JOIN jsonb_array_elements(c.analysis -> 'places') AS m
     GROUP BY c.signal_id, m ->> 'id' ORDER BY 1, 2
    ON CONFLICT (signal_id, place_id) DO NOTHING
""")  # noqa: S608
_EVENTS = text("""
    INSERT INTO signal_events (signal_id, at, step, from_state, to_state, detail)
    SELECT signal_id, :now, step, from_state, to_state, CAST(detail AS jsonb)
      FROM unnest(CAST(:signal_id AS uuid[]), CAST(:step AS text[]), CAST(:from_state AS text[]),
                  CAST(:to_state AS text[]), CAST(:detail AS text[]))
           WITH ORDINALITY AS new (signal_id, step, from_state, to_state, detail, place)
     ORDER BY place
""")


def make_and_lock(
    connection: Connection, firsts: Mapping[UUID, Analysed], others: Iterable[UUID], now: datetime
) -> dict[UUID, Standing]:
    """Lock signals and make those of `firsts` that are missing; how each stands. `others` exist already."""
    made = _insert(connection, {i: (version, None) for i, version in firsts.items()}, now)
    rest = [i for i in others if i not in firsts]
    if rest:
        connection.execute(_LOCK, {"ids": rest})
    standings = load(connection, [*firsts, *rest], now)
    for signal_id in made:
        standings[signal_id].arrived = False
    return standings


def _insert(connection: Connection, rows: Mapping[UUID, tuple[Analysed, UUID | None]], now: datetime) -> set[UUID]:
    if not rows:
        return set()
    versions = [version for version, _ in rows.values()]
    made = connection.execute(
        _MAKE_AND_LOCK,
        {
            "now": now,
            "id": list(rows),
            "category": [v.analysis.category.value for v in versions],
            "level": [v.analysis.level.value for v in versions],
            "imminent": [v.analysis.imminent for v in versions],
            "genre": [v.analysis.genre.value for v in versions],
            "lang": [v.analysis.lang.value for v in versions],
            "source": [v.source.value for v in versions],
            "seen_at": [v.seen_at for v in versions],
            "reopened_from": [before for _, before in rows.values()],
        },
    )
    return set(made.scalars())


def make_later(connection: Connection, births: Sequence[Birth], now: datetime) -> None:
    """Make signals that follow a judged one of the same text."""
    _insert(connection, {b.id: (b.version, b.after) for b in births}, now)


def lock(connection: Connection, signal_id: UUID, now: datetime) -> Standing | None:
    """Lock one signal and say how it stands; None when there is none."""
    connection.execute(_LOCK, {"ids": [signal_id]})
    return load(connection, [signal_id], now).get(signal_id)


def load(connection: Connection, ids: Sequence[UUID], now: datetime) -> dict[UUID, Standing]:
    """How signals stand now."""
    rows = connection.execute(_STANDINGS, {"ids": list(ids), "now": now})
    return {
        r.id: Standing(
            id=r.id,
            state=SignalState(r.state),
            read=r.read,
            claimed=r.claimed,
            level=Level(r.level),
            places=frozenset(r.places),
            live=r.live,
            marked=r.marked,
        )
        for r in rows
    }


def write_steps(connection: Connection, standings: Iterable[Standing], events: Sequence[Event], now: datetime) -> None:
    """Write changed states, marks, links and the history."""
    changed = [s for s in standings if s.state_changed or s.mark is not None]
    if changed:
        values = {
            "id": [s.id for s in changed],
            "state": [s.state.value for s in changed],
            "mark": [s.mark for s in changed],
        }
        connection.execute(_STATE, {**values, "now": now})
    linked = [s for s in standings if s.linked is not None]
    if linked:
        connection.execute(_LINK, {"id": [s.id for s in linked], "before": [s.linked for s in linked]})
    if events:
        connection.execute(
            _EVENTS,
            {
                "now": now,
                "signal_id": [e.signal_id for e in events],
                "step": [e.step for e in events],
                "from_state": [e.before.value if e.before else None for e in events],
                "to_state": [e.after.value for e in events],
                "detail": [json.dumps(e.detail) for e in events],
            },
        )


def settle(connection: Connection, ids: Iterable[UUID], now: datetime) -> None:
    """Bring count, facts and places of signals in line with their sightings."""
    touched = sorted(ids)
    if not touched:
        return
    values = {"ids": touched}
    connection.execute(_COUNT, values)
    connection.execute(_FACTS, {**values, "now": now, "human": sorted(s.value for s in HUMAN_SOURCES)})
    connection.execute(_PLACES_GONE, values)
    connection.execute(_PLACES_ADDED, values)
