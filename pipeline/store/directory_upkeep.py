"""What keeping the directory needs to know of it: everybody with their dates, agreements, lists. It writes nothing.

Read whole, by the owner or an expert: a directory is some thousands of people at most.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from pipeline.store.directory import TODAY

MOST = 50_000
"""Rows that are read of any one table; more is no directory but a mistake."""


class DirectoryTooLarge(Exception):
    """There are more rows than a directory has."""


@dataclass(frozen=True)
class KeptContact:
    """A contact as whoever keeps the directory sees it. `account_open`: somebody can log in to its portal."""

    id: UUID
    organisation: str
    kind: str
    police_unit: str | None
    role_name: str
    display_name: str
    email: str
    active: bool
    account_open: bool
    review_on: date
    confirmed_on: date | None
    away_until: date | None
    replaced: bool
    """While it is away: whether somebody stands in."""
    places: frozenset[str]
    municipality: str = ""
    not_arriving: tuple[str, ...] = ()
    """The channels by which the last test message did not arrive."""
    certificate_ends_on: date | None = None
    """The last day of the certificate that its e-mail is sealed to; None: it has none."""


@dataclass(frozen=True)
class KeptList:
    """The schools that a place concerns, with who keeps the list and when it was last looked at."""

    place_id: str
    schools: frozenset[str]
    kept_by: str
    reviewed_on: date


@dataclass(frozen=True)
class KeptDirectory:
    """All of it. `agreements` holds for each organisation the first and last day of each."""

    contacts: tuple[KeptContact, ...]
    agreements: dict[str, tuple[tuple[date, date], ...]]
    lists: tuple[KeptList, ...]


_CONTACTS = f"""
SELECT c.id, o.name AS organisation, c.kind, o.police_unit, c.role_name, c.display_name, c.email, c.active,
       u.id IS NOT NULL AND u.disabled_at IS NULL AS account_open, c.review_on, c.confirmed_on,
       away.until_on AS away_until, coalesce(away.replaced, false) AS replaced,
       ARRAY(SELECT p.place_id FROM seinpost.contact_places p WHERE p.contact_id = c.id) AS places, o.municipality,
       ARRAY(SELECT t.channel FROM (
                    SELECT DISTINCT ON (m.channel) m.channel, m.state FROM seinpost.trial_messages m
                     WHERE m.contact_id = c.id AND m.state <> 'waiting' ORDER BY m.channel, m.asked_at DESC) t
              WHERE t.state = 'failed' ORDER BY t.channel) AS not_arriving,
       CAST(c.certificate_ends_at AT TIME ZONE 'Europe/Amsterdam' AS date) AS certificate_ends_on
  FROM seinpost.contacts c
  JOIN seinpost.organisations o ON o.id = c.organisation_id
  LEFT JOIN seinpost.users u ON u.id = c.user_id
  LEFT JOIN LATERAL (
       SELECT b.until_on, i.id IS NOT NULL AS replaced
         FROM seinpost.contact_absences b LEFT JOIN seinpost.contacts i ON i.id = b.stand_in AND i.active
        WHERE b.contact_id = c.id AND {TODAY} BETWEEN b.from_on AND b.until_on
        ORDER BY b.until_on DESC
        LIMIT 1) away ON true
 ORDER BY o.name, c.display_name, c.id
 LIMIT :most"""  # noqa: S608 (constant text)
_AGREEMENTS = """
SELECT o.name, a.starts_on, a.ends_on
  FROM seinpost.agreements a JOIN seinpost.organisations o ON o.id = a.organisation_id
 ORDER BY o.name, a.starts_on, a.ends_on
 LIMIT :most"""
_LISTS = """
SELECT l.place_id, array_agg(l.school_id) AS schools, min(u.display_name) AS kept_by, min(l.reviewed_on) AS reviewed_on
  FROM seinpost.corridors l JOIN seinpost.users u ON u.id = l.kept_by
 GROUP BY l.place_id
 ORDER BY l.place_id
 LIMIT :most"""


def kept_directory(connection: Connection) -> KeptDirectory:
    """Everybody and every list, also who left. Raises DirectoryTooLarge."""
    contacts = tuple(
        KeptContact(**{**row._mapping, "places": frozenset(row.places), "not_arriving": tuple(row.not_arriving)})
        for row in _read(connection, _CONTACTS)
    )
    agreements: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for row in _read(connection, _AGREEMENTS):
        agreements[row.name].append((row.starts_on, row.ends_on))
    lists = tuple(
        KeptList(row.place_id, frozenset(row.schools), row.kept_by, row.reviewed_on)
        for row in _read(connection, _LISTS)
    )
    return KeptDirectory(contacts, {name: tuple(periods) for name, periods in agreements.items()}, lists)


def _read(connection: Connection, statement: str) -> Sequence[Row[Any]]:
    rows = connection.execute(text(statement), {"most": MOST + 1}).all()
    if len(rows) > MOST:
        raise DirectoryTooLarge(f"the directory has more than {MOST:,} rows of one kind; look for a mistaken import")
    return rows
