"""A school that is stuck asks OTSV or AcVZ for support: asking, what both sides see, the steps, and closing.

The database decides who takes part (`0024_support_and_regions.sql`). Run as seinpost_recipient. It tells counts and
kinds of what was forwarded, never a signal, and it compares no school with another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pipeline.store.attempts import sqlstate
from signals.label import Category
from signals.referral import RecipientKind
from signals.support import SupportOutcome, SupportReason, SupportStep

_NOT_YOURS = "42501"


class NoSuchSupport(Exception):
    """There is no such open request, step or school for this user; which of these is not told."""


class Side(StrEnum):
    """As what somebody takes part."""

    SCHOOL = "school"
    ESCALATION = "escalation"


class Asked(StrEnum):
    """What came of asking."""

    ASKED = "asked"
    AGAIN = "again"
    OPEN = "open"
    NOBODY = "nobody"
    TOO_OFTEN = "too_often"


class Added(StrEnum):
    """What came of adding a step."""

    ADDED = "added"
    AGAIN = "again"
    FULL = "full"
    WRONG_DAY = "wrong_day"


@dataclass(frozen=True)
class OwnSchool:
    """A school for which the acting user may ask, with the ids of the places that its contacts serve."""

    id: UUID
    name: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Helper:
    """Who is asked: an organisation and a role, no person."""

    name: str
    role: str


@dataclass(frozen=True)
class SupportRequest:
    """One open request as one of both sides sees it. `role` is the school's own contact."""

    id: UUID
    side: Side
    school_id: UUID
    school: str
    role: str
    why: SupportReason
    asked_at: datetime
    ends_at: datetime
    steps: int
    done: int


@dataclass(frozen=True)
class Count:
    """So many signals. None: a kind that the reader or the school was not told."""

    category: Category | None
    number: int


@dataclass(frozen=True)
class Step:
    """What was agreed: who sees to it, and by when."""

    id: UUID
    kind: SupportStep
    owner: RecipientKind
    due_on: date
    done_at: datetime | None


def own_schools(connection: Connection) -> tuple[OwnSchool, ...]:
    """The schools of the acting user that may ask."""
    rows = connection.execute(text("SELECT organisation, name, places FROM seinpost.support_schools()"))
    return tuple(OwnSchool(row.organisation, row.name, tuple(row.places)) for row in rows)


def helpers(connection: Connection, school: UUID, around: Iterable[str]) -> tuple[Helper, ...]:
    """Who would be asked, for a school that lies in these places. Empty for a school of somebody else."""
    rows = connection.execute(
        text("SELECT name, role_name FROM seinpost.support_helpers(:school, CAST(:around AS text[]))"),
        {"school": school, "around": sorted(set(around))},
    )
    return tuple(Helper(row.name, row.role_name) for row in rows)


def ask(
    connection: Connection, key: UUID, school: UUID, around: Iterable[str], why: SupportReason, now: datetime
) -> Asked:
    """Ask for support; the same form sent twice asks once. Everybody who is asked gets a notice without content.

    Raises NoSuchSupport for a school of somebody else.
    """
    return Asked(
        _call(
            connection,
            "SELECT seinpost.support_ask(:key, :school, CAST(:around AS text[]), :why, :now)",
            {"key": key, "school": school, "around": sorted(set(around)), "why": why, "now": now},
        )
    )


def mine(connection: Connection) -> tuple[SupportRequest, ...]:
    """Every open request that the acting user takes part in, in the order of asking."""
    rows = connection.execute(text("SELECT * FROM seinpost.support_mine()"))
    return tuple(
        SupportRequest(
            id=row.id,
            side=Side(row.side),
            school_id=row.organisation,
            school=row.school,
            role=row.role_name,
            why=SupportReason(row.why),
            asked_at=row.asked_at,
            ends_at=row.ends_at,
            steps=row.steps,
            done=row.done,
        )
        for row in rows
    )


def one(connection: Connection, request: UUID) -> SupportRequest:
    """One of them. Raises NoSuchSupport."""
    found = next((each for each in mine(connection) if each.id == request), None)
    if found is None:
        raise NoSuchSupport("there is no such request for this user")
    return found


def asked(connection: Connection, request: UUID) -> tuple[Helper, ...]:
    """Who was asked; empty for who takes no part."""
    rows = connection.execute(
        text("SELECT name, role_name FROM seinpost.support_people(:request)"), {"request": request}
    )
    return tuple(Helper(row.name, row.role_name) for row in rows)


def counts(connection: Connection, request: UUID) -> tuple[Count, ...]:
    """How many signals the school was sent in the last 90 days, by kind; empty for who takes no part."""
    rows = connection.execute(
        text("SELECT category, number FROM seinpost.support_counts(:request)"), {"request": request}
    )
    return tuple(Count(Category(row.category) if row.category else None, row.number) for row in rows)


def steps(connection: Connection, request: UUID) -> tuple[Step, ...]:
    """The steps, what is due first on top and what is done below; empty for who takes no part."""
    rows = connection.execute(text("SELECT * FROM seinpost.support_steps_of(:request)"), {"request": request})
    return tuple(Step(row.id, SupportStep(row.kind), RecipientKind(row.owner), row.due_on, row.done_at) for row in rows)


def add_step(
    connection: Connection,
    request: UUID,
    key: UUID,
    kind: SupportStep,
    owner: RecipientKind,
    due_on: date,
    now: datetime,
) -> Added:
    """Agree on a step; the same form sent twice adds one. Raises NoSuchSupport."""
    return Added(
        _call(
            connection,
            "SELECT seinpost.support_step_add(:request, :key, :kind, :owner, :due, :now)",
            {"request": request, "key": key, "kind": kind, "owner": owner, "due": due_on, "now": now},
        )
    )


def set_done(connection: Connection, step: UUID, done: bool, now: datetime) -> None:
    """A step is done, or not after all; a repeat changes nothing. Raises NoSuchSupport."""
    _call(connection, "SELECT seinpost.support_step_done(:step, :done, :now)", {"step": step, "done": done, "now": now})


def close(connection: Connection, request: UUID, how: SupportOutcome, now: datetime) -> None:
    """End a request: from now on neither side sees it. Raises NoSuchSupport."""
    _call(
        connection, "SELECT seinpost.support_close(:request, :how, :now)", {"request": request, "how": how, "now": now}
    )


def _call(connection: Connection, statement: str, values: dict[str, object]) -> str:
    try:
        return str(connection.execute(text(statement), values).scalar_one())
    except DBAPIError as error:
        if sqlstate(error) == _NOT_YOURS:
            raise NoSuchSupport("there is no such request, step or school for this user") from None
        raise
