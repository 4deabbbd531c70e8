"""The level of a post from its flag, category and facts: the table of the labelling guide, top row that fits."""

from datetime import datetime, timedelta

from signals.analysis import TimeWindow
from signals.label import Category, Level

ACUTE_CATEGORIES = frozenset({Category.THREAT, Category.WEAPON, Category.CONFRONTATION})
ACUTE_WITHIN = timedelta(hours=24)


def level(*, flagged: bool, category: Category, aim: bool, time: bool, call: bool, within_a_day: bool) -> Level:
    """`aim`: place or target known; `time` and `call`: such a fact is there; `within_a_day`: now or within 24 hours."""
    if not flagged:
        return Level.UITING
    if category in ACUTE_CATEGORIES and within_a_day and aim:
        return Level.ACUUT
    if aim and (time or call):
        return Level.CONCREET
    return Level.AANDACHT


def within_a_day(window: TimeWindow | None, moment: datetime) -> bool:
    """Whether any part of the window lies between the moment of posting and 24 hours later."""
    return window is not None and window.start <= moment + ACUTE_WITHIN and window.end >= moment
