"""Notices in the database: what the dispatcher still has to tell a recipient. They hold no content.

The id derives from referral, kind and channel, so that asking twice is telling once.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy import Connection, text

from signals.referral import RecipientKind, ReferralState

_NOTICES = UUID("6d0f3d5a-2c53-5b0e-9c2f-8a8a1f6b7c01")


class NoticeKind(StrEnum):
    """What a notice tells."""

    NEW = "new"
    WITHDRAWN = "withdrawn"
    STATUS = "status"
    REMINDER = "reminder"


@dataclass(frozen=True)
class DueNotice:
    """A notice to send now, with all that a message may say. It comes from columns the dispatcher's role can read."""

    id: UUID
    kind: NoticeKind
    attempts: int
    referral_id: UUID
    referral_state: ReferralState
    recipient_kind: RecipientKind
    place_notice: bool
    category: str | None
    theme: str | None
    level: str | None
    places: tuple[str, ...]
    window_start: datetime | None
    window_end: datetime | None
    expires_at: datetime
    address: str
    contact_active: bool


def notice_id(referral_id: UUID, kind: NoticeKind, channel: str = "email") -> UUID:
    """The id of the one notice of this kind over this channel for this referral."""
    return uuid5(_NOTICES, f"{referral_id}/{kind}/{channel}")


def add_notice(connection: Connection, referral_id: UUID, kind: NoticeKind, at: datetime) -> None:
    """Ask for a notice by e-mail; a repeat changes nothing."""
    connection.execute(
        text(
            """INSERT INTO seinpost.notices (id, referral_id, kind, channel, next_try_at)
               VALUES (:id, :referral, :kind, 'email', :at) ON CONFLICT (id) DO NOTHING"""
        ),
        {"id": notice_id(referral_id, kind), "referral": referral_id, "kind": kind, "at": at},
    )


# One notice at a time: its row stays locked while it is told, so that two dispatchers never tell the same one, and a
# dispatcher that dies lets go of it. The partial index notices_waiting gives the order.
_CLAIM = """
SELECT n.id, n.kind, n.attempts, r.id AS referral_id, r.state AS referral_state, r.kind AS recipient_kind,
       r.place_notice, r.category, r.theme, r.level, coalesce(r.places, '{}') AS places, r.window_start, r.window_end,
       r.expires_at, c.email AS address, c.active AS contact_active
  FROM seinpost.notices n
  JOIN seinpost.referrals r ON r.id = n.referral_id
  JOIN seinpost.contacts c ON c.id = r.contact_id
 WHERE n.state = 'waiting' AND n.next_try_at <= :now
 ORDER BY n.next_try_at
 LIMIT 1
   FOR UPDATE OF n SKIP LOCKED
"""


def claim_due(connection: Connection, now: datetime) -> DueNotice | None:
    """The notice that has waited longest and is due, locked until the transaction ends; None when nothing is due."""
    row = connection.execute(text(_CLAIM), {"now": now}).mappings().one_or_none()
    if row is None:
        return None
    return DueNotice(
        **{
            **row,
            "kind": NoticeKind(row["kind"]),
            "referral_state": ReferralState(row["referral_state"]),
            "recipient_kind": RecipientKind(row["recipient_kind"]),
            "places": tuple(row["places"]),
        }
    )


def mark_sent(connection: Connection, notice: UUID, at: datetime) -> None:
    """The notice was handed to the mail server."""
    connection.execute(
        text(
            """UPDATE seinpost.notices SET state = 'sent', sent_at = :at, attempts = attempts + 1, last_problem = ''
                WHERE id = :id"""
        ),
        {"id": notice, "at": at},
    )


def mark_tried(connection: Connection, notice: UUID, problem: str, next_try_at: datetime) -> None:
    """Telling did not work; it is tried again at `next_try_at`. `problem` is a code."""
    connection.execute(
        text(
            """UPDATE seinpost.notices SET attempts = attempts + 1, last_problem = :problem, next_try_at = :next
                WHERE id = :id"""
        ),
        {"id": notice, "problem": problem, "next": next_try_at},
    )


def mark_failed(connection: Connection, notice: UUID, problem: str) -> None:
    """Telling will not work; a person must act. `problem` is a code."""
    connection.execute(
        text(
            """UPDATE seinpost.notices SET state = 'failed', attempts = attempts + 1, last_problem = :problem
                WHERE id = :id"""
        ),
        {"id": notice, "problem": problem},
    )


def move_referral(connection: Connection, referral_id: UUID, before: ReferralState, after: ReferralState) -> bool:
    """Move a referral on if it still stands where the notice expects it; a recipient may have been quicker."""
    return (
        connection.execute(
            text("UPDATE seinpost.referrals SET state = :after WHERE id = :id AND state = :before"),
            {"after": after, "before": before, "id": referral_id},
        ).rowcount
        == 1
    )
