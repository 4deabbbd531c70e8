"""Wakes the dispatcher the moment a notice is added: LISTEN on a connection of its own. It reads nothing."""

import threading
from datetime import timedelta
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

_CHANNEL = "seinpost_notices"
_STEP = 1.0  # seconds between looks at `stop`


class Bell:
    """A connection that listens. Raises SQLAlchemy's OperationalError when the database goes away."""

    def __init__(self, engine: Engine) -> None:
        pooled = engine.raw_connection()
        driver = pooled.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("listening needs the psycopg driver")
        pooled.detach()  # its LISTEN must not wander back into the pool
        self._connection: psycopg.Connection[tuple[object, ...]] = driver

    def __enter__(self) -> Self:
        try:
            self._connection.rollback()
            self._connection.autocommit = True
            self._connection.execute(f"LISTEN {_CHANNEL}")
        except psycopg.OperationalError as gone:
            raise OperationalError("LISTEN", None, gone) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def wait(self, longest: timedelta, stop: threading.Event) -> None:
        """Return when the bell rings, when `longest` has passed, or soon after `stop` is set."""
        left = longest.total_seconds()
        try:
            while left > 0 and not stop.is_set():
                step = min(_STEP, left)
                if any(True for _ in self._connection.notifies(timeout=step, stop_after=1)):
                    return
                left -= step
        except psycopg.OperationalError as gone:
            raise OperationalError("LISTEN", None, gone) from None
