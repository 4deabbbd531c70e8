"""One piece of work in one transaction, tried again when two workers got in each other's way.

It tells passing faults (try later) from refusals of the record itself; it does not decide what happens to a record.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError

Result = TypeVar("Result")

_IN_EACH_OTHERS_WAY = frozenset({"40001", "40P01", "23505"})  # serialisation, deadlock, both made the same row
_REFUSED_CLASSES = ("22", "23")  # data exception, integrity constraint: this record will never be taken
MOST_ATTEMPTS = 8


class Overtaken(Exception):
    """Another worker changed the same rows meanwhile; the transaction starts again."""


class DatabaseAway(Exception):
    """The database does not answer or is going down; wait and try again."""


class RecordRefused(Exception):
    """The database will never take this record. Carries the SQLSTATE only, never the values."""


def in_transaction(
    engine: Engine, work: Callable[[Connection], Result], pause: Callable[[float], None] = time.sleep
) -> Result:
    """Run `work` in a transaction and commit. Raises DatabaseAway, RecordRefused, or what `work` itself raises."""
    for attempt in range(1, MOST_ATTEMPTS + 1):
        try:
            with engine.begin() as connection:
                return work(connection)
        except Overtaken:
            if attempt == MOST_ATTEMPTS:
                raise
        except DBAPIError as error:
            if sqlstate(error) not in _IN_EACH_OTHERS_WAY or attempt == MOST_ATTEMPTS:
                raise named(error) from None
        # Jitter, so that two workers that met once do not meet again.
        pause(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311
    raise AssertionError("unreachable")


def sqlstate(error: DBAPIError) -> str:
    """The five-letter code of a database error; empty when the connection broke without one."""
    return str(getattr(error.orig, "sqlstate", None) or "")


def named(error: DBAPIError) -> Exception:
    """The error by what it means for a worker: away, refused, or (any other) the error itself."""
    code = sqlstate(error)
    if isinstance(error, DataError) or (code.startswith(_REFUSED_CLASSES) and code != "23505"):
        return RecordRefused(f"the database refused the record ({code})")
    if error.connection_invalidated or (isinstance(error, OperationalError | InterfaceError) and code[:2] != "42"):
        kind = code or type(error.orig).__name__
        return DatabaseAway(f"the database does not answer ({kind}); check that it runs, with seinpost doctor")
    return error
