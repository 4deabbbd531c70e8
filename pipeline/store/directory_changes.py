"""Small changes to people in the directory: who is away and who stands in, and that a contact was made sure of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class ContactKey:
    """What a contact is known by in a directory file; the address in small letters."""

    organisation: str
    kind: str
    email: str


def contacts_of(connection: Connection, organisations: Iterable[str], emails: Iterable[str]) -> dict[ContactKey, UUID]:
    """The active contacts of these organisations, and everybody active with one of these addresses."""
    rows = connection.execute(
        text(
            """SELECT c.id, o.name, c.kind, lower(c.email) AS email
                 FROM seinpost.contacts c JOIN seinpost.organisations o ON o.id = c.organisation_id
                WHERE c.active AND (o.name = ANY (:names) OR lower(c.email) = ANY (:emails))
                ORDER BY c.id LIMIT 50000"""
        ),
        {"names": sorted(set(organisations)), "emails": sorted({email.lower() for email in emails})},
    )
    return {ContactKey(row.name, row.kind, row.email): row.id for row in rows}


def known_absence(connection: Connection, contact: UUID, from_on: date, until_on: date, stand_in: UUID | None) -> bool:
    """Whether just this is written down already."""
    return bool(
        connection.execute(
            text(
                """SELECT EXISTS (SELECT 1 FROM seinpost.contact_absences
                    WHERE contact_id = :contact AND from_on = :from AND until_on = :until
                      AND stand_in IS NOT DISTINCT FROM CAST(:stand_in AS uuid))"""
            ),
            {"contact": contact, "from": from_on, "until": until_on, "stand_in": stand_in},
        ).scalar_one()
    )


def active_contacts(connection: Connection, email: str) -> list[tuple[UUID, str]]:
    """The id and kind of every active contact with this address."""
    rows = connection.execute(
        text(
            """SELECT id, kind FROM seinpost.contacts WHERE active AND lower(email) = lower(:email)
                ORDER BY kind, id LIMIT 100"""
        ),
        {"email": email},
    )
    return [(row.id, row.kind) for row in rows]


def keep_absence(connection: Connection, contact: UUID, from_on: date, until_on: date, stand_in: UUID | None) -> None:
    """Write down that a contact is away on these days; what it said of days that overlap gives way."""
    values = {"contact": contact, "from": from_on, "until": until_on, "stand_in": stand_in}
    connection.execute(
        text(
            """DELETE FROM seinpost.contact_absences
                WHERE contact_id = :contact AND from_on <= :until AND until_on >= :from"""
        ),
        values,
    )
    connection.execute(
        text(
            """INSERT INTO seinpost.contact_absences (contact_id, from_on, until_on, stand_in)
               VALUES (:contact, :from, :until, :stand_in)"""
        ),
        values,
    )


def end_absence(connection: Connection, contact: UUID, today: date) -> bool:
    """The contact is back: today and later days are taken off; whether there were any."""
    values = {"contact": contact, "today": today}
    gone = connection.execute(
        text("DELETE FROM seinpost.contact_absences WHERE contact_id = :contact AND from_on >= :today"), values
    ).rowcount
    cut = connection.execute(
        text(
            """UPDATE seinpost.contact_absences SET until_on = CAST(:today AS date) - 1
                WHERE contact_id = :contact AND until_on >= :today"""
        ),
        values,
    ).rowcount
    return bool(gone or cut)


def keep_confirmed(connection: Connection, contacts: Sequence[UUID], on: date, review_on: date) -> None:
    """Write down that these contacts are right, and when to look again."""
    connection.execute(
        text("UPDATE seinpost.contacts SET confirmed_on = :on, review_on = :review_on WHERE id = ANY(:contacts)"),
        {"contacts": list(contacts), "on": on, "review_on": review_on},
    )
