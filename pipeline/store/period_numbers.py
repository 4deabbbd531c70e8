"""Numbers of a period for the meeting's sheets and the monthly report: what came, what was done, what helped.

The database decides how much of them the acting user is told (`0020_period_numbers.sql`). No content, no person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pipeline.store.attempts import sqlstate

_TOO_SOON = "22023"


class NotToldYet(Exception):
    """Who does not read signals is told one whole month at a time, a week after it ended."""


@dataclass(frozen=True)
class Counted:
    """So many of one label in one section. `number` None: fewer than ten, which this reader is not told."""

    section: str
    label: str
    number: int | None


@dataclass(frozen=True)
class Period:
    """From one moment up to another."""

    starts: datetime
    ends: datetime


def numbers(connection: Connection, period: Period, places: Sequence[str] | None, exact: bool) -> list[Counted]:
    """Every number of a period, of signals at one of these places (None: of all). `exact` is granted to who may.

    Raises NotToldYet.
    """
    rows = _ask(
        connection,
        "SELECT section, label, number FROM seinpost.period_numbers(:starts, :ends, CAST(:places AS text[]), :exact)",
        period,
        {"places": list(places) if places is not None else None, "exact": exact},
    )
    return [Counted(row.section, row.label, row.number) for row in rows]


def districts(
    connection: Connection, period: Period, district_of: Mapping[str, str], exact: bool
) -> list[tuple[str, int | None]]:
    """How many signals of a period named a place in each district, by name; `district_of` says where a place lies.

    A signal that names places in two districts counts in both. Raises NotToldYet.
    """
    rows = _ask(
        connection,
        "SELECT district, number FROM seinpost.period_districts(:starts, :ends, CAST(:places AS text[]),"
        " CAST(:districts AS text[]), :exact)",
        period,
        {"places": list(district_of), "districts": list(district_of.values()), "exact": exact},
    )
    return [(row.district, row.number) for row in rows]


def places_named(connection: Connection, place_id: str) -> list[str]:
    """A corridor: the place itself and the schools that it concerns. Run as an expert."""
    rows = connection.execute(
        text("SELECT school_id FROM seinpost.corridors WHERE place_id = :place ORDER BY school_id"), {"place": place_id}
    )
    return [place_id, *(row.school_id for row in rows)]


def corridor_places(connection: Connection) -> list[str]:
    """The places that have a list of schools. Run as an expert."""
    rows = connection.execute(text("SELECT DISTINCT place_id FROM seinpost.corridors ORDER BY place_id LIMIT 500"))
    return [row.place_id for row in rows]


def _ask(connection: Connection, statement: str, period: Period, more: Mapping[str, object]) -> list[Any]:
    values = {"starts": period.starts, "ends": period.ends, **more}
    try:
        return list(connection.execute(text(statement), values))
    except DBAPIError as error:
        if sqlstate(error) == _TOO_SOON:
            raise NotToldYet("only one whole month is told, a week after it ended") from None
        raise
