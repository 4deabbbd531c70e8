"""How a source is doing, as the books of the house keep it, and where a collector finds its last position.

Only codes and numbers: no address of a seed, no text of an error.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class HealthState(StrEnum):
    """The state of one source; silence is a state too."""

    OK = "ok"
    NOTHING_NEW = "nothing_new"
    SLOWED = "slowed"
    FAILING = "failing"
    BLOCKED = "blocked"
    MISPARSED = "misparsed"
    STOPPED_BY_ORDER = "stopped_by_order"


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What a collector says about one source now. `reason` is a short code; `accepted` counts since its last report."""

    collector: str
    order_id: UUID
    seed: int
    state: HealthState
    at: datetime
    reason: str = ""
    last_seen_at: datetime | None = None
    accepted: int = 0


class CollectorBooks(Protocol):
    """Where a collector reads its last position and writes its health. The sink writes positions."""

    def position(self, collector: str, order_id: UUID, seed: int) -> str | None:
        """The saved position of a source, or None at the first start."""
        ...

    def report(self, health: SourceHealth) -> None:
        """Keep the newest health of a source."""
        ...
