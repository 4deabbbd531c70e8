"""Brings parked signals back at their moment, whether or not anybody looks: a thread of the server.

Several servers may do it side by side; the database gives each signal to one of them. First it tells the database how
the settings have the switches, as soon as the database is there.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from psycopg import Error as PsycopgError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from pipeline.store import parking
from pipeline.store.connection import acting
from pipeline.store.switches import POLICE_EXCERPT, set_switch
from review_ui.access.signed_in import EXPERT_ROLE

_LOG = logging.getLogger(__name__)
EVERY_SECONDS = 15.0
_MOST_TURNS = 20
"""Two thousand signals at a time; what is left comes back at the next turn."""
_STOP_SECONDS = 5.0


class Waking:
    """Begins with the server and ends with it."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime],
        every: float = EVERY_SECONDS,
        *,
        police_excerpt: bool = False,
    ) -> None:
        self._engine, self._clock, self._every = engine, clock, every
        self._police_excerpt = police_excerpt
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="waking", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether it still looks."""
        return self._thread.is_alive()

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def close(self) -> None:
        """No more; a turn that is under way ends first."""
        self._stop.set()
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        told = False
        while not self._stop.is_set():
            # A database that is away is told on every page; the next turn comes soon.
            try:
                if not told:
                    with acting(self._engine, None) as connection:
                        set_switch(connection, POLICE_EXCERPT, self._police_excerpt, self._clock())
                    told = True
                wake_due(self._engine, self._clock())
            except (SQLAlchemyError, PsycopgError, OSError) as error:
                _LOG.warning("parked signals and switches wait: %s; check with seinpost doctor", type(error).__name__)
            self._stop.wait(self._every)


def wake_due(engine: Engine, now: datetime) -> int:
    """Put every signal whose moment has come back into the queue; says how many. As nobody: time passed, no more."""
    woken = 0
    for _ in range(_MOST_TURNS):
        with acting(engine, None, EXPERT_ROLE) as connection:
            turn = parking.wake(connection, now)
        woken += turn
        if turn == 0:
            break
    return woken
