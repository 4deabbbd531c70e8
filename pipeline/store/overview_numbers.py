"""How many signals came in a day or week, by level, category or how they ended. No place, source or reader is counted.

The database decides what may be told: exact numbers to experts, and to others only weeks in which nothing can be found
by subtracting (`0012_overview.sql` says how).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, text


class By(StrEnum):
    """What the signals of a period are told apart by."""

    LEVEL = "level"
    CATEGORY = "category"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Number:
    """So many signals of one label in one period; None where they are fewer than ten and may not be told.

    An empty label: this period is not told in this way.
    """

    period: date
    label: str
    signals: int | None


def numbers(connection: Connection, since: date, by: By, weekly: bool) -> list[Number]:
    """The numbers from a day on, as far as the acting user may know them; none for today."""
    rows = connection.execute(
        text("SELECT period, label, signals FROM seinpost.signal_numbers(:since, :weekly, :by)"),
        {"since": since, "weekly": weekly, "by": by.value},
    )
    return [Number(row.period, row.label, row.signals) for row in rows]


def exact(connection: Connection) -> bool:
    """Whether the acting user is told every number."""
    return bool(connection.execute(text("SELECT seinpost.counts_exactly()")).scalar_one())


def count_days(connection: Connection, now: datetime) -> int:
    """Count the days that changed since the last time; how many. Run with the retention, as its role."""
    return int(connection.execute(text("SELECT seinpost.count_signal_days(:now)"), {"now": now}).scalar_one())
