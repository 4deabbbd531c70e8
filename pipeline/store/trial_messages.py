"""Test messages in the database: asked by a person, told by the dispatcher, confirmed by the contact.

The bounds (one at a time, a few a day) are the database's own: `ask_trial`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pipeline.store.attempts import sqlstate
from pipeline.store.notices import ChannelName, DueNotice, NoticeKind
from signals.referral import RecipientKind, ReferralState

SEEN_FOR = timedelta(days=28)
"""How long the link in a test message works, as with any that a recipient gets."""
TELL_WITHIN = timedelta(days=1)
"""A test message that could not leave for so long says nothing any more."""
_NOT_YOURS, _NOBODY, _WAITS, _ENOUGH = "42501", "P0002", "55006", "54000"


class TrialState(StrEnum):
    """How one test message stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class NoSuchTrialContact(Exception):
    """There is no active contact to send a test message to."""


class TrialWaits(Exception):
    """A test message to this contact has not left yet."""


class EnoughTrials(Exception):
    """The contact, or everybody together, had the test messages of a day."""


class NoSuchTrial(Exception):
    """There is no such test message for this user, or its link is over."""


@dataclass(frozen=True)
class Trial:
    """The last test message to a contact by one way. `problem` is a code; `seen_at`: the contact said that it came."""

    contact_id: UUID
    channel: ChannelName
    state: TrialState
    problem: str
    asked_at: datetime
    sent_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True)
class MyTrial:
    """A test message as the contact itself sees it."""

    asked_at: datetime
    seen_at: datetime | None


# The row stays locked while it is told, as a notice's does.
_DUE = text("""
SELECT t.id, t.trial_id, t.attempts, t.asked_at, c.kind, c.active, e.id AS endpoint_id, e.sharing_group,
       CASE t.channel WHEN 'email' THEN c.email ELSE coalesce(e.url, '') END AS address,
       t.channel IN (SELECT seinpost.channels_to(t.contact_id)) AS allowed,
       CASE t.channel WHEN 'email' THEN c.certificate END AS certificate
  FROM seinpost.trial_messages t
  JOIN seinpost.contacts c ON c.id = t.contact_id
  LEFT JOIN seinpost.endpoints e ON e.organisation_id = c.organisation_id AND e.channel = t.channel
 WHERE t.channel = :channel AND t.state = 'waiting' AND t.next_try_at <= :now
 ORDER BY t.next_try_at, t.id
 LIMIT 1 FOR UPDATE OF t SKIP LOCKED
""")
_SETTLE = text("""
UPDATE seinpost.trial_messages
   SET state = :state, attempts = attempts + 1, last_problem = :problem, sent_at = CASE :state WHEN 'sent' THEN :now END
 WHERE id = :id RETURNING contact_id
""")
_LATEST = text("""
SELECT DISTINCT ON (t.contact_id, t.channel)
       t.contact_id, t.channel, t.state, t.last_problem AS problem, t.asked_at, t.sent_at, t.seen_at
  FROM seinpost.trial_messages t
 WHERE t.contact_id = ANY (:contacts)
 ORDER BY t.contact_id, t.channel, t.asked_at DESC
""")


def ask(connection: Connection, contact_id: UUID, now: datetime) -> UUID:
    """Ask for a test message by every way that the contact has. Raises NoSuchTrialContact, TrialWaits, EnoughTrials."""
    try:
        made: UUID = connection.execute(
            text("SELECT seinpost.ask_trial(:contact, :now)"), {"contact": contact_id, "now": now}
        ).scalar_one()
    except DBAPIError as error:
        state = sqlstate(error)
        if state == _NOBODY:
            raise NoSuchTrialContact("there is no such active contact; see the directory") from None
        if state == _WAITS:
            raise TrialWaits("a test message to this contact still waits; see what becomes of it first") from None
        if state == _ENOUGH:
            raise EnoughTrials("there were enough test messages today; call, or try again tomorrow") from None
        raise
    return made


def due(connection: Connection, now: datetime, channel: ChannelName) -> DueNotice | None:
    """The channel's test message that is due the longest, as a notice; locked until the transaction ends."""
    row = connection.execute(_DUE, {"now": now, "channel": channel}).one_or_none()
    if row is None:
        return None
    return DueNotice(
        id=row.id,
        channel=channel,
        kind=NoticeKind.TRIAL,
        attempts=row.attempts,
        referral_id=row.trial_id,
        referral_state=ReferralState.PREPARED,
        recipient_kind=RecipientKind(row.kind),
        place_notice=False,
        category=None,
        theme=None,
        level=None,
        places=(),
        window_start=None,
        window_end=None,
        expires_at=row.asked_at + TELL_WITHIN,
        address=row.address,
        endpoint_id=row.endpoint_id,
        sharing_group=row.sharing_group,
        contact_active=row.active,
        allowed=row.allowed,
        certificate=row.certificate,
    )


def settle(connection: Connection, message: UUID, state: TrialState, problem: str, now: datetime) -> UUID:
    """It was handed over, or will not be; `problem` is a code, empty when it was. The contact's id."""
    values = {"id": message, "state": state, "problem": problem, "now": now}
    contact: UUID = connection.execute(_SETTLE, values).scalar_one()
    return contact


def mark_tried(connection: Connection, message: UUID, problem: str, next_try_at: datetime) -> None:
    """Telling did not work; it is tried again at `next_try_at`."""
    connection.execute(
        text(
            """UPDATE seinpost.trial_messages
                  SET attempts = attempts + 1, last_problem = :problem, next_try_at = :next WHERE id = :id"""
        ),
        {"id": message, "problem": problem, "next": next_try_at},
    )


def latest(connection: Connection, contacts: Sequence[UUID]) -> dict[UUID, tuple[Trial, ...]]:
    """For each of these contacts the last test message by each way; absent where there was none."""
    found: dict[UUID, tuple[Trial, ...]] = {}
    for row in connection.execute(_LATEST, {"contacts": list(contacts)}).mappings():
        one = Trial(**{**row, "channel": ChannelName(row["channel"]), "state": TrialState(row["state"])})
        found[one.contact_id] = (*found.get(one.contact_id, ()), one)
    return found


def mine(connection: Connection, trial: UUID) -> MyTrial | None:
    """A test message to the acting user, as a recipient; None when there is none, or it is too long ago."""
    row = connection.execute(text("SELECT * FROM seinpost.my_trial(:trial)"), {"trial": trial}).one_or_none()
    return MyTrial(row.asked_at, row.seen_at) if row is not None else None


def seen(connection: Connection, trial: UUID, now: datetime) -> None:
    """The acting user says that the test message came; a repeat changes nothing. Raises NoSuchTrial."""
    try:
        connection.execute(text("SELECT seinpost.trial_seen(:trial, :now)"), {"trial": trial, "now": now})
    except DBAPIError as error:
        if sqlstate(error) == _NOT_YOURS:
            raise NoSuchTrial("there is no such test message for this user") from None
        raise
