"""The four ports that differ between the embedded road and the Kafka road, as protocols; nothing else may differ.

Only shapes stand here; `pipeline.embedded` and `pipeline.kafka` implement them, and one contract suite runs on both.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from signals.dead_letter import DeadLetter
from signals.frozen import Frozen
from signals.post import Post, PostRemoved
from signals.settings_version import DetectionSettings


class Cursor(Frozen):
    """Where a collector is in its source. `seed` is a number that only cursors and health know."""

    collector: str
    order_id: UUID
    seed: int
    position: str


class PostSink(Protocol):
    """Takes masked posts from a collector."""

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        """Take the batch whole and durably, then (or with it) save the cursor. Raises if anything was not taken."""
        ...


class SettingsFeed(Protocol):
    """Gives the detection settings that are live now."""

    def current(self) -> DetectionSettings:
        """The active settings; cheap enough to call for every batch."""
        ...


class DeadLetters(Protocol):
    """Where records go that cannot be handled."""

    def park(self, letter: DeadLetter) -> None:
        """Set the record aside durably before its source moves on. The same letter twice counts once."""
        ...


class RawWindow(Protocol):
    """The posts of the last hours, encrypted under a key per hour; for replay and for the price of a change."""

    def since(self, moment: datetime) -> Iterator[Post | PostRemoved]:
        """Records seen at or after `moment` whose hour key still lives, oldest first."""
        ...
