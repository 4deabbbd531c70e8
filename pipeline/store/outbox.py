"""What the database has to tell other systems, in order: written with the decision, sent by the relay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

# Locked, so that a second relay waits for the first and then sees what it sent: the order stays. Ids are given before
# commit, so a lower id may appear later; steps of one signal are written under its lock, so per key the order is right.
_WAITING = text("""
    SELECT id, event_id, topic, key, CAST(body AS text) AS body, created_at FROM outbox
     WHERE published_at IS NULL ORDER BY id LIMIT :most FOR UPDATE
""")
_SENT = text("UPDATE outbox SET published_at = :now WHERE id = ANY(CAST(:ids AS bigint[]))")


@dataclass(frozen=True)
class Waiting:
    """One event to send. `body` is JSON without any content of a post."""

    id: int
    event_id: UUID
    topic: str
    key: str
    body: str
    created_at: datetime


def waiting(connection: Connection, most: int) -> list[Waiting]:
    """The oldest unsent events, locked until the transaction ends."""
    return [Waiting(**row._mapping) for row in connection.execute(_WAITING, {"most": most})]


def sent(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Note that events were acknowledged."""
    connection.execute(_SENT, {"ids": list(ids), "now": now})
