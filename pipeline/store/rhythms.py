"""What is usual for each source, as it was learned under its order: one row of numbers per source.

It learns nothing itself (`collectors.health_rhythm`), and retention takes the row when the order is over.
"""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import Connection, Row, text

from collectors.health_rhythm import Rhythm

Source = tuple[str, UUID, int]
"""Collector, order and number of a seed."""


def key(source: Source) -> dict[str, object]:
    """The source by the names of its three columns."""
    return dict(zip(("collector", "order_id", "seed"), source, strict=True))


def load(connection: Connection, source: Source) -> Rhythm:
    """What was learned of a source; nothing yet where it is new."""
    row = connection.execute(
        text(f"{_SELECT} WHERE collector = :collector AND order_id = :order_id AND seed = :seed"), key(source)
    ).one_or_none()
    return Rhythm() if row is None else _rhythm(row)


def save(connection: Connection, source: Source, rhythm: Rhythm) -> None:
    """Keep what was learned."""
    values = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(rhythm).items()}
    connection.execute(
        text(
            "INSERT INTO seinpost.source_rhythms (collector, order_id, seed, counts, hours, squares, means,"
            "   open_count, open_mean, learned_until, recent, recent_hour)"
            " VALUES (:collector, :order_id, :seed, :counts, :hours, :squares, :means,"
            "   :open_count, :open_mean, :learned_until, :recent, :recent_hour)"
            " ON CONFLICT (collector, order_id, seed) DO UPDATE SET"
            "   counts = excluded.counts, hours = excluded.hours, squares = excluded.squares, means = excluded.means,"
            "   open_count = excluded.open_count, open_mean = excluded.open_mean,"
            "   learned_until = excluded.learned_until, recent = excluded.recent, recent_hour = excluded.recent_hour"
        ),
        {**key(source), **values},
    )


def listed(connection: Connection) -> dict[Source, Rhythm]:
    """Every rhythm there is."""
    return {(row.collector, row.order_id, row.seed): _rhythm(row) for row in connection.execute(text(_SELECT))}


_SELECT = (
    "SELECT collector, order_id, seed, counts, hours, squares, means, open_count, open_mean, learned_until, recent,"
    " recent_hour FROM seinpost.source_rhythms"
)


def _rhythm(row: Row[tuple[object, ...]]) -> Rhythm:
    return Rhythm(
        counts=tuple(row.counts),
        hours=tuple(row.hours),
        squares=row.squares,
        means=row.means,
        open_count=row.open_count,
        open_mean=row.open_mean,
        learned_until=row.learned_until,
        recent=tuple(row.recent),
        recent_hour=row.recent_hour,
    )
