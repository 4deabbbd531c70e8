"""A consumer and a producer that tell how they are doing, and a consumer that joins anew when it is stuck.

To a worker they are the plain ones. What counts as stuck is judged by `pipeline.watch.watcher`, in a thread of its own.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

import structlog
from kafka.errors import KafkaError

from pipeline.kafka.bundles import told_records
from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.consumer import GroupConsumer
from pipeline.kafka.faults import BrokerAway
from pipeline.kafka.messages import Incoming, Outgoing, Place
from pipeline.kafka.producer import RecordProducer
from pipeline.topics import Topic
from pipeline.watch.meter import AGED_TOPICS, Meter
from pipeline.watch.progress import Progress
from pipeline.watch.traces import Traces
from pipeline.watch.watcher import Limits, Watcher

_LOOK_AT_POSITIONS = 1.0
"""Seconds between looks at the client's positions: they matter where nothing comes, and each costs a little."""

log = structlog.get_logger()


class StuckForGood(Exception):
    """Joining anew did not help; the process is to start anew."""


class WatchedConsumer(GroupConsumer):
    """A `GroupConsumer` under watch."""

    def __init__(
        self,
        bootstrap: Bootstrap,
        group: str,
        topics: Iterable[Topic],
        most: int,
        turn: int,
        worker: str,
        meter: Meter,
        traces: Traces,
        limits: Limits,
        give_up: Callable[[], None] | None = None,
    ) -> None:
        self._read = list(topics)
        self._anew: Callable[[], None] = lambda: GroupConsumer.__init__(self, bootstrap, group, self._read, most, turn)
        self._anew()
        self._worker, self._meter, self._traces, self._limits = worker, meter, traces, limits
        self._progress = Progress()
        self._batch: list[Incoming] = []
        self._began = self._looked = time.monotonic()
        meter.introduce(worker, self._read, ())
        self._watcher = Watcher(bootstrap, worker, self._read, self._progress, meter, limits, give_up)
        self._watcher.start()

    def batch(self, seconds: float) -> list[Incoming]:
        """The next records; a consumer that was found stuck joins the group anew first."""
        self._progress.turned()
        if self._progress.wished_anew:
            self._join_anew()
        try:
            found = super().batch(seconds)
        except BrokerAway:
            self._progress.no_answer()
            raise
        self._told_what_came(found)
        return found

    def seek(self, positions: Mapping[Place, int]) -> None:
        """Read on from these offsets."""
        super().seek(positions)
        self._progress.stands_at(positions)

    def commit(self, ends: Mapping[Place, int]) -> bool:
        """Tell the broker how far we are; the batch at hand is done with it."""
        taken = super().commit(ends)
        self._progress.handled(ends, taken)
        self._progress.turned()
        if taken:
            self._count(ends)
        self._traces.end(done=taken)
        self._batch = []
        return taken

    def idle(self, seconds: float) -> None:
        """Let time pass as a living member of the group."""
        self._progress.turned()
        super().idle(seconds)

    def close(self) -> None:
        """Leave the group and stop watching."""
        self._watcher.stop()
        self._traces.end(done=False)
        super().close()

    def _told_what_came(self, found: list[Incoming]) -> None:
        self._progress.turned()
        now = time.monotonic()
        if found:
            self._progress.came({m.place: m.offset for m in reversed(found)})
            self._began, self._batch = now, found
            self._traces.begin(found)
        else:
            self._progress.nothing_came()
        if now - self._looked >= _LOOK_AT_POSITIONS or not found:
            self._looked = now
            self._progress.keeps(self.owned())
            at_hand = {m.place for m in found}
            self._progress.stands_at({p: offset for p, offset in self.positions().items() if p not in at_hand})

    def _count(self, ends: Mapping[Place, int]) -> None:
        self._meter.took(self._worker, time.monotonic() - self._began)
        done = [m for m in self._batch if m.place in ends]
        handled: Counter[str] = Counter()
        for message in done:
            handled[message.place.topic] += told_records(message)
        for topic, records in handled.items():
            self._meter.handled(self._worker, topic, records)
        now = datetime.now(UTC)
        for message in done:
            if message.place.topic in AGED_TOPICS:
                seen = _moment(message.header("ce_time"))
                if seen is not None:
                    self._meter.aged(self._worker, (now - seen).total_seconds())

    def _join_anew(self) -> None:
        if self._progress.fruitless >= self._limits.restarts:
            raise StuckForGood(
                f"the consumer of {self._worker} joined anew {self._limits.restarts} times and still does not move,"
                " though records wait; start the worker again, and look at the broker"
            )
        log.warning("joining_anew", worker=self._worker, times=self._progress.fruitless + 1)
        # What hangs may also hang in closing; the client bounds that, and the group drops a member that went silent.
        with contextlib.suppress(KafkaError):
            super().close()
        self._anew()  # raises `BrokerAway` when that is what ails it; the wish stands then, for the next turn
        self._meter.joined_anew(self._worker)
        self._progress.joined_anew()


class WatchedProducer(RecordProducer):
    """A `RecordProducer` that counts what went out and lets traces go on."""

    def __init__(
        self,
        bootstrap: Bootstrap,
        client_id: str,
        worker: str,
        meter: Meter,
        traces: Traces,
        turned: Callable[[], None],
    ) -> None:
        super().__init__(bootstrap, client_id)
        self._worker, self._meter, self._traces, self._turned = worker, meter, traces, turned

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish all and wait for every acknowledgement."""
        done = False
        try:
            super().publish(self._traces.carry(messages))
            done = True
        finally:
            self._traces.sent(done)
        for message in messages:
            self._meter.published(self._worker, message.topic.name, message.header("reason"))
        self._turned()


def _moment(written: bytes | None) -> datetime | None:
    """A moment from a header; None when it is none."""
    try:
        moment = datetime.fromisoformat((written or b"").decode("ascii"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
