"""Our analysis worker beside the same job on other Kafka clients: consume, decode, gate, produce, commit."""

import importlib.util
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from statistics import median

from kafka import KafkaConsumer

from bench.of_the_workers import Watch, fed_messages
from bench.road.place import Place, place
from bench.road.processes import go, machine_load, said, started, until, worked
from bench.row import Row
from pipeline.kafka.bundles import told_records
from pipeline.kafka.consumer import incoming
from pipeline.kafka.messages import Incoming
from pipeline.topics import SIGNALS

QUESTION = "How does our worker do the job of consume, decode, gate, produce, commit beside other clients?"
COLUMNS = ("way", "posts/s of a full topic", "processor time for each post", "median and p95 through it at 200 posts/s")
POSTS = int(os.environ.get("BENCH_POSTS", "60000" if os.environ.get("SOAK") == "1" else "20000"))
RATE, SECONDS = 200, 15
WAYS: dict[str, tuple[str, ...]] = {
    "ours: kafka-python, dead letters, settings followed live": (),
    "confluent-kafka (librdkafka), none of that": ("confluent_kafka",),
    "faststream on aiokafka, none of that": ("faststream", "aiokafka", "cramjam"),  # the last one for lz4
}


def rows() -> Iterator[Row]:
    """The same full topic for each way in turn, then a light even stream for the delay."""
    with place() as here, ExitStack() as stack:
        with started("feeder", here.at, "0", str(POSTS), "0", "invented") as feeder:
            go(feeder)
            said(feeder)
        messages = fed_messages(here)
        watch = Watch(here)
        stack.callback(watch.close)
        ours: tuple[float, float, float] | None = None
        fed = POSTS
        for name, modules in WAYS.items():
            missing = [module for module in modules if importlib.util.find_spec(module) is None]
            if missing:
                yield Row(name, f"not installed here: {', '.join(missing)}")
                continue
            with _worker(here, modules[0] if modules else "") as pid:
                # One by one on the same records: each way is a group of its own and reads them from the beginning.
                rate, spent = _drained(watch, pid, fed, messages)
                late = _delays(here, fed)
                fed, messages = fed + RATE * SECONDS, fed_messages(here)
            ours = ours or (rate, spent, median(late))
            ends = sorted(late)[int(0.95 * len(late))]
            yield Row(
                f"{name}, load {machine_load()}",
                f"{rate:,.0f} ({rate / ours[0]:.2f} times)",
                (
                    f"{spent * 1e6:,.0f} µs ({spent / ours[1]:.2f} times)",
                    f"{median(late) * 1e3:,.0f} and {ends * 1e3:,.0f} ms ({median(late) / ours[2]:.2f} times)",
                ),
            )


@contextmanager
def _worker(here: Place, module: str) -> Iterator[int]:
    if not module:
        with started("worker", here.at, "analyse", "gate") as process:
            yield process.pid
    else:
        with started("plain", here.at, module.split("_")[0]) as process:
            yield process.pid


def _drained(watch: Watch, pid: int, posts: int, messages: int) -> tuple[float, float]:
    """Posts a second between the first tenth and the last message, and processor seconds for each post."""
    before = watch.count()
    until(lambda: watch.count() - before >= messages // 10, 180, "the first answers")
    began, had, was = time.monotonic(), watch.count() - before, worked(pid)
    until(lambda: watch.count() - before >= messages, 300, "a full topic")
    done = posts * (messages - had) / messages
    return done / (time.monotonic() - began), (worked(pid) - was) / done


def _delays(here: Place, first: int) -> list[float]:
    """From the moment that the sink got a post to the moment its answer could be read, in seconds."""
    consumer = KafkaConsumer(SIGNALS.name, bootstrap_servers=here.at.bootstrap, auto_offset_reset="latest")
    late: list[float] = []
    with started("feeder", here.at, str(first), str(RATE * SECONDS), str(RATE), "invented") as feeder:
        while not consumer.assignment():
            consumer.poll(100)
        go(feeder)
        deadline = time.monotonic() + SECONDS + 30
        while len(late) < RATE * SECONDS and time.monotonic() < deadline:
            found = consumer.poll(50)
            seen = time.time()
            for message in (incoming(record) for records in found.values() for record in records):
                late += [seen - _accepted(message)] * told_records(message)
    consumer.close()
    return late


def _accepted(message: Incoming) -> float:
    return datetime.fromisoformat((message.header("ce_time") or b"").decode()).timestamp()
