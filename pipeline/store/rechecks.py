"""Which posts behind signals are due to be asked for again at their source, and what was found. No text, no link."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from collectors.recheck_due import Due
from signals.post import Source


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
