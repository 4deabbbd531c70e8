"""What changed about a signal since this reader last took it, and how its post stood before and after an edit.

About the post alone, never about who wrote it. The database keeps the marks; each reader sees only the own ones.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class OtherVersion:
    """The signal in which the same post stood before or after it was edited; its text while that is still kept."""

    id: UUID
    number: int
    text: str | None


@dataclass(frozen=True)
class Since:
    """How it stood when this reader took it last; `looked_at` is None for who never did, or not for two weeks."""

    looked_at: datetime | None
    sightings: int | None
    earlier: OtherVersion | None
    later: OtherVersion | None


# A reader who has it now compares with the time before this one. A signal's own words speak for it, as on its page.
_SINCE = text("""
    SELECT CASE WHEN c.claimed_at = l.looked_at THEN l.before ELSE l.looked_at END AS looked_at,
           CASE WHEN c.claimed_at = l.looked_at THEN l.sightings_before ELSE l.sightings END AS sightings,
           e.id AS earlier_id, e.number AS earlier_number, e.text AS earlier_text,
           n.id AS later_id, n.number AS later_number, n.text AS later_text
      FROM seinpost.signals s
      LEFT JOIN seinpost.last_looks l ON l.signal_id = s.id AND l.user_id = seinpost.acting_user()
      LEFT JOIN seinpost.claims c ON c.signal_id = s.id AND c.user_id = l.user_id AND c.expires_at > :now
      LEFT JOIN LATERAL (
           SELECT o.id, o.number, (SELECT g.text FROM seinpost.sightings g WHERE g.signal_id = o.id
                                    ORDER BY g.text IS NULL, g.own_signal IS NOT NULL, g.revision DESC,
                                             g.post_id LIMIT 1) AS text
             FROM seinpost.signals o WHERE o.id = s.reopened_from) e ON true
      LEFT JOIN LATERAL (
           SELECT o.id, o.number, (SELECT g.text FROM seinpost.sightings g WHERE g.signal_id = o.id
                                    ORDER BY g.text IS NULL, g.own_signal IS NOT NULL, g.revision DESC,
                                             g.post_id LIMIT 1) AS text
             FROM seinpost.signals o WHERE o.reopened_from = s.id ORDER BY o.number DESC LIMIT 1) n ON true
     WHERE s.id = :signal
""")


def since(connection: Connection, signal_id: UUID, now: datetime) -> Since:
    """What the acting reader compares with. The signal must be one that this reader may see."""
    row = connection.execute(_SINCE, {"signal": signal_id, "now": now}).one()
    return Since(
        row.looked_at,
        row.sightings,
        OtherVersion(row.earlier_id, row.earlier_number, row.earlier_text) if row.earlier_id else None,
        OtherVersion(row.later_id, row.later_number, row.later_text) if row.later_id else None,
    )
