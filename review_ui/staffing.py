"""Whether somebody reads right now. Outside these hours every screen says so: there is no silent promise of 24/7."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Amsterdam")
"""The time zone of the people who read; all times on screens are in it."""


@dataclass(frozen=True)
class StaffedHours:
    """Weekdays (Monday is 0) and hours in which the team reads. A roster per person is the triage room's work."""

    days: frozenset[int] = frozenset(range(5))
    opens: time = time(8)
    closes: time = time(18)

    def until(self, now: datetime) -> time | None:
        """Until when the team reads today, or None when nobody does now."""
        local = now.astimezone(HOME)
        if local.weekday() in self.days and self.opens <= local.time() < self.closes:
            return self.closes
        return None
