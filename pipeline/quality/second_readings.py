"""Draws rejections for a second reading, blind: the signal waits for its second reader like any other.

Run as the road's role, every few minutes. How a drawn one ends is the database's work; what nobody read in time is
closed again by `pipeline.retention`, for the text of a rejection is kept 24 hours and not longer for this.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, RowMapping, text

from pipeline.quality.rules import Rejection, Rule, matched
from signals.label import Category, Level
from signals.post import Source
from signals.settings_version import DetectionSettings
from signals.signal import RejectReason, SignalState, SignalStep, step

HOLD = timedelta(minutes=2)
"""A reader may take a rejection back in its first minute; only then is it drawn."""
STILL_READABLE = timedelta(hours=23)
"""A rejection older than this is not drawn any more: nobody would get to it before its text goes."""
AT_ONCE = 2000

# Rejections by a first reader alone, with a text that is still there; beside it what the machine found in the signal's
# own words. One that was looked at before and not drawn is looked at again: the same rules give the same answer.
_CANDIDATES = text("""
    SELECT s.id, s.source, s.changed_at, a.reason, g.analysis ->> 'level' AS level,
           g.analysis ->> 'category' AS category, (g.analysis ->> 'score')::float AS score
      FROM signals s
      JOIN assessments a ON a.signal_id = s.id AND a.reading = 1 AND a.verdict = 'reject' AND a.lapsed_at IS NULL
      CROSS JOIN LATERAL (SELECT g.analysis FROM sightings g WHERE g.signal_id = s.id AND g.text IS NOT NULL
                           ORDER BY g.own_signal IS NOT NULL, g.revision DESC, g.post_id LIMIT 1) AS g
     WHERE s.state = 'rejected' AND s.changed_at > :oldest AND s.changed_at <= :youngest
       AND s.source_removed_at IS NULL AND s.source_edited_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM second_readings r WHERE r.signal_id = s.id)
       AND NOT EXISTS (SELECT 1 FROM assessments b WHERE b.signal_id = s.id AND b.reading > 1)
     ORDER BY s.changed_at DESC LIMIT :most FOR UPDATE OF s SKIP LOCKED
""")
_DRAWN = text("""
    INSERT INTO second_readings (signal_id, why, by_chance, rejected_at, drawn_at)
    VALUES (:signal, :why, :by_chance, :rejected_at, :now)
""")
_WAITS = text("UPDATE signals SET state = :state, changed_at = :now WHERE id = :signal")
_EVENT = text("""
    INSERT INTO signal_events (signal_id, at, step, from_state, to_state) VALUES (:signal, :now, :step, :before, :after)
""")


def draw(
    connection: Connection, rules: tuple[Rule, ...], key: bytes, detection: DetectionSettings, now: datetime
) -> int:
    """Give the rejections that the rules want to a second reader; says how many. The caller commits."""
    rows = connection.execute(
        _CANDIDATES, {"oldest": now - STILL_READABLE, "youngest": now - HOLD, "most": AT_ONCE}
    ).mappings()
    drawn = 0
    for row in rows.all():
        why, by_chance = matched(rules, _rejection(row, detection), key)
        if why is not None:
            _give(connection, row["id"], {"why": why, "by_chance": by_chance, "rejected_at": row["changed_at"]}, now)
            drawn += 1
    return drawn


def _give(connection: Connection, signal: UUID, drawn: Mapping[str, object], now: datetime) -> None:
    after = step(SignalState.REJECTED, SignalStep.READ_AGAIN)
    connection.execute(_DRAWN, {"signal": signal, "now": now, **drawn})
    connection.execute(_WAITS, {"signal": signal, "now": now, "state": after})
    connection.execute(
        _EVENT,
        {
            "signal": signal,
            "now": now,
            "step": SignalStep.READ_AGAIN,
            "before": SignalState.REJECTED,
            "after": after,
        },
    )


def _rejection(row: RowMapping, detection: DetectionSettings) -> Rejection:
    threshold = detection.category_thresholds.get(Category(row["category"]), detection.threshold)
    return Rejection(
        signal_id=row["id"],
        source=Source(row["source"]),
        level=Level(row["level"]),
        above_threshold=row["score"] - threshold,
        reason=RejectReason(row["reason"]),
    )
