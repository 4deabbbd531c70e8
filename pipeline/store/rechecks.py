"""Which posts behind signals are due to be asked for again at their source, and what was found. No text, no link."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from collectors.recheck_due import Due
from signals.post import Source


@dataclass(frozen=True)
class Standing:
    """How asking again is doing: posts with a link, when the one that waits longest was asked for (or seen), and how
    many of them could not be told at the last check, since when. The moments are None where there is no such post."""

    posts: int
    longest_ago: datetime | None
    unknown: int
    unknown_since: datetime | None


LATE = timedelta(hours=30)
"""A post behind a signal that was not asked for again in so long: the re-check does not run, or cannot keep up."""


def late(now_standing: Standing, now: datetime) -> bool:
    """Whether the post that waits longest waits too long."""
    return now_standing.longest_ago is not None and now - now_standing.longest_ago > LATE


def standing(connection: Connection) -> Standing:
    """How it is doing now, for who may watch the sources."""
    row = connection.execute(text("SELECT * FROM seinpost.recheck_standing()")).one()
    return Standing(row.posts, row.longest_ago, row.unknown, row.unknown_since)


def due(connection: Connection, sources: Collection[Source], last_checked: datetime, most: int) -> list[Due]:
    """Posts with a link that were last asked for (or seen) at or before `last_checked`, the longest ago first."""
    rows = connection.execute(
        text("SELECT * FROM seinpost.posts_to_recheck(CAST(:sources AS text[]), :last_checked, :most)"),
        {"sources": [source.value for source in sources], "last_checked": last_checked, "most": most},
    )
    return [Due(r.post_id, Source(r.source), r.order_id, r.revision, r.unknown_since) for r in rows]


def note(connection: Connection, stands: Mapping[UUID, bool], at: datetime) -> None:
    """Keep that these posts were asked for: they stand, or nothing could be told. What is gone is noted nowhere."""
    if stands:
        connection.execute(
            text("SELECT seinpost.note_rechecks(CAST(:posts AS uuid[]), CAST(:stand AS boolean[]), :at)"),
            {"posts": list(stands), "stand": list(stands.values()), "at": at},
        )
