"""The intake worker: signals topic into the queue, dead letters into their book, with the offset in one transaction.

PostgreSQL is the truth of progress; the commit to Kafka is a hint for lag metrics.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine

from pipeline import letters
from pipeline.envelope import HourKeys, KeysOfOneBatch
from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.consumer import GroupConsumer, ends_of
from pipeline.kafka.dead_letters import of_letter, read_letter
from pipeline.kafka.messages import Incoming, Place
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.topic_admin import require
from pipeline.letters import letter
from pipeline.store import dead_letters, offsets
from pipeline.store.attempts import in_transaction
from pipeline.store.offsets import Fenced, Hold
from pipeline.store.texts import forget_due_texts
from pipeline.storing import take_or_name
from pipeline.topic_access import INTAKE
from pipeline.topics import POSTS_DEAD, SIGNALS, SIGNALS_DEAD
from pipeline.watch.worker_watch import WorkerWatch
from pipeline.workers.breaker import Breaker
from pipeline.workers.opening import opened
from pipeline.workers.patience import Stopping, log, patiently
from signals.analysed import ANALYSED_RECORD
from signals.dead_letter import DeadLetter, DeadReason
from signals.ids import IdKey

GROUP = "seinpost-intake"
BATCH = 1024
"""Messages a transaction at most, and `TURN` bytes as far as can be told before."""
TURN = 512 * 1024
"""About a thousand records: the statements of a transaction cost the same for one as for many."""
_SWEEP = timedelta(minutes=1)


@dataclass
class Intake:
    """What one turn needs, and our holds on partitions."""

    engine: Engine
    keys: HourKeys
    id_key: IdKey
    producer: RecordProducer
    clock: Callable[[], datetime]
    holds: dict[Place, Hold] = field(default_factory=dict)
    breaker: Breaker = field(default_factory=Breaker)

    def take_over(self, bounds: dict[Place, tuple[int, int]]) -> dict[Place, int]:
        """Fence off former owners; where to read on."""
        holds = in_transaction(self.engine, lambda c: offsets.claim(c, GROUP, bounds))
        self.holds.update(holds)
        return {place: hold.next_offset for place, hold in holds.items()}

    def store(self, batch: Sequence[Incoming]) -> None:
        """Let a batch take effect, once. Raises `Fenced` when a partition of it is no longer ours."""
        dead, count = in_transaction(self.engine, lambda connection: self._store(connection, batch))
        self.breaker.note(dead, count)

    def forget(self) -> None:
        """Let texts go whose source is gone, at the decision or after a day."""
        in_transaction(self.engine, lambda connection: forget_due_texts(connection, self.clock()))

    def _store(self, connection: Connection, batch: Sequence[Incoming]) -> tuple[list[DeadLetter], int]:
        now = self.clock()
        offsets.move(connection, GROUP, ends_of(batch), self.holds)
        keys = KeysOfOneBatch(self.keys)
        analysed = [m for m in batch if m.place.topic == SIGNALS.name]
        come = opened(analysed, ANALYSED_RECORD, letters.INTAKE, keys, now)
        refused = take_or_name(connection, come.records, self.id_key, now)
        dead = come.dead + [
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
        self.breaker.ask(dead + come.further, come.count)
        # Acknowledged before the offset moves; if the transaction fails after that, the repeat is the same letter.
        self.producer.publish([of_letter(each, self.keys) for each in dead])
        for message in batch:
            if message.place.topic != SIGNALS.name:
                self._book(connection, message, now)
        return dead + come.further, come.count

    def _book(self, connection: Connection, message: Incoming, now: datetime) -> None:
        found = read_letter(message.value)
        if found is not None:
            dead_letters.add_sealed(connection, *found)
        else:
            odd = letter(message.value, DeadReason.MALFORMED, "dead-letters", "unknown", now)
            dead_letters.add(connection, odd, self.keys)


def run(
    bootstrap: Bootstrap,
    engine: Engine,
    keys: HourKeys,
    id_key: IdKey,
    clock: Callable[[], datetime],
    stop: threading.Event,
    watch: WorkerWatch | None = None,
    breaker: Breaker | None = None,
) -> None:
    """Work until `stop` is set. A worker that was fenced joins the group anew."""
    require(bootstrap, INTAKE.topics)
    watch = watch or WorkerWatch("intake")
    producer = watch.producer(bootstrap, GROUP, [SIGNALS_DEAD])
    breaker = breaker or Breaker(watch.breaker)
    try:
        while not stop.is_set():
            intake = Intake(engine, keys, id_key, producer, clock, breaker=breaker)
            consumer = watch.consumer(bootstrap, GROUP, [SIGNALS, POSTS_DEAD, SIGNALS_DEAD], BATCH, TURN)
            try:
                _turns(intake, consumer, stop)
            except Fenced as fenced:
                log.warning("fenced", hint=str(fenced))
            finally:
                consumer.close()
    except Stopping:
        pass
    finally:
        producer.close()


def _take_over(intake: Intake, consumer: GroupConsumer, fresh: set[Place]) -> dict[Place, int]:
    return intake.take_over(consumer.bounds(fresh))


def _turns(intake: Intake, consumer: GroupConsumer, stop: threading.Event) -> None:
    swept = intake.clock() - _SWEEP
    while not stop.is_set():
        batch = patiently(lambda: consumer.batch(0.5), stop.wait, stop)
        fresh = consumer.newly_assigned()
        if fresh:
            # What was read of them came from Kafka's hint; the position in the database is the true one.
            positions = patiently(partial(_take_over, intake, consumer, fresh), consumer.idle, stop)
            consumer.seek(positions)
            batch = [m for m in batch if m.place not in fresh]
        if batch:
            patiently(partial(intake.store, batch), consumer.idle, stop)
            patiently(partial(consumer.commit, ends_of(batch)), consumer.idle, stop)
        elif intake.clock() - swept >= _SWEEP:
            swept = intake.clock()
            patiently(intake.forget, consumer.idle, stop)
