"""Where one consumer is and since when: written by the worker's thread, read by the thread that watches it.

It knows no Kafka and judges nothing (that is `pipeline.watch.stuck`). Moments are seconds of a monotonic clock.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.kafka.messages import Place


@dataclass(frozen=True)
class Standing:
    """The next offset to handle of one partition, and since when it is that."""

    position: int
    since: float


@dataclass(frozen=True)
class Snapshot:
    """Everything at one moment. `turned` is when the worker last came back to its consumer; None before it did."""

    standings: Mapping[Place, Standing]
    turned: float | None
    moved: float
    busy: bool
    """A batch was given out and is not done yet."""
    empty_since: float | None
    """Since when every question to the broker was answered with nothing; None when the last one was not."""


@dataclass
class Progress:
    """The progress of one consumer."""

    clock: Callable[[], float] = time.monotonic
    _now: Snapshot = field(init=False)
    _wish: bool = field(default=False, init=False)
    _fruitless: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self._now = Snapshot({}, None, self.clock(), False, None)

    def snapshot(self) -> Snapshot:
        """How it stands now."""
        with self._lock:
            return self._now

    def turned(self) -> None:
        """The worker is at its consumer: it lives, whatever came of it."""
        with self._lock:
            self._now = replace(self._now, turned=self.clock())

    def came(self, firsts: Mapping[Place, int]) -> None:
        """Records came; `firsts` are the first offsets of the batch by partition."""
        with self._lock:
            self._stand(firsts, movement=False)
            self._now = replace(self._now, busy=True, empty_since=None)

    def nothing_came(self) -> None:
        """The broker answered, with nothing."""
        with self._lock:
            since = self._now.empty_since
            self._now = replace(self._now, busy=False, empty_since=self.clock() if since is None else since)

    def no_answer(self) -> None:
        """The broker did not answer: what follows from that is nobody's standing still."""
        with self._lock:
            self._now = replace(self._now, busy=False, empty_since=None)

    def stands_at(self, positions: Mapping[Place, int]) -> None:
        """Positions as the client has them, where nothing is at hand."""
        with self._lock:
            self._stand(positions, movement=False)

    def handled(self, ends: Mapping[Place, int], committed: bool) -> None:
        """A batch was tried to its end; the next offsets of its partitions, when that holds."""
        with self._lock:
            if committed:
                self._stand(ends, movement=True)
                self._fruitless = 0
            self._now = replace(self._now, busy=False)

    def keeps(self, owned: Iterable[Place]) -> None:
        """These partitions are ours; others are forgotten."""
        ours = set(owned)
        with self._lock:
            kept = {place: s for place, s in self._now.standings.items() if place in ours}
            self._now = replace(self._now, standings=kept)

    def wish_anew(self) -> None:
        """Ask that the consumer joins anew; the worker's own thread does it."""
        with self._lock:
            self._wish = True

    @property
    def wished_anew(self) -> bool:
        """Whether the consumer is to join anew."""
        with self._lock:
            return self._wish

    @property
    def fruitless(self) -> int:
        """How often it joined anew since it last moved."""
        with self._lock:
            return self._fruitless

    def joined_anew(self) -> None:
        """A fresh consumer took over."""
        with self._lock:
            self._wish = False
            self._fruitless += 1
            self._now = Snapshot({}, self._now.turned, self._now.moved, False, None)

    def _stand(self, positions: Mapping[Place, int], movement: bool) -> None:
        now = self.clock()
        standings = dict(self._now.standings)
        for place, position in positions.items():
            before = standings.get(place)
            if before is None or before.position != position:
                standings[place] = Standing(position, now)
        moved = now if movement else self._now.moved
        self._now = replace(self._now, standings=standings, moved=moved)
