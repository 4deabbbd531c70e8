"""Invented people, signals and posts for tests that need a filled database. Written as the owner."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from pipeline.store.connection import Database
from tests.database import owner_connection

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SCHOOL = "brin:00XX00"


@dataclass(frozen=True)
class Signal:
    """A stored signal and the post behind it."""

    id: UUID
    post_id: UUID


def add_user(database: Database, username: str, *roles: str, police: bool = False, school: str | None = None) -> UUID:
    """A user with roles over everything, and attached to a school when one is named."""
    with owner_connection(database) as owner:
        user: UUID = _one(
            owner,
            "INSERT INTO users (username, display_name, pseudonym, password_hash, police)"
            " VALUES (%s, %s, %s, 'x', %s) RETURNING id",
            (username, username.title(), f"lezer {username}", police),
        )
        for role in roles:
            owner.execute("INSERT INTO user_roles (user_id, role) VALUES (%s, %s)", (user, role))
        if school:
            owner.execute(
                "INSERT INTO user_roles (user_id, role, scope_kind, scope_id) VALUES (%s, 'recipient', 'school', %s)",
                (user, school),
            )
    return user


def add_signal(
    database: Database, *, level: str = "concreet", state: str = "new", school: str | None = SCHOOL
) -> Signal:
    """A signal with one sighting, and a school place when one is named."""
    signal, post = uuid4(), uuid4()
    with owner_connection(database) as owner:
        owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at)"
            " VALUES (%s, 'ordinary', %s, 'confrontation', %s, false, 'chat', 'nl', 'tip', 1, %s)",
            (signal, state, level, NOW),
        )
        owner.execute(
            "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, seen_at, text, analysis)"
            " VALUES (%s, %s, %s, 1, 'tip', %s, 'morgen na school bij het station', %s)",
            (post, signal, uuid4(), NOW, Jsonb({})),
        )
        if school:
            owner.execute(
                "INSERT INTO signal_places (signal_id, place_id, kind, name)"
                " VALUES (%s, %s, 'school', 'Verzonnen College')",
                (signal, school),
            )
    return Signal(signal, post)


def add_contact(database: Database, kind: str = "school", user: UUID | None = None) -> tuple[UUID, UUID]:
    """A contact with a valid agreement: (contact id, agreement id)."""
    with owner_connection(database) as owner:
        organisation = _one(
            owner,
            "INSERT INTO organisations (name, kind, municipality) VALUES (%s, %s, 'Zaanstad') RETURNING id",
            (f"organisatie {uuid4()}", kind),
        )
        agreement: UUID = _one(
            owner,
            "INSERT INTO agreements (organisation_id, purpose, fields, starts_on, ends_on) VALUES (%s, 'veiligheid',"
            " '{category,level,place,window,excerpt,link,duiding,theme}', current_date - 1, current_date + 30)"
            " RETURNING id",
            (organisation,),
        )
        contact: UUID = _one(
            owner,
            "INSERT INTO contacts (organisation_id, user_id, kind, role_name, display_name, email, review_on)"
            " VALUES (%s, %s, %s, 'rol', 'Verzonnen Persoon', 'iemand@example.org', current_date + 90) RETURNING id",
            (organisation, user, kind),
        )
    return contact, agreement


def assess(
    database: Database, signal: UUID, user: UUID, reading: int, *, police: bool = False, level: str = "concreet"
) -> None:
    """A confirming assessment, as the owner would write it; the database's own rules still hold."""
    with owner_connection(database) as owner:
        owner.execute(
            "INSERT INTO assessments"
            " (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)"
            " VALUES (%s, %s, %s, %s, 'confirm', 'directed', 'confrontation', %s, %s)",
            (signal, reading, user, police, level, NOW),
        )


def refer(
    database: Database,
    signal: UUID,
    contact: UUID,
    agreement: UUID,
    by: UUID,
    *,
    kind: str = "school",
    notice: bool = False,
) -> UUID:
    """A referral row with every field filled, as the owner would write it; the database's own rules still hold."""
    with owner_connection(database) as owner:
        found: UUID = _one(
            owner,
            "INSERT INTO referrals (signal_id, contact_id, kind, agreement_id, place_notice, why, prepared_by,"
            " prepared_at, expires_at, theme, category, level, places, window_start, window_end, excerpt,"
            " link_allowed, duiding)"
            " VALUES (%s, %s, %s, %s, %s, 'regel', %s, now(), %s, 'geweld', 'confrontation', 'concreet',"
            " '{Krommenie}', %s, %s, %s, %s, 'oproep met tijd') RETURNING id",
            (
                *(signal, contact, kind, agreement, notice, by, datetime.now(UTC) + timedelta(days=28), NOW, NOW),
                *(None if notice else "morgen na school", not notice),
            ),
        )
    return found


def _one(connection: psycopg.Connection, statement: str, values: tuple[object, ...]) -> UUID:
    row = connection.execute(statement, values).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return UUID(str(row[0]))
