"""What the quality page asks of the database: counts and times that name no reader and no signal.

The functions behind it answer who reads, decides or supervises, and nobody else. It computes no measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from signals.label import Category, Level
from signals.referral import Feedback

MOST_WAITS = 20_000


@dataclass(frozen=True)
class Pair:
    """How a first and a blind second reader judged a signal, and how often in a month."""

    month: date
    verdicts: tuple[str, str]
    categories: tuple[str, str]
    levels: tuple[str, str]
    number: int


@dataclass(frozen=True)
class Drawn:
    """Rejections drawn for a second reading, by how they ended."""

    by_chance: bool
    outcome: str
    number: int


@dataclass(frozen=True)
class WaitedForEyes:
    """One signal's wait: opened at some moment, or watched until `until` without anyone opening it."""

    level: Level
    queued_at: datetime
    opened_at: datetime | None
    until: datetime


@dataclass(frozen=True)
class SampleDay:
    """One day of the blind sample. `unflagged` is not known until the day is over."""

    day: date
    taken: int
    read: int
    actionable: int
    lapsed: int
    unflagged: int | None


def pairs(connection: Connection, since: datetime) -> list[Pair]:
    """First and second readings since a moment, counted by how they judged."""
    rows = connection.execute(text("SELECT * FROM seinpost.reading_pairs(:since)"), {"since": since})
    return [
        Pair(
            row.month,
            (row.first_verdict, row.second_verdict),
            (row.first_category, row.second_category),
            (row.first_level, row.second_level),
            row.pairs,
        )
        for row in rows
    ]


def drawn(connection: Connection, since: datetime) -> list[Drawn]:
    """Second readings of rejections since a moment."""
    rows = connection.execute(text("SELECT * FROM seinpost.second_reading_counts(:since)"), {"since": since})
    return [Drawn(row.by_chance, row.outcome, row.readings) for row in rows]


def waits(connection: Connection, since: datetime, now: datetime) -> list[WaitedForEyes]:
    """How long signals queued since a moment waited for the first pair of eyes; the newest ones, bounded."""
    rows = connection.execute(
        text("SELECT * FROM seinpost.waits_for_eyes(:since, :now, :most)"),
        {"since": since, "now": now, "most": MOST_WAITS},
    )
    return [WaitedForEyes(Level(row.level), row.queued_at, row.opened_at, row.until) for row in rows]


def sample_days(connection: Connection, since: date) -> Sequence[SampleDay]:
    """The blind sample, day by day, after a date."""
    rows = connection.execute(text("SELECT * FROM seinpost.sampled_days(:since)"), {"since": since})
    return [SampleDay(**row._mapping) for row in rows]


@dataclass(frozen=True)
class OutcomeCount:
    """How often recipients answered so about signals of one kind in a month."""

    month: date
    category: Category
    outcome: Feedback
    number: int


def outcomes(connection: Connection, since: datetime) -> list[OutcomeCount]:
    """What recipients fed back since a moment, counted; no recipient, signal or place."""
    rows = connection.execute(text("SELECT * FROM seinpost.outcome_counts(:since)"), {"since": since})
    return [OutcomeCount(row.month, Category(row.category), Feedback(row.outcome), row.answers) for row in rows]


def posts_confirmed(connection: Connection, since: datetime, until: datetime) -> int:
    """Posts behind signals that were queued in a period and that two readers confirmed, tips left out."""
    number: int = connection.execute(
        text("SELECT seinpost.posts_confirmed(:since, :until)"), {"since": since, "until": until}
    ).scalar_one()
    return number
