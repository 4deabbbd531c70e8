"""The local broker is a real Apache Kafka: it keeps what it acknowledged, also through `kill -9`."""

import subprocess
import sys
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

from pipeline.kafka.broker_jars import KafkaNotHere, check, jars
from pipeline.kafka.local_broker import LocalBroker, free_port

pytestmark = pytest.mark.kafka


def make_topic(broker: LocalBroker, topic: str, partitions: int = 3) -> None:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    admin.create_topics({topic: {"num_partitions": partitions, "replication_factor": 1}})
    admin.close()


def produce(broker: LocalBroker, topic: str, values: range) -> None:
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, acks="all", compression_type="lz4")
    waiting = [producer.send(topic, key=b"%d" % (value % 7), value=b"%d" % value) for value in values]
    for promise in waiting:
        promise.get(30)
    producer.close()


def consume(broker: LocalBroker, topic: str, count: int) -> list[int]:
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=broker.bootstrap,
        group_id="readers",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=6000,
        heartbeat_interval_ms=1000,
    )
    got: list[int] = []
    for _ in range(60):
        for records in consumer.poll(500).values():
            got.extend(int(record.value) for record in records)
        if len(got) >= count:
            break
    consumer.commit()
    consumer.close()
    return sorted(got)


def test_acknowledged_records_and_committed_offsets_survive_kill_minus_nine(own_kafka_broker: LocalBroker) -> None:
    make_topic(own_kafka_broker, "posts")
    produce(own_kafka_broker, "posts", range(500))
    assert consume(own_kafka_broker, "posts", 500) == list(range(500))
    produce(own_kafka_broker, "posts", range(500, 700))
    own_kafka_broker.kill()
    own_kafka_broker.start()
    assert consume(own_kafka_broker, "posts", 200) == list(range(500, 700))


def test_the_same_folder_serves_on_other_ports_next_time(own_kafka_broker: LocalBroker) -> None:
    make_topic(own_kafka_broker, "posts")
    produce(own_kafka_broker, "posts", range(100))
    own_kafka_broker.stop()
    own_kafka_broker.port, own_kafka_broker.controller_port = free_port(), free_port()
    own_kafka_broker.start()
    assert consume(own_kafka_broker, "posts", 100) == list(range(100))


def test_a_typing_error_in_a_topic_makes_no_topic(kafka_broker: LocalBroker) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka_broker.bootstrap, max_block_ms=1500)
    with pytest.raises(KafkaError):
        producer.send("seinpost.psots.v1", value=b"x").get(5)
    producer.close()
    admin = KafkaAdminClient(bootstrap_servers=kafka_broker.bootstrap)
    assert "seinpost.psots.v1" not in admin.list_topics()
    admin.close()


def test_a_broker_whose_starter_was_killed_is_replaced_by_the_next_start(own_kafka_broker: LocalBroker) -> None:
    own_kafka_broker.kill()
    starter = (
        "import sys; from pathlib import Path; from pipeline.kafka.local_broker import LocalBroker\n"
        f"b = LocalBroker(Path({str(own_kafka_broker.data)!r}), Path({str(own_kafka_broker.cache)!r}),"
        f" {own_kafka_broker.port}, {own_kafka_broker.controller_port}); b.start(); import os; os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", starter], check=False, cwd=Path(__file__).parents[2], timeout=90)
    own_kafka_broker.start()
    make_topic(own_kafka_broker, "posts")
    produce(own_kafka_broker, "posts", range(10))
    assert consume(own_kafka_broker, "posts", 10) == list(range(10))


def test_a_jar_that_is_not_the_pinned_one_is_refused(kafka_broker: LocalBroker, tmp_path: Path) -> None:
    for jar in jars(kafka_broker.cache).glob("*.jar"):
        (tmp_path / jar.name).write_bytes(jar.read_bytes())
    next(iter(tmp_path.glob("kafka-clients-*.jar"))).write_bytes(b"something else")
    with pytest.raises(KafkaNotHere, match="kafka-clients"):
        check(tmp_path, Path(__file__).parents[2] / "deploy" / "kafka" / "libs.sha256")
