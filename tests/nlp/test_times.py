"""Which moment a time expression points to, seen from Thursday 12 March 2026, five past one in the afternoon."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalise import fold
from nlp.times import find_times, soonest

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 12, 13, 5, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("text", "span", "start", "end"),
    [
        ("kom morgen half 4 naar het plein", "morgen half 4", "13 15:30", "13 16:15"),
        ("vrijdag na school", "vrijdag na school", "13 13:00", "13 17:30"),
        ("straks", "straks", "12 13:05", "12 19:05"),
        ("zaterdagavond", "zaterdagavond", "14 18:00", "14 23:59"),
        ("plein 14:30", "14:30", "12 14:30", "12 15:15"),
        ("vandaag om 15.30 uur", "vandaag om 15.30 uur", "12 15:30", "12 16:15"),
        ("vanavond 9 uur", "vanavond 9 uur", "12 21:00", "12 21:45"),
        ("kwart voor 3", "kwart voor 3", "12 14:45", "12 15:30"),
        ("tomorrow after school", "tomorrow after school", "13 13:00", "13 17:30"),
        ("at 3pm", "at 3pm", "12 15:00", "12 15:45"),
        ("tonight", "tonight", "12 18:00", "12 23:59"),
        ("over een kwartier", "over een kwartier", "12 13:16", "12 13:27"),
        ("volgende week", "volgende week", "16 00:00", "22 23:59"),
        ("morgenochtend", "morgenochtend", "13 06:00", "13 12:00"),
    ],
)
def test_an_expression_becomes_an_interval(text: str, span: str, start: str, end: str) -> None:
    [mention] = find_times(fold(text), NOW)
    assert text[mention.start : mention.end] == span
    assert mention.window is not None
    assert mention.window.start.strftime("%d %H:%M") == start
    assert mention.window.end.strftime("%d %H:%M") == end
    assert not mention.past


@pytest.mark.parametrize(
    "text", ["gisteren", "vorige week", "5 jaar geleden", "in 2019", "yesterday", "2 weeks ago", "ooit"]
)
def test_what_is_past_points_to_no_coming_moment(text: str) -> None:
    assert soonest(find_times(fold(text), NOW)) is None


def test_the_soonest_coming_moment_wins() -> None:
    window = soonest(find_times("gisteren niks, zaterdag ook niet, morgen wel", NOW))
    assert window is not None
    assert window.start.day == 13


def test_a_night_over_the_change_to_summer_time_keeps_the_wall_clock() -> None:
    window = soonest(find_times("morgen 14:30", datetime(2026, 3, 28, 12, 0, tzinfo=AMSTERDAM)))
    assert window is not None
    assert window.start.utcoffset() != datetime(2026, 3, 28, 12, 0, tzinfo=AMSTERDAM).utcoffset()
    assert (window.start.hour, window.start.minute) == (14, 30)


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    for mention in find_times(fold(text), NOW):
        assert 0 <= mention.start < mention.end <= len(text)


@given(st.from_regex(r"(op )?[0-9]{1,2}(e|:[0-9]{2})? ?(uur|maart|februari|min|pm)?( half [0-9])?", fullmatch=True))
def test_no_number_breaks_it(text: str) -> None:
    find_times(fold(text), NOW)
