"""How a reader tells one version of a post from another, and a later removal from an earlier one. Pure."""

import hashlib
from datetime import UTC, datetime

from collectors.moments import microseconds


def digest(*parts: str) -> str:
    """A version for texts whose source dates no change."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def revision(changed: datetime | None, seen_at: datetime) -> int:
    """Microseconds since 1970 of a change; 0 for an unknown one. No change lies after the moment it was seen."""
    return 0 if changed is None else max(0, microseconds(min(changed, seen_at)))


def removed(reason: str, seen_at: datetime) -> str:
    """The version of a removal. The day tells it from an earlier one, after which the post came back."""
    return f"removed:{reason}:{seen_at.astimezone(UTC).date().isoformat()}"
