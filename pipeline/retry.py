"""Giving a dead letter's record to the road again, with the same ids, so that it takes effect once.

Letters of a way in (an import, a stream) are not ours to repeat: their bytes were never masked.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Engine

from pipeline import envelope, letters
from pipeline.envelope import HourKeys
from pipeline.kafka.bundles import lines_of
from pipeline.store import dead_letters
from pipeline.store.attempts import RecordRefused, in_transaction
from pipeline.store.dead_letters import Parked
from pipeline.store.intake import take
from pipeline.workers.breaker import TooManyLetters
from signals.analysed import ANALYSED_RECORD
from signals.dead_letter import MAX_BYTES, DeadReason
from signals.ids import IdKey
from signals.ports import PostSink
from signals.post import POST_RECORD


class Stays(StrEnum):
    """Why a letter stays aside, in one line."""

    AGAIN = "it failed again; see the reason in the list"
    RETRIED = "it is retried already"
    DISCARDED = "it is discarded already"
    NEVER_MASKED = "it was never a masked post: mend it at its source and bring it in again"
    CUT = "its bytes were cut: bring the post in again from its source"
    KEY_GONE = "its bytes are past their retention"
    UNDECRYPTABLE = "its bytes do not open with their hour's key; is this the right key folder?"
    NO_RECORD = "it still is no record that this version understands"
    REFUSED = "the database refused the record again"
    AWAY = "the road does not answer now; nothing was changed, try again later"


class Keys(HourKeys, Protocol):
    """What a retry needs of the key folder."""

    def id_key(self) -> IdKey:
        """The installation's id key."""
        ...


def retry(engine: Engine, keys: Keys, sink: PostSink, letter: UUID, clock: Callable[[], datetime]) -> Stays | None:
    """Retry one letter; None when the record is on its way, else why it stays aside.

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
        except envelope.HourKeyGone:
            return Stays.KEY_GONE
        except envelope.Undecryptable:
            return Stays.UNDECRYPTABLE
    problem = _give_back(engine, keys, sink, found, raw, clock)
    if problem is None:
        in_transaction(engine, lambda connection: dead_letters.retried(connection, found))
        with engine.connect() as connection:
            if dead_letters.one(connection, letter).state == "parked":
                return Stays.AGAIN
    return problem


def _give_back(
    engine: Engine, keys: Keys, sink: PostSink, found: Parked, raw: bytes, clock: Callable[[], datetime]
) -> Stays | None:
    try:
        if found.reason in (DeadReason.UNDECRYPTABLE, DeadReason.HOUR_KEY_GONE):
            raw = envelope.unseal(raw, keys)  # set aside as it came; perhaps the key folder is the right one now
        if found.step == letters.ANALYSE:
            sink.accept([POST_RECORD.validate_json(line) for line in lines_of(raw)], None)
        else:
            records = [ANALYSED_RECORD.validate_json(line) for line in lines_of(raw)]
            in_transaction(engine, lambda connection: take(connection, records, keys.id_key(), clock()))
    except envelope.HourKeyGone:
        return Stays.KEY_GONE
    except envelope.Undecryptable:
        return Stays.UNDECRYPTABLE
    except ValidationError:
        return Stays.NO_RECORD
    except RecordRefused:
        return Stays.REFUSED
    except TooManyLetters:  # it lies where it lay; the road takes nothing more of its kind until it is mended
        return Stays.AGAIN
    return None


def _hopeless(found: Parked) -> Stays | None:
    if found.state != "parked":
        return Stays.RETRIED if found.state == "retried" else Stays.DISCARDED
    if found.step not in letters.RETURNABLE:
        return Stays.NEVER_MASKED
    if found.size > MAX_BYTES:
        return Stays.CUT
    return None
