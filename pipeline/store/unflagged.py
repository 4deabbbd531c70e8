"""The blind sample of posts that were not flagged: kept apart from the queue, read in a lane of its own, then counted.

At most 20 a day, the first that come; the text goes when it is read, when its post changes or is gone, and in 7 days.
Drawing is the analysis' work (`signals.analysed`); what follows from it is `pipeline.quality.recall`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.columns import column, joined
from signals.analysed import Analysed
from signals.post import PostRemoved

MOST_A_DAY = 20

_GONE = text(f"DELETE FROM unflagged_sample WHERE post_id = ANY({column('posts', 'uuid')})")  # noqa: S608 -- a constant
# Makes the day or holds its row, so that two workers together take no more than the day may have.
_TAKEN = text("""
    INSERT INTO unflagged_days AS d (day) VALUES (:day) ON CONFLICT (day) DO UPDATE SET taken = d.taken RETURNING taken
""")
_KEEP = text("""
    INSERT INTO unflagged_sample (event_id, post_id, day, text, taken_at) VALUES (:event, :post, :day, :text, :now)
""")
_COUNT = text("UPDATE unflagged_days SET taken = taken + :number WHERE day = :day")
_DAY_IS_OVER = text("""
    UPDATE unflagged_days d
       SET unflagged = (SELECT count(*) FROM analyses a
                         WHERE a.analysed_at >= d.day AT TIME ZONE 'UTC'
                           AND a.analysed_at < (d.day + 1) AT TIME ZONE 'UTC'
                           AND NOT a.flagged AND a.source NOT IN ('tip', 'observation'))
     WHERE d.unflagged IS NULL AND d.day < :today
""")
# Another reader should seldom get the same one: the order differs per reader and says nothing about the post.
_NEXT = text("""
    SELECT s.event_id, s.text FROM seinpost.unflagged_sample s,
           LATERAL (SELECT md5(CAST(s.event_id AS text) || CAST(seinpost.acting_user() AS text)) AS place) o
     WHERE CAST(:skipped AS text) IS NULL
        OR o.place > md5(CAST(:skipped AS text) || CAST(seinpost.acting_user() AS text))
     ORDER BY o.place LIMIT 1
""")


@dataclass(frozen=True)
class SampledText:
    """One post of the sample as a reader gets it: its masked text and nothing else."""

    event_id: UUID
    text: str


def set_apart(
    connection: Connection, records: Sequence[Analysed | PostRemoved], now: datetime
) -> list[Analysed | PostRemoved]:
    """Keep the texts that were sampled; answers the records as the queue should see them, without those texts.

    What the same posts had in the sample before is gone: a version that was edited or removed is not read any more.
    """
    if not records:
        return []
    posts = [r.post_id if isinstance(r, Analysed) else r.id for r in records]
    connection.execute(_GONE, {"posts": joined(posts)})
    newest = {r.post_id if isinstance(r, Analysed) else r.id: r for r in records}  # a later version of the same batch
    sampled = [r for r in newest.values() if isinstance(r, Analysed) and r.sampled and r.post is not None]
    if sampled:
        _keep(connection, sampled, now)
    return [
        r.model_copy(update={"post": None, "sampled": False}) if isinstance(r, Analysed) and r.sampled else r
        for r in records
    ]


def count_days(connection: Connection, today: date) -> int:
    """Note of each day that is over how many posts were not flagged; says of how many days."""
    return connection.execute(_DAY_IS_OVER, {"today": today}).rowcount


def next_to_read(connection: Connection, skipped: UUID | None = None) -> SampledText | None:
    """A post of the sample for the acting expert; None when nothing is left to read.

    `skipped` is one in a language that this reader does not read: the one after it comes.
    """
    row = connection.execute(_NEXT, {"skipped": str(skipped) if skipped else None}).one_or_none()
    return SampledText(row.event_id, row.text) if row is not None else None


def still_there(connection: Connection, event_id: UUID) -> SampledText | None:
    """One post of the sample, for the answer that follows from reading it."""
    row = connection.execute(
        text("SELECT event_id, text FROM seinpost.unflagged_sample WHERE event_id = :event"), {"event": event_id}
    ).one_or_none()
    return SampledText(row.event_id, row.text) if row is not None else None


def answer(connection: Connection, event_id: UUID, actionable: bool, now: datetime) -> bool:
    """What the acting expert makes of it; the text goes. False: somebody was quicker, or its time was up."""
    counted: bool = connection.execute(
        text("SELECT seinpost.unflagged_read(:event, :acts, :now)"),
        {"event": event_id, "acts": actionable, "now": now},
    ).scalar_one()
    return counted


def _keep(connection: Connection, sampled: Sequence[Analysed], now: datetime) -> None:
    day = now.astimezone(UTC).date()
    taken: int = connection.execute(_TAKEN, {"day": day}).scalar_one()
    chosen = sampled[: max(0, MOST_A_DAY - taken)]
    if not chosen:
        return
    connection.execute(
        _KEEP,
        [
            {"event": r.event_id, "post": r.post_id, "day": day, "text": r.post.text, "now": now}
            for r in chosen
            if r.post is not None
        ],
    )
    connection.execute(_COUNT, {"day": day, "number": len(chosen)})
