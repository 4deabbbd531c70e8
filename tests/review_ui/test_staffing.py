"""When the team reads: a setting in words, and how long ago a stretch of reading time began."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_ui.staffing import StaffedHours, StaffedHoursWrong, staffed_hours
from seinpost.settings import Settings, SettingsWrong, load

WEEK = staffed_hours("mon-fri 08:00-18:00, sat 10:00-14:00")
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 08:00 in Amsterdam


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (MONDAY, time(18)),
        (MONDAY - timedelta(minutes=1), None),
        (MONDAY + timedelta(hours=10), None),
        (MONDAY - timedelta(days=2) + timedelta(hours=3), time(14)),
        (MONDAY - timedelta(days=1) + timedelta(hours=3), None),
    ],
)
def test_the_team_reads_in_its_hours_and_not_outside_them(moment: datetime, until: time | None) -> None:
    assert WEEK.until(moment) == until


def test_shifts_that_touch_are_one() -> None:
    assert staffed_hours("mon 08:00-12:00, mon 12:00-17:00").until(MONDAY) == time(17)


def test_a_team_that_never_reads_says_so() -> None:
    assert staffed_hours("never").until(MONDAY) is None


def test_the_hours_stand_in_the_time_zone_of_the_team_also_after_the_clock_changed() -> None:
    summer = datetime(2026, 7, 6, 6, 0, tzinfo=UTC)
    assert StaffedHours().until(summer) == time(18)
    assert StaffedHours().until(summer - timedelta(minutes=1)) is None


def test_ten_minutes_of_reading_time_reach_back_over_a_weekend() -> None:
    four_minutes_in = MONDAY + timedelta(minutes=4)
    saturday_closes = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
    assert WEEK.before(four_minutes_in, timedelta(minutes=10)) == saturday_closes - timedelta(minutes=6)


def test_outside_the_hours_nothing_waits_for_a_colleague() -> None:
    sunday = MONDAY - timedelta(days=1)
    assert WEEK.before(sunday, timedelta(minutes=10)) == sunday


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.integers(1, 600))  # noqa: DTZ001
def test_reading_time_is_never_more_than_the_time_that_passed(naive: datetime, minutes: int) -> None:
    now, amount = naive.replace(tzinfo=UTC), timedelta(minutes=minutes)
    since = WEEK.before(now, amount)
    assert since <= now
    if WEEK.until(now) is not None:
        assert now - since >= amount


@pytest.mark.parametrize(
    "wrong", ["", "ma-vr 08:00-18:00", "mon 18:00-08:00", "sat-mon 08:00-18:00", "mon 08:00-25:00", "mon 8-18"]
)
def test_hours_that_cannot_be_read_are_refused_when_the_settings_are(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StaffedHoursWrong):
        staffed_hours(wrong)
    monkeypatch.setenv("SEINPOST_STAFFED", wrong)
    with pytest.raises(SettingsWrong, match="staffed"):
        load()


def test_the_shipped_setting_is_what_the_screens_use_without_one() -> None:
    assert staffed_hours(Settings.model_fields["staffed"].default) == StaffedHours()
