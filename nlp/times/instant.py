"""Wall-clock time in Amsterdam against real instants, also where the clock is put forward or back.

Comparing happens in UTC only: two Amsterdam times in the doubled hour look equal to Python.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from signals.analysis import TimeWindow

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
YEARS: Final = range(1971, 2400)
"""Posts written outside these years are not read for times: no source delivers them, and dates end at 9999."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant to another, both in UTC, with a confidence."""

    first: datetime
    last: datetime
    confidence: float

    def window(self) -> TimeWindow:
        """The interval as Amsterdam time."""
        last = max(self.first, self.last)
        return TimeWindow(
            start=self.first.astimezone(AMSTERDAM), end=last.astimezone(AMSTERDAM), confidence=self.confidence
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """When a post was written."""

    utc: datetime
    today: date
    minute: int

    @staticmethod
    def of(moment: datetime) -> "Moment":
        """The moment as seen on a clock in Amsterdam."""
        local = moment.astimezone(AMSTERDAM)
        return Moment(moment.astimezone(UTC), local.date(), local.hour * 60 + local.minute)

    def after(self, minutes: float) -> datetime:
        """The instant so many real minutes later."""
        return self.utc + timedelta(minutes=minutes)


def begin(day: date, minute: int) -> datetime:
    """When the clock first shows this minute of the day; a minute skipped lies as far after the change."""
    return _wall(day, minute, 0)


def finish(day: date, minute: int) -> datetime:
    """The instant at which the clock last shows it."""
    return max(_wall(day, minute, 0), _wall(day, minute, 1))


@lru_cache(maxsize=4096)
def _wall(day: date, minute: int, fold: int) -> datetime:
    shown = datetime.combine(day, time()) + timedelta(minutes=minute)
    return shown.replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC)
