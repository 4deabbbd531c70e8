"""Notices in the database: what the dispatcher still has to tell a recipient. They hold no content.

The id derives from referral, kind and channel, so that asking twice is telling once.
"""

from collections.abc import Sequence
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
    CHANGED = "changed"
    ANSWERED = "answered"
    SUPPORT = "support"
    """A school asks for support: no referral stands behind it, and it tells nothing but that."""
    TRIAL = "trial"
    """A test message, which no referral has: `pipeline.store.trial_messages`."""


class ChannelName(StrEnum):
    """The ways to tell a recipient."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    MISP = "misp"
    DECISIONS = "decisions"


@dataclass(frozen=True)
class DueNotice:
    """A notice to send now, with all that a message may say. It comes from columns the dispatcher's role can read.

    A test message has the shape of one, too: then `referral_id` is its own reference, and there is nothing to tell.
    """

    id: UUID
    channel: ChannelName
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
    endpoint_id: UUID | None
    sharing_group: UUID | None
    contact_active: bool
    allowed: bool
    certificate: str | None = None
    """To which its e-mail is sealed, in PEM form; None: readable."""

    @property
    def about(self) -> str:
        """What the trail calls the subject of this notice."""
        return "support_request" if self.kind is NoticeKind.SUPPORT else "referral"

    @property
    def page(self) -> str:
        """The path of the portal's page that the message leads to."""
        if self.kind is NoticeKind.SUPPORT:
            return f"/portaal/ondersteuning/{self.referral_id}"
        room = "proefbericht/" if self.kind is NoticeKind.TRIAL else ""
        return f"/portaal/{room}{self.referral_id}"


def notice_id(
    referral_id: UUID, kind: NoticeKind, channel: ChannelName = ChannelName.EMAIL, occasion: str = ""
) -> UUID:
    """The id of the one notice of this kind for this referral over this channel; `occasion` where there may be more."""
    return uuid5(_NOTICES, f"{referral_id}/{kind}/{channel}" + (f"/{occasion}" if occasion else ""))


def add_notice(connection: Connection, referral_id: UUID, kind: NoticeKind, at: datetime, occasion: str = "") -> None:
    """Ask for a notice by every channel that it goes by; a repeat for the same occasion changes nothing.

    A new one goes by e-mail and by the endpoints that the organisation has and its agreement allows. What follows goes
    by the channels that the new one went by.
    """
    connection.execute(
        text(
            """INSERT INTO seinpost.notices (id, referral_id, kind, channel, next_try_at)
               SELECT w.id, :referral, :kind, w.channel, :at
                 FROM unnest(CAST(:ids AS uuid[]), CAST(:channels AS text[])) AS w (id, channel)
                 JOIN seinpost.channels_of(:referral, :kind) AS c (channel) ON c.channel = w.channel
                ORDER BY w.channel
               ON CONFLICT (id) DO NOTHING"""
        ),
        {
            "ids": [notice_id(referral_id, kind, channel, occasion) for channel in ChannelName],
            "channels": [channel.value for channel in ChannelName],
            "referral": referral_id,
            "kind": kind,
            "at": at,
        },
    )


