"""A reader's own settings and how much this reader read today; a row is seen by nobody else (row-level security).

Run as an expert. It judges nobody: no other reader's readings can be asked for here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from signals.label import Category, Lang

SMALLEST_BUDGET, LARGEST_BUDGET = 1, 60
SHORTEST_STRETCH, LONGEST_STRETCH = timedelta(minutes=10), timedelta(minutes=180)


@dataclass(frozen=True)
class ReaderSettings:
    """What somebody reads, and how much. `avoided` are topics that are offered to others where possible."""

    languages: frozenset[Lang]
    budget: int = 15
    break_after: timedelta = timedelta(minutes=45)
    avoided: frozenset[Category] = frozenset()


class NoLanguage(Exception):
    """A reader reads at least one language."""


@dataclass(frozen=True)
class Desk:
    """This reader's settings, the languages that colleagues list, and the moments of today's readings in order."""

    settings: ReaderSettings
    read_by_others: frozenset[Lang]
    read_at: tuple[datetime, ...]

    @property
    def left_to_others(self) -> frozenset[Lang]:
        """Languages that this reader does not read and some colleague does."""
        return self.read_by_others - self.settings.languages


def desk(connection: Connection, since: datetime) -> Desk:
    """Everything a page asks about its own reader, in one question; readings since `since`, at most 200."""
    return desk_of(connection.execute(text("SELECT * FROM seinpost.my_reading(:since)"), {"since": since}).one())


def desk_of(row: Row[Any]) -> Desk:
    """A desk from a row of `my_reading`, which others ask for beside their own."""
    settings = ReaderSettings(
        languages=_languages(row.languages),
        budget=row.budget or 15,
        break_after=timedelta(minutes=row.break_minutes or 45),
        avoided=frozenset(Category(code) for code in row.avoided or ()),
    )
    return Desk(settings, _languages(row.read_by_others), tuple(row.read_at or ()))


def save(connection: Connection, reader: UUID, settings: ReaderSettings) -> None:
    """Keep the reader's own settings. Raises NoLanguage; numbers outside their bounds are brought inside."""
    if not settings.languages:
        raise NoLanguage("choose at least one language")
    budget = min(max(settings.budget, SMALLEST_BUDGET), LARGEST_BUDGET)
    stretch = min(max(settings.break_after, SHORTEST_STRETCH), LONGEST_STRETCH)
    connection.execute(
        text("UPDATE seinpost.users SET languages = :languages WHERE id = :reader"),
        {"languages": sorted(lang.value for lang in settings.languages), "reader": reader},
    )
    connection.execute(
        text(
            "INSERT INTO seinpost.reader_settings (user_id, budget, break_minutes, avoided)"
            " VALUES (:reader, :budget, :minutes, :avoided)"
            " ON CONFLICT (user_id) DO UPDATE SET budget = excluded.budget,"
            "   break_minutes = excluded.break_minutes, avoided = excluded.avoided"
        ),
        {
            "reader": reader,
            "budget": budget,
            "minutes": stretch // timedelta(minutes=1),
            "avoided": sorted(topic.value for topic in settings.avoided - {Category.NONE}),
        },
    )


def _languages(codes: list[str] | None) -> frozenset[Lang]:
    # The command line takes any word for a language; one that no text can have is no preference.
    known = {lang.value for lang in Lang}
    return frozenset(Lang(code) for code in codes or () if code in known)
