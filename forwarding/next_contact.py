"""Who else can be told or called while a recipient does not answer: who is there now, or stands in, and why that one.

It proposes. A person sends, or calls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from forwarding.contact_hours import there
from forwarding.places import PlaceBook, installed_places
from forwarding.views import Preview, previews
from pipeline.store.directory import DirectoryContact
from pipeline.store.waiting import NextContact, Waiting

MOST = 3
"""So many are shown of those who are there, and of those who are not."""


class Presence(StrEnum):
    """What the directory says of somebody at this moment."""

    THERE = "there"
    UNKNOWN = "unknown"
    """No hours stand there, or none that can be read for sure."""
    OUTSIDE_HOURS = "outside_hours"
    AWAY = "away"


@dataclass(frozen=True)
class Choice:
    """Somebody of the directory. `hindrance`: why nothing can be sent to this one, who can be called all the same."""

    contact: DirectoryContact
    presence: Presence
    hindrance: str | None
    instead_of: str | None
    """The role of the one for whom it stands in today."""
    until_on: date | None
    """The last day of that."""


@dataclass(frozen=True)
class NextStep:
    """What a person can do about one recipient that does not answer. No `choices`: nobody else is there, so call."""

    choices: tuple[Choice, ...]
    not_there: tuple[Choice, ...]


def next_steps(
    connection: Connection,
    signal_id: UUID,
    waits: Iterable[Waiting],
    now: datetime,
    police_excerpt: bool = False,
    book: PlaceBook | None = None,
) -> dict[UUID, NextStep]:
    """By referral, for everything of this signal that waits so long that somebody else is worth a thought."""
    late = [one for one in waits if one.next_contacts is not None]
    asked = list(dict.fromkeys(other.contact_id for one in late for other in one.next_contacts or ()))
    seen = (
        {
            each.contact.id: each
            for each in previews(connection, signal_id, asked, book or installed_places(), police_excerpt)
        }
        if asked
        else {}
    )
    return {one.referral_id: _step(one.next_contacts or (), seen, now) for one in late}


def presence(contact: DirectoryContact, now: datetime) -> Presence:
    """Whether somebody is there at this moment, by the directory."""
    if contact.away_until is not None:
        return Presence.AWAY
    answer = there(contact.hours, now) if contact.hours else None
    return Presence.UNKNOWN if answer is None else Presence.THERE if answer else Presence.OUTSIDE_HOURS


def _step(others: Sequence[NextContact], seen: Mapping[UUID, Preview], now: datetime) -> NextStep:
    found = [
        Choice(
            contact=seen[other.contact_id].contact,
            presence=presence(seen[other.contact_id].contact, now),
            hindrance=seen[other.contact_id].hindrance,
            instead_of=other.instead_of,
            until_on=other.until_on,
        )
        for other in others
    ]
    absent = [one for one in found if one.presence in (Presence.OUTSIDE_HOURS, Presence.AWAY)]
    reachable = [one for one in found if one not in absent and (one.hindrance is None or one.contact.phone)]
    # Who can be sent to before who can only be called; of those, who surely is there. Stand-ins stand first already.
    reachable.sort(key=lambda one: (one.hindrance is not None, one.presence is not Presence.THERE))
    return NextStep(tuple(reachable[:MOST]), tuple(absent[:MOST]))
