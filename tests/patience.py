"""Waiting in a test for what comes in its own time, and no longer than it should."""

import asyncio
import time
from collections.abc import Callable

PAUSE = 0.02


def until(holds: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something holds; fails when it does not come to."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, f"it did not become so in {seconds:.0f} s"
        time.sleep(PAUSE)


async def becomes(holds: Callable[[], bool], seconds: float = 30) -> None:
    """The same in a story of several tasks."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, f"it did not become so in {seconds:.0f} s"
        await asyncio.sleep(PAUSE)
