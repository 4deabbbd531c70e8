"""How fast a real local Apache Kafka takes and gives records of 1 KiB, beside one acknowledgement at a time."""

import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from bench.row import Row
from pipeline.kafka.local_broker import LocalBroker, free_port

QUESTION = "How much can one local broker carry? (records of 1 KiB, acks=all, 12 partitions)"
RECORDS = 20_000
ONE_BY_ONE = 500
CACHE = Path(__file__).parents[1] / ".cache"


def rows() -> Iterator[Row]:
    """Start, produce, consume, and produce with a wait after each record."""
    with tempfile.TemporaryDirectory() as folder:
        broker = LocalBroker(Path(folder), CACHE, free_port(), free_port())
        began = time.perf_counter()
        broker.start()
        yield Row("start of a new broker", f"{time.perf_counter() - began:.1f} s")
        try:
            yield from _traffic(broker)
        finally:
            broker.stop()


def _traffic(broker: LocalBroker) -> Iterator[Row]:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    admin.create_topics({"bench": {"num_partitions": 12, "replication_factor": 1}})
    admin.close()
    value = secrets.token_bytes(1024)
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, acks="all", linger_ms=20, batch_size=131072)
    began = time.perf_counter()
    waiting = [producer.send("bench", key=b"%d" % number, value=value) for number in range(RECORDS)]
    for promise in waiting:
        promise.get(60)
    yield Row("produce, all in flight", f"{RECORDS / (time.perf_counter() - began):,.0f} records/s")
    producer.close()
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, acks="all", linger_ms=0)
    began = time.perf_counter()
    for number in range(ONE_BY_ONE):
        producer.send("bench", key=b"%d" % number, value=value).get(60)
    yield Row("produce, wait for each", f"{ONE_BY_ONE / (time.perf_counter() - began):,.0f} records/s")
    producer.close()
    consumer = KafkaConsumer(
        "bench",
        bootstrap_servers=broker.bootstrap,
        group_id="bench",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    began, got = time.perf_counter(), 0
    while got < RECORDS + ONE_BY_ONE:
        got += sum(len(records) for records in consumer.poll(1000).values())
    yield Row("consume in a group", f"{got / (time.perf_counter() - began):,.0f} records/s")
    consumer.close()
