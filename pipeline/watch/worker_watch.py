"""What one worker process is watched with, and how a worker gets a consumer and a producer that are watched."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from pipeline.kafka.connection import Bootstrap
from pipeline.topics import Topic
from pipeline.watch.meter import Meter
from pipeline.watch.traces import NoTraces, Traces
from pipeline.watch.watched import WatchedConsumer, WatchedProducer
from pipeline.watch.watcher import Limits


@dataclass
class WorkerWatch:
    """`give_up` ends a process whose worker hangs; without it that is only told."""

    worker: str
    meter: Meter = field(default_factory=lambda: Meter(CollectorRegistry()))
    traces: Traces = field(default_factory=NoTraces)
    limits: Limits = field(default_factory=Limits)
    give_up: Callable[[], None] | None = None
    _turned: float = field(default_factory=time.monotonic, init=False)

    def consumer(
        self, bootstrap: Bootstrap, group: str, topics: Iterable[Topic], most: int, turn: int
    ) -> WatchedConsumer:
        """A member of a group, under watch until it is closed."""
        return WatchedConsumer(
            bootstrap, group, topics, most, turn, self.worker, self.meter, self.traces, self.limits, self.give_up
        )

    def producer(self, bootstrap: Bootstrap, client_id: str, writes: Iterable[Topic]) -> WatchedProducer:
        """A producer that counts; its worker has no other sign of life when it reads no topic."""
        self.meter.introduce(self.worker, (), list(writes))
        return WatchedProducer(bootstrap, client_id, self.worker, self.meter, self.traces, self._turn)

    def breaker(self, is_open: bool) -> None:
        """The worker waits because it would set most aside, or goes on again."""
        self.meter.breaker(self.worker, is_open)

    def without_topics(self) -> None:
        """For a worker that reads no topic: its producer is its heartbeat."""
        self.meter.heart(self.worker, lambda: time.monotonic() - self._turned, lambda: time.monotonic() - self._turned)

    def _turn(self) -> None:
        self._turned = time.monotonic()
