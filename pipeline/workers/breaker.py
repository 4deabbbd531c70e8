"""A circuit breaker: when most of what came lately would be set aside, the fault is ours and the road waits instead.

A wrong key folder or a broken model would else turn a whole day into dead letters. It decides nothing about one record.
Both roads have one: each worker of the Kafka road, and the embedded road's sink, which several collectors share.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from pipeline import envelope
from pipeline.retention import RAW_WINDOW
from signals.dead_letter import DeadLetter, DeadReason

WINDOW = 200
"""Records that are looked back on."""
MOST = 0.5
"""A greater share of the window than this does not go aside. So a hundred bad records in a row go aside at once."""
LONGEST_STAND = timedelta(hours=1)
"""Then a window's worth goes aside after all: a flood of truly bad records must not hold up the rest for a day."""

log = structlog.get_logger()


class TooManyLetters(Exception):
    """Most of the latest records would be set aside: none of this batch is, and it is tried again after a pause."""

    longest_pause = 60.0


class Breaker:
    """Counts how records ended. `tell` hears True when it opens and False when it closes. Threads may share one."""

    def __init__(
        self,
        tell: Callable[[bool], None] = lambda _: None,
        ticks: Callable[[], float] = time.monotonic,
        most: float = MOST,
        longest_stand: timedelta = LONGEST_STAND,
    ) -> None:
        self._tell = tell
        self._ticks = ticks
        self._bad_at_most = int(most * WINDOW)
        self._most = most
        self._longest_stand = longest_stand.total_seconds()
        self._ends: deque[bool] = deque(maxlen=WINDOW)
        self._open_since: float | None = None
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether the road waits."""
        return self._open_since is not None

    def ask(self, dead: Sequence[DeadLetter], records: int) -> None:
        """Before a batch is let go: raises `TooManyLetters` when these letters may not be written now."""
        if not records:
            return
        bad = sum(_may_be_ours(each) for each in dead)
        with self._lock:
            self._ask(dead, bad, records)

    def _ask(self, dead: Sequence[DeadLetter], bad: int, records: int) -> None:
        if self._open_since is None:
            recent = list(self._ends)[-max(0, WINDOW - records) :] if records < WINDOW else []
            if bad and bad + sum(recent) > self._bad_at_most:
                self._open_since = self._ticks()
                log.error("breaker_open", reasons=dict(Counter(each.reason.value for each in dead)))
                self._tell(True)
                raise self._refusal(bad, records)
        elif bad <= self._most * records:  # half open: the batch that was tried again speaks for itself
            self._close("mended")
        elif self._ticks() - self._open_since >= self._longest_stand:
            self._close("waited_long_enough")
        else:
            raise self._refusal(bad, records)

    def note(self, dead: Sequence[DeadLetter], records: int) -> None:
        """After a batch was let go."""
        bad = sum(_may_be_ours(each) for each in dead)
        with self._lock:
            self._ends.extend([True] * bad + [False] * (records - bad))

    def _close(self, why: str) -> None:
        self._ends.clear()
        self._open_since = None
        log.warning("breaker_closed", why=why)
        self._tell(False)

    @staticmethod
    def _refusal(bad: int, records: int) -> TooManyLetters:
        return TooManyLetters(
            f"{bad} of these {records} records would be set aside, after many before them; none is until that changes."
            " Check the key folder and the models with seinpost doctor, and see seinpost dead-letters list"
        )


def _may_be_ours(dead: DeadLetter) -> bool:
    """Whether a letter may come from a fault of the house. A record past its retention cannot be mended by waiting."""
    if dead.reason is not DeadReason.HOUR_KEY_GONE:
        return True
    return dead.happened_at - envelope.hour_of_envelope(dead.raw) < RAW_WINDOW
