"""A process begins only on a database that is not older than itself; while the database is away, it waits for it.

Migrating is `seinpost setup`'s work.
"""

import threading

from sqlalchemy import Engine

from pipeline.store import schema
from pipeline.workers.patience import Stopping, patiently


def begin_on(engine: Engine, stop: threading.Event | None = None) -> None:
    """Raise `SchemaTooOld` where this program is newer than the database. Returns when asked to stop, too."""
    stop = stop or threading.Event()  # a command that has no event of its own is ended by the signal itself
    try:
        patiently(lambda: schema.require(engine), stop.wait, stop)
    except Stopping:
        return
