"""The posts behind the signals: text, analysis, sealed link and sealed names, with their link keys.

A version that left its post but must stay readable for a while is *kept*: its row then stands under its own event id
instead of the post's (`post_id = event_id`), so that the post's next version has the post's row. Live rows never do.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store import listed_words
from pipeline.store.columns import column, joined
from pipeline.store.sighting_book import Row
from signals.analysed import Analysed
from signals.analysis import Analysis, Facts
from signals.post import Sealed

_OF_POSTS = text(f"""
    SELECT post_id, event_id, signal_id FROM sightings
     WHERE post_id = ANY({column("posts", "uuid")}) ORDER BY post_id FOR UPDATE
""")  # noqa: S608 -- constants
_KEEP = text("UPDATE sightings SET post_id = event_id WHERE post_id = ANY(CAST(:posts AS uuid[]))")
_KEEP_KEYS = text("""
    UPDATE link_keys k SET post_id = g.event_id FROM sightings g
     WHERE g.post_id = k.post_id AND k.post_id = ANY(CAST(:posts AS uuid[]))
""")
_DROP_KEYS = text("DELETE FROM link_keys WHERE post_id = ANY(CAST(:posts AS uuid[]))")
_DROP = text("DELETE FROM sightings WHERE post_id = ANY(CAST(:posts AS uuid[]))")
_KEPT_OF = text("SELECT post_id FROM sightings WHERE signal_id = ANY(CAST(:signals AS uuid[])) AND post_id = event_id")
_WRITE = text(f"""
    INSERT INTO sightings (post_id, signal_id, event_id, revision, source, order_id, posted_at, seen_at, text, analysis,
                           link_hash, link_box, names_box, own_signal)
    SELECT post_id, signal_id, event_id, revision, source, order_id, posted_at, seen_at, body, CAST(analysis AS jsonb),
           link_hash, link_box, names_box, own_signal
      FROM unnest({column("post_id", "uuid")}, {column("signal_id", "uuid")}, {column("event_id", "uuid")},
                  {column("revision", "bigint")}, {column("source", "text")}, CAST(:order_id AS uuid[]),
                  CAST(:posted_at AS timestamptz[]), {column("seen_at", "timestamptz")}, CAST(:body AS text[]),
                  CAST(:analysis AS text[]), CAST(:link_hash AS text[]), CAST(:link_box AS bytea[]),
                  CAST(:names_box AS bytea[]), CAST(:own_signal AS uuid[]))
           AS new (post_id, signal_id, event_id, revision, source, order_id, posted_at, seen_at, body, analysis,
                   link_hash, link_box, names_box, own_signal)
     ORDER BY post_id
    ON CONFLICT (post_id) DO UPDATE
       SET signal_id = excluded.signal_id, event_id = excluded.event_id, revision = excluded.revision,
           source = excluded.source, order_id = excluded.order_id, posted_at = excluded.posted_at,
           seen_at = excluded.seen_at, text = excluded.text, analysis = excluded.analysis,
           link_hash = excluded.link_hash, link_box = excluded.link_box, names_box = excluded.names_box,
           own_signal = excluded.own_signal
""")  # noqa: S608 -- constants
_WRITE_KEYS = text("""
    INSERT INTO link_keys (post_id, purpose, key_day, wrapped_key)
    SELECT * FROM unnest(CAST(:post_id AS uuid[]), CAST(:purpose AS text[]), CAST(:key_day AS date[]),
                         CAST(:wrapped_key AS bytea[]))
""")


def of_posts(connection: Connection, posts: Iterable[UUID]) -> dict[UUID, Row]:
    """The live sighting of each post that has one."""
    rows = connection.execute(_OF_POSTS, {"posts": joined(posts)})
    return {r.post_id: Row(r.post_id, r.event_id, r.signal_id) for r in rows}


def kept_of(connection: Connection, signals: Iterable[UUID]) -> list[UUID]:
    """Row ids of the kept versions of signals."""
    return list(connection.execute(_KEPT_OF, {"signals": list(signals)}).scalars())


def keep(connection: Connection, posts: Sequence[UUID]) -> None:
    """Let stored sightings stand on as kept versions."""
    if posts:
        connection.execute(_KEEP_KEYS, {"posts": list(posts)})
        connection.execute(_KEEP, {"posts": list(posts)})


def drop(connection: Connection, posts: Sequence[UUID]) -> None:
    """Text, link and names go, and the keys with them: nothing of these sightings can be opened any more."""
    if posts:
        connection.execute(_DROP_KEYS, {"posts": list(posts)})
        connection.execute(_DROP, {"posts": list(posts)})


def write(connection: Connection, rows: Sequence[tuple[UUID, Row, Analysed]]) -> None:
    """Write sightings under the given row ids; what stood there before is replaced, keys included."""
    if not rows:
        return
    connection.execute(_DROP_KEYS, {"posts": [key for key, _, _ in rows]})
    posts = [version.post for _, _, version in rows]
    connection.execute(
        _WRITE,
        {
            "post_id": joined(key for key, _, _ in rows),
            "signal_id": joined(row.signal_id for _, row, _ in rows),
            "event_id": joined(v.event_id for _, _, v in rows),
            "revision": joined(v.revision for _, _, v in rows),
            "source": joined(v.source.value for _, _, v in rows),
            "order_id": [v.order_id for _, _, v in rows],
            "posted_at": [p.posted_at if p else None for p in posts],
            "seen_at": joined(v.seen_at for _, _, v in rows),
            "body": [p.text if p and row.readable else None for (_, row, _), p in zip(rows, posts, strict=True)],
            "analysis": [
                (v.analysis if row.readable else without_text(v.analysis)).model_dump_json() for _, row, v in rows
            ],
            "own_signal": [row.own_signal for _, row, _ in rows],
            "link_hash": [p.link_hash if p else None for p in posts],
            "link_box": [
                p.link.box if p and p.link and row.readable else None
                for (_, row, _), p in zip(rows, posts, strict=True)
            ],
            "names_box": [
                p.names.box if p and p.names and row.readable else None
                for (_, row, _), p in zip(rows, posts, strict=True)
            ],
        },
    )
    _write_keys(connection, [(key, v) for key, row, v in rows if row.readable])
    texts = ((key, p.text if p and row.readable else None) for (key, row, _), p in zip(rows, posts, strict=True))
    listed_words.note(connection, texts)


def _write_keys(connection: Connection, rows: Sequence[tuple[UUID, Analysed]]) -> None:
    sealed: list[tuple[UUID, str, Sealed]] = []
    for key, version in rows:
        if version.post and version.post.link:
            sealed.append((key, "link", version.post.link))
        if version.post and version.post.names:
            sealed.append((key, "names", version.post.names))
    if sealed:
        connection.execute(
            _WRITE_KEYS,
            {
                "post_id": [key for key, _, _ in sealed],
                "purpose": [purpose for _, purpose, _ in sealed],
                "key_day": [box.key_day for _, _, box in sealed],
                "wrapped_key": [box.wrapped_key for _, _, box in sealed],
            },
        )


def without_text(analysis: Analysis) -> Analysis:
    """An analysis that repeats nothing of the text: labels, score and versions stay."""
    return analysis.model_copy(update={"facts": Facts(), "places": (), "reasons": ()})
