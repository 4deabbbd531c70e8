"""The newest version of every post: decides which arriving records are news and which are repeats or overtaken.

It knows nothing of signals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.attempts import Overtaken
from pipeline.store.columns import column, joined
from signals.analysed import Analysed
from signals.post import PostRemoved

Record = Analysed | PostRemoved

# Rows are locked in the order of their ids, here and everywhere: two workers never wait for each other in a ring.
_LOCK = text(f"""
    SELECT post_id, revision, event_id, removed FROM post_heads
     WHERE post_id = ANY({column("posts", "uuid")}) ORDER BY post_id FOR UPDATE
""")  # noqa: S608 -- constants
_KNOWN = text(f"SELECT event_id FROM analyses WHERE event_id = ANY({column('events', 'uuid')})")  # noqa: S608
# Rows that were there are locked by us. A row that was not, and is now, came from another worker: it is left alone and
# missed in the count.
_WRITE = text(f"""
    INSERT INTO post_heads AS head (post_id, revision, event_id, removed, seen_at)
    SELECT * FROM unnest({column("posts", "uuid")}, {column("revisions", "bigint")}, {column("events", "uuid")},
                         {column("removed", "boolean")}, {column("seen", "timestamptz")})
                  AS new (post_id, revision, event_id, removed, seen_at)
     ORDER BY post_id
    ON CONFLICT (post_id) DO UPDATE
       SET revision = excluded.revision, event_id = excluded.event_id, removed = excluded.removed,
           seen_at = excluded.seen_at
     WHERE head.post_id = ANY(CAST(:locked AS uuid[]))
""")  # noqa: S608 -- constants
_SIGNAL = text("""
    UPDATE post_heads SET signal_id = new.signal_id
      FROM unnest(CAST(:posts AS uuid[]), CAST(:signals AS uuid[])) AS new (post_id, signal_id)
     WHERE post_heads.post_id = new.post_id
""")


@dataclass(frozen=True)
class Head:
    """The newest version known of one post."""

    revision: int
    event_id: UUID
    removed: bool


def is_news(record: Record, head: Head | None) -> bool:
    """Whether the record is newer than what is known. A removal wins over every version up to its own revision."""
    if head is None:
        return True
    if isinstance(record, PostRemoved):
        return record.revision > head.revision or (record.revision == head.revision and not head.removed)
    if head.removed:
        return record.revision > head.revision
    return (record.revision, record.event_id) > (head.revision, head.event_id)


def post_of(record: Record) -> UUID:
    """The id of the post a record is about."""
    return record.post_id if isinstance(record, Analysed) else record.id


def news(connection: Connection, records: Sequence[Record]) -> list[Record]:
    """The records that are news, in their order, with the heads moved on. Repeats and overtaken versions fall out."""
    posts = sorted({post_of(r) for r in records})
    before = {
        row.post_id: Head(row.revision, row.event_id, row.removed)
        for row in connection.execute(_LOCK, {"posts": joined(posts)})
    }
    known = set(connection.execute(_KNOWN, {"events": joined(r.event_id for r in records)}).scalars())
    heads = dict(before)
    latest: dict[UUID, Record] = {}
    fresh: list[Record] = []
    for record in records:
        post = post_of(record)
        if record.event_id in known or not is_news(record, heads.get(post)):
            continue
        heads[post] = Head(record.revision, record.event_id, isinstance(record, PostRemoved))
        latest[post] = record
        fresh.append(record)
    if latest:
        _write(connection, latest, before)
    return fresh


def _write(connection: Connection, latest: dict[UUID, Record], before: dict[UUID, Head]) -> None:
    written = connection.execute(
        _WRITE,
        {
            "posts": joined(latest),
            "revisions": joined(r.revision for r in latest.values()),
            "events": joined(r.event_id for r in latest.values()),
            "removed": joined(isinstance(r, PostRemoved) for r in latest.values()),
            "seen": joined(r.seen_at for r in latest.values()),
            "locked": list(before),
        },
    ).rowcount
    if written != len(latest):
        raise Overtaken("another worker took a newer version of the same post")


def point_to(connection: Connection, signals: dict[UUID, UUID | None]) -> None:
    """Note at which signal each post stands now (None: at none)."""
    if signals:
        connection.execute(_SIGNAL, {"posts": list(signals), "signals": list(signals.values())})
