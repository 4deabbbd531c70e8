"""Passkeys and the challenges they answer: at most five for each user, each challenge answered once and within minutes.

Runs as the web server. It verifies no signature (`review_ui.access.passkeys`) and keeps no private key: nobody has one
but the device.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text

MOST_PASSKEYS = 5
LONGEST_NAME = 40
CHALLENGE_LIVES = timedelta(minutes=5)
MOST_CHALLENGES = 10_000
"""Together. A flood of them ends there; the password goes on working."""


class TooManyPasskeys(Exception):
    """The user has as many passkeys as fit."""


class PasskeyTaken(Exception):
    """This passkey is known already, for whomever."""


class TooManyChallenges(Exception):
    """So many people (or one machine) are signing in with a passkey right now that no more is begun."""


class Purpose(StrEnum):
    """What a challenge is for; one that was given for the other is no answer."""

    SIGN_IN = "sign_in"
    REGISTER = "register"


@dataclass(frozen=True)
class Passkey:
    """A passkey as its owner sees it in the list."""

    id: UUID
    name: str
    added_at: datetime
    last_used_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True)
class NewPasskey:
    """What a device said about the key it made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class KnownPasskey:
    """What is needed to check an answer: whose it is, its public half, and how often it signed so far."""

    id: UUID
    user_id: UUID
    public_key: bytes
    sign_count: int
    usable: bool
    """Neither stopped, nor of somebody who was shut out."""


@dataclass(frozen=True)
class Challenge:
    """Random bytes that a device must sign, and the name that was typed for the key that is being made."""

    value: bytes
    name: str


def listed(connection: Connection, user_id: UUID) -> list[Passkey]:
    """This user's passkeys, in the order in which they were made."""
    rows = connection.execute(
        text(
            "SELECT id, name, added_at, last_used_at, stopped_at FROM seinpost.passkeys WHERE user_id = :user"
            " ORDER BY added_at, place"
        ),
        {"user": user_id},
    )
    return [Passkey(row.id, row.name, row.added_at, row.last_used_at, row.stopped_at) for row in rows]


def credential_ids(connection: Connection, user_id: UUID) -> list[bytes]:
    """By what name the devices know this user's keys, so that none makes a second one."""
    rows = connection.execute(
        text("SELECT credential_id FROM seinpost.passkeys WHERE user_id = :user"), {"user": user_id}
    )
    return [bytes(row.credential_id) for row in rows]


def add(connection: Connection, user_id: UUID, name: str, new: NewPasskey, now: datetime) -> UUID:
    """Keep one more, in the first free place. Raises TooManyPasskeys or PasskeyTaken."""
    found = connection.execute(
        text(
            "INSERT INTO seinpost.passkeys (user_id, place, name, credential_id, public_key, sign_count, added_at)"
            " SELECT :user, p, :name, :credential, :key, :count, :now FROM generate_series(1, :most) AS p"
            "  WHERE p NOT IN (SELECT place FROM seinpost.passkeys WHERE user_id = :user) ORDER BY p LIMIT 1"
            " ON CONFLICT DO NOTHING RETURNING id"
        ),
        {
            "user": user_id,
            "name": name,
            "credential": new.credential_id,
            "key": new.public_key,
            "count": new.sign_count,
            "now": now,
            "most": MOST_PASSKEYS,
        },
    ).scalar_one_or_none()
    if found is not None:
        return UUID(str(found))
    if len(listed(connection, user_id)) >= MOST_PASSKEYS:
        raise TooManyPasskeys(f"somebody has {MOST_PASSKEYS} passkeys at most; remove one first")
    raise PasskeyTaken("this passkey is known already; use it, or make another")


def remove(connection: Connection, user_id: UUID, key: UUID) -> bool:
    """Remove one of one's own keys; False when it is not there (any more)."""
    gone = connection.execute(
        text("DELETE FROM seinpost.passkeys WHERE id = :key AND user_id = :user"), {"key": key, "user": user_id}
    )
    return gone.rowcount == 1


def by_credential(connection: Connection, credential_id: bytes) -> KnownPasskey | None:
    """The key that a device names, before anybody is signed in; None for one that nobody has here."""
    row = connection.execute(
        text(
            "SELECT k.id, k.user_id, k.public_key, k.sign_count,"
            " k.stopped_at IS NULL AND u.disabled_at IS NULL AS usable"
            " FROM seinpost.passkeys k JOIN seinpost.users u ON u.id = k.user_id WHERE k.credential_id = :credential"
        ),
        {"credential": credential_id},
    ).one_or_none()
    return KnownPasskey(row.id, row.user_id, bytes(row.public_key), row.sign_count, row.usable) if row else None


def used(connection: Connection, key: UUID, sign_count: int, now: datetime) -> bool:
    """Note that a key signed somebody in; False when its count did not go on, or it was stopped or removed meanwhile.

    A device that does not count always says nought, which is allowed as long as it never said anything else.
    """
    noted = connection.execute(
        text(
            "UPDATE seinpost.passkeys SET sign_count = :count, last_used_at = :now WHERE id = :key"
            " AND stopped_at IS NULL AND (sign_count < :count OR (sign_count = 0 AND :count = 0))"
        ),
        {"key": key, "count": sign_count, "now": now},
    )
    return noted.rowcount == 1


def stop(connection: Connection, key: UUID, now: datetime) -> bool:
    """Let a key sign nobody in any more: perhaps there is a copy of it. False when it was stopped or gone already."""
    stopped = connection.execute(
        text("UPDATE seinpost.passkeys SET stopped_at = :now WHERE id = :key AND stopped_at IS NULL"),
        {"key": key, "now": now},
    )
    return stopped.rowcount == 1


def give_challenge(connection: Connection, purpose: Purpose, cookie: str, now: datetime, name: str = "") -> bytes:
    """A fresh challenge for one browser, in place of the one it had. Raises TooManyChallenges."""
    connection.execute(text("DELETE FROM seinpost.passkey_challenges WHERE expires_at <= :now"), {"now": now})
    living: int = connection.execute(text("SELECT count(*) FROM seinpost.passkey_challenges")).scalar_one()
    if living >= MOST_CHALLENGES:
        raise TooManyChallenges("too many passkeys at once; log in with the password, or try again in five minutes")
    challenge = secrets.token_bytes(32)
    connection.execute(
        text(
            "INSERT INTO seinpost.passkey_challenges (holder, purpose, challenge, name, expires_at)"
            " VALUES (:holder, :purpose, :challenge, :name, :expires) ON CONFLICT (holder, purpose) DO UPDATE"
            " SET challenge = excluded.challenge, name = excluded.name, expires_at = excluded.expires_at"
        ),
        {
            "holder": _digest(cookie),
            "purpose": purpose,
            "challenge": challenge,
            "name": name,
            "expires": now + CHALLENGE_LIVES,
        },
    )
    return challenge


def take_challenge(connection: Connection, purpose: Purpose, cookie: str, now: datetime) -> Challenge | None:
    """The challenge that this browser was given and did not answer yet; whatever comes of it, it is gone now."""
    row = connection.execute(
        text(
            "DELETE FROM seinpost.passkey_challenges WHERE holder = :holder AND purpose = :purpose"
            " RETURNING challenge, name, expires_at"
        ),
        {"holder": _digest(cookie), "purpose": purpose},
    ).one_or_none()
    return Challenge(bytes(row.challenge), row.name) if row and row.expires_at > now else None


def _digest(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()
