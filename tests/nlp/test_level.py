"""The table of levels, row by row."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nlp.level import level, within_a_day
from signals.analysis import TimeWindow
from signals.label import Category, Level

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize(
    ("flagged", "category", "aim", "time", "call", "soon", "expected"),
    [
        (False, Category.NONE, True, True, True, True, Level.UITING),
        (True, Category.THREAT, True, True, False, True, Level.ACUUT),
        (True, Category.WEAPON, True, True, False, True, Level.ACUUT),
        (True, Category.CONFRONTATION, True, True, True, True, Level.ACUUT),
        (True, Category.DRUGS, True, True, True, True, Level.CONCREET),
        (True, Category.THREAT, True, True, False, False, Level.CONCREET),
        (True, Category.EXTORTION, True, False, True, False, Level.CONCREET),
        (True, Category.THREAT, False, True, True, True, Level.AANDACHT),
        (True, Category.THREAT, True, False, False, False, Level.AANDACHT),
    ],
)
def test_the_top_row_that_fits_gives_the_level(
    flagged: bool, category: Category, aim: bool, time: bool, call: bool, soon: bool, expected: Level
) -> None:
    found = level(flagged=flagged, category=category, aim=aim, time=time, call=call, within_a_day=soon)
    assert found is expected


@pytest.mark.parametrize(("hours", "within"), [(0, True), (23, True), (25, False), (-3, False)])
def test_any_part_within_24_hours_counts_as_soon(hours: int, within: bool) -> None:
    start = NOW + timedelta(hours=hours)
    window = TimeWindow(start=start, end=start + timedelta(hours=1), confidence=0.8)
    assert within_a_day(window, NOW) is within


def test_no_window_is_not_soon() -> None:
    assert not within_a_day(None, NOW)
