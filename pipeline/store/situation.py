"""The situation thread of a forwarded signal: what its recipients and the team tell each other while it lasts.

Words are masked before they are stored; the database decides who reads, who writes, and what a reader learns of who
spoke (`0018_situation.sql`). It tells nobody that there is a new line.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy import Connection, RowMapping, text
from sqlalchemy.exc import DBAPIError

from pipeline.store.attempts import sqlstate
from signals.masking import mask
from signals.referral import RecipientKind
from signals.situation import LONGEST_WORDS, ClosedMessage

SchoolsNamed = Callable[[str], Iterable[str]]
"""How words name schools, each name as it is written there (`forwarding.places.schools_named`)."""

_NOT_YOURS = "42501"
_SCHOOL = "[school]"


class NoSuchThread(Exception):
    """There is no thread here for this user, or words came from who chooses from the list; which is not told."""


class NothingChosen(Exception):
    """Neither a closed message nor words."""


class LineTooLong(Exception):
    """Free words beyond what one line holds, as typed or once masked."""


class Said(StrEnum):
    """What came of adding a line."""

    SAID = "said"
    AGAIN = "again"
    CLOSED = "closed"
    FULL = "full"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class Line:
    """One line. `kind` None: the team. `organisation` and `role` are None where the reader may not know them;
    `voice` tells two of one kind apart."""

    at: datetime
    kind: RecipientKind | None
    own: bool
    voice: int
    organisation: str | None
    role: str | None
    said: ClosedMessage | None
    body: str | None


@dataclass(frozen=True)
class Glance:
    """The thread without its lines. `goes_on`: a line can be added; `chooses`: only from the closed messages."""

    goes_on: bool
    chooses: bool
    lines: int
    latest: datetime | None


def glance(connection: Connection, referral_id: UUID) -> Glance | None:
    """The thread at a glance; None where this recipient takes no part in one. Run as seinpost_recipient."""
    row = connection.execute(
        text("SELECT * FROM seinpost.situation_at_a_glance(:referral)"), {"referral": referral_id}
    ).one_or_none()
    return Glance(**row._mapping) if row is not None else None


def lines_for(connection: Connection, referral_id: UUID) -> tuple[Line, ...]:
    """The thread as this recipient may read it; empty where it takes no part."""
    rows = connection.execute(
        text("SELECT * FROM seinpost.situation_to_me(:referral)"), {"referral": referral_id}
    ).mappings()
    return tuple(_line(row) for row in rows)


def lines_of(connection: Connection, signal_id: UUID) -> tuple[Line, ...]:
    """The thread as an expert of the signal reads it, with every organisation. Raises NoSuchThread."""
    if not connection.execute(
        text("SELECT seinpost.situation_open_to_team(:signal)"), {"signal": signal_id}
    ).scalar_one():
        raise NoSuchThread("there is no thread here for this user")
    rows = connection.execute(
        text(
            "SELECT l.at, coalesce(r.kind, 'team') AS kind, r.id IS NULL AS own, 1 AS voice, o.name AS organisation,"
            "       c.role_name, l.said, l.body"
            "  FROM seinpost.situation_lines l"
            "  LEFT JOIN seinpost.referrals r ON r.id = l.referral_id"
            "  LEFT JOIN seinpost.contacts c ON c.id = r.contact_id"
            "  LEFT JOIN seinpost.organisations o ON o.id = c.organisation_id"
            " WHERE l.signal_id = :signal ORDER BY l.number"
        ),
        {"signal": signal_id},
    ).mappings()
    return tuple(_line(row) for row in rows)


def goes_on(connection: Connection, signal_id: UUID) -> bool:
    """Whether anybody can still add a line."""
    open_: bool = connection.execute(
        text("SELECT seinpost.situation_goes_on(:signal)"), {"signal": signal_id}
    ).scalar_one()
    return open_


def say(
    connection: Connection,
    referral_id: UUID,
    key: UUID,
    code: ClosedMessage | None,
    words: str,
    now: datetime,
    schools_named: SchoolsNamed,
) -> Said:
    """Add a recipient's line; the same line under the same key stands once.

    Raises NoSuchThread, NothingChosen or LineTooLong.
    """
    statement = "SELECT seinpost.situation_say(:at_what, :key, :code, :words, :now)"
    return _say(connection, statement, referral_id, key, code, words, now, schools_named)


def say_as_team(
    connection: Connection,
    signal_id: UUID,
    key: UUID,
    code: ClosedMessage | None,
    words: str,
    now: datetime,
    schools_named: SchoolsNamed,
) -> Said:
    """Add the team's line, as `say` does."""
    statement = "SELECT seinpost.situation_say_as_team(:at_what, :key, :code, :words, :now)"
    return _say(connection, statement, signal_id, key, code, words, now, schools_named)


def _say(
    connection: Connection,
    statement: str,
    at_what: UUID,
    key: UUID,
    code: ClosedMessage | None,
    words: str,
    now: datetime,
    schools_named: SchoolsNamed,
) -> Said:
    plain = " ".join(words.split())
    if code is None and not plain:
        raise NothingChosen("choose a message, or write what you want to say")
    masked = _masked(plain, schools_named) if code is None else None
    if masked is not None and max(len(plain), len(masked)) > LONGEST_WORDS:
        raise LineTooLong(f"a line has at most {LONGEST_WORDS} characters")
    try:
        answer = connection.execute(
            text(statement),
            {"at_what": at_what, "key": uuid5(key, code or plain), "code": code, "words": masked, "now": now},
        ).scalar_one()
    except DBAPIError as error:
        if sqlstate(error) == _NOT_YOURS:
            raise NoSuchThread("there is no thread here for this user") from None
        raise
    if answer == Said.TOO_LONG:
        raise LineTooLong(f"a line has at most {LONGEST_WORDS} characters")
    return Said(answer)


def _masked(words: str, schools_named: SchoolsNamed) -> str:
    """Without persons, and without schools by the names that the gazetteer knows; the database takes out its own."""
    masked = mask(words).text
    for name in sorted(schools_named(masked), key=len, reverse=True):
        masked = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _SCHOOL, masked, flags=re.IGNORECASE)
    return masked


def _line(row: RowMapping) -> Line:
    return Line(
        at=row["at"],
        kind=None if row["kind"] == "team" else RecipientKind(row["kind"]),
        own=row["own"],
        voice=row["voice"],
        organisation=row["organisation"],
        role=row["role_name"],
        said=ClosedMessage(row["said"]) if row["said"] else None,
        body=row["body"],
    )
