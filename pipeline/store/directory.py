"""The directory in the database: who may be told, under which agreement, for which places. It decides nothing.

Reading is for experts; writing is for the owner, through `seinpost directory import`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, Row, text

TODAY = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
"""Today in the Netherlands, in SQL: `current_date` is the day of whatever time zone a connection asks for."""


@dataclass(frozen=True)
class StandsIn:
    """For whom a contact stands in today, until which day, and the places that come with it."""

    name: str
    until_on: date
    places: frozenset[str]


@dataclass(frozen=True)
class DirectoryContact:
    """A contact as routing sees it, with the agreement that counts today (or the last one, not valid).

    `places` are those it serves today, also for whom it stands in.
    """

    id: UUID
    organisation: str
    municipality: str
    police_unit: str | None
    kind: str
    role_name: str
    display_name: str
    phone: str | None
    hours: str | None
    active: bool
    has_portal: bool
    places: frozenset[str]
    away_until: date | None
    stand_in: str | None
    """Who stands in while it is away; None when nobody does."""
    stands_in: tuple[StandsIn, ...]
    agreement_id: UUID | None
    agreement_valid: bool
    agreement_fields: tuple[str, ...]
    agreement_begins_on: date | None
    """The day of its beginning while that is still to come; None else."""
    agreement_ends_on: date | None


# An organisation may have had many agreements; the valid one that started last counts. agreement_valid() is the same
# function that the portal's views ask, so what is sent and what is shown never disagree.
_CONTACTS = f"""
SELECT c.id, o.name AS organisation, o.municipality, o.police_unit, c.kind, c.role_name, c.display_name, c.phone,
       c.hours, c.active,
       c.user_id IS NOT NULL AS has_portal,
       ARRAY(SELECT DISTINCT p.place_id FROM seinpost.served_places p WHERE p.contact_id = c.id) AS places,
       away.until_on AS away_until, away.stand_in,
       ARRAY(SELECT jsonb_build_object('name', w.display_name, 'until', b.until_on,
                                       'places', (SELECT coalesce(jsonb_agg(p.place_id), '[]')
                                                    FROM seinpost.served_places p
                                                   WHERE p.contact_id = c.id AND p.for_contact = w.id))
               FROM seinpost.contact_absences b JOIN seinpost.contacts w ON w.id = b.contact_id AND w.active
              WHERE b.stand_in = c.id AND {TODAY} BETWEEN b.from_on AND b.until_on
              ORDER BY b.until_on, w.id) AS stands_in,
       a.id AS agreement_id, coalesce(a.valid, false) AS agreement_valid,
       coalesce(a.fields, '{{}}') AS agreement_fields,
       a.ends_on AS agreement_ends_on,
       CASE WHEN NOT a.valid AND a.starts_on > {TODAY} THEN a.starts_on END AS agreement_begins_on
  FROM seinpost.contacts c
  JOIN seinpost.organisations o ON o.id = c.organisation_id
  LEFT JOIN LATERAL (
       SELECT g.id, g.fields, g.starts_on, g.ends_on, seinpost.agreement_valid(g.id) AS valid
         FROM seinpost.agreements g
        WHERE g.organisation_id = o.id
        ORDER BY seinpost.agreement_valid(g.id) DESC, g.starts_on DESC, g.id
        LIMIT 1) a ON true
  LEFT JOIN LATERAL (
       SELECT b.until_on, i.display_name AS stand_in
         FROM seinpost.contact_absences b
         LEFT JOIN seinpost.contacts i ON i.id = b.stand_in AND i.active
        WHERE b.contact_id = c.id AND {TODAY} BETWEEN b.from_on AND b.until_on
        ORDER BY b.until_on DESC
        LIMIT 1) away ON true
"""  # noqa: S608 (constant text)

_BY_ID = f"{_CONTACTS} WHERE c.id = ANY(:ids)"
_SERVING = f"""{_CONTACTS}
 WHERE c.active AND EXISTS (
       SELECT 1 FROM seinpost.served_places s WHERE s.contact_id = c.id AND s.place_id = ANY(:places))
 ORDER BY o.name, c.display_name, c.id"""  # noqa: S608 (constant text)


def contacts_serving(connection: Connection, place_ids: Iterable[str]) -> list[DirectoryContact]:
    """Active contacts that serve at least one of these places today, by their own list or as a stand-in."""
    rows = connection.execute(text(_SERVING), {"places": sorted(set(place_ids))})
    return [_contact(row) for row in rows]


def contacts_by_id(connection: Connection, contact_ids: Sequence[UUID]) -> dict[UUID, DirectoryContact]:
    """The contacts with these ids, active or not."""
    rows = connection.execute(text(_BY_ID), {"ids": list(contact_ids)})
    return {row.id: _contact(row) for row in rows}


def corridors(connection: Connection, place_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each of these places the schools that coordinators say it concerns."""
    rows = connection.execute(
        text("SELECT place_id, school_id FROM seinpost.corridors WHERE place_id = ANY(:places)"),
        {"places": sorted(set(place_ids))},
    )
    found: dict[str, set[str]] = {}
    for place_id, school_id in rows:
        found.setdefault(place_id, set()).add(school_id)
    return {place: frozenset(schools) for place, schools in found.items()}


def user_ids(connection: Connection, usernames: Iterable[str]) -> dict[str, UUID]:
    """Ids of the users with these names; absent where there is no such user."""
    rows = connection.execute(
        text("SELECT username, id FROM seinpost.users WHERE username = ANY(:names)"), {"names": sorted(set(usernames))}
    )
    return {row.username: row.id for row in rows}


