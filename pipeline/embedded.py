"""The embedded road: the four ports on PostgreSQL alone, the same functions called directly, no Kafka.

A collector's batch, its analyses, its effect on the queue and the cursor are one transaction. A fault of the house, by
which most would be set aside, lets none of that happen.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, Engine

from pipeline import letters
from pipeline.analysing import Analyse, Broken, Draws, analyse_records, draws_nothing
from pipeline.envelope import HourKeys
from pipeline.letters import letter
from pipeline.store import cursors, dead_letters, raw_window, settings
from pipeline.store.attempts import in_transaction
from pipeline.storing import take_or_name
from pipeline.workers.breaker import Breaker
from signals.analysed import ANALYSED_RECORD, Analysed
from signals.dead_letter import DeadLetter, DeadReason
from signals.ids import IdKey
from signals.ports import Cursor, SettingsFeed
from signals.post import POST_RECORD, Post, PostRemoved
from signals.settings_version import DetectionSettings

Clock = Callable[[], datetime]
_SETTINGS_AGE = 1.0


class Keys(HourKeys, Protocol):
    """What the embedded road needs of the key folder."""

    def id_key(self) -> IdKey:
        """The installation's id key."""
        ...


class EmbeddedSink:
    """`PostSink`: analyse a batch and let it take effect with its cursor, or nothing of it at all."""

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        analyse: Analyse,
        settings: SettingsFeed,
        clock: Clock,
        breaker: Breaker | None = None,
        draws: Draws = draws_nothing,
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._analyse = analyse
        self._settings = settings
        self._clock = clock
        self._breaker = breaker or Breaker()
        self._draws = draws

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        """Take the batch and the cursor in one transaction.

        Raises `DatabaseAway` when it could not, or `TooManyLetters` while most would be set aside: give it again.
        """
        records, broken = analyse_records(batch, self._analyse, self._settings.current(), self._draws)
        dead = in_transaction(self._engine, lambda connection: self._store(connection, batch, records, broken, cursor))
        self._breaker.note(dead, _judged(batch, dead))

    def _store(
        self,
        connection: Connection,
        batch: Sequence[Post | PostRemoved],
        records: Sequence[Analysed | PostRemoved],
        broken: Sequence[Broken],
        cursor: Cursor | None,
    ) -> list[DeadLetter]:
        now = self._clock()
        raw_window.add(connection, batch, self._keys, now)
        refused = take_or_name(connection, records, self._keys.id_key(), now)
        dead = [
            letter(
                POST_RECORD.dump_json(b.post), DeadReason.ANALYSIS_FAILED, letters.ANALYSE, b.post.source, now, b.error
            )
            for b in broken
        ] + [
            letter(
                ANALYSED_RECORD.dump_json(r.record),
                DeadReason.STORE_REFUSED,
                letters.INTAKE,
                r.record.source,
                now,
                r.error,
            )
            for r in refused
        ]
        self._breaker.ask(dead, _judged(batch, dead))
        for each in dead:
            dead_letters.add(connection, each, self._keys)
        if cursor is not None:
            cursors.save(connection, cursor)
        return dead


def _judged(batch: Sequence[Post | PostRemoved], dead: Sequence[DeadLetter]) -> int:
    """How many records of a batch tell whether the house works. A removal that passes does not: nothing is analysed."""
    return max(len(dead), sum(isinstance(record, Post) for record in batch))


class EmbeddedSettings:
    """`SettingsFeed`: the active settings, read again at most once a second; the shipped ones where none is active."""

    def __init__(self, engine: Engine, shipped: DetectionSettings, ticks: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._shipped = shipped
        self._ticks = ticks
        self._read_at: float | None = None
        self._current = shipped

    def current(self) -> DetectionSettings:
        """The active settings."""
        if self._read_at is None or self._ticks() - self._read_at >= _SETTINGS_AGE:
            self._current = in_transaction(self._engine, settings.active) or self._shipped
            self._read_at = self._ticks()
        return self._current


class EmbeddedDeadLetters:
    """`DeadLetters`: straight into the book, in a transaction of their own."""

    def __init__(self, engine: Engine, keys: HourKeys) -> None:
        self._engine = engine
        self._keys = keys

    def park(self, letter: DeadLetter) -> None:
        """Set a record aside; committed when this returns."""
        in_transaction(self._engine, lambda connection: dead_letters.add(connection, letter, self._keys))


class EmbeddedRawWindow:
    """`RawWindow`: the encrypted records of the last hours."""

    def __init__(self, engine: Engine, keys: HourKeys) -> None:
        self._engine = engine
        self._keys = keys

    def since(self, moment: datetime) -> Iterator[Post | PostRemoved]:
        """Records seen at or after `moment`, oldest first."""
        return raw_window.since(self._engine, moment, self._keys)
