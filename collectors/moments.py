"""Moments as sources write them and as this house counts them: microseconds since 1970. Pure; it asks no clock."""

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LENGTHS = range(10, 65)


def moment(written: object) -> datetime | None:
    """A moment as JSON APIs write it (RFC 3339); it may be wrong, or none at all."""
    if not isinstance(written, str) or len(written) not in _LENGTHS:
        return None
    try:
        read = datetime.fromisoformat(written)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def from_seconds(seconds: float | None) -> datetime | None:
    """The moment that many seconds after 1970, or None for what no clock tells."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def microseconds(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - EPOCH) // datetime.resolution
