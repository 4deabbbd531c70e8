"""Codes with which a tip can be followed without an account: the keyed hash of one, and how far its tip is in one word.

Runs as the web server, which may add a code and ask this one question, and cannot list codes.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text


class TipProgress(StrEnum):
    """How far a tip is. Nothing else is told to whoever has the code."""

    RECEIVED = "received"
    READING = "reading"
    JUDGED = "judged"
    PASSED_ON = "passed_on"


def keep(connection: Connection, code_hash: bytes, post_id: UUID, now: datetime) -> None:
    """Keep a code of a tip that was handed in."""
    connection.execute(
        text("INSERT INTO seinpost.tip_codes (code_hash, post_id, handed_in_at) VALUES (:hash, :post, :now)"),
        {"hash": code_hash, "post": post_id, "now": now},
    )


def progress(connection: Connection, code_hash: bytes, now: datetime) -> TipProgress | None:
    """How far the tip of this code is; None when there is no such code (any more)."""
    found = connection.execute(
        text("SELECT seinpost.tip_progress(:hash, :now)"), {"hash": code_hash, "now": now}
    ).scalar_one_or_none()
    return None if found is None else TipProgress(found)
