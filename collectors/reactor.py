"""Runs a coroutine on one event loop that Scrapy's reactor shares, so that streams and spiders live in one process.

A process has one reactor and it cannot be restarted; the loop stays, and coroutines run on it one after another.
"""

import asyncio
import threading
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

from collectors.quiet_logs import silence_libraries

Result = TypeVar("Result")
_loops: list[asyncio.AbstractEventLoop] = []


def run_on_reactor(main: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end and give the result; call it from the thread that called it first."""
    return _loop().run_until_complete(main)


def _loop() -> asyncio.AbstractEventLoop:
    if not _loops:
        silence_libraries()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        from twisted.internet import asyncioreactor  # installing must come before anything imports the reactor

        asyncioreactor.install(loop)  # type: ignore[no-untyped-call]  # Twisted has no annotation here
        from twisted.internet import reactor

        # The loop is ours to run; the reactor only needs to know that it is running. Signals stay ours too.
        reactor.startRunning(installSignalHandlers=False)
        # Its threads look up names; nobody shuts the reactor down, so they must not keep a stopped process alive.
        reactor.getThreadPool().threadFactory = partial(threading.Thread, daemon=True)
        _loops.append(loop)
    return _loops[0]
