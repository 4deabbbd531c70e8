"""How long a Mastodon server or Bluesky asks to be left alone, by its rate limit headers. Pure; it does not wait."""

from collections.abc import Mapping
from datetime import UTC, datetime

from collectors.health import HealthState
from collectors.politeness import MOST_WAIT, retry_after
from collectors.readers.mastodon_bluesky_json import moment
from collectors.readers.reader import Answer, Page

_A_MOMENT_NOT_A_SPAN = 10**9
"""Seconds: a reset of at least this many counts from 1970, a smaller one from now."""
_UNTOLD = 300
"""Seconds: both count their limits over five minutes."""


def wait(headers: Mapping[str, str], now: datetime) -> int:
    """Seconds until there is something left to ask; 0 when there is now. At most a day."""
    left = _header(headers, "remaining")
    if not _number(left) or int(left) > 0:
        return 0
    return _reset(headers, now) or _UNTOLD


def slowed(answer: Answer) -> Page | None:
    """What too many requests (429) mean here; None for any other status and when no reset is told."""
    if answer.status != 429:
        return None
    asked = retry_after(answer.headers, answer.seen_at) or 0
    reset = _reset(answer.headers, answer.seen_at)
    if not asked and not reset:
        return None
    return Page(state=HealthState.SLOWED, reason="http_429", wait=max(asked, reset))


def _header(headers: Mapping[str, str], name: str) -> str:
    # Mastodon writes X-RateLimit-Reset, GoToSocial X-Ratelimit-Reset, Bluesky RateLimit-Reset.
    return (headers.get(f"x-ratelimit-{name}") or headers.get(f"ratelimit-{name}") or "").strip()


def _reset(headers: Mapping[str, str], now: datetime) -> int:
    """Seconds until the limit is reset; 0 when the headers do not tell."""
    told = _header(headers, "reset")
    if _number(told):
        seconds = int(told)
        if seconds >= _A_MOMENT_NOT_A_SPAN:
            seconds -= int(now.timestamp())
    else:
        until = moment(told)
        if until is None:
            return 0
        seconds = int((until - now.astimezone(UTC)).total_seconds()) + 1
    return max(0, min(seconds, MOST_WAIT))


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12
