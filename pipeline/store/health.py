"""How each source is doing: one row per source, with since when it has been so. Codes and numbers only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from collectors.health import HealthState, SourceHealth


@dataclass(frozen=True)
class HealthRow:
    """The health of one source as it stands; `accepted` counts everything under this order."""

    collector: str
    order_id: UUID
    seed: int
    state: HealthState
    reason: str
    since: datetime
    last_seen_at: datetime | None
    accepted: int


def report(connection: Connection, health: SourceHealth) -> None:
    """Keep what a collector said. `since` moves only when the state does."""
    connection.execute(
        text(
            "INSERT INTO seinpost.source_health AS h"
            " (collector, order_id, seed, state, reason, since, last_seen_at, accepted)"
            " VALUES (:collector, :order_id, :seed, :state, :reason, :at, :last_seen_at, :accepted)"
            " ON CONFLICT (collector, order_id, seed) DO UPDATE SET"
            "   since = CASE WHEN h.state = excluded.state THEN h.since ELSE excluded.since END,"
            "   state = excluded.state, reason = excluded.reason,"
            "   last_seen_at = coalesce(excluded.last_seen_at, h.last_seen_at),"
            "   accepted = h.accepted + excluded.accepted"
        ),
        {
            "collector": health.collector,
            "order_id": health.order_id,
            "seed": health.seed,
            "state": health.state,
            "reason": health.reason,
            "at": health.at,
            "last_seen_at": health.last_seen_at,
            "accepted": health.accepted,
        },
    )


def listed(connection: Connection) -> list[HealthRow]:
    """Every source, by collector, order and seed."""
    rows = connection.execute(
        text(
            "SELECT collector, order_id, seed, state, reason, since, last_seen_at, accepted"
            " FROM seinpost.source_health ORDER BY collector, order_id, seed"
        )
    )
    return [
        HealthRow(r.collector, r.order_id, r.seed, HealthState(r.state), r.reason, r.since, r.last_seen_at, r.accepted)
        for r in rows
    ]
