"""Care for readers: how much was read today, for how long on end, and when it is time for a break. Pure.

It blocks nothing: an acute signal can always be read. What it knows is shown to the reader alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.store.reader import Desk
from review_ui.staffing import HOME

PAUSE = timedelta(minutes=10)
"""So long without a judgement is a break: after it, reading begins anew."""


@dataclass(frozen=True)
class Care:
    """What a reader is told about the own day."""

    read: int
    budget: int
    on_end: timedelta
    break_after: timedelta

    @property
    def enough(self) -> bool:
        """The reader's own number for a day is reached."""
        return self.read >= self.budget

    @property
    def break_due(self) -> bool:
        """The reader has read for too long on end."""
        return self.on_end >= self.break_after

    @property
    def minutes(self) -> int:
        """Whole minutes of reading on end."""
        return self.on_end // timedelta(minutes=1)


def care(desk: Desk, now: datetime) -> Care:
    """Today's readings of one reader in numbers for that reader."""
    return Care(
        read=len(desk.read_at),
        budget=desk.settings.budget,
        on_end=reading_on_end(desk.read_at, now),
        break_after=desk.settings.break_after,
    )


def reading_on_end(read_at: tuple[datetime, ...], now: datetime) -> timedelta:
    """How long this reader has been reading without a break; nothing when the last judgement is a break ago."""
    began = now
    for moment in reversed(read_at):
        if began - moment >= PAUSE:
            break
        began = moment
    return max(now - began, timedelta(0))


def midnight(now: datetime) -> datetime:
    """When the team's day began."""
    return now.astimezone(HOME).replace(hour=0, minute=0, second=0, microsecond=0)
