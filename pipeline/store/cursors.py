"""Where each collector is in its source. Written with the batch it covers, never before."""

from uuid import UUID

from sqlalchemy import Connection, text

from signals.ports import Cursor


def load(connection: Connection, collector: str, order_id: UUID, seed: int) -> str | None:
    """The saved position, or None when this source was never read under this order."""
    found = connection.execute(
        text(
            "SELECT position FROM seinpost.cursors"
            " WHERE collector = :collector AND order_id = :order_id AND seed = :seed"
        ),
        {"collector": collector, "order_id": order_id, "seed": seed},
    ).scalar_one_or_none()
    return None if found is None else str(found)


def save(connection: Connection, cursor: Cursor) -> None:
    """Keep the position, in the caller's transaction."""
    connection.execute(
        text(
            "INSERT INTO seinpost.cursors (collector, order_id, seed, position, saved_at)"
            " VALUES (:collector, :order_id, :seed, :position, now())"
            " ON CONFLICT (collector, order_id, seed)"
            " DO UPDATE SET position = excluded.position, saved_at = excluded.saved_at"
        ),
        {
            "collector": cursor.collector,
            "order_id": cursor.order_id,
            "seed": cursor.seed,
            "position": cursor.position,
        },
    )
