"""What changes in the directory between two imports: somebody is away, is back, or was called and is still right.

Also asked here by address: a test message.

It runs as the owner, in the caller's transaction; each change is on the trail without a name.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from forwarding.dutch_day import dutch_day
from pipeline.store import trail, trial_messages
from pipeline.store.directory_changes import active_contacts, end_absence, keep_absence, keep_confirmed


class NotInDirectory(Exception):
    """No active contact has this address."""


class NoSuchStandIn(Exception):
    """The stand-in cannot stand in for this contact."""


class DaysWrong(Exception):
    """The days cannot be these."""


def set_away(
    connection: Connection, email: str, from_on: date, until_on: date, stand_in: str | None, now: datetime
) -> int:
    """Every contact with this address is away on these days, the last included; how many there are.

    A stand-in is an active contact of the same kind and serves the other's places on those days; its own agreement and
    its own police unit keep counting. Raises NotInDirectory, NoSuchStandIn, DaysWrong.
    """
    if until_on < from_on:
        raise DaysWrong(f"the last day, {until_on}, lies before the first, {from_on}")
    contacts = _known(connection, email)
    for contact, kind in contacts:
        instead = _stand_in(connection, stand_in, kind, contact) if stand_in is not None else None
        keep_absence(connection, contact, from_on, until_on, instead)
        days = {"from": from_on.isoformat(), "until": until_on.isoformat(), "stand_in": str(instead or "")}
        trail.append(connection, "contact_away", "contact", str(contact), now, days)
    return len(contacts)


def set_back(connection: Connection, email: str, now: datetime) -> int:
    """Every contact with this address is there again from today; how many were away. Raises NotInDirectory."""
    back = 0
    for contact, _ in _known(connection, email):
        if end_absence(connection, contact, dutch_day(now)):
            trail.append(connection, "contact_back", "contact", str(contact), now)
            back += 1
    return back


def confirm(connection: Connection, email: str, review_on: date, now: datetime) -> int:
    """Somebody made sure today that every contact with this address is right. Raises NotInDirectory, DaysWrong."""
    if review_on <= dutch_day(now):
        raise DaysWrong(f"the day to look again, {review_on}, must lie ahead")
    contacts = _known(connection, email)
    keep_confirmed(connection, [contact for contact, _ in contacts], dutch_day(now), review_on)
    for contact, _ in contacts:
        trail.append(connection, "contact_confirmed", "contact", str(contact), now, {"review": review_on.isoformat()})
    return len(contacts)


def ask_trial(connection: Connection, email: str, now: datetime) -> int:
    """Send a test message to every contact with this address; how many there are.

    Raises NotInDirectory, TrialWaits or EnoughTrials (`pipeline.store.trial_messages`).
    """
    contacts = _known(connection, email)
    for contact, _ in contacts:
        trial_messages.ask(connection, contact, now)
    return len(contacts)


def _known(connection: Connection, email: str) -> list[tuple[UUID, str]]:
    contacts = active_contacts(connection, email)
    if not contacts:
        raise NotInDirectory(f"no active contact has the address {email}; see the directory file")
    return contacts


def _stand_in(connection: Connection, email: str, kind: str, contact: UUID) -> UUID:
    found = [other for other, its_kind in active_contacts(connection, email) if its_kind == kind and other != contact]
    if len(found) != 1:
        which = "no other active contact" if not found else "more than one active contact"
        raise NoSuchStandIn(f"{which} of kind {kind} has the address {email}; a stand-in is one of the same kind")
    return found[0]
