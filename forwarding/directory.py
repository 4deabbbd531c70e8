"""Brings a directory file into the database, whole or not at all. It runs as the owner, in the caller's transaction.

Contacts and organisations that the file does not name stay as they are: leaving is written down (`"active": false`).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from forwarding import directory_absences
from forwarding.directory_absences import Absence
from forwarding.directory_file import DirectoryFile, DirectoryWrong
from forwarding.places import PlaceBook
from pipeline.store import trail
from pipeline.store.directory import (
    ContactEntry,
    keep_agreement,
    keep_contact,
    keep_corridor,
    keep_organisation,
    organisation_ids,
    user_ids,
)
from pipeline.store.directory_changes import ContactKey, contacts_of
from signals.place import PlaceKind
from signals.referral import RecipientKind


@dataclass(frozen=True)
class Imported:
    """How many of each were added and how many were there and are now as the file says."""

    organisations_added: int
    organisations_updated: int
    agreements_added: int
    agreements_updated: int
    contacts_added: int
    contacts_updated: int
    corridors: int
    absences: tuple[Absence, ...] = ()
    """Who the file says is away today or later."""


def import_directory(connection: Connection, file: DirectoryFile, book: PlaceBook, now: datetime) -> Imported:
    """Check everything, then write everything. Raises DirectoryWrong with every fault at once."""
    users = user_ids(
        connection,
        [contact.user for contact in file.contacts if contact.user] + [corridor.kept_by for corridor in file.corridors],
    )
    known = organisation_ids(connection, [contact.organisation for contact in file.contacts])
    faults = [*_faults(file, book, frozenset(users), frozenset(known))]
    faults += directory_absences.faults(file, frozenset(_contacts_of(connection, file)))
    if faults:
        raise DirectoryWrong(faults)
    organisations: Counter[bool] = Counter()
    agreements: Counter[bool] = Counter()
    for organisation in file.organisations:
        organisation_id, added = keep_organisation(
            connection, organisation.name, organisation.kind, organisation.municipality, organisation.police_unit
        )
        known[organisation.name] = organisation_id
        organisations[added] += 1
        for part in organisation.agreements:
            added = keep_agreement(
                connection,
                organisation_id,
                part.purpose,
                part.fields,
                part.starts_on,
                part.ends_on,
                sorted(part.channels),
            )
            agreements[added] += 1
    contacts = _keep_contacts(connection, file, known, users)
    absences = directory_absences.keep(connection, file.contacts, _contacts_of(connection, file), now)
    for corridor in file.corridors:
        keep_corridor(connection, corridor.place, corridor.schools, users[corridor.kept_by], corridor.reviewed_on)
    trail.append(
        connection,
        "directory_imported",
        "directory",
        "directory",
        now,
        {"organisations": str(len(file.organisations)), "contacts": str(len(file.contacts))},
    )
    return Imported(
        organisations[True],
        organisations[False],
        agreements[True],
        agreements[False],
        contacts[True],
        contacts[False],
        len(file.corridors),
        absences,
    )


def _contacts_of(connection: Connection, file: DirectoryFile) -> dict[ContactKey, UUID]:
    """The active contacts, now, where the file says that somebody is away, and who bears a stand-in's address."""
    away = [one for one in file.contacts if one.away_from is not None]
    return contacts_of(connection, [one.organisation for one in away], [one.stand_in for one in away if one.stand_in])


def _keep_contacts(
    connection: Connection, file: DirectoryFile, organisations: dict[str, UUID], users: dict[str, UUID]
) -> Counter[bool]:
    kept: Counter[bool] = Counter()
    for part in file.contacts:
        entry = ContactEntry(
            organisation_id=organisations[part.organisation],
            user_id=users[part.user] if part.user else None,
            kind=part.kind,
            role_name=part.role,
            display_name=part.name,
            email=part.email,
            phone=part.phone,
            review_on=part.review_on,
            active=part.active,
            places=part.places,
            confirmed_on=part.confirmed_on,
            hours=part.hours,
        )
        kept[keep_contact(connection, entry)] += 1
    return kept


def _faults(
    file: DirectoryFile, book: PlaceBook, users: frozenset[str], organisations: frozenset[str]
) -> Iterator[str]:
    """What the file says that cannot be: unknown places, users and organisations, and things named twice."""
    names = [organisation.name for organisation in file.organisations]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield f"organisations[{number}].name: {name} is in the file twice"
    keys: set[tuple[str, str, str]] = set()
    for number, contact in enumerate(file.contacts):
        at = f"contacts[{number}]"
        if contact.organisation not in organisations and contact.organisation not in names:
            yield f"{at}.organisation: there is no organisation {contact.organisation}; add it to the file"
        if contact.user and contact.user not in users:
            yield f"{at}.user: nobody has the user name {contact.user}; add it with seinpost users add"
        key = (contact.organisation, contact.kind, contact.email.lower())
        if key in keys:
            yield f"{at}.email: this organisation, kind and e-mail address are in the file twice"
        keys.add(key)
        for place_id in sorted(contact.places):
            yield from _place_faults(book, place_id, f"{at}.places", school=contact.kind is RecipientKind.SCHOOL)
    for number, corridor in enumerate(file.corridors):
        at = f"corridors[{number}]"
        if corridor.kept_by not in users:
            yield f"{at}.kept_by: nobody has the user name {corridor.kept_by}; add it with seinpost users add"
        yield from _place_faults(book, corridor.place, f"{at}.place", school=False)
        for school_id in sorted(corridor.schools):
            yield from _place_faults(book, school_id, f"{at}.schools", school=True)


def _place_faults(book: PlaceBook, place_id: str, at: str, *, school: bool) -> Iterator[str]:
    entry = book.entry(place_id)
    if entry is None:
        yield f"{at}: the gazetteer has no place {place_id}; look it up with seinpost places find"
    elif school and entry.kind is not PlaceKind.SCHOOL:
        yield f"{at}: {place_id} is no school"
