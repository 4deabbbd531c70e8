"""What holds for any text at any moment: no crash, offsets inside, ordered intervals, one answer, linear time."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.normalise import fold
from nlp.times import find_times, soonest
from nlp.times.lexicon import WORDS

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_MOMENTS = st.integers(-62_000_000_000, 253_000_000_000).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
_NEAR_CHANGES = st.one_of(
    st.integers(0, 6 * 3600).map(lambda s: datetime(2026, 3, 28, 22, tzinfo=UTC) + timedelta(seconds=s)),
    st.integers(0, 6 * 3600).map(lambda s: datetime(2026, 10, 24, 22, tzinfo=UTC) + timedelta(seconds=s)),
)
_TIMELY = st.lists(
    st.one_of(
        st.sampled_from(sorted(WORDS)),
        st.integers(0, 2100).map(str),
        st.sampled_from(
            ["14:30", "2.30", "12/5", "31-02", "30-2-2026", "3e", "24u", "25:00", ",", ".", "-", "/", "t/m"]
        ),
    ),
    max_size=14,
).map(" ".join)
_TEXTS = st.one_of(st.text(max_size=200), _TIMELY)


@settings(deadline=None, max_examples=400)
@given(_TEXTS, st.one_of(_MOMENTS, _NEAR_CHANGES))
def test_any_text_at_any_moment(text: str, moment: datetime) -> None:
    last = 0
    mentions = find_times(fold(text), moment)
    for mention in mentions:
        assert last <= mention.start < mention.end <= len(text)
        last = mention.end
        if mention.window:
            assert mention.window.start.astimezone(UTC) <= mention.window.end.astimezone(UTC)
            assert mention.past or mention.window.end.astimezone(UTC) >= moment
        assert not (mention.habit and mention.window)
    soonest(mentions)


@settings(deadline=None, max_examples=200)
@given(_TIMELY, _NEAR_CHANGES)
def test_the_zone_that_the_moment_is_written_in_changes_nothing(text: str, moment: datetime) -> None:
    assert find_times(fold(text), moment) == find_times(fold(text), moment.astimezone(AMSTERDAM))


@settings(deadline=None, max_examples=200)
@given(st.from_regex(r"(op )?[0-9]{1,2}(e|:[0-9]{2})? ?(uur|maart|februari|min|pm)?( half [0-9])?", fullmatch=True))
def test_no_number_breaks_it(text: str) -> None:
    find_times(fold(text), datetime(2026, 3, 12, 12, 5, tzinfo=UTC))


_PIECES = ["1", "#", " ", "om ", "1-", "12:00-", "half 4 ", "elke ", "morgen ", "a'", "#vandaag", "\n", "١"]


@pytest.mark.parametrize("piece", _PIECES)
def test_a_long_text_takes_no_more_than_linear_time(piece: str) -> None:
    """Eight times the text takes about eight times as long; a quadratic step would take sixty-four."""
    _seconds(piece, 5_000)
    short = max(_seconds(piece, 10_000), 0.01)
    assert _seconds(piece, 80_000) < 30 * short


@pytest.mark.parametrize("piece", ["1", "#", " ", "om ", "1-"])
def test_five_million_characters_do_not_keep_it_busy(piece: str) -> None:
    assert _seconds(piece, 5_000_000) < 60


def _seconds(piece: str, length: int) -> float:
    text = (piece * (length // len(piece) + 1))[:length]
    begun = time.process_time()
    find_times(text, datetime(2026, 3, 12, 12, 5, tzinfo=UTC))
    return time.process_time() - begun
