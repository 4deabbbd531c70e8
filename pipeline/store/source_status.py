"""Every source as it is now: its health beside its order and its place, with the alarms that follow from the time.

Reads only, in any role that may see orders, cursors and health. A seed is a number here; no address is opened.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, text

from collectors.health import HealthState
from collectors.health_reasons import Matter, overall
from collectors.kinds import kinds

OVERDUE = timedelta(hours=1)
"""So much later than due a source was not looked at: then no collector runs, or it hangs."""
SHOWN_AFTER = timedelta(days=7)
"""For how long sources of an order that is over are still shown."""


@dataclass(frozen=True)
class SourceNow:
    """One source now. `kind` is its name in the registry, else its collector's; `waits` means for a person."""

    kind: str
    collector: str
    order_id: UUID
    order: int
    seed: int
    state: HealthState
    reason: str
    since: datetime
    last_seen_at: datetime | None
    accepted: int
    expected_per_day: float | None
    silent_from: datetime | None
    silent: bool
    waits: bool
    matter: Matter


def sources(connection: Connection, now: datetime) -> list[SourceNow]:
    """All sources of orders that are in force or were until lately."""
    rows = connection.execute(
        text(
            "SELECT h.collector, h.order_id, o.number, h.seed, h.state, h.reason, h.since, h.last_seen_at, h.accepted,"
            "       h.expected_per_day, h.silent_from, greatest(h.reported_at, c.saved_at) AS heard_at,"
            "       CASE WHEN o.state = 'stopped' THEN coalesce(o.stopped_at, o.ends_at)"
            "            WHEN o.ends_at <= :now THEN o.ends_at END AS over_at,"
            # A visited seed's place says when it is due again, and whether a person has to look first.
            "       CASE WHEN left(c.position, 1) = '{' THEN c.position::jsonb ->> 'not_before' END AS not_before,"
            "       CASE WHEN left(c.position, 1) = '{' THEN c.position::jsonb ->> 'stopped' END AS stopped"
            "  FROM seinpost.source_health h JOIN seinpost.orders o ON o.id = h.order_id"
            "  LEFT JOIN seinpost.cursors c USING (collector, order_id, seed)"
            " WHERE o.state <> 'draft' AND o.ends_at > :shown AND coalesce(o.stopped_at, o.ends_at) > :shown"
            " ORDER BY o.number DESC, h.collector, h.seed"
        ),
        {"now": now, "shown": now - SHOWN_AFTER},
    )
    return [_now(row, now) for row in rows]


def _now(row: Row[tuple[object, ...]], now: datetime) -> SourceNow:
    state, over = HealthState(row.state), row.over_at is not None
    waits = bool(row.stopped)
    silent = not over and state is not HealthState.STOPPED_BY_ORDER and _reached(row.silent_from, now)
    if over and state is not HealthState.STOPPED_BY_ORDER:
        state, reason, since = HealthState.STOPPED_BY_ORDER, "order_over", row.over_at
    else:
        reason, since = row.reason, row.since
    kind = _kind_of(row.collector)
    unheard = kind is not None and not over and not waits and state is not HealthState.STOPPED_BY_ORDER
    unheard = unheard and _reached(_due(row) + OVERDUE, now)
    return SourceNow(
        kind=kind or row.collector,
        collector=row.collector,
        order_id=row.order_id,
        order=row.number,
        seed=row.seed,
        state=state,
        reason=reason,
        since=since,
        last_seen_at=row.last_seen_at,
        accepted=row.accepted,
        expected_per_day=row.expected_per_day,
        silent_from=row.silent_from,
        silent=silent,
        waits=waits,
        matter=overall(state, reason, over=over, unheard=unheard, silent=silent),
    )


def _due(row: Row[tuple[object, ...]]) -> datetime:
    heard: datetime = row.heard_at
    return max(heard, datetime.fromtimestamp(int(row.not_before), UTC)) if row.not_before else heard


def _reached(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _kind_of(collector: str) -> str | None:
    return next((kind.name for kind in kinds().values() if kind.collector == collector), None)
