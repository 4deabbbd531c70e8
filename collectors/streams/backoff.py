"""How long to wait after a failure: longer each time, with jitter so that not everyone comes back at once."""

from collections.abc import Callable


class Backoff:
    """Waits of 1, 2, 4 … 60 seconds, each shortened at random by up to half. `random` gives numbers in [0, 1)."""

    def __init__(self, random: Callable[[], float], first: float = 1.0, longest: float = 60.0) -> None:
        self._random = random
        self._first = first
        self._longest = longest
        self._failures = 0

    def next(self) -> float:
        """Seconds to wait now."""
        wait = min(self._longest, self._first * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return wait * (1 - self._random() / 2)

    def reset(self) -> None:
        """It works again."""
        self._failures = 0
