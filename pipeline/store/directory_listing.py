"""The directory a page at a time, as experts see it: organisations with their agreements and contacts.

It writes nothing, and orders by name, always: nobody is put above anybody.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, text

from pipeline.store.notices import ChannelName
from signals.referral import Field, RecipientKind

PAGE = 20
"""Organisations on a page."""
MOST_CONTACTS = 40
"""Contacts that are listed of one organisation; more are counted."""
MOST_AGREEMENTS = 3


@dataclass(frozen=True)
class ListedAgreement:
    """An agreement of an organisation."""

    purpose: str
    fields: tuple[Field, ...]
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class ListedContact:
    """A contact with all that the directory holds of it. Away: now, or the next time; `stand_in` None: nobody."""

    id: UUID
    kind: RecipientKind
    role_name: str
    display_name: str
    email: str
    phone: str | None
    hours: str | None
    active: bool
    has_account: bool
    review_on: date
    confirmed_on: date | None
    away_from: date | None
    away_until: date | None
    stand_in: str | None
    places: tuple[str, ...]
    channels: tuple[ChannelName, ...]


@dataclass(frozen=True)
class ListedOrganisation:
    """An organisation; `more` contacts are not listed. Agreements: the latest first."""

    id: UUID
    name: str
    kind: RecipientKind
    municipality: str
    police_unit: str | None
    agreements: tuple[ListedAgreement, ...]
    contacts: tuple[ListedContact, ...]
    more: int


@dataclass(frozen=True)
class Wanted:
    """Which organisations: of one kind, in one municipality, of these names; None: any."""

    kind: RecipientKind | None = None
    municipality: str | None = None
    names: frozenset[str] | None = None


_ORGANISATIONS = """
SELECT o.id, o.name, o.kind, o.municipality, o.police_unit, count(*) OVER () AS of_all
  FROM seinpost.organisations o
 WHERE o.kind = coalesce(:kind, o.kind) AND o.municipality = coalesce(:municipality, o.municipality)
   AND (CAST(:names AS text[]) IS NULL OR o.name = ANY (:names))
 ORDER BY lower(o.name), o.id
 LIMIT :most OFFSET :skip"""
_AGREEMENTS = """
SELECT o.id, a.purpose, a.fields, a.starts_on, a.ends_on
  FROM unnest(CAST(:ids AS uuid[])) AS o (id),
       LATERAL (SELECT * FROM seinpost.agreements g WHERE g.organisation_id = o.id
                 ORDER BY g.ends_on DESC, g.starts_on DESC, g.id LIMIT :most) a
 ORDER BY o.id, a.ends_on DESC, a.starts_on DESC"""
_CONTACTS = """
SELECT o.id AS organisation_id, c.*, u.id IS NOT NULL AND u.disabled_at IS NULL AS has_account,
       away.from_on AS away_from, away.until_on AS away_until, away.stand_in,
       ARRAY(SELECT p.place_id FROM seinpost.contact_places p WHERE p.contact_id = c.id ORDER BY 1) AS places,
       ARRAY(SELECT w FROM seinpost.channels_to(c.id) AS w ORDER BY w) AS channels
  FROM unnest(CAST(:ids AS uuid[])) AS o (id)
 CROSS JOIN LATERAL (
       SELECT k.id, k.user_id, k.kind, k.role_name, k.display_name, k.email, k.phone, k.hours, k.active, k.review_on,
              k.confirmed_on, count(*) OVER () AS of_all
         FROM seinpost.contacts k WHERE k.organisation_id = o.id
        ORDER BY k.active DESC, lower(k.display_name), k.id LIMIT :most) c
  LEFT JOIN seinpost.users u ON u.id = c.user_id
  LEFT JOIN LATERAL (
       SELECT b.from_on, b.until_on, i.display_name AS stand_in
         FROM seinpost.contact_absences b LEFT JOIN seinpost.contacts i ON i.id = b.stand_in AND i.active
        WHERE b.contact_id = c.id AND b.until_on >= :today
        ORDER BY b.from_on LIMIT 1) away ON true
 ORDER BY o.id, c.active DESC, lower(c.display_name), c.id"""


def listed(connection: Connection, wanted: Wanted, page: int, today: date) -> tuple[list[ListedOrganisation], int]:
    """One page (the first is 1) of organisations by name, and how many there are on all pages together."""
    names = sorted(wanted.names) if wanted.names is not None else None
    values: dict[str, object] = {"kind": wanted.kind, "municipality": wanted.municipality, "names": names}
    values |= {"most": PAGE, "skip": (page - 1) * PAGE}
    rows = connection.execute(text(_ORGANISATIONS), values).all()
    ids = [row.id for row in rows]
    agreements: dict[UUID, list[ListedAgreement]] = defaultdict(list)
    for row in connection.execute(text(_AGREEMENTS), {"ids": ids, "most": MOST_AGREEMENTS}):
        fields = tuple(Field(field) for field in row.fields)
        agreements[row.id].append(ListedAgreement(row.purpose, fields, row.starts_on, row.ends_on))
    contacts: dict[UUID, list[ListedContact]] = defaultdict(list)
    counted: dict[UUID, int] = {}
    for found in connection.execute(text(_CONTACTS), {"ids": ids, "most": MOST_CONTACTS, "today": today}).mappings():
        one = {name: found[name] for name in ListedContact.__dataclass_fields__}
        one |= {"kind": RecipientKind(found["kind"]), "places": tuple(found["places"])}
        one |= {"channels": tuple(ChannelName(name) for name in found["channels"])}
        contacts[found["organisation_id"]].append(ListedContact(**one))
        counted[found["organisation_id"]] = found["of_all"]
    shown = [
        ListedOrganisation(
            row.id,
            row.name,
            RecipientKind(row.kind),
            row.municipality,
            row.police_unit,
            tuple(agreements[row.id]),
            tuple(contacts[row.id]),
            counted.get(row.id, 0) - len(contacts[row.id]),
        )
        for row in rows
    ]
    return shown, rows[0].of_all if rows else 0


def municipalities(connection: Connection) -> list[str]:
    """Every municipality that an organisation of the directory is in."""
    rows = connection.execute(
        text("SELECT DISTINCT o.municipality FROM seinpost.organisations o ORDER BY o.municipality LIMIT 500")
    )
    return [row.municipality for row in rows]
