"""Whatever comes over the road ends as stored or as one letter, and no message stops a worker or holds up the next."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import cast
from uuid import uuid4

import pytest
from kafka import KafkaProducer

from pipeline import topics
from pipeline.kafka.bundles import of_records
from pipeline.kafka.local_broker import LocalBroker
from pipeline.kafka.messages import MOST_BYTES, Incoming, Outgoing, Place
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.settings_feed import KEY
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.topics import POSTS, POSTS_DEAD, SIGNALS
from pipeline.workers import analysis, intake
from pipeline.workers.breaker import Breaker
from signals.analysis import Analysis, Reason
from signals.post import Post
from signals.settings_version import DetectionSettings
from tests.road.books import Books
from tests.road.fuzz_fates import tally
from tests.road.fuzz_making import Forge, Remembered, Shot
from tests.road.fuzz_values import drawn
from tests.road.invented import NOW, SETTINGS, Maker, add_order, analyse
from tests.road.kafka_road import empty_topics, flow, running
from tests.road.roads import now
from tests.soak import Soak

CHUNK = 10_000
SHORT, LONG = 20_000, 1_000_000
OTHERWISE = int(os.environ.get("FUZZ_MESSAGES", "0"))
"""Another number of messages, for a run by hand."""
EMPTY = (
    "TRUNCATE signals, sightings, link_keys, signal_places, signal_events, analyses, post_heads, claims, dead_letters"
    " CASCADE"
)


@contextmanager
def fuzzed_road(bootstrap: str, database: Database, keys: KeyFolder) -> Iterator[list[Thread]]:
    """The analysis and the intake worker, alive. Their breakers never open: here most records are bad on purpose."""
    empty_topics(bootstrap)
    settings = RecordProducer(bootstrap, "fuzz-settings")
    settings.publish([Outgoing(topics.SETTINGS, KEY, SETTINGS.model_dump_json().encode(), ())])
    settings.close()
    road = database.engine_for("seinpost_road")
    with ExitStack() as stack:
        stack.callback(road.dispose)
        yield [
            stack.enter_context(
                running(lambda stop: analysis.run(bootstrap, keys, analyse, now, stop, breaker=Breaker(most=1)))
            ),
            stack.enter_context(
                running(
                    lambda stop: intake.run(bootstrap, road, keys, keys.id_key(), now, stop, breaker=Breaker(most=1))
                )
            ),
        ]


def publish(bootstrap: str, shots: list[Shot]) -> None:
    """Everything onto the broker, as any sender might: no bounds of ours."""
    sender = KafkaProducer(
        bootstrap_servers=bootstrap, acks="all", compression_type="lz4", max_request_size=8 << 20, linger_ms=5
    )
    futures = [sender.send(s.topic.name, value=s.value, key=s.key, headers=s.headers) for s in shots]
    for future in futures:
        future.get(timeout=60)
    sender.close()


def forgotten_hour(keys: KeyFolder) -> None:
    """An hour whose key was destroyed, before the hours of the test."""
    keys.hour_key(NOW - timedelta(days=3))
    keys.destroy_before(NOW - timedelta(days=2))


def run_fuzz(
    bootstrap: str, database: Database, keys: KeyFolder, strange: KeyFolder, books: Books, soak: Soak, number: int
) -> str:
    """Send `number` messages, chunk by chunk, and check the fate of each; what it took, in one line."""
    forgotten_hour(keys)
    random = soak.random
    maker = Maker(keys.id_key(), add_order(database))
    # Drawn before anything runs: Hypothesis minds its random numbers, and the Kafka client's threads use theirs.
    pools = [drawn(random) for _ in range(0, number, CHUNK)]
    forge = Forge(random, maker, Remembered(keys), Remembered(strange), pools[0])
    engine = database.engine_for("seinpost_road")
    stored = aside = 0
    busy = 0.0
    with fuzzed_road(bootstrap, database, keys) as workers:
        for start in range(0, number, CHUNK):
            forge.pool = pools[start // CHUNK]
            shots = forge.shots(min(CHUNK, number - start))
            began = time.monotonic()
            publish(bootstrap, shots)
            flow(bootstrap, engine, 300, workers)
            busy += time.monotonic() - began
            print(f"{start} sent and handled in {time.monotonic() - began:.0f} s")
            found = tally(shots, books, Remembered(keys))
            assert found.lost[:5] == [], f"{len(found.lost)} of chunk {start // CHUNK} have no fate or two"
            assert found.stray_letters == set()
            stored, aside = stored + found.stored, aside + found.aside
            books.change(EMPTY)
            forge.before.clear()
            empty_topics(bootstrap)
    engine.dispose()
    return f"{number} messages: {stored} stored, {aside} aside; {number / busy:.0f} a second through both workers"


class Kept:
    """A producer that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[Outgoing] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Keep them."""
        self.messages += messages


def test_an_answer_that_no_broker_would_take_lies_aside_and_the_others_go_on(own_keys: KeyFolder) -> None:
    def talkative(posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
        much = tuple(Reason(start=0, end=1, why="w" * 1_000) for _ in range(1_200))
        return [
            one.model_copy(update={"reasons": much}) if "veel" in post.text else one
            for post, one in zip(posts, analyse(posts, settings), strict=True)
        ]

    maker, kept = Maker(own_keys.id_key(), uuid4()), Kept()
    posts = [maker.post(text, f"steken {text}") for text in ("een", "veel", "twee")]
    made = [of_records([post], own_keys, NOW)[0].value for post in posts]
    batch = [Incoming(Place(POSTS.name, 0), n, 0, value) for n, value in enumerate(made)]
    analysis.Analyst(cast(RecordProducer, kept), own_keys, talkative, now).handle(batch, SETTINGS)
    assert [m.topic for m in kept.messages] == [POSTS_DEAD, SIGNALS, SIGNALS]
    assert dict(kept.messages[0].headers)["reason"] == b"too_large"
    assert max(len(m.value) for m in kept.messages) <= MOST_BYTES


@pytest.mark.kafka
@pytest.mark.timeout(600)
def test_every_fuzzed_message_is_stored_or_lies_aside_once_and_none_stops_a_worker(
    database: Database, own_keys: KeyFolder, tmp_path: Path, kafka_broker: LocalBroker, books: Books, soak: Soak
) -> None:
    strange = KeyFolder(tmp_path / "strange")
    print(f"SOAK_SEED={soak.seed}")
    print(run_fuzz(kafka_broker.bootstrap, database, own_keys, strange, books, soak, OTHERWISE or SHORT))


@pytest.mark.soak
@pytest.mark.kafka
@pytest.mark.timeout(4 * 3600)
def test_a_million_fuzzed_messages_end_as_stored_or_aside(
    database: Database, own_keys: KeyFolder, tmp_path: Path, own_kafka_broker: LocalBroker, books: Books, soak: Soak
) -> None:
    strange = KeyFolder(tmp_path / "strange")
    print(f"SOAK_SEED={soak.seed}")
    result = run_fuzz(own_kafka_broker.bootstrap, database, own_keys, strange, books, soak, OTHERWISE or LONG)
    soak.record("fuzzed messages over Kafka through analysis and intake", result)
