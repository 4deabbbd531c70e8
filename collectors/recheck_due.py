"""A post behind a signal whose source is to be asked again, how often that is, and how long nothing may be known.

Its link is sealed and stays so until the unseal service opens it for one question; it is never stored here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from signals.post import Source

DAILY = timedelta(hours=20)
"""Asked again after this long: with rounds that take a while, still at least once a day."""
OFTEN = timedelta(hours=6)
"""Where a platform announces to everyone that an account is gone: no one may be indexed by account, so that all its
open posts are asked again instead, many in one request."""
UNKNOWN_FOR = timedelta(days=7)
"""A post of which nothing could be learned for this long is dropped as if it were gone."""


@dataclass(frozen=True, slots=True)
class Due:
    """A post as the store knows it. `unknown_since` is None when its source said at the last check that it stands."""

    post_id: UUID
    source: Source
    order_id: UUID | None
    revision: int
    unknown_since: datetime | None = None

    def overdue(self, now: datetime) -> bool:
        """Whether nothing was known of it for too long."""
        return self.unknown_since is not None and now - self.unknown_since >= UNKNOWN_FOR


@dataclass(frozen=True, slots=True)
class Held:
    """A due post with its link, in memory for the length of one round."""

    due: Due
    link: str = field(repr=False)


class RecheckBooks(Protocol):
    """Where the re-check reads what is due and notes what it found."""

    def due(self, sources: Collection[Source], last_checked: datetime, most: int) -> list[Due]:
        """Posts last asked for at or before a moment, the longest ago first."""
        ...

    def note(self, stands: Mapping[UUID, bool], at: datetime) -> None:
        """Keep which posts stand (True) and of which nothing could be told (False)."""
        ...
