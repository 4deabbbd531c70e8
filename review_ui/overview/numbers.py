"""Numbers over time as a table: a row for each day or week, a column for each label. Pure; it hides and shows nothing.

What may be told was decided in the database. A number that is None there stays None here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.store.overview_numbers import By, Number
from signals.label import LEVEL_ORDER, Category

DAYS, WEEKS = 28, 26
"""How far back the page looks."""
LABELS: dict[By, tuple[str, ...]] = {
    By.LEVEL: tuple(LEVEL_ORDER),
    By.CATEGORY: tuple(Category),
    By.OUTCOME: ("open", "confirmed", "rejected", "expired"),
}


@dataclass(frozen=True)
class Row:
    """One day or week, a cell for each column; `told` is false where it may not be told in this way."""

    period: date
    cells: tuple[int | None, ...]
    told: bool


@dataclass(frozen=True)
class Table:
    """Newest row first; only labels that occur have a column."""

    by: By
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def monday(day: date) -> date:
    """The first day of a week."""
    return day - timedelta(days=day.weekday())


def since(today: date, weekly: bool) -> date:
    """The first day that a page of today asks for."""
    return monday(today) - timedelta(weeks=WEEKS) if weekly else today - timedelta(days=DAYS)


def table(numbers: Iterable[Number], by: By, weekly: bool, today: date, exact: bool) -> Table:
    """The table of these numbers, without the week that is going on: half a week looks like a fall.

    Who is told everything sees a row without signals as noughts; to others only the weeks between the first and the
    last that were told have a row.
    """
    end = monday(today) if weekly else today
    found = {(one.period, one.label): one.signals for one in numbers if one.period < end}
    columns = tuple(label for label in LABELS[by] if any(label == known for _, known in found))
    return Table(by, columns, tuple(_row(period, columns, found) for period in _periods(found, weekly, end, exact)))


def _periods(found: Iterable[tuple[date, str]], weekly: bool, end: date, exact: bool) -> Sequence[date]:
    known = sorted({period for period, _ in found})
    if not known:
        return []
    step = timedelta(weeks=1) if weekly else timedelta(days=1)
    last = end - step if exact else known[-1]
    return [last - step * back for back in range((last - known[0]) // step + 1)]


def _row(period: date, columns: Sequence[str], found: dict[tuple[date, str], int | None]) -> Row:
    told = (period, "") not in found
    return Row(period, tuple(found.get((period, label), 0) if told else None for label in columns), told)
