"""Giving a dead letter's record to the road again, with the same ids, so that it takes effect once.

Letters of a way in (an import, a stream) are not ours to repeat: their bytes were never masked.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Engine

from pipeline import envelope, letters
from pipeline.envelope import HourKeys
from pipeline.store import dead_letters
from pipeline.store.attempts import RecordRefused, in_transaction
from pipeline.store.dead_letters import Parked
from pipeline.store.intake import take
from signals.analysed import ANALYSED_RECORD
from signals.dead_letter import MAX_BYTES
from signals.ids import IdKey
from signals.ports import PostSink
from signals.post import POST_RECORD


class Keys(HourKeys, Protocol):
    """What a retry needs of the key folder."""

    def id_key(self) -> IdKey:
        """The installation's id key."""
        ...


def retry(engine: Engine, keys: Keys, sink: PostSink, letter: UUID, clock: Callable[[], datetime]) -> str | None:
    """Retry one letter; None when the record is on its way, else in one line why it stays aside.

    Noted as retried only after it went, and only when it was not set aside anew meanwhile: a crash in between makes a
    repeat, which changes nothing.
    """
    with engine.connect() as connection:
        found = dead_letters.one(connection, letter)
        problem = _hopeless(found)
        if problem is not None:
            return problem
        try:
            raw = dead_letters.opened(connection, letter, keys)
        except (envelope.HourKeyGone, envelope.Undecryptable) as error:
            return str(error)
    problem = _give_back(engine, keys, sink, found, raw, clock)
    if problem is None:
        in_transaction(engine, lambda connection: dead_letters.retried(connection, found))
        with engine.connect() as connection:
            if dead_letters.one(connection, letter).state == "parked":
                return "it failed again; see the reason in the list"
    return problem


def _give_back(
    engine: Engine, keys: Keys, sink: PostSink, found: Parked, raw: bytes, clock: Callable[[], datetime]
) -> str | None:
    try:
        if found.step == letters.ANALYSE:
            sink.accept([POST_RECORD.validate_json(raw)], None)
        else:
            record = ANALYSED_RECORD.validate_json(raw)
            in_transaction(engine, lambda connection: take(connection, [record], keys.id_key(), clock()))
    except ValidationError:
        return "it still is no record that this version understands"
    except RecordRefused as error:
        return str(error)
    return None


def _hopeless(found: Parked) -> str | None:
    if found.state != "parked":
        return f"it is {found.state} already"
    if found.step not in (letters.ANALYSE, letters.INTAKE):
        return f"it came in by {found.step} and was never a masked post: mend it at its source and bring it in again"
    if found.size > MAX_BYTES:
        return "its bytes were cut: bring the post in again from its source"
    return None
