"""A sweep beside the dispatcher: a look again and again, in a thread of its own. It knows no sweep's work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

_log = structlog.get_logger(__name__)


@contextmanager
def swept(
    name: str,
    look: Callable[[datetime], object],
    clock: Callable[[], datetime],
    stop: threading.Event,
    every: timedelta,
    waits_out: type[SQLAlchemyError] = OperationalError,
) -> Iterator[None]:
    """Look every so often for as long as the block runs; a database that is away is waited for.

    Any other error than what it waits out sets `stop`, which ends the block, and is raised after it.
    """
    broken: list[Exception] = []

    def work() -> None:
        while not stop.is_set():
            try:
                look(clock())
            except waits_out as trouble:
                _log.warning("sweep_waits", sweep=name, kind=type(trouble).__name__)
            except Exception as error:  # a sweep must not end unseen while the rest goes on
                broken.append(error)
                stop.set()
            stop.wait(every.total_seconds())

    thread = threading.Thread(target=work, name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if broken:
        raise broken[0]
