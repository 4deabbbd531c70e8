"""What a source usually brings is learned by hour of the week; silence is an alarm when it is too improbable."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.health import HealthState
from collectors.health_rhythm import (
    IMPROBABLE,
    LEARNED_HOURS,
    SHORTEST_SILENCE,
    Rhythm,
    alarm_at,
    burst,
    expected,
    heard,
    hour_of_week,
    rates,
    seen_in_a_day,
)

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
MONDAY = datetime(2026, 11, 1, 23, 0, tzinfo=UTC)
"""Monday 0:00 where the posters live."""
OK, QUIET = HealthState.OK, HealthState.NOTHING_NEW


def posts_an_hour(moment: datetime) -> int:
    """An invented source: nothing at night, one an hour by day, eight on Friday and Saturday evening."""
    hour = hour_of_week(moment) % 24
    if hour in range(1, 8):
        return 0
    return 8 if hour >= 19 and hour_of_week(moment) // 24 in (4, 5) else 1


def improbability(rhythm: Rhythm, start: datetime, end: datetime) -> float:
    """The Poisson tail at zero between two moments, worked out here from what is expected."""
    return math.exp(-expected(rhythm, start, end) / burst(rhythm))


def watched(days: float, until_dead: datetime | None = None) -> tuple[Rhythm, datetime, datetime]:
    """The source watched every quarter: its rhythm, when it last brought something, and the time."""
    rhythm, now, last = Rhythm(), MONDAY, MONDAY
    for quarter in range(int(days * 96)):
        now = MONDAY + (quarter + 1) * QUARTER
        wanted = posts_an_hour(now - QUARTER)
        count = wanted // 4 if wanted >= 4 else wanted * (quarter % 4 == 3)
        if until_dead and now > until_dead:
            count = 0
        alarm = alarm_at(rhythm, last)
        rhythm = heard(rhythm, OK if count else QUIET, now, count, silent=alarm is not None and alarm <= now)
        last = now if count else last
    return rhythm, last, now


THREE_WEEKS, LAST, NOW = watched(21)
FRIDAY_EVENING = NOW + timedelta(days=4, hours=20)
TUESDAY_NIGHT = NOW + timedelta(days=1, hours=2)


def test_a_rhythm_is_learned_by_hour_of_the_week() -> None:
    rate = rates(THREE_WEEKS)
    assert rate[4 * 24 + 20] > 5 > 2 > rate[20] > 0.5 > 0.2 > rate[3]


def test_a_dead_friday_evening_is_an_alarm_and_a_dead_hour_at_night_is_none() -> None:
    evening = alarm_at(THREE_WEEKS, FRIDAY_EVENING)
    assert evening is not None
    assert SHORTEST_SILENCE <= evening - FRIDAY_EVENING <= 3 * HOUR
    night = alarm_at(THREE_WEEKS, TUESDAY_NIGHT)
    assert night is not None
    assert night > TUESDAY_NIGHT.replace(hour=6), "not before people post again"
    assert improbability(THREE_WEEKS, TUESDAY_NIGHT, TUESDAY_NIGHT + HOUR) > 0.5
    assert improbability(THREE_WEEKS, FRIDAY_EVENING, FRIDAY_EVENING + 2 * HOUR) < IMPROBABLE


def test_the_alarm_comes_when_the_silence_is_improbable_enough() -> None:
    moment = alarm_at(THREE_WEEKS, LAST)
    assert moment is not None
    assert improbability(THREE_WEEKS, LAST, moment) == pytest.approx(IMPROBABLE)


def test_nothing_is_expected_before_two_days_were_watched_or_of_what_never_brought_anything() -> None:
    early, last, _ = watched(LEARNED_HOURS / 24 - 0.1)
    assert alarm_at(early, last) is None
    assert alarm_at(THREE_WEEKS, None) is None
    never = Rhythm()
    for quarter in range(96 * 5):
        never = heard(never, QUIET, MONDAY + quarter * QUARTER, 0, silent=False)
    assert never.learned
    assert alarm_at(never, MONDAY) is None


def test_what_the_first_visit_finds_is_no_rhythm() -> None:
    first = heard(Rhythm(), OK, MONDAY, 500, silent=False)
    assert sum(first.counts) == sum(first.hours) == 0
    assert seen_in_a_day(first, MONDAY) == 500


def test_neither_trouble_nor_the_backlog_after_it_teaches_anything() -> None:
    away = heard(THREE_WEEKS, HealthState.FAILING, NOW + QUARTER, 0, silent=False)
    rhythm = heard(away, OK, NOW + 5 * HOUR, 90, silent=False)
    assert (rhythm.counts, rhythm.hours) == (THREE_WEEKS.counts, THREE_WEEKS.hours)
    assert seen_in_a_day(rhythm, NOW + 5 * HOUR) >= 90


def test_silence_does_not_teach_that_silence_is_usual() -> None:
    died, last, now = watched(28, until_dead=FRIDAY_EVENING)
    alarm = alarm_at(died, last)
    assert alarm is not None
    assert FRIDAY_EVENING < alarm < FRIDAY_EVENING + 3 * HOUR < now


def test_a_source_that_posts_in_bursts_may_be_silent_for_longer() -> None:
    bursty, now = Rhythm(), MONDAY
    for hour in range(24 * 14):
        now = MONDAY + (hour + 1) * HOUR
        bursty = heard(bursty, OK, now, 24 if hour % 11 == 3 else 0, silent=False)
    assert burst(bursty) > 5
    steady = alarm_at(THREE_WEEKS, FRIDAY_EVENING)
    calm = alarm_at(bursty, now)
    assert steady is not None
    assert calm is not None
    assert calm - now > 10 * HOUR > steady - FRIDAY_EVENING


def test_expected_and_seen_are_alike_for_a_source_that_goes_on_as_ever() -> None:
    a_week = sum(posts_an_hour(MONDAY + hour * HOUR) for hour in range(168))
    assert expected(THREE_WEEKS, NOW, NOW + 168 * HOUR) == pytest.approx(a_week, rel=0.1)
    assert seen_in_a_day(THREE_WEEKS, NOW) == sum(posts_an_hour(NOW - hour * HOUR) for hour in range(1, 25))
    assert seen_in_a_day(THREE_WEEKS, NOW + 30 * HOUR) == 0


@pytest.mark.parametrize("change", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)])
def test_the_night_on_which_the_clock_changes_has_all_its_hours(change: datetime) -> None:
    flat = Rhythm(counts=(5.0,) * 168, hours=(5.0,) * 168)
    assert expected(flat, change, change + 24 * HOUR) == pytest.approx(24)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(HealthState), st.integers(-3000, 90_000), st.integers(0, 10_000), st.booleans()),
        max_size=60,
    )
)
def test_whatever_is_reported_the_numbers_stay_numbers(reports: list[tuple[HealthState, int, int, bool]]) -> None:
    rhythm, now = Rhythm(), MONDAY
    for state, seconds, accepted, silent in reports:
        now += timedelta(seconds=seconds)
        rhythm = heard(rhythm, state, now, accepted, silent=silent)
        assert all(0 <= one < 1e9 for one in (*rhythm.counts, *rhythm.hours, *rates(rhythm)))
        assert burst(rhythm) >= 1
        assert len(rhythm.counts) == len(rhythm.hours) == 168
        assert len(rhythm.recent) == 24
        alarm = alarm_at(rhythm, now)
        assert alarm is None or alarm >= now + SHORTEST_SILENCE
