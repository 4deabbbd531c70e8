"""The workers by themselves: bad messages lie aside, workers share and take over, and stop when they are asked to."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from sqlalchemy import Engine, create_engine

from pipeline import envelope, topics
from pipeline.kafka.consumer import GroupConsumer
from pipeline.kafka.faults import BrokerAway, TopicsMissing
from pipeline.kafka.local_broker import LocalBroker, free_port
from pipeline.kafka.messages import ENCRYPTED, Outgoing, headers
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.settings_feed import KEY
from pipeline.key_folder import KeyFolder
from pipeline.store import offsets
from pipeline.store.attempts import DatabaseAway, in_transaction
from pipeline.store.connection import Database
from pipeline.store.offsets import Fenced
from pipeline.topics import POSTS, SIGNALS, Topic, apply, drift
from pipeline.workers import analysis, intake
from tests.patience import until
from tests.road.books import Books
from tests.road.invented import NOW, SETTINGS, Maker, add_order, analyse
from tests.road.kafka_road import flow, kafka_road, running
from tests.road.roads import now

pytestmark = pytest.mark.kafka
THREAT = "ik ga je steken"
GROUP_TOPIC = Topic("seinpost.group.test", 4)


@contextmanager
def _producer(broker: LocalBroker) -> Iterator[RecordProducer]:
    producer = RecordProducer(broker.bootstrap, "test")
    yield producer
    producer.close()


def _message(topic: Topic, value: bytes) -> Outgoing:
    event = uuid4()
    return Outgoing(topic, str(event), value, headers(event, "test", "test", NOW, ENCRYPTED))


def test_messages_that_are_no_records_lie_aside_and_the_rest_goes_on(
    database: Database, own_keys: KeyFolder, kafka_broker: LocalBroker, books: Books, road: Engine
) -> None:
    maker = Maker(own_keys.id_key(), add_order(database))
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    forgotten = envelope.seal(b"{}", own_keys, long_ago)
    own_keys.destroy_before(long_ago + timedelta(hours=1))
    bad = [
        b"",
        b"not ours",
        b"1;2026-11-22T15;" + b"x" * 60,
        envelope.seal(b'{"kind": "other"}', own_keys, NOW),
        forgotten,
    ]
    with (
        kafka_road(kafka_broker.bootstrap, database, own_keys, maker) as built,
        _producer(kafka_broker) as producer,
    ):
        producer.publish([_message(topic, value) for topic in (POSTS, SIGNALS) for value in bad])
        built.sink.accept([maker.post("a", THREAT)], None)
        flow(kafka_broker.bootstrap, road)
    assert books.rows("SELECT state, sightings FROM signals") == [("new", 1)]
    found = books.rows("SELECT step, reason, count(*) FROM dead_letters GROUP BY 1, 2 ORDER BY 1, 2")
    assert found == [
        (step, reason, count)
        for step in ("analyse", "intake")
        for reason, count in (("hour_key_gone", 1), ("schema", 1), ("undecryptable", 3))
    ]


def test_two_workers_share_the_partitions_and_one_takes_over(kafka_broker: LocalBroker) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka_broker.bootstrap)
    admin.create_topics({GROUP_TOPIC.name: {"num_partitions": 4, "replication_factor": 1}}, wait_for_metadata=True)
    admin.close()
    owned = {"first": 0, "second": 0}

    def reads(name: str) -> Callable[[threading.Event], None]:
        def read(stop: threading.Event) -> None:
            consumer = GroupConsumer(kafka_broker.bootstrap, "sharing", [GROUP_TOPIC], 10)
            while not stop.is_set():
                consumer.batch(0.2)
                owned[name] = len(consumer.owned())
            consumer.close()

        return read

    with running(reads("first")):
        with running(reads("second")):
            until(lambda: owned == {"first": 2, "second": 2})
        until(lambda: owned["first"] == 4)


def test_a_worker_that_lost_its_partition_writes_nothing_any_more(road: Engine) -> None:
    bounds = {(SIGNALS.name, 0): (0, 100)}
    old = in_transaction(road, lambda c: offsets.claim(c, "g", bounds))
    in_transaction(road, lambda c: offsets.move(c, "g", {(SIGNALS.name, 0): 10}, old))
    new = in_transaction(road, lambda c: offsets.claim(c, "g", bounds))
    assert new[SIGNALS.name, 0].next_offset == 10
    with pytest.raises(Fenced):
        in_transaction(road, lambda c: offsets.move(c, "g", {(SIGNALS.name, 0): 20}, old))
    in_transaction(road, lambda c: offsets.move(c, "g", {(SIGNALS.name, 0): 20}, new))


def test_a_topic_that_was_made_anew_is_read_from_its_beginning(road: Engine) -> None:
    place = (SIGNALS.name, 0)
    hold = in_transaction(road, lambda c: offsets.claim(c, "g", {place: (0, 500)}))
    in_transaction(road, lambda c: offsets.move(c, "g", {place: 400}, hold))
    assert in_transaction(road, lambda c: offsets.claim(c, "g", {place: (0, 3)}))[place].next_offset == 0
    assert in_transaction(road, lambda c: offsets.claim(c, "g", {place: (7, 9)}))[place].next_offset == 7


def test_workers_stop_within_ten_seconds_also_without_a_broker(
    own_kafka_broker: LocalBroker, own_keys: KeyFolder, road: Engine
) -> None:
    apply(own_kafka_broker.bootstrap)
    with _producer(own_kafka_broker) as producer:
        producer.publish([Outgoing(topics.SETTINGS, KEY, SETTINGS.model_dump_json().encode(), ())])
    bootstrap = own_kafka_broker.bootstrap
    with (
        running(lambda stop: analysis.run(bootstrap, own_keys, analyse, now, stop)) as first,
        running(lambda stop: intake.run(bootstrap, road, own_keys, own_keys.id_key(), now, stop)) as second,
    ):
        time.sleep(4)
        own_kafka_broker.kill()
        time.sleep(2)
        assert first.is_alive()
        assert second.is_alive()


def test_a_broker_or_topics_that_are_not_there_are_said_in_one_line(
    own_keys: KeyFolder, own_kafka_broker: LocalBroker
) -> None:
    with pytest.raises(BrokerAway, match="SEINPOST_KAFKA"):
        analysis.run(f"127.0.0.1:{free_port()}", own_keys, analyse, now, threading.Event())
    with pytest.raises(TopicsMissing, match="seinpost topics apply"):
        analysis.run(own_kafka_broker.bootstrap, own_keys, analyse, now, threading.Event())


def test_drift_of_a_topic_is_found_and_corrected(kafka_broker: LocalBroker) -> None:
    apply(kafka_broker.bootstrap)
    assert drift(kafka_broker.bootstrap) == []
    admin = KafkaAdminClient(bootstrap_servers=kafka_broker.bootstrap)
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, POSTS.name, configs={"retention.ms": "1234567"})])
    admin.close()
    until(lambda: len(drift(kafka_broker.bootstrap)) >= 1)
    assert any("retention.ms is 1234567" in line for line in drift(kafka_broker.bootstrap))
    assert any(line.startswith(f"corrected {POSTS.name}") for line in apply(kafka_broker.bootstrap))
    until(lambda: drift(kafka_broker.bootstrap) == [])


def test_a_database_that_is_away_is_a_passing_fault() -> None:
    nowhere = create_engine(
        f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none", connect_args={"connect_timeout": 2}
    )
    with pytest.raises(DatabaseAway, match="does not answer"):
        in_transaction(nowhere, lambda connection: connection.exec_driver_sql("SELECT 1"))
