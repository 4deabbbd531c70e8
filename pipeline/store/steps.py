"""Writes one step of a person into a signal's history. Which steps there are stands in `signals.signal`."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from signals.signal import SignalState, SignalStep


def write_step(
    connection: Connection,
    signal_id: UUID,
    action: SignalStep,
    before: SignalState,
    after: SignalState,
    user_id: UUID,
    now: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """One event row; `detail` holds codes and ids only."""
    connection.execute(
        text(
            "INSERT INTO seinpost.signal_events (signal_id, at, step, from_state, to_state, user_id, detail)"
            " VALUES (:signal, :now, :step, :before, :after, :user, CAST(:detail AS jsonb))"
        ),
        {
            "signal": signal_id,
            "now": now,
            "step": action,
            "before": before,
            "after": after,
            "user": user_id,
            "detail": json.dumps(dict(detail or {})),
        },
    )
