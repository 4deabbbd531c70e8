"""The day that it is in the Netherlands, which is what the directory calls a day, whatever zone a clock speaks in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Amsterdam")


def dutch_day(moment: datetime) -> date:
    """The day of this moment."""
    return moment.astimezone(HOME).date()
