"""The queue's front door: a batch of analysed posts and removals takes effect, once, in the caller's transaction.

Both roads call this one function. It commits nothing and knows neither Kafka nor the embedded mode.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from pipeline.store import analyses, joining, post_heads, sightings, signals, unflagged
from pipeline.store.sighting_book import Book, Row, signal_id_of
from signals.analysed import Analysed
from signals.ids import IdKey
from signals.post import PostRemoved


def take(connection: Connection, records: Sequence[Analysed | PostRemoved], id_key: IdKey, now: datetime) -> None:
    """Take records in order. A repeat or an overtaken version changes nothing, so a batch may be given again.

    May raise `Overtaken`, deadlock or unique-violation errors when another worker is at the same posts: run it through
    `pipeline.store.attempts.in_transaction`, which tries again.
    """
    fresh = post_heads.news(connection, records)
    analyses.add(connection, [r for r in fresh if isinstance(r, Analysed)], now)
    fresh = unflagged.set_apart(connection, fresh, now)
    live = sightings.of_posts(connection, {post_heads.post_of(r) for r in fresh}) if fresh else {}
    to_read = [r for r in fresh if isinstance(r, Analysed) and r.post is not None]
    if not to_read and not live:
        return  # the common case: nothing flagged
    with closing(joining.Door(connection, id_key)) as door:
        joins = door.find(to_read)
        texts = ((signal_id_of(id_key, r.post.text), r) for r in reversed(to_read) if r.post is not None)
        firsts = {signal_id: r for signal_id, r in texts if signal_id not in joins}
        # A text's own signal too: a person may have parted it from the card since it was looked up.
        there = {row.signal_id for row in live.values()} | {
            i for pair in joins.items() for i in pair if i not in firsts
        }
        standings = signals.make_and_lock(connection, firsts, there, now)
        book = Book(id_key, standings, dict(live), lambda signal_id: signals.lock(connection, signal_id, now), joins)
        for record in fresh:
            book.apply(record)
        _write(connection, book, door, now)


def _write(connection: Connection, book: Book, door: joining.Door, now: datetime) -> None:
    signals.make_later(connection, book.births, now)
    kept = [row for rows in book.kept.values() for row in rows]
    # What was kept before and is public again goes; only then do versions of this batch become kept.
    sightings.drop(connection, sightings.kept_of(connection, book.cleared) if book.cleared else [])
    sightings.keep(connection, [row.post_id for row in kept if row.version is None])
    sightings.drop(connection, sorted(book.gone))
    rows = [_to_write(row.post_id, row) for row in book.live.values()] + [_to_write(row.event_id, row) for row in kept]
    written = [row for row in rows if row is not None]
    sightings.write(connection, written)
    door.note(written, {i: s.state for i, s in book.standings.items()})
    signals.write_steps(connection, book.standings.values(), book.events, now)
    signals.settle(connection, book.touched, now)
    post_heads.point_to(connection, book.stands_at)


def _to_write(key: UUID, row: Row) -> tuple[UUID, Row, Analysed] | None:
    return (key, row, row.version) if row.version is not None else None
