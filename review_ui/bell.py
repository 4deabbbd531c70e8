"""Tells browsers that the queue changed: one database connection listens, every open event stream hears it.

Only 'something changed' travels, never what; each browser then asks for what its reader may see.
"""

import asyncio
import threading
from collections.abc import AsyncIterator

from psycopg import Connection as PsycopgConnection
from psycopg import Error as PsycopgError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

CHANNEL = "seinpost_queue"
_TURN_SECONDS = 1.0
_RETRY_SECONDS = 2.0


class QueueBell:
    """Listens in a thread of its own while at least one browser does. Ring-ups close together count as one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    async def rings(self, keep_alive: float) -> AsyncIterator[bool]:
        """True each time the queue changed, False after every `keep_alive` seconds of silence."""
        loop, rung = asyncio.get_running_loop(), asyncio.Event()
        self._join((loop, rung))
        try:
            while not self._stop.is_set():
                try:
                    await asyncio.wait_for(rung.wait(), keep_alive)
                except TimeoutError:
                    yield False
                    continue
                rung.clear()
                yield True
        finally:
            self._leave((loop, rung))

    def close(self) -> None:
        """Stop listening; open streams end at their next turn."""
        self._stop.set()
        self._ring()
        if self._thread is not None:
            self._thread.join(_TURN_SECONDS * 3)

    def _join(self, listener: tuple[asyncio.AbstractEventLoop, asyncio.Event]) -> None:
        with self._lock:
            self._listeners.add(listener)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="queue-bell", daemon=True)
                self._thread.start()

    def _leave(self, listener: tuple[asyncio.AbstractEventLoop, asyncio.Event]) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def _ring(self) -> None:
        with self._lock:
            for loop, rung in self._listeners:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(rung.set)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                with self._engine.connect() as connection:
                    listening = connection.connection.driver_connection
                    if not isinstance(listening, PsycopgConnection):
                        raise TypeError("the queue bell needs psycopg")
                    try:
                        listening.autocommit = True
                        listening.execute(f"LISTEN {CHANNEL}")
                        self._ring()  # something may have changed while nobody listened
                        while not self._stop.is_set():
                            if any(True for _ in listening.notifies(timeout=_TURN_SECONDS, stop_after=1)):
                                self._ring()
                    finally:
                        connection.invalidate()  # never back into the pool while it listens
            except (SQLAlchemyError, OSError, PsycopgError):
                self._stop.wait(_RETRY_SECONDS)  # the database is away; come back when it is
