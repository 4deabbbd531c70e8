"""How many colleagues have a signal's page open now: a number and nothing else, forgotten when they leave.

A lease of half a minute that each open page renews. No row can be read, by whomever; three functions answer a number.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.claims import NoSuchSignal

LEASE = timedelta(seconds=30)


def look_on(connection: Connection, signal_id: UUID, now: datetime) -> int:
    """This reader looks too, for the length of a lease; says how many others do. Raises NoSuchSignal."""
    others: int | None = connection.execute(
        text("SELECT seinpost.look_on(:signal, :until, :now)"),
        {"signal": signal_id, "until": now + LEASE, "now": now},
    ).scalar_one()
    if others is None:
        raise NoSuchSignal("there is no such signal")
    return others


def look_away(connection: Connection, signal_id: UUID) -> None:
    """This reader's page is closed."""
    connection.execute(text("SELECT seinpost.look_away(:signal)"), {"signal": signal_id})


def others_looking(connection: Connection, signal_id: UUID, now: datetime) -> int:
    """How many others look on now."""
    others: int = connection.execute(
        text("SELECT seinpost.others_looking(:signal, :now)"), {"signal": signal_id, "now": now}
    ).scalar_one()
    return others
