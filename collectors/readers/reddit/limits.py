"""How long Reddit asks to be left alone, as its rate headers say. Pure; numbers there may have a fraction."""

import math
from collections.abc import Mapping
from datetime import datetime

from collectors.politeness import MOST_WAIT, retry_after

_FIRST_WAIT = 600
"""The window over which Reddit averages, for an answer that asks to slow down and tells no time."""


def number(headers: Mapping[str, str], name: str) -> float | None:
    """A header's number, or None for what is none."""
    try:
        found = float(headers.get(name, "").strip()[:32])
    except ValueError:
        return None
    return found if math.isfinite(found) and found >= 0 else None


def spent(headers: Mapping[str, str]) -> bool:
    """Whether this window has no further request in it."""
    remaining = number(headers, "x-ratelimit-remaining")
    return remaining is not None and remaining < 1


def wait(headers: Mapping[str, str], seen_at: datetime, *, slowed: bool) -> int:
    """Seconds to wait: until the window ends when nothing is left in it, or when Reddit `slowed` us; 0 otherwise."""
    if not (slowed or spent(headers)):
        return 0
    reset, asked = number(headers, "x-ratelimit-reset"), retry_after(headers, seen_at)
    told = [seconds for seconds in (reset, asked) if seconds]
    return min(math.ceil(max(told)), MOST_WAIT) if told else _FIRST_WAIT