# A notice's row stays locked while it is told, so that two dispatchers never tell the same one, and a dispatcher that
# dies lets go of it. A recipient hears of one referral in order: what is due later waits for what is
# due and not settled, which another line may be telling now.
# Only what was picked is looked up, one by one, in the view that asks of every row what its recipient may know now.
_CLAIM = text("""
WITH due AS MATERIALIZED (
    SELECT n.id, n.channel, n.kind, n.attempts, n.next_try_at, n.referral_id, n.support_id
      FROM seinpost.notices n
     WHERE n.channel = :channel AND n.state = 'waiting' AND n.next_try_at <= :now
       AND NOT EXISTS (SELECT 1 FROM seinpost.notices b
                        WHERE b.referral_id = n.referral_id AND b.channel = n.channel AND b.state = 'waiting'
                          AND (b.next_try_at, b.id) < (n.next_try_at, n.id))
     ORDER BY n.next_try_at, n.id
     LIMIT :most
       FOR UPDATE OF n SKIP LOCKED
)
SELECT n.id, n.channel, n.kind, n.attempts, r.id AS referral_id, r.state AS referral_state, r.kind AS recipient_kind,
       r.place_notice, r.category, r.theme, r.level, coalesce(r.places, '{}') AS places, r.window_start, r.window_end,
       r.expires_at, CASE n.channel WHEN 'email' THEN c.email ELSE coalesce(e.url, '') END AS address,
       e.id AS endpoint_id, e.sharing_group, c.active AS contact_active,
       CASE n.channel WHEN 'email' THEN c.certificate END AS certificate,
       n.channel = 'email' OR coalesce(e.active AND n.channel = ANY (a.channels), false)
                              AND seinpost.agreement_valid(a.id) AS allowed
  FROM due n
  JOIN LATERAL (
       (SELECT t.id, t.contact_id, t.agreement_id, t.state, t.kind, t.place_notice, t.category, t.theme, t.level,
               t.places, t.window_start, t.window_end, t.expires_at
          FROM seinpost.referrals_to_tell t WHERE t.id = n.referral_id OFFSET 0)
       UNION ALL
       SELECT s.request_id, s.contact_id, s.agreement_id, 'prepared', 'escalation', false, NULL, NULL, NULL,
              NULL, NULL, NULL, s.expires_at
         FROM seinpost.support_to_tell s WHERE s.id = n.support_id) r ON true
  JOIN seinpost.contacts c ON c.id = r.contact_id
  JOIN seinpost.agreements a ON a.id = r.agreement_id
  LEFT JOIN seinpost.endpoints e ON e.organisation_id = c.organisation_id AND e.channel = n.channel
 ORDER BY n.next_try_at, n.id
""")
# What was told, with all that follows from it, in one question: it is asked for every notice that ever leaves.
_TOLD = text("""
WITH told AS (
    UPDATE seinpost.notices SET state = 'sent', sent_at = :at, attempts = attempts + 1, last_problem = ''
     WHERE id = ANY(:ids) RETURNING referral_id, support_id, kind, channel
), moved AS (
    UPDATE seinpost.referrals r SET state = 'sent' FROM told t
     WHERE r.id = t.referral_id AND t.kind = 'new' AND r.state = 'prepared'
    RETURNING r.id, jsonb_build_object('kind', t.kind, 'channel', t.channel) AS detail
), noted AS (
    INSERT INTO seinpost.referral_events (referral_id, at, from_state, to_state, detail)
    SELECT id, :at, 'prepared', 'sent', detail FROM moved
)
SELECT seinpost.trail_append('notice_sent', CASE WHEN s.id IS NULL THEN 'referral' ELSE 'support_request' END,
                             coalesce(t.referral_id, s.request_id)::text,
                             jsonb_build_object('kind', t.kind, 'channel', t.channel), :at)
  FROM told t LEFT JOIN seinpost.support_to_tell s ON s.id = t.support_id
""")


def claim_due(
    connection: Connection, now: datetime, channel: ChannelName = ChannelName.EMAIL, most: int = 1
) -> list[DueNotice]:
    """The channel's notices that are due the longest, locked until the transaction ends; no two of one referral."""
    rows = connection.execute(_CLAIM, {"now": now, "channel": channel, "most": most}).mappings()
    return [
        DueNotice(
            **{
                **row,
                "channel": ChannelName(row["channel"]),
                "kind": NoticeKind(row["kind"]),
                "referral_state": ReferralState(row["referral_state"]),
                "recipient_kind": RecipientKind(row["recipient_kind"]),
                "places": tuple(row["places"]),
            }
        )
        for row in rows
    ]


def mark_told(connection: Connection, notices: Sequence[UUID], at: datetime) -> None:
    """These were handed over, on the trail. A first one moves its referral on, unless the recipient read it before."""
    connection.execute(_TOLD, {"ids": list(notices), "at": at})


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


def fail_referral(connection: Connection, referral_id: UUID, notice: UUID) -> bool:
    """Move a referral whose first notice failed to failed, unless it was told, or still may be, by another channel.

    The referral's row is held first, so that of two channels that fail at once the later one sees the other.
    """
    connection.execute(text("SELECT id FROM seinpost.referrals WHERE id = :id FOR UPDATE"), {"id": referral_id})
    return (
        connection.execute(
            text(
                """UPDATE seinpost.referrals r SET state = 'failed'
                    WHERE r.id = :id AND r.state = 'prepared' AND NOT EXISTS (
                          SELECT 1 FROM seinpost.notices n
                           WHERE n.referral_id = r.id AND n.id <> :notice AND n.kind = 'new'
                             AND n.state IN ('waiting', 'sent'))"""
            ),
            {"id": referral_id, "notice": notice},
        ).rowcount
        == 1
    )
