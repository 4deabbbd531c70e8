"""Who is away and who stands in, as a directory file says it: checked with the whole file, then written down.

In a file a stand-in is a colleague: of the same organisation and kind. `seinpost directory away` takes others, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from forwarding.directory_file import ContactPart, DirectoryFile
from forwarding.dutch_day import dutch_day
from pipeline.store import trail
from pipeline.store.directory_changes import ContactKey, keep_absence, known_absence


@dataclass(frozen=True)
class Absence:
    """One contact that the file says is away, in words that a dry run can show."""

    email: str
    away_from: str
    away_until: str
    stand_in: str | None

    @property
    def sentence(self) -> str:
        """What it comes to."""
        instead = f"{self.stand_in} stands in" if self.stand_in else "nobody stands in"
        return f"{self.email} is away from {self.away_from} until {self.away_until}; {instead}"


def key_of(contact: ContactPart, email: str | None = None) -> ContactKey:
    """What a contact is known by; with `email` a colleague of it."""
    return ContactKey(contact.organisation, contact.kind, (email or contact.email).lower())


def faults(file: DirectoryFile, active: frozenset[ContactKey]) -> Iterator[str]:
    """Stand-ins that cannot be. `active` are the contacts that the directory has now; the file may add and end some."""
    there = set(active)
    away: dict[ContactKey, tuple[date, date]] = {}
    for contact in file.contacts:
        (there.add if contact.active else there.discard)(key_of(contact))
        if contact.active and contact.away_from is not None and contact.away_until is not None:
            away[key_of(contact)] = contact.away_from, contact.away_until
    addresses = {key.email for key in there}
    for number, contact in enumerate(file.contacts):
        if contact.stand_in is None or contact.away_from is None or contact.away_until is None:
            continue
        at, colleague = f"contacts[{number}].stand_in", key_of(contact, contact.stand_in)
        own = away.get(colleague)
        if colleague == key_of(contact):
            yield f"{at}: nobody stands in for himself or herself"
        elif contact.stand_in.lower() not in addresses:
            yield f"{at}: no active contact has the address {contact.stand_in}; add it to the file"
        elif colleague not in there:
            whose = f"of kind {contact.kind} of {contact.organisation}"
            yield f"{at}: {contact.stand_in} is no contact {whose}; a stand-in in a file is a colleague"
        elif own is not None and own[0] <= contact.away_until and own[1] >= contact.away_from:
            yield f"{at}: {contact.stand_in} is away too on some of these days, says this file"


def keep(
    connection: Connection,
    contacts: Sequence[ContactPart],
    ids: Mapping[ContactKey, UUID],
    now: datetime,
) -> tuple[Absence, ...]:
    """Write down who is away from today on; all of them, also those that were known already."""
    told = []
    for contact in contacts:
        first, last = contact.away_from, contact.away_until
        if not contact.active or first is None or last is None or last < dutch_day(now):
            continue
        own = ids[key_of(contact)]
        instead = ids[key_of(contact, contact.stand_in)] if contact.stand_in is not None else None
        told.append(Absence(contact.email, first.isoformat(), last.isoformat(), contact.stand_in))
        if known_absence(connection, own, first, last, instead):
            continue
        keep_absence(connection, own, first, last, instead)
        days = {"from": first.isoformat(), "until": last.isoformat(), "stand_in": str(instead or "")}
        trail.append(connection, "contact_away", "contact", str(own), now, days)
    return tuple(told)
