"""What a collector needs around it, kept in memory: a sink, dead letters, books and an order. Test doubles of ports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from nacl.public import PrivateKey

from collectors.health import SourceHealth
from collectors.outlet import Outlet
from collectors.permission import Permission
from collectors.post_maker import PostMaker
from collectors.sealing import Sealer
from signals.dead_letter import DeadLetter
from signals.ids import IdKey
from signals.order import Order, OrderState, Scope
from signals.ports import Cursor
from signals.post import Post, PostRemoved, Source

ID_KEY = IdKey(bytes(range(32)))
DAY_KEY = PrivateKey(bytes(range(1, 33)))
ALL_SOURCES = Scope(sources=(Source.BLUESKY_POST, Source.FEED_ENTRY, Source.EXPORT))


def now() -> datetime:
    return datetime.now(UTC)


def order(scope: Scope = ALL_SOURCES, days: float = 7, approvers: int = 2) -> Order:
    start = now() - timedelta(hours=1)
    return Order(
        id=uuid4(),
        number=7,
        controller="Gemeente Voorbeeld",
        basis="AVG art. 6 lid 1 e",
        occasion="onrust rond een station",
        scope=scope,
        starts_at=start,
        ends_at=start + timedelta(days=days),
        drafted_by=uuid4(),
        approved_by=tuple(uuid4() for _ in range(approvers)),
        state=OrderState.IN_FORCE,
    )


class SinkDown(Exception):
    """The sink is not there."""


@dataclass
class Room:
    """Everything around a collector, and all that it did."""

    order: Order = field(default_factory=order)
    records: list[Post | PostRemoved] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    positions: dict[tuple[str, UUID, int], str] = field(default_factory=dict)
    health: list[SourceHealth] = field(default_factory=list)
    fail_at_batch: int | None = None

    # PostSink
    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        if self.fail_at_batch is not None and len(self.batches) >= self.fail_at_batch:
            raise SinkDown
        self.records.extend(batch)
        self.batches.append(len(batch))
        if cursor is not None:
            self.positions[cursor.collector, cursor.order_id, cursor.seed] = cursor.position

    # DeadLetters
    def park(self, letter: DeadLetter) -> None:
        if letter.sha256 not in {known.sha256 for known in self.letters}:
            self.letters.append(letter)

    # CollectorBooks
    def position(self, collector: str, order_id: UUID, seed: int) -> str | None:
        return self.positions.get((collector, order_id, seed))

    def report(self, health: SourceHealth) -> None:
        self.health.append(health)

    def look_up(self, order_id: UUID) -> Order | None:
        return self.order if self.order.id == order_id else None

    def stop_order(self) -> None:
        self.order = self.order.model_copy(update={"state": OrderState.STOPPED})

    def maker(self) -> PostMaker:
        return PostMaker(ID_KEY, Sealer(lambda _day: bytes(DAY_KEY.public_key)))

    def outlet(self, collector: str = "test", seed: int = 0, clock: Callable[[], datetime] = now) -> Outlet:
        return Outlet(
            collector,
            self.order,
            seed,
            sink=self,
            dead_letters=self,
            books=self,
            maker=self.maker(),
            permission=Permission(self.order.id, self.look_up, clock, every=0),
            clock=clock,
        )

    def state(self) -> dict[UUID, str | None]:
        """What a reader of the whole road would hold: newest text per post, None when it is gone."""
        newest: dict[UUID, tuple[int, str | None]] = {}
        seen: set[UUID] = set()
        for record in self.records:
            if record.event_id in seen:
                continue
            seen.add(record.event_id)
            known = newest.get(record.id)
            if known is None or record.revision >= known[0]:
                newest[record.id] = (record.revision, record.text if isinstance(record, Post) else None)
        return {post_id: text for post_id, (_, text) in newest.items()}

    def texts(self) -> list[str]:
        return [record.text for record in self.records if isinstance(record, Post)]

    def everything_written(self) -> str:
        """All that left the collector in readable form."""
        return repr(self.records) + repr(self.positions) + repr([replace(h) for h in self.health])
