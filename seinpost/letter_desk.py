"""What the screens do with dead letters beyond their description: give one back to the road, or open its bytes.

Who may, and the trail, are settled in the database before this is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from pipeline.key_folder import KeyFolder
from pipeline.retry import Stays, retry
from pipeline.store import dead_letters
from signals.ports import PostSink


@dataclass(frozen=True)
class LetterDesk:
    """The road's role, the keys and the road's sink. `engine` is logged in as seinpost_road."""

    engine: Engine
    keys: KeyFolder
    sink: PostSink
    clock: Callable[[], datetime]

    def retry(self, letter: UUID) -> Stays | None:
        """Give one back; None when it went."""
        return retry(self.engine, self.keys, self.sink, letter, self.clock)

    def opened(self, letter: UUID) -> bytes:
        """The bytes, while the hour's key lives."""
        with self.engine.connect() as connection:
            return dead_letters.opened(connection, letter, self.keys)
