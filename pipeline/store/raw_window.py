"""The raw window of the embedded road: the records of the last hours, encrypted under the key of their hour.

The Kafka road keeps its posts topic instead. Forgetting is done by destroying keys and by retention.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.key_folder import hour_of
from signals.post import POST_RECORD, Post, PostRemoved

_ADD = text("""
    INSERT INTO raw_window (event_id, hour, seen_at, body)
    SELECT event_id, :hour, seen_at, body
      FROM unnest(CAST(:event_id AS uuid[]), CAST(:seen_at AS timestamptz[]), CAST(:body AS bytea[]))
           AS new (event_id, seen_at, body)
     ORDER BY event_id
    ON CONFLICT (event_id) DO NOTHING
""")
_SINCE = text("SELECT body FROM raw_window WHERE seen_at >= :moment ORDER BY seen_at, event_id")
_AT_ONCE = 500


def add(connection: Connection, records: Sequence[Post | PostRemoved], keys: HourKeys, now: datetime) -> None:
    """Keep records for the window, each once."""
    if records:
        connection.execute(
            _ADD,
            {
                "hour": hour_of(now),
                "event_id": [r.event_id for r in records],
                "seen_at": [r.seen_at for r in records],
                "body": [envelope.seal(POST_RECORD.dump_json(r), keys, now) for r in records],
            },
        )


def since(engine: Engine, moment: datetime, keys: HourKeys) -> Iterator[Post | PostRemoved]:
    """Records seen at or after `moment` whose hour key lives, oldest first; a few hundred in memory at a time."""
    with engine.connect() as connection:
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(_SINCE, {"moment": moment})
        for (body,) in rows:
            try:
                yield POST_RECORD.validate_json(envelope.unseal(body, keys))
            except envelope.HourKeyGone:
                continue  # past its retention: the row just outlives its key until the next sweep
