"""Everything in a topic from a moment to now, oldest first over all partitions; no group, no commits."""

from collections.abc import Iterator
from heapq import heappop, heappush

from kafka import KafkaConsumer, TopicPartition

from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.consumer import connected, incoming
from pipeline.kafka.faults import named
from pipeline.kafka.messages import Incoming
from pipeline.topics import Topic


def records_since(bootstrap: Bootstrap, topic: Topic, moment_ms: int) -> Iterator[Incoming]:
    """The records of a topic from `moment_ms` (broker time) on. Holds one poll of records per partition in memory."""
    consumer = connected(bootstrap, max_poll_records=200)
    try:
        yield from _Partitions(consumer, topic, moment_ms).merged()
    finally:
        consumer.close(autocommit=False, timeout_ms=3_000)


class _Partitions:
    """The partitions being read: what waits of each, and which are read to their end."""

    def __init__(self, consumer: KafkaConsumer, topic: Topic, moment_ms: int) -> None:
        self._consumer = consumer
        everyone = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        with named("looking back"):
            consumer.assign(everyone)
            starts = consumer.offsets_for_times(dict.fromkeys(everyone, moment_ms))
            self._ends = consumer.end_offsets(everyone)
        self._waiting: dict[TopicPartition, list[Incoming]] = {}
        for partition in everyone:
            start = starts.get(partition)
            if start is not None and start.offset < self._ends[partition]:
                consumer.seek(partition, start.offset)
                self._waiting[partition] = []
            else:
                consumer.pause(partition)

    def merged(self) -> Iterator[Incoming]:
        """Always the oldest of the partitions' next records."""
        heap: list[tuple[int, int]] = []
        by_number = {p.partition: p for p in self._waiting}
        hungry = list(self._waiting)
        while hungry or heap:
            for partition in hungry:
                if self._fill(partition):
                    heappush(heap, (self._waiting[partition][0].timestamp_ms, partition.partition))
            if not heap:
                return
            partition = by_number[heappop(heap)[1]]
            yield self._waiting[partition].pop(0)
            hungry = [partition]

    def _fill(self, partition: TopicPartition) -> bool:
        """Have a record of this partition waiting; False when it is read to its end."""
        while not self._waiting[partition] and self._consumer.position(partition) < self._ends[partition]:
            # Those that have records waiting are paused, so that memory stays bounded.
            for other, records in self._waiting.items():
                if records:
                    self._consumer.pause(other)
                else:
                    self._consumer.resume(other)
            with named("looking back"):
                found = self._consumer.poll(timeout_ms=500)
            for other, records in found.items():
                self._waiting[other] += [incoming(r) for r in records if r.offset < self._ends[other]]
        return bool(self._waiting[partition])
