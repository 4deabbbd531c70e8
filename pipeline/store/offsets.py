"""How far a consumer group got, kept beside its results: the truth of progress where a worker writes to PostgreSQL.

Each taking over of a partition raises its epoch, so that a worker that lost it cannot write any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, text

_CLAIM = text("""
    INSERT INTO consumer_offsets AS held (consumer_group, topic, partition, next_offset, epoch)
    VALUES (:group, :topic, :partition, :first, 1)
    ON CONFLICT (consumer_group, topic, partition) DO UPDATE
       SET epoch = held.epoch + 1,
           -- Outside what the broker has: the topic was made anew, or records went past their retention.
           next_offset = CASE WHEN held.next_offset BETWEEN :first AND :end THEN held.next_offset ELSE :first END
    RETURNING next_offset, epoch
""")
# All partitions of a batch in one statement; a row that does not fit any more is missed in the count.
_MOVE = text("""
    UPDATE consumer_offsets AS held SET next_offset = new.next_offset
      FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS integer[]), CAST(:next AS bigint[]),
                  CAST(:epochs AS bigint[])) AS new (topic, partition, next_offset, epoch)
     WHERE held.consumer_group = :group AND held.topic = new.topic AND held.partition = new.partition
       AND held.epoch = new.epoch AND held.next_offset <= new.next_offset
""")


Partition = TypeVar("Partition", bound=tuple[str, int])


class Fenced(Exception):
    """Another worker took the partition over: what we were doing is its work now."""


@dataclass(frozen=True)
class Hold:
    """Our hold on a partition: where we are and under which epoch."""

    next_offset: int
    epoch: int


def claim(connection: Connection, group: str, bounds: Mapping[Partition, tuple[int, int]]) -> dict[Partition, Hold]:
    """Take partitions over; `bounds` are the first kept and the next offset of each on the broker."""
    holds = {}
    for place, (first, end) in sorted(bounds.items()):
        values = {"group": group, "topic": place[0], "partition": place[1], "first": first, "end": end}
        row = connection.execute(_CLAIM, values).one()
        holds[place] = Hold(row.next_offset, row.epoch)
    return holds


def move(connection: Connection, group: str, ends: Mapping[Partition, int], holds: Mapping[Partition, Hold]) -> None:
    """Move on, in the transaction of the results. Raises `Fenced` when a partition is no longer ours."""
    ours = {place: hold for place in sorted(ends) if (hold := holds.get(place)) is not None}
    moved = connection.execute(
        _MOVE,
        {
            "group": group,
            "topics": [place[0] for place in ours],
            "partitions": [place[1] for place in ours],
            "next": [ends[place] for place in ours],
            "epochs": [hold.epoch for hold in ours.values()],
        },
    ).rowcount
    if moved != len(ends):
        raise Fenced("a partition was taken over by another worker")
