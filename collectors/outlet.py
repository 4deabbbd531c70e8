"""One source's way out: masked batches to the sink, bad records to the dead letters, health to its books.

Everything here blocks; a stream calls it in a thread. Memory is bounded by whoever fills the batch.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from collectors.health import CollectorBooks, HealthState, SourceHealth
from collectors.permission import Permission
from collectors.post_maker import PostMaker
from collectors.refused import Refused, letter
from collectors.scope import ScopeGate
from collectors.unmasked import Gone, UnmaskedPost
from signals.order import Order
from signals.ports import Cursor, DeadLetters, PostSink
from signals.post import Post, PostRemoved


class Outlet:
    """What one collector found in one source under one order, on its way to the sink."""

    def __init__(
        self,
        collector: str,
        order: Order,
        seed: int,
        *,
        sink: PostSink,
        dead_letters: DeadLetters,
        books: CollectorBooks,
        maker: PostMaker,
        permission: Permission,
        clock: Callable[[], datetime],
    ) -> None:
        self.collector = collector
        self.order = order
        self.seed = seed
        self.gate = ScopeGate(order.scope)
        self.outside = 0
        self.accepted = 0
        self.set_aside = 0
        self._sink = sink
        self._dead_letters = dead_letters
        self._books = books
        self._maker = maker
        self._permission = permission
        self._clock = clock
        self._batch: list[Post | PostRemoved] = []
        self._last_seen_at: datetime | None = None
        self._unreported = 0

    def __len__(self) -> int:
        return len(self._batch)

    def position(self) -> str | None:
        """Where this source was left."""
        return self._books.position(self.collector, self.order.id, self.seed)

    def add(self, found: UnmaskedPost | Gone) -> bool:
        """Mask and put in the batch; False when it is outside the scope and forgotten. Raises `Refused`.

        An edit that leaves the scope takes the version that was inside it away.
        """
        now = self._clock()
        if isinstance(found, Gone):
            self._batch.append(self._maker.gone(found, self.order.id, now))
            return True
        post = self._maker.make(found, self.gate, self.order.id, now)
        if post is None:
            self.outside += 1
            if found.edited:
                self.add(Gone(found.source, found.native_id, f"removed:{found.version}", found.revision))
            return False
        self._batch.append(post)
        return True

    def ids(self, found: UnmaskedPost | Gone) -> tuple[UUID, UUID]:
        """The ids of a post and of this version of it. Raises `Refused`."""
        return self._maker.ids(found)

    def close(self, words: str) -> str:
        """What the source wants to hear again, unreadable in the cursor."""
        return self._maker.close(words)

    def reopen(self, closed: str) -> str:
        """The words that `close` closed."""
        return self._maker.reopen(closed)

    def require_permission(self) -> None:
        """Raise `NoValidOrder` when the order is over."""
        self._permission.check()

    def refuse(
        self, refused: Refused, raw: bytes, source_kind: str, size: int | None = None, sha256: str | None = None
    ) -> None:
        """Set a bad record aside, durably, before the cursor moves past it."""
        self._dead_letters.park(letter(refused, raw, source_kind, self._clock(), size=size, sha256=sha256))
        self.set_aside += 1

    def hand_over(self, position: str) -> int:
        """Give batch and position to the sink; says how many. Raises `NoValidOrder` when the order is over."""
        self._permission.check()
        batch = tuple(self._batch)
        self._sink.accept(
            batch, Cursor(collector=self.collector, order_id=self.order.id, seed=self.seed, position=position)
        )
        self._batch.clear()
        if batch:
            self._last_seen_at = batch[-1].seen_at
        self.accepted += len(batch)
        self._unreported += len(batch)
        return len(batch)

    def report(self, state: HealthState, reason: str = "") -> None:
        """Say how the source is doing, with what was accepted since the last time."""
        self._books.report(
            SourceHealth(
                collector=self.collector,
                order_id=self.order.id,
                seed=self.seed,
                state=state,
                at=self._clock(),
                reason=reason,
                last_seen_at=self._last_seen_at,
                accepted=self._unreported,
            )
        )
        self._unreported = 0
