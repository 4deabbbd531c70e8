"""The wordings on one card, for who judges it: the signal's own and those that joined, and parting one from it.

Run as an expert (`acting`). Who may part, and when, is the database's to say (`part_sighting`).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.claims import NothingToRead
from signals.post import Source

MOST = 20
"""Wordings that a page shows."""

_WORDINGS = text("""
    SELECT g.own_signal, count(*) AS number, min(g.seen_at) AS first_seen, max(g.seen_at) AS last_seen,
           array_agg(DISTINCT g.source) AS sources,
           (array_agg(g.text ORDER BY g.revision DESC, g.post_id) FILTER (WHERE g.text IS NOT NULL))[1] AS text,
           (array_agg(g.post_id ORDER BY g.revision DESC, g.post_id) FILTER (WHERE g.text IS NOT NULL))[1] AS post_id
      FROM seinpost.sightings g WHERE g.signal_id = :signal AND g.post_id <> g.event_id
     GROUP BY g.own_signal ORDER BY g.own_signal IS NOT NULL, first_seen, g.own_signal LIMIT :most
""")


@dataclass(frozen=True)
class Wording:
    """Posts of one card in one wording; `text` is the newest one's, None once it had to go."""

    post_id: UUID | None
    text: str | None
    sightings: int
    first_seen: datetime
    last_seen: datetime
    sources: tuple[Source, ...]
    joined: bool


def wordings(connection: Connection, signal_id: UUID) -> tuple[Wording, ...]:
    """The wordings of a signal: its own first, then those that joined, as they came."""
    rows = connection.execute(_WORDINGS, {"signal": signal_id, "most": MOST})
    return tuple(
        Wording(
            post_id=row.post_id,
            text=row.text,
            sightings=row.number,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            sources=tuple(sorted(map(Source, row.sources))),
            joined=row.own_signal is not None,
        )
        for row in rows
    )


def part(connection: Connection, signal_id: UUID, post_id: UUID, now: datetime) -> UUID:
    """Make the posts in these words a signal of their own, new and to be read; answers which. It is on the trail.

    Raises NothingToRead when that cannot be: nobody judges the signal any more, a colleague reads it now, somebody
    parted it already, or nothing would stay behind.
    """
    parted: UUID | None = connection.execute(
        text("SELECT seinpost.part_sighting(:signal, :post, :now)"), {"signal": signal_id, "post": post_id, "now": now}
    ).scalar_one()
    if parted is None:
        raise NothingToRead("this wording cannot be parted from the signal any more")
    return parted
