"""Passing faults: a broker or database that is away is waited for, never a reason to set a record aside."""

import threading
from collections.abc import Callable
from typing import TypeVar

import structlog

from pipeline.kafka.faults import BrokerAway, NotPublished
from pipeline.store.attempts import DatabaseAway, Overtaken
from pipeline.workers.breaker import TooManyLetters

Result = TypeVar("Result")

PASSING = (BrokerAway, NotPublished, DatabaseAway, Overtaken, TooManyLetters)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0

log = structlog.get_logger()


class Stopping(Exception):
    """The worker was asked to stop while it waited; the work at hand comes again after a restart."""


def patiently(work: Callable[[], Result], idle: Callable[[float], object], stop: threading.Event) -> Result:
    """Do `work`; after a passing fault idle for a growing while and do it again, until it is done or `stop` is set."""
    pause = _FIRST_PAUSE
    while True:
        try:
            return work()
        except PASSING as fault:
            longest = fault.longest_pause if isinstance(fault, TooManyLetters) else _LONGEST_PAUSE
            log.warning("waiting", fault=type(fault).__name__, hint=str(fault), seconds=pause)
        waited = 0.0
        while waited < pause:  # in slices: a stop must not wait for the whole pause
            if stop.is_set():
                raise Stopping
            _idle(idle, min(0.5, pause - waited))
            waited += 0.5
        pause = min(2 * pause, longest)


def _idle(idle: Callable[[float], object], seconds: float) -> None:
    try:
        idle(seconds)
    except BrokerAway:
        return  # it is what we are waiting for
