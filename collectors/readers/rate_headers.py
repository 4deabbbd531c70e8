"""How long a platform asks to be left alone, by its rate limit headers. Pure; it does not wait.

Mastodon writes X-RateLimit-Reset as a moment, GoToSocial and Bluesky as seconds since 1970, Reddit as seconds to go.
"""

import math
from collections.abc import Mapping
from datetime import datetime

from collectors.health import HealthState
from collectors.moments import moment
from collectors.politeness import MOST_WAIT, retry_after
from collectors.readers.reader import Answer, Page

FIVE_MINUTES = 300
"""Seconds: the window over which most count, for an answer that tells no end of it."""
_A_MOMENT_NOT_A_SPAN = 10**9
"""Seconds: a reset of at least this many counts from 1970, a smaller one from now."""


def spent(headers: Mapping[str, str]) -> bool:
    """Whether this window has no further request in it."""
    left = _number(_header(headers, "remaining"))
    return left is not None and left < 1


def wait(headers: Mapping[str, str], now: datetime, untold: int = FIVE_MINUTES) -> int:
    """Seconds until there is something left to ask; 0 when there is now. At most a day."""
    return (asked(headers, now) or untold) if spent(headers) else 0


def asked(headers: Mapping[str, str], now: datetime) -> int:
    """Seconds until the window ends or the source wants to be asked again; 0 when it tells neither."""
    return min(max(_reset(headers, now), retry_after(headers, now) or 0), MOST_WAIT)


def slowed(answer: Answer, untold: int = 0) -> Page | None:
    """What too many requests (429) mean; None for any other status, and when neither answer nor caller tells a wait."""
    if answer.status != 429:
        return None
    seconds = asked(answer.headers, answer.seen_at) or untold
    return Page(state=HealthState.SLOWED, reason="http_429", wait=seconds) if seconds else None


def _header(headers: Mapping[str, str], name: str) -> str:
    return (headers.get(f"x-ratelimit-{name}") or headers.get(f"ratelimit-{name}") or "").strip()[:64]


def _reset(headers: Mapping[str, str], now: datetime) -> int:
    told = _header(headers, "reset")
    seconds = _number(told)
    if seconds is None:
        until = moment(told)
        return 0 if until is None else max(0, int((until - now).total_seconds()) + 1)
    return max(0, math.ceil(seconds - now.timestamp() if seconds >= _A_MOMENT_NOT_A_SPAN else seconds))


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) and found >= 0 else None
