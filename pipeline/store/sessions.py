"""Who is signed in, and how often signing in failed. Only hashes of cookies and names are kept.

Runs as the web server. It checks no password (`pipeline.store.users`) and sets no cookie (`review_ui.access`).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

IDLE = timedelta(minutes=45)
LONGEST = timedelta(hours=12)
FAILURES_ALLOWED = 5
FAILURE_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Session:
    """A signed-in browser: whose it is, and the token its forms must carry."""

    user_id: UUID
    csrf: str


def open_session(connection: Connection, user_id: UUID, now: datetime) -> str:
    """Start a session and give its cookie; never the one the browser came with, so that none can be planted."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        text(
            "INSERT INTO seinpost.web_sessions (token_hash, user_id, csrf, created_at, last_seen_at, expires_at)"
            " VALUES (:hash, :user, :csrf, :now, :now, :expires)"
        ),
        {
            "hash": _digest(token),
            "user": user_id,
            "csrf": secrets.token_urlsafe(24),
            "now": now,
            "expires": now + IDLE,
        },
    )
    connection.execute(text("DELETE FROM seinpost.web_sessions WHERE expires_at < :now"), {"now": now})
    return token


def session_of(connection: Connection, token: str, now: datetime) -> Session | None:
    """The live session behind a cookie, kept alive by being used; None when it is over."""
    # Written at most once a minute, so that reading pages stays reading.
    row = connection.execute(
        text(
            "WITH live AS (SELECT user_id, csrf FROM seinpost.session_user_of(:hash, :now)),"
            " kept AS (UPDATE seinpost.web_sessions SET last_seen_at = :now,"
            "   expires_at = least(CAST(:idle AS timestamptz), created_at + CAST(:longest AS interval))"
            "  WHERE token_hash = :hash AND last_seen_at < :minute_ago AND EXISTS (SELECT 1 FROM live))"
            " SELECT user_id, csrf FROM live"
        ),
        {
            "hash": _digest(token),
            "now": now,
            "idle": now + IDLE,
            "longest": LONGEST,
            "minute_ago": now - timedelta(minutes=1),
        },
    ).one_or_none()
    return Session(row.user_id, row.csrf) if row else None


def close_session(connection: Connection, token: str) -> None:
    """End a session; harmless when it has ended already."""
    connection.execute(text("DELETE FROM seinpost.web_sessions WHERE token_hash = :hash"), {"hash": _digest(token)})


def close_all(connection: Connection, user_id: UUID, but: str = "") -> None:
    """End every session of a user, in whatever browser, but the one with this cookie."""
    connection.execute(
        text("DELETE FROM seinpost.web_sessions WHERE user_id = :user AND token_hash <> :kept"),
        {"user": user_id, "kept": _digest(but)},
    )


def note_failure(connection: Connection, username: str, now: datetime) -> None:
    """Count a failed log-in under this name, whether or not anybody has it."""
    connection.execute(
        text("INSERT INTO seinpost.sign_in_failures (username_hash, failed_at) VALUES (:hash, :now)"),
        {"hash": _digest(username), "now": now},
    )


def locked_out(connection: Connection, username: str, now: datetime) -> bool:
    """Whether this name failed too often of late."""
    count: int = connection.execute(
        text("SELECT count(*) FROM seinpost.sign_in_failures WHERE username_hash = :hash AND failed_at > :since"),
        {"hash": _digest(username), "since": now - FAILURE_WINDOW},
    ).scalar_one()
    return count >= FAILURES_ALLOWED


def forget_failures(connection: Connection, username: str, now: datetime) -> None:
    """A good log-in wipes the name's failures; old ones of everybody go too."""
    connection.execute(
        text("DELETE FROM seinpost.sign_in_failures WHERE username_hash = :hash OR failed_at < :old"),
        {"hash": _digest(username), "old": now - FAILURE_WINDOW},
    )


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()
