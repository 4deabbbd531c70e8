"""The end of the exception for acute signals: no second reader within half an hour is told, to the team and recipients.

It tells and lifts the signal to the head of the queue. It withdraws nothing: that is a person's act.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from forwarding.sweeping import swept
from pipeline.store.late_readings import tell_late

AT_ONCE = 50
"""Signals in one transaction: while they are told, nobody judges them."""

_log = structlog.get_logger(__name__)


def look_once(engine: Engine, now: datetime) -> int:
    """Tell of every signal that is late now; how many recipients are to be told. `engine` is the dispatcher's."""
    with engine.begin() as connection:
        told = tell_late(connection, now, AT_ONCE)
    if told:
        _log.warning("second_reading_late", recipients=told)
    return told


def looking(
    engine: Engine, clock: Callable[[], datetime], stop: threading.Event, every: timedelta = timedelta(seconds=5)
) -> AbstractContextManager[None]:
    """Look again and again beside what runs in the block; the next look may find what was in the way."""
    return swept("late-readings", lambda now: look_once(engine, now), clock, stop, every, SQLAlchemyError)
