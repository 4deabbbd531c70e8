"""The analysis worker: posts topic in, signals topic out. Removals pass unfiltered; poison is set aside.

The offset moves only after every answer and every dead letter is acknowledged. It stores nothing.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from pipeline import letters
from pipeline.analysing import Analyse, Draws, analyse_records, draws_nothing
from pipeline.envelope import HourKeys, KeysOfOneBatch
from pipeline.kafka.bundles import Piece, of_answers, piece_of
from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.consumer import ends_of
from pipeline.kafka.dead_letters import of_letter
from pipeline.kafka.messages import MOST_BYTES, Incoming, Outgoing
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.settings_feed import KafkaSettings
from pipeline.kafka.topic_admin import require
from pipeline.letters import letter
from pipeline.topic_access import ANALYSE
from pipeline.topics import POSTS, POSTS_DEAD, SIGNALS
from pipeline.watch.worker_watch import WorkerWatch
from pipeline.workers.breaker import Breaker
from pipeline.workers.opening import opened
from pipeline.workers.patience import Stopping, patiently
from signals.analysed import Analysed
from signals.dead_letter import DeadReason
from signals.post import POST_RECORD, Post, PostRemoved
from signals.settings_version import DetectionSettings

GROUP = "seinpost-analyse"
BATCH = 256
"""Messages a turn at most, and `TURN` bytes as far as can be told before: even if all posts in them go to the encoder,
short enough to stop in time."""
TURN = 128 * 1024
"""About 250 posts, which the gate reads fastest together."""


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
        come = opened(batch, POST_RECORD, letters.ANALYSE, keys, now)
        found, broken = analyse_records(come.records, self.analyse, settings, self.draws)
        dead = come.dead + [
            letter(
                POST_RECORD.dump_json(b.post), DeadReason.ANALYSIS_FAILED, letters.ANALYSE, b.post.source, now, b.error
            )
            for b in broken
        ]
        answers, too_large = bundled(batch, come.given, found, keys, now)
        dead += [
            letter(POST_RECORD.dump_json(each), DeadReason.TOO_LARGE, letters.ANALYSE, each.source, now)
            for each in too_large
        ]
        self.breaker.ask(dead + come.further, come.count)
        self.producer.publish([of_letter(each, keys) for each in dead] + answers)
        self.breaker.note(dead + come.further, come.count)


def bundled(
    batch: Sequence[Incoming],
    given: Sequence[Sequence[Post | PostRemoved]],
    found: Sequence[Analysed | PostRemoved],
    keys: HourKeys,
    now: datetime,
) -> tuple[list[Outgoing], list[Post | PostRemoved]]:
    """What came in one message goes on in one; and the records whose answers are larger than any message may be.

    `found` is in the order of what was given, without those on which the analysis broke.
    """
    messages: list[Outgoing] = []
    too_large: list[Post | PostRemoved] = []
    answers = deque(found)
    for message, together in zip(batch, given, strict=True):
        pieces: list[Piece] = []
        for record in together:
            if answers and answers[0].event_id == record.event_id:
                piece = piece_of(answers.popleft())
                if len(piece.body) > MOST_BYTES:
                    too_large.append(record)
                else:
                    pieces.append(piece)
        messages += of_answers(pieces, message.place.partition, keys, now)
    return messages, too_large


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
    consumer = watch.consumer(bootstrap, GROUP, [POSTS], BATCH, TURN)
    producer = watch.producer(bootstrap, GROUP, [SIGNALS, POSTS_DEAD])
    analyst = Analyst(producer, keys, analyse, clock, breaker or Breaker(watch.breaker), draws)
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
