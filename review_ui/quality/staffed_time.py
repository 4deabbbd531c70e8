"""How many minutes of the hours in which the team reads lie between two moments. Pure; it knows no person."""

from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import accumulate

from review_ui.staffing import HOME, StaffedHours


class StaffedTime:
    """Counts staffed minutes from the day of `since` to `until`; what lies outside counts as the nearest end."""

    def __init__(self, staffed: StaffedHours, since: datetime, until: datetime) -> None:
        first, last = since.astimezone(HOME).date(), until.astimezone(HOME).date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self._stretches = [stretch for day in days for stretch in staffed.of_day(day)]
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
