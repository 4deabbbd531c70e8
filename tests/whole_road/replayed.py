"""A local Jetstream beside a test that has no event loop of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from seinpost.demo.replay_server import ReplayServer


@contextlib.contextmanager
def replayed(server: ReplayServer, port: int, *, play: bool = True) -> Iterator[asyncio.AbstractEventLoop]:
    """Serve on this port for as long as the block lasts; the loop, which lives in a thread, takes what is added."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.start(port, play=play), loop).result(10)
        yield loop
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
