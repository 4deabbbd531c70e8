"""Place notices that no second reader looked at in time, in the database: found once, told once. It judges nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.notices import NoticeKind, add_notice

SECOND_READER_WITHIN = timedelta(minutes=30)
"""How long after a place notice a second pair of eyes is waited for (`domain.md` 4.3)."""
SHOWN = 5
"""Late signals that a page names; one is a bad evening already."""


@dataclass(frozen=True)
class Late:
    """A signal at the head of the queue whose second reader is late."""

    id: UUID
    number: int


LATE = (
    "SELECT id, number FROM seinpost.signals WHERE state = 'waiting_second' AND escalated_at IS NOT NULL"  # noqa: S608
    f" AND changed_at <= CAST(:now AS timestamptz) - interval '{SECOND_READER_WITHIN.seconds} seconds'"
    f" ORDER BY changed_at LIMIT {SHOWN}"
)
"""A part of a question, run as an expert: row-level security leaves out what this expert may not see."""

_FIND = text("SELECT referral FROM seinpost.late_second_readings(:now, :patience, :most) AS referral")


def late(connection: Connection, now: datetime) -> tuple[Late, ...]:
    """The signals whose second reader is late, the longest wait first."""
    return tuple(Late(row.id, row.number) for row in connection.execute(text(LATE), {"now": now}))


def tell_late(connection: Connection, now: datetime, most: int) -> int:
    """Ask for a status notice to every recipient of a late signal; how many. Run as the dispatcher."""
    values = {"now": now, "patience": SECOND_READER_WITHIN, "most": most}
    found: list[UUID] = list(connection.execute(_FIND, values).scalars())
    for referral in found:
        # Another status notice follows when the second reader comes after all: so this one is an occasion of its own.
        add_notice(connection, referral, NoticeKind.STATUS, now, "late")
    return len(found)
