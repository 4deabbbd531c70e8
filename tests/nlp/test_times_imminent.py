"""What points to the next two days: by the times a text names, and where it names none by the encoder's word."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nlp.imminent import imminent
from nlp.normalise import fold
from nlp.times import find_times

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))
"""A Thursday."""


def _imminent(text: str, likely: float | None = None) -> bool:
    folded = fold(text)
    return imminent(folded, find_times(folded, NOW), NOW, likely)


@pytest.mark.parametrize(
    "text",
    ["morgen bij het plein", "vanavond 9 uur", "zesde uur is het klaar", "zaterdag 12:00", "over 10 min", "straks"],
)
@pytest.mark.parametrize("likely", [None, 0.1, 0.9])
def test_a_named_moment_within_two_days_decides(text: str, likely: float | None) -> None:
    assert _imminent(text, likely)


@pytest.mark.parametrize("text", ["volgende week vrijdag", "zaterdag over 2 weken", "12 mei om 3 uur", "maandag"])
@pytest.mark.parametrize("likely", [None, 0.1, 0.9])
def test_a_named_moment_further_off_decides_too(text: str, likely: float | None) -> None:
    assert not _imminent(text, likely)


@pytest.mark.parametrize("text", ["elke maandag bij de poort", "gisteren was het raak", "altijd na school"])
def test_habits_and_the_past_are_not_imminent(text: str) -> None:
    assert not _imminent(text)
    assert not _imminent(text, 0.4)


@pytest.mark.parametrize(("likely", "expected"), [(None, False), (0.1, False), (0.9, True)])
def test_where_no_time_is_named_the_encoder_decides(likely: float | None, expected: bool) -> None:
    assert _imminent("ze rennen met stokken naar de bussen", likely) is expected


def test_what_goes_on_now_needs_less_of_the_encoder() -> None:
    assert _imminent("zijn broers zijn onderweg", 0.35)
    assert not _imminent("zijn broers zijn boos", 0.35)


def test_a_bare_now_needs_some_of_the_encoder() -> None:
    assert not _imminent("hij draagt nu een pet", 0.05)
    assert _imminent("hij draagt nu een pet", 0.6)
