"""The Kafka road under test: the three workers as threads on a real broker, on topics made empty for each test."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from sqlalchemy import Engine

from pipeline.analysing import Analyse
from pipeline.kafka.dead_letters import KafkaDeadLetters
from pipeline.kafka.raw_window import KafkaRawWindow
from pipeline.kafka.settings_feed import KafkaSettings
from pipeline.kafka.sink import KafkaSink
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.topics import TOPICS, apply
from pipeline.workers import analysis, intake, relay
from pipeline.workers.breaker import Breaker
from tests.road.invented import SETTINGS, Maker, analyse
from tests.road.roads import Road, now

PATIENCE = 150.0


@contextmanager
def running(work: Callable[[threading.Event], None]) -> Iterator[threading.Thread]:
    """A worker in a thread, asked to stop at the end; it must do so within ten seconds."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive(), "a worker did not stop within 10 s"


def empty_topics(bootstrap: str) -> None:
    """All our topics there, and nothing left in them but settings."""
    apply(bootstrap)
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.delete_records(
        {
            TopicPartition(topic.name, partition): end
            for topic in TOPICS
            if topic.configs["cleanup.policy"] == "delete"
            for partition, end in end_of(bootstrap, topic.name).items()
        }
    )
    admin.close()


def end_of(bootstrap: str, topic: str) -> dict[int, int]:
    """The next offset of every partition."""
    return {partition: end for partition, (_, end) in bounds_of(bootstrap, topic).items()}


def bounds_of(bootstrap: str, topic: str) -> dict[int, tuple[int, int]]:
    """The first kept and the next offset of every partition."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap.split(","))
    partitions = [TopicPartition(topic, n) for n in consumer.partitions_for_topic(topic) or ()]
    first, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
    consumer.close()
    return {p.partition: (first[p], ends[p]) for p in partitions}


def everything(bootstrap: str) -> bytes:
    """All bytes of all topics, as the broker gives them out."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    partitions = [TopicPartition(t.name, n) for t in TOPICS for n in range(t.partitions)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    found: list[bytes] = []
    while any(consumer.position(p) < ends[p] for p in partitions):
        for records in consumer.poll(timeout_ms=500).values():
            for r in records:
                found += [r.key or b"", r.value or b"", *(name.encode() + value for name, value in r.headers)]
    consumer.close()
    return b"\n".join(found)


@contextmanager
def kafka_road(
    bootstrap: str,
    database: Database,
    keys: KeyFolder,
    maker: Maker,
    analyse: Analyse = analyse,
    breaker: Breaker | None = None,
) -> Iterator[Road]:
    """The Kafka road; `flow` waits until nothing is on its way any more."""
    empty_topics(bootstrap)
    collect, road, send = (database.engine_for(f"seinpost_{r}") for r in ("collect", "road", "relay"))
    with ExitStack() as stack:
        for engine in (collect, road, send):
            stack.callback(engine.dispose)
        sink = KafkaSink(bootstrap, keys, collect, now)
        stack.callback(sink.close)
        letters = KafkaDeadLetters(bootstrap, keys)
        stack.callback(letters.close)
        feed = KafkaSettings(bootstrap)
        stack.callback(feed.close)
        stack.enter_context(running(lambda stop: relay.run(bootstrap, send, SETTINGS, now, stop)))
        assert feed.wait(threading.Event())
        stack.enter_context(running(lambda stop: analysis.run(bootstrap, keys, analyse, now, stop, breaker=breaker)))
        stack.enter_context(running(lambda stop: intake.run(bootstrap, road, keys, keys.id_key(), now, stop)))

        yield Road(
            sink=sink,
            dead_letters=letters,
            window=KafkaRawWindow(bootstrap, keys),
            settings=feed,
            pause=1.5,
            keys=keys,
            maker=maker,
            flow=lambda: flow(bootstrap, road),
            stored_bytes=lambda: everything(bootstrap),
        )


def flow(bootstrap: str, engine: Engine, seconds: float = PATIENCE, workers: Sequence[threading.Thread] = ()) -> None:
    """Wait until the analysis worker committed all posts and the intake worker stored all that follows from them."""
    until = time.monotonic() + seconds
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        while not is_quiet(admin, bootstrap, engine):
            assert time.monotonic() < until, "the road did not become quiet"
            assert all(worker.is_alive() for worker in workers), "a worker fell over"
            time.sleep(0.1)
    finally:
        admin.close()


def is_quiet(admin: KafkaAdminClient, bootstrap: str, engine: Engine) -> bool:
    """Whether nothing is on its way: all posts analysed and committed, all that follows from them stored."""
    return _analysed(admin, bootstrap) and _taken(bootstrap, engine)


def _analysed(admin: KafkaAdminClient, bootstrap: str) -> bool:
    try:
        offsets = admin.list_group_offsets(analysis.GROUP).get(analysis.GROUP, {})
    except KafkaError:
        return False  # the group is just being made
    done = {p.partition: o.offset for p, o in offsets.items()}
    # What an earlier test left unread is deleted, never committed: an empty partition is done wherever its commit is.
    bounds = bounds_of(bootstrap, "seinpost.posts.v1")
    return all(first == end or done.get(p, 0) >= end for p, (first, end) in bounds.items())


def _taken(bootstrap: str, engine: Engine) -> bool:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT topic, partition, next_offset FROM consumer_offsets").all()
    done = {(topic, partition): offset for topic, partition, offset in rows}
    return all(
        done.get((topic, p), 0) >= end
        for topic in ("seinpost.signals.v1", "seinpost.posts.dead.v1", "seinpost.signals.dead.v1")
        for p, end in end_of(bootstrap, topic).items()
    )
