"""Whether more analysis workers carry more posts, and how long work stands still when one comes or goes."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack

from kafka import KafkaConsumer, TopicPartition

from bench.road.place import Place, place
from bench.road.processes import go, machine_load, said, started, until, worked
from bench.row import Row
from pipeline.topics import POSTS, SIGNALS, Topic

QUESTION = "Do analysis workers scale? (asked: 4 waiting ones carry at least 0.8 times 4, no pause over 3 s)"
COLUMNS = ("workers", "posts/s", "beside one worker")
FULL = os.environ.get("SOAK") == "1"
BATCH = "1"
"""Messages a call while the analysis waits 20 ms: so few that two cores are not the limit of four workers."""
TOGETHER = 120
"""Posts that the feeder hands over at once: over twelve partitions, about ten a message."""
SECONDS = float(os.environ.get("BENCH_SECONDS", "30" if FULL else "12"))
STEPS = (1, 2, 3, 4)
CASCADE_POSTS = 90_000 if FULL else 30_000


def rows() -> Iterator[Row]:
    """Waiting workers one by one onto a topic that was filled before; then the shipped analysis with one and two."""
    yield from _scaled("waiting", STEPS, 120_000 if not FULL else 250_000, "invented", BATCH)
    yield from _scaled("cascade", (1, 2), CASCADE_POSTS, "ordinary", "")


def _scaled(analyser: str, steps: tuple[int, ...], posts: int, stream: str, batch: str) -> Iterator[Row]:
    with place() as here, ExitStack() as stack:
        feeder = stack.enter_context(started("feeder", here.at, "0", str(posts), "0", stream, str(TOGETHER)))
        go(feeder)
        said(feeder)
        messages = fed_messages(here)
        watch = Watch(here)
        stack.callback(watch.close)
        pids: list[int] = []
        alone = 0.0
        for number in steps:
            before = watch.count()
            worker = stack.enter_context(started("worker", here.at, "analyse", analyser, batch))
            joined = time.monotonic()
            pids.append(worker.pid)
            until(lambda before=before: watch.count() > before, 120, "the first answer")
            pause, _, _ = watch.follow(10.0)  # it joins the group
            was = worked(*pids)
            _, done, seconds = watch.follow(SECONDS)
            rate = done / seconds * posts / messages
            alone = alone or rate
            busy = (worked(*pids) - was) / seconds
            if watch.count() >= messages:
                raise RanEmpty(f"{posts:,} posts were not enough for {number} workers: nothing was left to measure")
            yield Row(
                f"{number} {'waiting 20 ms a message' if analyser == 'waiting' else 'with the cascade'}",
                f"{rate:,.0f}",
                (
                    f"{rate / alone:.2f} times: {rate / alone / number:.2f} each; workers use {busy:.2f} cores;"
                    f" longest pause while it joined {pause:.1f} s; load {machine_load()}",
                ),
            )
            assert time.monotonic() > joined


class RanEmpty(Exception):
    """The workers came to the end of the topic, so that a rate says nothing."""


def fed_messages(here: Place) -> int:
    """Messages on the posts topic."""
    return _end_of(KafkaConsumer(bootstrap_servers=here.at.bootstrap), POSTS)


def _end_of(consumer: KafkaConsumer, topic: Topic) -> int:
    return sum(consumer.end_offsets([TopicPartition(topic.name, n) for n in range(topic.partitions)]).values())


class Watch:
    """Counts what arrives on the signals topic, and the longest time in which nothing did."""

    def __init__(self, here: Place) -> None:
        self._consumer = KafkaConsumer(bootstrap_servers=here.at.bootstrap)

    def count(self) -> int:
        """Messages on the topic now."""
        return _end_of(self._consumer, SIGNALS)

    def follow(self, seconds: float) -> tuple[float, int, float]:
        """Watch for a while: the longest pause of any part of it, how much came, and how long it was watched."""
        began = last = time.monotonic()
        first = seen = self.count()
        longest = 0.0
        while (moment := time.monotonic()) - began < seconds:
            now = self.count()
            if now > seen:
                longest, last, seen = max(longest, moment - last), moment, now
            time.sleep(0.02)
        return max(longest, time.monotonic() - last), seen - first, time.monotonic() - began

    def close(self) -> None:
        """Let go of the connection."""
        self._consumer.close()
