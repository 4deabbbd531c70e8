"""Months as the sheets count them: from the first to the last moment in the team's own time zone. It asks no clock."""

from datetime import date, datetime

from pipeline.store.period_numbers import Period
from review_ui.staffing import HOME


class NoSuchMonth(Exception):
    """A month is written as 2026-11, and lies between 2000 and 2199."""


def month_of(words: str) -> date:
    """The first day of a month written as '2026-11'. Raises NoSuchMonth."""
    try:
        first = date.fromisoformat(f"{words}-01")
    except ValueError:
        raise NoSuchMonth("write a month as 2026-11") from None
    if not 2000 <= first.year < 2200:
        raise NoSuchMonth("write a month as 2026-11")
    return first


def written(month: date) -> str:
    """A month as `month_of` reads it."""
    return f"{month:%Y-%m}"


def after(month: date, steps: int = 1) -> date:
    """So many months on; negative: back."""
    number = month.year * 12 + month.month - 1 + steps
    return date(number // 12, number % 12 + 1, 1)


def period(first: date, last: date) -> Period:
    """From the first moment of one month up to the first moment after another."""
    return Period(_midnight(first), _midnight(after(last)))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HOME)
