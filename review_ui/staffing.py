"""Whether somebody reads right now. Outside these hours every screen says so: there is no silent promise of 24/7."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Amsterdam")
"""The time zone of the people who read; all times on screens are in it."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(_DAYS)
_SHIFT = re.compile(rf"({_DAY})(?:-({_DAY}))? (\d\d):(\d\d)-(\d\d):(\d\d)")
_LONGEST_LOOK_BACK = 14
"""Days. A team that read nothing for so long has seen all there is."""


class StaffedHoursWrong(ValueError):
    """The setting does not say when the team reads."""


@dataclass(frozen=True)
class Shift:
    """Weekdays (Monday is 0) and hours in which the team reads."""

    days: frozenset[int] = frozenset(range(5))
    opens: time = time(8)
    closes: time = time(18)


@dataclass(frozen=True)
class StaffedHours:
    """All shifts of a week. It knows no holidays, and no person: a roster is the team's own."""

    shifts: tuple[Shift, ...] = (Shift(),)

    def until(self, now: datetime) -> time | None:
        """Until when the team reads, or None when nobody does now."""
        closes = self._closes(now)
        return closes.astimezone(HOME).time() if closes else None

    def before(self, now: datetime, amount: timedelta) -> datetime:
        """The moment since which the team has read for `amount`. Outside its hours it is now: nobody else will come."""
        if self._closes(now) is None:
            return now
        for opens, closes in self._stretches(now):
            end = min(closes, now)
            if opens >= end:
                continue
            if end - opens >= amount:
                return end - amount
            amount -= end - opens
        return now - timedelta(days=_LONGEST_LOOK_BACK)

    def of_day(self, day: date) -> list[tuple[datetime, datetime]]:
        """The stretches of one day in which somebody reads, in order; shifts that touch are one."""
        joined: list[tuple[time, time]] = []
        for shift in sorted((s for s in self.shifts if day.weekday() in s.days), key=lambda s: s.opens):
            if joined and shift.opens <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], shift.closes))
            else:
                joined.append((shift.opens, shift.closes))
        return [(_moment(day, opens), _moment(day, closes)) for opens, closes in joined]

    def _closes(self, now: datetime) -> datetime | None:
        return next((closes for opens, closes in self._stretches(now) if opens <= now < closes), None)

    def _stretches(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches in which somebody reads, the last one first."""
        today = now.astimezone(HOME).date()
        for back in range(_LONGEST_LOOK_BACK + 1):
            yield from reversed(self.of_day(today - timedelta(days=back)))


def staffed_hours(setting: str) -> StaffedHours:
    """Read `mon-fri 08:00-18:00, sat 10:00-14:00`, or `never`. Raises StaffedHoursWrong."""
    if setting.strip() == "never":
        return StaffedHours(())
    return StaffedHours(tuple(_shift(part.strip()) for part in setting.split(",")))


def _shift(part: str) -> Shift:
    found = _SHIFT.fullmatch(part)
    if found is None:
        raise StaffedHoursWrong("write the staffed hours as 'mon-fri 08:00-18:00, sat 10:00-14:00', or 'never'")
    first, last = _DAYS.index(found[1]), _DAYS.index(found[2] or found[1])
    try:
        opens, closes = time(int(found[3]), int(found[4])), time(int(found[5]), int(found[6]))
    except ValueError:
        raise StaffedHoursWrong("staffed hours run from 00:00 to 23:59") from None
    if last < first or closes <= opens:
        raise StaffedHoursWrong("a shift ends after it begins; write one over midnight or Sunday as two")
    return Shift(frozenset(range(first, last + 1)), opens, closes)


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, HOME).astimezone(UTC)
