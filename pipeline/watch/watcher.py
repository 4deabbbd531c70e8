"""Looks at one consumer from a thread of its own, over a connection of its own: how far behind, and whether it moves.

It tells and asks; joining anew is done by the worker's thread, for the client is not made for two.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog
from kafka import KafkaConsumer

from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.consumer import connected, offsets_of
from pipeline.kafka.faults import BrokerAway
from pipeline.kafka.messages import Place
from pipeline.topics import Topic
from pipeline.watch.meter import Meter
from pipeline.watch.progress import Progress, Snapshot
from pipeline.watch.stuck import Lag, Stillness

_CLOSE_SECONDS = 2.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Limits:
    """How long what may last, in seconds, and how often a stuck consumer may join anew without moving in between."""

    still: float = 60.0
    look: float = 5.0
    restarts: int = 3
    away: float = 240.0
    """Twice what the group allows between two turns: a worker that does not come back then hangs."""


class Watcher:
    """The thread that watches one consumer."""

    def __init__(
        self,
        bootstrap: Bootstrap,
        worker: str,
        topics: Iterable[Topic],
        progress: Progress,
        meter: Meter,
        limits: Limits,
        give_up: Callable[[], None] | None = None,
    ) -> None:
        self._bootstrap, self._worker, self._progress, self._meter = bootstrap, worker, progress, meter
        self._topics, self._limits, self._give_up = [t.name for t in topics], limits, give_up
        self._stillness = Stillness(limits.still)
        self._asks: KafkaConsumer | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"watch-{worker}", daemon=True)

    def start(self) -> None:
        """Start looking."""
        self._meter.heart(self._worker, self._since_turn, lambda: time.monotonic() - self._progress.snapshot().moved)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking. A question to a broker that is away may outlast this; its thread ends with the process."""
        self._stopping.set()
        self._thread.join(_CLOSE_SECONDS)

    def _run(self) -> None:
        while not self._stopping.wait(self._limits.look):
            self._look()
        self._forget_connection()

    def _look(self) -> None:
        self._mind_the_turns()
        snapshot = self._progress.snapshot()
        try:
            ends = self._ends(snapshot)
        except BrokerAway:
            self._forget_connection()
            self._meter.broker_answers(self._worker, False)
            return
        self._meter.broker_answers(self._worker, True)
        now = time.monotonic()
        lags = self._stillness.lags(snapshot, ends, now)
        self._tell(lags)
        stuck = self._stillness.stuck(snapshot, lags, now)
        if stuck and not self._progress.wished_anew:
            log.warning(
                "stuck",
                worker=self._worker,
                topics=sorted({place.topic for place in stuck}),
                partitions=len(stuck),
                records=sum(lags[place].records for place in stuck),
                seconds=round(max(lags[place].still for place in stuck)),
            )
            self._progress.wish_anew()

    def _mind_the_turns(self) -> None:
        """A worker that hangs inside a call cannot mend itself: say so, and let the process start anew."""
        turned = self._progress.snapshot().turned
        if turned is None or time.monotonic() - turned < self._limits.away or self._give_up is None:
            return
        log.error("hangs", worker=self._worker, seconds=round(time.monotonic() - turned))
        self._give_up()

    def _ends(self, snapshot: Snapshot) -> dict[Place, int]:
        if self._asks is None:
            self._asks = connected(self._bootstrap, isolation_level="read_committed")
        return offsets_of(self._asks, snapshot.standings, end=True)

    def _tell(self, lags: dict[Place, Lag]) -> None:
        for topic in self._topics:
            here = [lag for place, lag in lags.items() if place.topic == topic]
            still = max((lag.still for lag in here), default=0.0)
            self._meter.stands(self._worker, topic, len(here), sum(lag.records for lag in here), still)

    def _since_turn(self) -> float:
        turned = self._progress.snapshot().turned
        return 0.0 if turned is None else time.monotonic() - turned

    def _forget_connection(self) -> None:
        if self._asks is not None:
            self._asks.close(autocommit=False, timeout_ms=1_000)
            self._asks = None
