"""How many minutes of the hours in which the team reads lie between two moments. Pure; it knows no person."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from review_ui.staffing import HOME, StaffedHours


class StaffedTime:
    """Counts staffed minutes from the day of `since` to `until`; what lies outside counts as the nearest end."""

    def __init__(self, staffed: StaffedHours, since: datetime, until: datetime) -> None:
        first, last = since.astimezone(HOME).date(), until.astimezone(HOME).date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self._stretches = [stretch for day in days for stretch in _stretches(staffed, day)]
        lengths = [(closes - opens) / timedelta(minutes=1) for opens, closes in self._stretches]
        self._before = [0.0, *accumulate(lengths)]
        self._opens = [opens for opens, _ in self._stretches]

    def minutes(self, start: datetime, end: datetime) -> float:
        """Staffed minutes from `start` to `end`."""
        return max(0.0, self._until(end) - self._until(start))

    def _until(self, moment: datetime) -> float:
        place = bisect_right(self._opens, moment) - 1
        if place < 0:
            return 0.0
        opens, closes = self._stretches[place]
        return self._before[place] + (min(moment, closes) - opens) / timedelta(minutes=1)


def _stretches(staffed: StaffedHours, day: date) -> list[tuple[datetime, datetime]]:
    """The hours of one day, in order; shifts that touch are one."""
    joined: list[tuple[time, time]] = []
    for shift in sorted((s for s in staffed.shifts if day.weekday() in s.days), key=lambda s: s.opens):
        if joined and shift.opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], shift.closes))
        else:
            joined.append((shift.opens, shift.closes))
    return [(_moment(day, opens), _moment(day, closes)) for opens, closes in joined]


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, HOME).astimezone(UTC)
