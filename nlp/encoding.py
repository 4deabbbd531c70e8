"""Encodes windows on a thread of its own while the caller goes on reading texts: the encoder leaves Python free.

It neither chooses the windows nor reads the numbers, and no answer depends on which windows went together.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from nlp.encoder import Encoded, Encoder

TOGETHER: Final = 64
"""Windows that are worth a start before the rest is known: the encoder fills its batches with blank rows."""


class Encoding:
    """The windows of one call on their way through the encoder. Use as a context: it ends with its thread."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
        self._waiting: list[str] = []
        self._started: list[Future[list[Encoded]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def add(self, windows: Sequence[str]) -> None:
        """Take windows in; many at once are started right away."""
        self._waiting += windows
        if len(self._waiting) >= TOGETHER:
            self.start()

    def start(self) -> None:
        """Start with all windows that wait."""
        if self._waiting:
            self._started.append(self._thread.submit(self._encoder.encode, self._waiting))
            self._waiting = []

    def made(self) -> list[Encoded]:
        """Every window's numbers, in the order in which they were taken in."""
        self.start()
        return [encoded for started in self._started for encoded in started.result()]
