"""Exports a forwarded signal as a CAP alert: a person's act, on the trail. `channels.cap` says what is in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from forwarding.channels.cap import NoAreaKnown, Warned, alert, areas_of
from forwarding.current_ids import content_of
from forwarding.places import PlaceBook, installed_places
from pipeline.store import trail
from signals.signal import SignalState

_SENT = """
SELECT min(r.prepared_at) AS sent_at, max(r.expires_at) AS expires_at, bool_and(r.state = 'withdrawn') AS withdrawn,
       (SELECT max(e.at) FROM seinpost.referral_events e
         WHERE e.to_state = 'withdrawn'
           AND e.referral_id IN (SELECT id FROM seinpost.referrals WHERE signal_id = :id)) AS withdrawn_at
  FROM seinpost.referrals r WHERE r.signal_id = :id AND NOT r.place_notice
"""


class NotForwarded(Exception):
    """Two readers have not sent this signal to anybody, or its time is over."""


def exportable(connection: Connection, signal_id: UUID, now: datetime, book: PlaceBook | None = None) -> bool:
    """Whether `export` would give an alert, or its cancellation, now. It leaves nothing on the trail."""
    try:
        _warned(connection, signal_id, now, book or installed_places())
    except (NotForwarded, NoAreaKnown):
        return False
    return True


def export(connection: Connection, signal_id: UUID, sender: str, now: datetime, book: PlaceBook | None = None) -> bytes:
    """The alert, or its cancellation once every recipient was told that it is withdrawn.

    Raises NoSuchSignal where this user may not see it, NotForwarded, or NoAreaKnown.
    """
    warned = _warned(connection, signal_id, now, book or installed_places())
    told = {"what": "cancel" if warned.withdrawn_at is not None else "alert"}
    trail.append(connection, "cap_exported", "signal", str(signal_id), now, told)
    return alert(warned, sender)


def _warned(connection: Connection, signal_id: UUID, now: datetime, places: PlaceBook) -> Warned:
    content = content_of(connection, signal_id, places)
    sent = connection.execute(text(_SENT), {"id": signal_id}).one()
    if (
        content.state not in (SignalState.REFERRED, SignalState.CLOSED)
        or sent.sent_at is None
        or sent.expires_at <= now
    ):
        raise NotForwarded("only what two readers forwarded, and still runs, is exported")
    return Warned(
        signal_id,
        content.category,
        content.level,
        areas_of([place.id for place in content.places], places),
        content.window_start,
        content.window_end,
        sent.sent_at,
        sent.expires_at,
        sent.withdrawn_at if sent.withdrawn else None,
    )
