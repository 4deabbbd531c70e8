"""What the database has to tell the systems of partners, in order: cut by the dispatcher, sent by the relay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from signals.decision import Decision

# The distinct topics of what waits, found by stepping through the index: one that is stuck may have many rows.
_TOPICS = text("""
    WITH RECURSIVE found AS (
        (SELECT topic FROM outbox WHERE published_at IS NULL ORDER BY topic LIMIT 1)
        UNION ALL
        SELECT (SELECT o.topic FROM outbox o
                 WHERE o.published_at IS NULL AND o.topic > f.topic ORDER BY o.topic LIMIT 1)
          FROM found f WHERE f.topic IS NOT NULL
    )
    SELECT topic FROM found WHERE topic IS NOT NULL
""")
# Locked, so that a second relay waits for the first and then sees what it sent: the order stays. Ids are given before
# commit, so a lower id may appear later; the dispatcher tells one referral's notices one after the other, so per key
# the order is right. Whether it may still be told is asked now, not only when it was written.
_WAITING = text("""
    SELECT id, event_id, topic, key, CAST(body AS text) AS body, created_at,
           referral_id IS NULL OR seinpost.decision_still_told(referral_id) AS still_told
      FROM outbox WHERE published_at IS NULL AND topic = :topic ORDER BY id LIMIT :most FOR UPDATE
""")
_PUT = text("SELECT seinpost.decision_to_outbox(:notice, CAST(:body AS jsonb))")
_SENT = text("UPDATE outbox SET published_at = :now WHERE id = ANY(CAST(:ids AS bigint[]))")


@dataclass(frozen=True)
class Waiting:
    """One event to send. `body` is JSON without any content of a post; `still_told`: its recipient may know it now."""

    id: int
    event_id: UUID
    topic: str
    key: str
    body: str
    created_at: datetime
    still_told: bool


def put_decision(connection: Connection, notice: UUID, decision: Decision) -> bool:
    """Leave what a notice tells for the relay; once, however often. False: its recipient has no system."""
    put: bool = connection.execute(_PUT, {"notice": notice, "body": decision.model_dump_json()}).scalar_one()
    return put


def topics(connection: Connection) -> list[str]:
    """The topics for which something waits."""
    return list(connection.execute(_TOPICS).scalars())


def waiting(connection: Connection, topic: str, most: int) -> list[Waiting]:
    """The oldest unsent events of a topic, locked until the transaction ends."""
    return [Waiting(**row._mapping) for row in connection.execute(_WAITING, {"topic": topic, "most": most})]


def sent(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Note that events were acknowledged, or need not be told any more."""
    connection.execute(_SENT, {"ids": list(ids), "now": now})
