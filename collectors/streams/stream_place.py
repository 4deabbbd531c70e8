"""Where a stream was left, and the last stretch of it that could not be read any more. It does no I/O.

A place is written as a bare number of microseconds, with the stretch behind it for a day after it was noticed.
"""

import re
from dataclasses import dataclass, replace

DAY_US = 24 * 3600 * 1_000_000
CLOCKS_APART_US = 600 * 1_000_000
"""How far two honest clocks may be apart; a moment further ahead is none that has been."""

_MINUTE_US = 60 * 1_000_000
_WRITTEN = re.compile(r"(\d{1,17})(?: gap=(\d{1,17})-(\d{1,17})@(\d{1,17}))?")


@dataclass(frozen=True, slots=True)
class Gap:
    """What lies between two moments of the stream and is out of reach; all in microseconds since 1970."""

    from_us: int
    to_us: int
    noticed_us: int

    def codes(self) -> str:
        """The gap as health tells it, in minutes since 1970."""
        return f"gap:1 gap_from_minute:{self.from_us // _MINUTE_US} gap_to_minute:{self.to_us // _MINUTE_US}"


@dataclass(frozen=True, slots=True)
class StreamPlace:
    """How far the stream was read (None: never), and the last gap that is still told."""

    time_us: int | None = None
    gap: Gap | None = None

    @staticmethod
    def loads(position: str | None) -> "StreamPlace":
        """The place that a cursor position tells."""
        found = _WRITTEN.fullmatch(position or "")
        if found is None:
            return StreamPlace()
        gap = Gap(int(found[2]), int(found[3]), int(found[4])) if found[2] else None
        return StreamPlace(int(found[1]), gap)

    def dumps(self, now_us: int) -> str:
        """The place as a cursor position."""
        told = self.told(now_us)
        return str(self.time_us) + (f" gap={told.from_us}-{told.to_us}@{told.noticed_us}" if told else "")

    def told(self, now_us: int) -> Gap | None:
        """The gap, for a day after it was noticed."""
        return self.gap if self.gap is not None and now_us < self.gap.noticed_us + DAY_US else None

    def moved(self, time_us: int, now_us: int) -> "StreamPlace":
        """The place after an event of this moment. A moment that has not been yet does not count: behind it as a
        cursor lies nothing, and all that comes before it would be passed over."""
        if time_us > now_us + CLOCKS_APART_US or time_us <= (self.time_us or 0):
            return self
        return replace(self, time_us=time_us)

    def believed(self, now_us: int, look_back_us: int) -> "StreamPlace":
        """This place, or the far end of what can be looked back to when it lies in the future."""
        if self.time_us is None or self.time_us <= now_us + CLOCKS_APART_US:
            return self
        return replace(self, time_us=now_us - look_back_us)

    def first_heard(self, time_us: int, now_us: int, most_us: int) -> "StreamPlace":
        """The place after the first event of a connection: with a gap when it comes long after where we were."""
        if self.time_us is None or time_us - self.time_us <= most_us or time_us > now_us + CLOCKS_APART_US:
            return self
        known = self.told(now_us)
        from_us = self.time_us if known is None else min(known.from_us, self.time_us)
        return replace(self, gap=Gap(from_us, time_us, now_us))
