"""The people of this installation: adding, disabling, their roles with a scope, and checking a password.

Adding and disabling run as the owner (the command line); signing in runs as the web server. It keeps no session.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, text

from pipeline.store import trail
from signals.region import Region

SHORTEST_PASSWORD = 12

_hasher = PasswordHasher()
# Verified against when nobody has the name, so that an unknown name takes as long as a wrong password.
_nobody = _hasher.hash("nobody has this password")
# Argon2 takes 64 MiB a try; a flood of log-ins must not take the machine's memory.
_at_once = threading.BoundedSemaphore(2)


class UserNameTaken(Exception):
    """Somebody has this user name already."""


class NoSuchUser(Exception):
    """Nobody has this user name."""


class PasswordTooShort(Exception):
    """The password is shorter than the installation asks."""


class UserRole(StrEnum):
    """What a user may do. A recipient's kind follows from the directory, not from here."""

    EXPERT = "expert"
    RECIPIENT = "recipient"
    TUNER = "tuner"
    ORDER_APPROVER = "order_approver"
    FG = "fg"
    BOARD = "board"
    ADMIN = "admin"
    AUDITOR = "auditor"


class ScopeKind(StrEnum):
    """What a role is limited to."""

    ALL = "all"
    SCHOOL = "school"
    AREA = "area"
    POLICE_UNIT = "police_unit"


@dataclass(frozen=True)
class HeldRole:
    """A role with its scope. An expert or recipient with a school is attached to it."""

    role: UserRole
    scope_kind: ScopeKind = ScopeKind.ALL
    scope_id: str = ""


@dataclass(frozen=True)
class User:
    """A person of this installation, in a professional role."""

    id: UUID
    username: str
    display_name: str
    police: bool
    disabled: bool
    roles: tuple[HeldRole, ...]
    keys: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Keys of one's own for the screens, by action; what is not in it is as it ships."""
    region: Region | None = None
    """Of which region's team the user is; None: no team in particular."""

    def has(self, role: UserRole) -> bool:
        """Whether the user holds this role, in whatever scope."""
        return any(held.role is role for held in self.roles)


@dataclass(frozen=True)
class NewUser:
    """What is needed to add someone. `pseudonym` is what recipients see of an expert."""

    username: str
    display_name: str
    pseudonym: str
    password: str
    roles: tuple[HeldRole, ...]
    police: bool = False
    languages: tuple[str, ...] = ("nl",)
    region: Region | None = None


def create(connection: Connection, new: NewUser) -> UUID:
    """Add a user with roles (as the owner). Raises UserNameTaken or PasswordTooShort."""
    if len(new.password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(f"a password has at least {SHORTEST_PASSWORD} characters; choose a longer one")
    found = connection.execute(
        text(
            "INSERT INTO seinpost.users (username, display_name, pseudonym, password_hash, police, languages, region)"
            " VALUES (:username, :display_name, :pseudonym, :hash, :police, :languages, :region)"
            " ON CONFLICT (username) DO NOTHING RETURNING id"
        ),
        {
            "username": new.username,
            "display_name": new.display_name,
            "pseudonym": new.pseudonym,
            "hash": _hasher.hash(new.password),
            "police": new.police,
            "languages": list(new.languages),
            "region": new.region,
        },
    ).scalar_one_or_none()
    if found is None:
        raise UserNameTaken(f"the user name {new.username} is taken; choose another")
    user_id = UUID(str(found))
    for held in new.roles:
        connection.execute(
            text(
                "INSERT INTO seinpost.user_roles (user_id, role, scope_kind, scope_id)"
                " VALUES (:user, :role, :scope_kind, :scope_id)"
            ),
            {"user": user_id, "role": held.role, "scope_kind": held.scope_kind, "scope_id": held.scope_id},
        )
    return user_id


def disable(connection: Connection, username: str, now: datetime) -> None:
    """Shut a user out at once: no log-in, and every open session ends (as the owner)."""
    found = connection.execute(
        text("UPDATE seinpost.users SET disabled_at = coalesce(disabled_at, :now) WHERE username = :name RETURNING id"),
        {"now": now, "name": username},
    ).scalar_one_or_none()
    if found is None:
        raise NoSuchUser(f"nobody is called {username}; see seinpost users list")
    connection.execute(text("DELETE FROM seinpost.web_sessions WHERE user_id = :user"), {"user": found})


def set_region(connection: Connection, username: str, region: Region | None, now: datetime) -> None:
    """Put a user in a region's team, or in none (as the owner), on the trail. Raises NoSuchUser."""
    found = connection.execute(
        text("UPDATE seinpost.users SET region = :region WHERE username = :name RETURNING id"),
        {"region": region, "name": username},
    ).scalar_one_or_none()
    if found is None:
        raise NoSuchUser(f"nobody is called {username}; see seinpost users list")
    trail.append(connection, "region_set", "user", str(found), now, {"region": region.value if region else "none"})


def listed(connection: Connection) -> list[User]:
    """Everybody, by user name."""
    return _select(connection, None)


def by_id(connection: Connection, user_id: UUID) -> User | None:
    """One user, or None when there is none."""
    found = _select(connection, user_id)
    return found[0] if found else None


def _select(connection: Connection, user_id: UUID | None) -> list[User]:
    rows = connection.execute(
        text(
            "SELECT u.id, u.username, u.display_name, u.police, u.disabled_at IS NOT NULL AS disabled, u.keys,"
            " u.region,"
            " coalesce(json_agg(json_build_array(r.role, r.scope_kind, r.scope_id)"
            "          ORDER BY r.role, r.scope_kind, r.scope_id) FILTER (WHERE r.role IS NOT NULL), '[]') AS roles"
            " FROM seinpost.users u LEFT JOIN seinpost.user_roles r ON r.user_id = u.id"
            " WHERE CAST(:id AS uuid) IS NULL OR u.id = :id GROUP BY u.id ORDER BY u.username"
        ),
        {"id": user_id},
    )
    return [
        User(
            row.id,
            row.username,
            row.display_name,
            row.police,
            row.disabled,
            _roles(row.roles),
            row.keys,
            Region(row.region) if row.region else None,
        )
        for row in rows
    ]


def keep_keys(connection: Connection, user_id: UUID, keys: Mapping[str, str]) -> None:
    """Keep the keys that a user chose for the screens, by action."""
    connection.execute(
        text("UPDATE seinpost.users SET keys = CAST(:keys AS jsonb) WHERE id = :user"),
        {"user": user_id, "keys": json.dumps(dict(keys))},
    )


def _roles(rows: Sequence[Sequence[str]]) -> tuple[HeldRole, ...]:
    return tuple(HeldRole(UserRole(role), ScopeKind(kind), scope) for role, kind, scope in rows)


def verify_password(connection: Connection, username: str, password: str) -> UUID | None:
    """The user behind a name and password, or None. Takes equally long whether or not the name exists."""
    row = connection.execute(
        text("SELECT id, password_hash, disabled_at FROM seinpost.users WHERE username = :name"), {"name": username}
    ).one_or_none()
    with _at_once:
        try:
            _hasher.verify(row.password_hash if row else _nobody, password)
        except (VerificationError, InvalidHashError):
            return None
    if row is None or row.disabled_at is not None:
        return None
    if _hasher.check_needs_rehash(row.password_hash):
        connection.execute(
            text("UPDATE seinpost.users SET password_hash = :hash WHERE id = :id"),
            {"hash": _hasher.hash(password), "id": row.id},
        )
    return UUID(str(row.id))
