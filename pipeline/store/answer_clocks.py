"""Clocks on what recipients still have to answer, in the database. Triggers start and end them with the history.

Here the sweep takes the ones that are due and writes down how far each came. It knows no times allowed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text

from signals.label import Level
from signals.referral import ReferralState

MOST_AT_ONCE = 100
"""Clocks that one transaction moves."""


class WaitsFor(StrEnum):
    """What a recipient still has to do."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FEEDBACK = "feedback"
    SEEN = "seen"


class Stage(StrEnum):
    """How far a clock came."""

    FRESH = "fresh"
    RUNNING = "running"
    REMINDED = "reminded"
    NEXT_CONTACT = "next_contact"
    ALARM = "alarm"
    CALLED = "called"


@dataclass(frozen=True)
class DueClock:
    """A clock that is due, with what the sweep must know of its referral; no content.

    `still_to_hear`: what it waits for an answer to is itself still on its way to the recipient.
    """

    id: int
    referral_id: UUID
    referral_state: ReferralState
    waits_for: WaitsFor
    level: Level
    started_at: datetime
    stage: Stage
    expires_at: datetime
    still_to_hear: bool


# Locked until the transaction ends: two sweeps never move the same clock, and one that dies lets go of its clocks.
_DUE = text("""
SELECT k.id, k.referral_id, r.state AS referral_state, k.waits_for, k.level, k.started_at, k.stage, r.expires_at,
       EXISTS (SELECT 1 FROM seinpost.notices n
                WHERE n.referral_id = r.id AND n.state = 'waiting' AND n.kind IN ('new', 'changed', 'withdrawn')
              ) AS still_to_hear
  FROM seinpost.answer_clocks k JOIN seinpost.referrals r ON r.id = k.referral_id
 WHERE k.ended_at IS NULL AND k.next_at <= :now
 ORDER BY k.next_at, k.id
 LIMIT :most
   FOR UPDATE OF k SKIP LOCKED
""")


def claim_due(connection: Connection, now: datetime, most: int) -> list[DueClock]:
    """The clocks that are due, the longest first, locked until the transaction ends."""
    rows = connection.execute(_DUE, {"now": now, "most": most}).mappings()
    return [
        DueClock(
            **{
                **row,
                "referral_state": ReferralState(row["referral_state"]),
                "waits_for": WaitsFor(row["waits_for"]),
                "level": Level(row["level"]),
                "stage": Stage(row["stage"]),
            }
        )
        for row in rows
    ]


def move(connection: Connection, clock: int, stage: Stage, next_at: datetime) -> None:
    """The clock came to this stage, and is looked at again at `next_at`."""
    connection.execute(
        text("UPDATE seinpost.answer_clocks SET stage = :stage, next_at = :next WHERE id = :id"),
        {"id": clock, "stage": stage, "next": next_at},
    )


def expire(connection: Connection, clock: int, at: datetime) -> None:
    """The referral can no longer be seen, so nothing waits for an answer to it."""
    connection.execute(
        text(
            "UPDATE seinpost.answer_clocks SET ended_at = :at, ended_by = 'expired', next_at = NULL"
            " WHERE id = :id AND ended_at IS NULL"
        ),
        {"id": clock, "at": at},
    )