def organisation_ids(connection: Connection, names: Iterable[str]) -> dict[str, UUID]:
    """Ids of the organisations with these names; absent where there is none."""
    rows = connection.execute(
        text("SELECT name, id FROM seinpost.organisations WHERE name = ANY(:names)"), {"names": sorted(set(names))}
    )
    return {row.name: row.id for row in rows}


def keep_organisation(
    connection: Connection, name: str, kind: str, municipality: str, police_unit: str | None
) -> tuple[UUID, bool]:
    """Insert or update an organisation by its name; its id, and whether it is new."""
    row = connection.execute(
        text(
            """INSERT INTO seinpost.organisations (name, kind, municipality, police_unit)
               VALUES (:name, :kind, :municipality, :police_unit)
               ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, municipality = excluded.municipality,
                                                police_unit = excluded.police_unit
               RETURNING id, xmax = 0"""
        ),
        {"name": name, "kind": kind, "municipality": municipality, "police_unit": police_unit},
    ).one()
    return row[0], row[1]


def keep_agreement(
    connection: Connection,
    organisation_id: UUID,
    purpose: str,
    fields: Sequence[str],
    starts_on: date,
    ends_on: date,
    channels: Sequence[str] = ("email",),
) -> bool:
    """Insert or update an agreement by organisation, purpose and start; whether it is new."""
    values = {
        "organisation": organisation_id,
        "purpose": purpose,
        "fields": list(fields),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "channels": list(channels),
    }
    changed = connection.execute(
        text(
            """UPDATE seinpost.agreements SET fields = :fields, ends_on = :ends_on, channels = :channels
                WHERE organisation_id = :organisation AND purpose = :purpose AND starts_on = :starts_on"""
        ),
        values,
    ).rowcount
    if changed:
        return False
    connection.execute(
        text(
            """INSERT INTO seinpost.agreements (organisation_id, purpose, fields, starts_on, ends_on, channels)
               VALUES (:organisation, :purpose, :fields, :starts_on, :ends_on, :channels)"""
        ),
        values,
    )
    return True


@dataclass(frozen=True)
class ContactEntry:
    """A contact as the import writes it. Its natural key is organisation, kind and e-mail address."""

    organisation_id: UUID
    user_id: UUID | None
    kind: str
    role_name: str
    display_name: str
    email: str
    phone: str | None
    review_on: date
    active: bool
    places: frozenset[str]
    confirmed_on: date | None = None
    hours: str | None = None


def keep_contact(connection: Connection, entry: ContactEntry) -> bool:
    """Insert or update a contact and make its list of places exactly the one given; whether it is new."""
    values = {
        "organisation": entry.organisation_id,
        "user": entry.user_id,
        "kind": entry.kind,
        "role_name": entry.role_name,
        "display_name": entry.display_name,
        "email": entry.email,
        "phone": entry.phone,
        "review_on": entry.review_on,
        "active": entry.active,
        "confirmed_on": entry.confirmed_on,
        "hours": entry.hours,
    }
    known = connection.execute(
        text(
            """UPDATE seinpost.contacts SET user_id = :user, role_name = :role_name, display_name = :display_name,
                      phone = :phone, review_on = :review_on, active = :active, hours = :hours,
                      -- A file without the day does not take back that somebody confirmed.
                      confirmed_on = greatest(confirmed_on, :confirmed_on)
                WHERE organisation_id = :organisation AND kind = :kind AND lower(email) = lower(:email) RETURNING id"""
        ),
        values,
    ).scalar_one_or_none()
    contact_id = (
        known
        or connection.execute(
            text(
                """INSERT INTO seinpost.contacts (organisation_id, user_id, kind, role_name, display_name, email, phone,
                                              review_on, active, confirmed_on, hours)
               VALUES (:organisation, :user, :kind, :role_name, :display_name, :email, :phone, :review_on, :active,
                       :confirmed_on, :hours)
               RETURNING id"""
            ),
            values,
        ).scalar_one()
    )
    connection.execute(text("DELETE FROM seinpost.contact_places WHERE contact_id = :id"), {"id": contact_id})
    if entry.places:
        connection.execute(
            text("INSERT INTO seinpost.contact_places (contact_id, place_id) VALUES (:id, :place)"),
            [{"id": contact_id, "place": place} for place in sorted(entry.places)],
        )
    return known is None


def keep_corridor(
    connection: Connection, place_id: str, school_ids: Iterable[str], kept_by: UUID, reviewed_on: date
) -> None:
    """Make the list of schools that a place concerns exactly the one given."""
    connection.execute(text("DELETE FROM seinpost.corridors WHERE place_id = :place"), {"place": place_id})
    connection.execute(
        text(
            """INSERT INTO seinpost.corridors (place_id, school_id, kept_by, reviewed_on)
               VALUES (:place, :school, :kept_by, :reviewed_on)"""
        ),
        [
            {"place": place_id, "school": school, "kept_by": kept_by, "reviewed_on": reviewed_on}
            for school in sorted(set(school_ids))
        ],
    )


def _contact(row: Row[tuple[object, ...]]) -> DirectoryContact:
    return DirectoryContact(
        id=row.id,
        organisation=row.organisation,
        municipality=row.municipality,
        police_unit=row.police_unit,
        kind=row.kind,
        role_name=row.role_name,
        display_name=row.display_name,
        phone=row.phone,
        hours=row.hours,
        active=row.active,
        has_portal=row.has_portal,
        places=frozenset(row.places),
        away_until=row.away_until,
        stand_in=row.stand_in,
        stands_in=tuple(
            StandsIn(one["name"], date.fromisoformat(one["until"]), frozenset(one["places"])) for one in row.stands_in
        ),
        agreement_id=row.agreement_id,
        agreement_valid=row.agreement_valid,
        agreement_fields=tuple(row.agreement_fields),
        agreement_begins_on=row.agreement_begins_on,
        agreement_ends_on=row.agreement_ends_on,
    )
