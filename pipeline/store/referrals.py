"""Referrals in the database: one row per signal and contact with what that recipient may see, and an event per step.

It decides nothing: `forwarding.views` cuts the content, `forwarding.referrals` calls these in one transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from signals.referral import Feedback, RecipientKind, ReferralState


@dataclass(frozen=True)
class NewReferral:
    """A referral to store. The fields from `theme` on are what the recipient sees; None: may not see it."""

    signal_id: UUID
    contact_id: UUID
    kind: RecipientKind
    agreement_id: UUID
    place_notice: bool
    why: str
    prepared_by: UUID
    prepared_at: datetime
    expires_at: datetime
    theme: str | None
    category: str | None
    level: str | None
    places: tuple[str, ...] | None
    window_start: datetime | None
    window_end: datetime | None
    excerpt: str | None
    link_allowed: bool
    duiding: str | None


@dataclass(frozen=True)
class ReferralStatus:
    """Where one referral stands, for the expert who watches over the signal."""

    id: UUID
    contact_id: UUID
    organisation: str
    role_name: str
    display_name: str
    phone: str | None
    kind: RecipientKind
    state: ReferralState
    place_notice: bool
    why: str
    prepared_at: datetime
    called_at: datetime | None
    feedback: Feedback | None
    notice_state: str | None
    notice_problem: str


def add_referral(connection: Connection, new: NewReferral) -> UUID | None:
    """Insert a referral; its id, or None when this contact already has one for this signal."""
    values = {**vars(new), "places": list(new.places) if new.places is not None else None}
    found: UUID | None = connection.execute(
        text(
            """INSERT INTO seinpost.referrals (signal_id, contact_id, kind, agreement_id, place_notice, why,
                      prepared_by, prepared_at, expires_at, theme, category, level, places, window_start,
                      window_end, excerpt, link_allowed, duiding)
               VALUES (:signal_id, :contact_id, :kind, :agreement_id, :place_notice, :why, :prepared_by, :prepared_at,
                       :expires_at, :theme, :category, :level, :places, :window_start, :window_end, :excerpt,
                       :link_allowed, :duiding)
               ON CONFLICT (signal_id, contact_id) DO NOTHING
               RETURNING id"""
        ),
        values,
    ).scalar_one_or_none()
    return found


def complete_place_notice(connection: Connection, new: NewReferral) -> tuple[UUID, ReferralState] | None:
    """Fill a place notice up to a full referral, now that two readers confirmed; None when there is none.

    The row stays the same one, so the recipient keeps one page and one answer. The two-reader trigger judges it again.
    """
    values = {**vars(new), "places": list(new.places) if new.places is not None else None}
    row = connection.execute(
        text(
            """UPDATE seinpost.referrals
                  SET place_notice = false, agreement_id = :agreement_id, theme = :theme, category = :category,
                      level = :level, places = :places, window_start = :window_start, window_end = :window_end,
                      excerpt = :excerpt, link_allowed = :link_allowed, duiding = :duiding
                WHERE signal_id = :signal_id AND contact_id = :contact_id
            RETURNING id, state"""
        ),
        values,
    ).one_or_none()
    return (row.id, ReferralState(row.state)) if row is not None else None


def add_event(
    connection: Connection,
    referral_id: UUID,
    at: datetime,
    before: ReferralState | None,
    after: ReferralState,
    user_id: UUID | None,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Write one step of a referral; `detail` holds codes only."""
    connection.execute(
        text(
            """INSERT INTO seinpost.referral_events (referral_id, at, from_state, to_state, user_id, detail)
               VALUES (:referral, :at, :before, :after, :user, CAST(:detail AS jsonb))"""
        ),
        {
            "referral": referral_id,
            "at": at,
            "before": before,
            "after": after,
            "user": user_id,
            "detail": json.dumps(dict(detail or {})),
        },
    )


def referred_contacts(connection: Connection, signal_id: UUID) -> dict[UUID, ReferralState]:
    """The contacts that have a referral for this signal, and where it stands."""
    rows = connection.execute(
        text("SELECT contact_id, state FROM seinpost.referrals WHERE signal_id = :id"), {"id": signal_id}
    )
    return {contact_id: ReferralState(state) for contact_id, state in rows}


def open_place_notices(connection: Connection, signal_id: UUID) -> frozenset[UUID]:
    """The contacts whose referral of this signal is still a place notice."""
    rows = connection.execute(
        text(
            """SELECT contact_id FROM seinpost.referrals
                WHERE signal_id = :id AND place_notice AND state <> 'withdrawn'"""
        ),
        {"id": signal_id},
    )
    return frozenset(contact_id for (contact_id,) in rows)


def lock_referrals(connection: Connection, signal_id: UUID) -> list[tuple[UUID, ReferralState]]:
    """The signal's referrals, in a fixed order, held until the transaction ends."""
    rows = connection.execute(
        text("SELECT id, state FROM seinpost.referrals WHERE signal_id = :id ORDER BY id FOR UPDATE"), {"id": signal_id}
    )
    return [(referral_id, ReferralState(state)) for referral_id, state in rows]


def set_state(connection: Connection, referral_id: UUID, state: ReferralState) -> None:
    """Put a referral in a state; the caller judged the step and writes the event."""
    connection.execute(
        text("UPDATE seinpost.referrals SET state = :state WHERE id = :id"), {"state": state, "id": referral_id}
    )


def set_called(connection: Connection, referral_id: UUID, at: datetime) -> ReferralState | None:
    """Note that the contact was called; the state it stands in, or None when there is no such referral."""
    state: str | None = connection.execute(
        text("UPDATE seinpost.referrals SET called_at = :at WHERE id = :id RETURNING state"),
        {"at": at, "id": referral_id},
    ).scalar_one_or_none()
    return ReferralState(state) if state is not None else None


def signal_referrals(connection: Connection, signal_id: UUID) -> list[ReferralStatus]:
    """All referrals of a signal with the newest notice of each, for the expert's page."""
    rows = connection.execute(
        text(
            """SELECT r.id, r.contact_id, o.name AS organisation, c.role_name, c.display_name, c.phone, r.kind, r.state,
                      r.place_notice, r.why, r.prepared_at, r.called_at, f.outcome AS feedback,
                      n.state AS notice_state, coalesce(n.last_problem, '') AS notice_problem
                 FROM seinpost.referrals r
                 JOIN seinpost.contacts c ON c.id = r.contact_id
                 JOIN seinpost.organisations o ON o.id = c.organisation_id
                 LEFT JOIN seinpost.feedback f ON f.referral_id = r.id
                 LEFT JOIN LATERAL (SELECT n.state, n.last_problem FROM seinpost.notices n
                                     WHERE n.referral_id = r.id ORDER BY n.next_try_at DESC, n.id LIMIT 1) n ON true
                WHERE r.signal_id = :id ORDER BY r.prepared_at, o.name, c.display_name, r.id"""
        ),
        {"id": signal_id},
    ).mappings()
    return [
        ReferralStatus(
            **{
                **row,
                "kind": RecipientKind(row["kind"]),
                "state": ReferralState(row["state"]),
                "feedback": Feedback(row["feedback"]) if row["feedback"] else None,
            }
        )
        for row in rows
    ]
