"""The analysis worker: posts topic in, signals topic out. Removals pass unfiltered; poison is set aside.

The offset moves only after every answer and every dead letter is acknowledged. It stores nothing.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from pydantic import ValidationError

from pipeline import envelope, letters
from pipeline.analysing import Analyse, Draws, analyse_records, draws_nothing
from pipeline.envelope import HourKeys, KeysOfOneBatch
from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.consumer import ends_of
from pipeline.kafka.dead_letters import of_letter
from pipeline.kafka.messages import MOST_BYTES, Incoming, of_analysed
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.settings_feed import KafkaSettings
from pipeline.kafka.topic_admin import require
from pipeline.letters import letter
from pipeline.topic_access import ANALYSE
from pipeline.topics import POSTS, POSTS_DEAD, SIGNALS
from pipeline.watch.worker_watch import WorkerWatch
from pipeline.workers.breaker import Breaker
from pipeline.workers.patience import Stopping, patiently
from signals.dead_letter import DeadLetter, DeadReason
from signals.post import POST_RECORD, Post, PostRemoved
from signals.settings_version import DetectionSettings

GROUP = "seinpost-analyse"
BATCH = 256
"""Records a turn: what the gate reads fastest together; even if all go to the encoder, short enough to stop in time."""


@dataclass
class Analyst:
    """What one turn needs."""

    producer: RecordProducer
    keys: HourKeys
    analyse: Analyse
    clock: Callable[[], datetime]
    breaker: Breaker = field(default_factory=Breaker)
    draws: Draws = draws_nothing

    def handle(self, batch: Sequence[Incoming], settings: DetectionSettings) -> None:
        """Analyse a batch and publish everything that follows from it. Safe to repeat."""
        now, keys = self.clock(), KeysOfOneBatch(self.keys)
        records, dead = opened(batch, keys, now)
        found, broken = analyse_records(records, self.analyse, settings, self.draws)
        dead += [
            letter(
                POST_RECORD.dump_json(b.post), DeadReason.ANALYSIS_FAILED, letters.ANALYSE, b.post.source, now, b.error
            )
            for b in broken
        ]
        answers = [of_analysed(each, keys, now) for each in found]
        given = {record.event_id: record for record in records}
        dead += [
            letter(POST_RECORD.dump_json(given[each.event_id]), DeadReason.TOO_LARGE, letters.ANALYSE, each.source, now)
            for each, answer in zip(found, answers, strict=True)
            if len(answer.value) > MOST_BYTES
        ]
        self.breaker.ask(dead, len(batch))
        self.producer.publish(
            [of_letter(each, keys) for each in dead] + [a for a in answers if len(a.value) <= MOST_BYTES]
        )
        self.breaker.note(dead, len(batch))


def opened(
    batch: Sequence[Incoming], keys: HourKeys, now: datetime
) -> tuple[list[Post | PostRemoved], list[DeadLetter]]:
    """The records of a batch, and a letter for each message that is none."""
    records: list[Post | PostRemoved] = []
    dead: list[DeadLetter] = []
    for message in batch:
        try:
            records.append(POST_RECORD.validate_json(envelope.unseal(message.value, keys)))
        except envelope.Undecryptable as error:
            dead.append(letter(message.value, DeadReason.UNDECRYPTABLE, letters.ANALYSE, "unknown", now, error))
        except envelope.HourKeyGone as error:
            dead.append(letter(message.value, DeadReason.HOUR_KEY_GONE, letters.ANALYSE, "unknown", now, error))
        except ValidationError as error:
            body = envelope.unseal(message.value, keys)
            dead.append(letter(body, DeadReason.SCHEMA, letters.ANALYSE, "unknown", now, error))
    return records, dead


def run(
    bootstrap: Bootstrap,
    keys: HourKeys,
    analyse: Analyse,
    clock: Callable[[], datetime],
    stop: threading.Event,
    watch: WorkerWatch | None = None,
    breaker: Breaker | None = None,
    draws: Draws = draws_nothing,
) -> None:
    """Work until `stop` is set. Settings are followed live; without any yet, it waits for the relay to bring them."""
    require(bootstrap, ANALYSE.topics)
    watch = watch or WorkerWatch("analyse")
    settings = KafkaSettings(bootstrap)
    consumer = watch.consumer(bootstrap, GROUP, [POSTS], BATCH)
    producer = watch.producer(bootstrap, GROUP, [SIGNALS, POSTS_DEAD])
    analyst = Analyst(producer, keys, analyse, clock, breaker or Breaker(), draws)
    try:
        patiently(lambda: settings.wait(stop), stop.wait, stop)
        while not stop.is_set():
            batch = patiently(lambda: consumer.batch(0.5), stop.wait, stop)
            live = patiently(settings.current, consumer.idle, stop)  # also without posts: it keeps up while idle
            if batch:
                patiently(partial(analyst.handle, batch, live), consumer.idle, stop)
                patiently(partial(consumer.commit, ends_of(batch)), consumer.idle, stop)
    except Stopping:
        pass
    finally:
        consumer.close()
        producer.close()
        settings.close()
