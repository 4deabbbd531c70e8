"""The source of a run: gives batches to the real sink, again and again until each is accepted, as a collector does."""

import threading
import time
from collections.abc import Sequence

from pipeline.kafka.sink import KafkaSink
from pipeline.workers.patience import PASSING
from signals.ports import Cursor
from tests.road.invented import Maker
from tests.road.storm.said import Said

BATCH = 50
_PACE = 800.0
"""Records a second at most: the road must be at work when a fault strikes."""
_LONGEST_WAIT = 240.0


class Feeder(threading.Thread):
    """Accepts no more than `allow` lets it, so that no fault strikes an idle road."""

    def __init__(self, sink: KafkaSink, maker: Maker, stream: Sequence[Said]) -> None:
        super().__init__(name="feeder")
        self._sink, self._maker, self._stream = sink, maker, stream
        self._allowed = 0
        self._next_size = BATCH
        self._halted = threading.Event()
        self.accepted = 0
        self.given_again = 0
        self.fault: BaseException | None = None

    def allow(self, records: int) -> None:
        """Go on until so many records are accepted."""
        self._allowed = records

    def swell(self, size: int) -> None:
        """Make the next batch this large."""
        self._next_size = size

    def halt(self) -> None:
        """Stop early."""
        self._halted.set()

    def run(self) -> None:
        """Until the stream is through."""
        try:
            while self.accepted < len(self._stream) and not self._halted.is_set():
                if self.accepted >= self._allowed:
                    time.sleep(0.02)
                    continue
                size, self._next_size = self._next_size, BATCH
                began = time.monotonic()
                self._give(self._stream[self.accepted : self.accepted + size])
                time.sleep(max(0.0, size / _PACE - (time.monotonic() - began)))
        except BaseException as fault:
            self.fault = fault  # told by the main thread
        finally:
            self._sink.close()

    def _give(self, batch: Sequence[Said]) -> None:
        records = [said.made(self._maker) for said in batch]
        position = str(self.accepted + len(batch))
        cursor = Cursor(collector="storm", order_id=self._maker.order, seed=1, position=position)
        until = time.monotonic() + _LONGEST_WAIT
        while not self._halted.is_set():
            try:
                self._sink.accept(records, cursor)
            except PASSING:
                if time.monotonic() > until:
                    raise
                self.given_again += 1
                self._halted.wait(0.2)
            else:
                self.accepted += len(batch)
                return
