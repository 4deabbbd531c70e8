"""Reading with manual commits: in a group for workers, or a small topic from its beginning.

Values come as bytes: a record that does not parse must never hold up a partition.
"""

import contextlib
import time
from collections.abc import Iterable, Mapping

from kafka import ConsumerRebalanceListener, KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import CommitFailedError, IllegalStateError, KafkaError, KafkaTimeoutError

from pipeline.kafka.connection import Bootstrap, client_settings
from pipeline.kafka.connection_trouble import reaching
from pipeline.kafka.faults import BrokerAway, named
from pipeline.kafka.messages import Incoming, Place
from pipeline.topics import Topic

_FIRST_TURN = 16
"""Messages of a first turn, before it is known how large they are; from then on at most twice as many as the last."""
_TURN = 1 << 20
_SLICE = 0.25
"""Seconds of one poll while paused: often enough to stay in the group and to stop in time."""


def connected(bootstrap: Bootstrap, **settings: object) -> KafkaConsumer:
    """A consumer with our defaults: no auto-commit, from the earliest, no topic made by a typing error."""
    with reaching(bootstrap, "connecting a consumer"):
        return KafkaConsumer(
            **client_settings(bootstrap),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            bootstrap_timeout_ms=10_000,
            request_timeout_ms=15_000,
            **settings,
        )


class GroupConsumer:
    """A member of a group. `newly_assigned` names partitions whose position the caller may want to set first."""

    def __init__(self, bootstrap: Bootstrap, group: str, topics: Iterable[Topic], most: int, turn: int = _TURN) -> None:
        self._fresh: set[Place] = set()
        self._most, self._turn = most, turn
        self._now = min(most, _FIRST_TURN)
        self._consumer = connected(
            bootstrap,
            group_id=group,
            max_poll_records=most,
            max_poll_interval_ms=120_000,
            session_timeout_ms=6_000,  # a killed worker's partitions are free again after this
            heartbeat_interval_ms=1_500,
            partition_assignment_strategy=[CooperativeStickyAssignor],
            isolation_level="read_committed",
        )
        self._consumer.subscribe([t.name for t in topics], listener=_Notes(self._fresh))

    def batch(self, seconds: float) -> list[Incoming]:
        """The next messages: at most `most`, and about `turn` bytes if they are as large as the last ones.

        None when nothing came in time. The client counts only messages, and one may hold a single post or a hundred.
        """
        with named("reading"):
            found = self._consumer.poll(timeout_ms=int(seconds * 1000), max_records=self._now)
        batch = [incoming(r) for records in found.values() for r in records]
        if batch:
            mean = sum(len(m.value) for m in batch) / len(batch)
            self._now = max(1, min(self._most, 2 * self._now, int(self._turn / max(mean, 1))))
        return batch

    def newly_assigned(self) -> set[Place]:
        """Partitions that became ours since the last call and still are."""
        fresh = {p for p in self._fresh if p in self.owned()}
        self._fresh.clear()
        return fresh

    def seek(self, positions: Mapping[Place, int]) -> None:
        """Read on from these offsets."""
        for place, offset in positions.items():
            if place in self.owned():
                self._consumer.seek(_partition(place), offset)

    def bounds(self, places: Iterable[Place]) -> dict[Place, tuple[int, int]]:
        """First kept and next offset of partitions."""
        wanted = list(places)
        first, end = (offsets_of(self._consumer, wanted, end=end) for end in (False, True))
        return {place: (first[place], end[place]) for place in wanted}

    def positions(self) -> dict[Place, int]:
        """The next offset of each partition of ours, as far as the client knows it already."""
        found: dict[Place, int] = {}
        for place in self.owned():
            with contextlib.suppress(KafkaTimeoutError, IllegalStateError):
                offset = self._consumer.position(_partition(place), timeout_ms=0)
                if offset is not None:
                    found[place] = offset
        return found

    def commit(self, ends: Mapping[Place, int]) -> bool:
        """Tell the broker how far we are. False when the group moved on: the records come again, harmlessly."""
        ours = {_partition(p): OffsetAndMetadata(offset, "", -1) for p, offset in ends.items() if p in self.owned()}
        if not ours:
            return False
        try:
            self._consumer.commit(ours, timeout_ms=5_000)
        except CommitFailedError:
            return False
        except (KafkaError, OSError) as error:
            raise BrokerAway(f"Kafka does not take a commit ({type(error).__name__}); it is tried again") from None
        return True

    def idle(self, seconds: float) -> None:
        """Let time pass without reading, as a living member of the group."""
        self._consumer.pause(*self._consumer.assignment())
        until = time.monotonic() + seconds
        try:
            while (left := until - time.monotonic()) > 0:
                with named("idling"):
                    stray = self._consumer.poll(timeout_ms=int(min(left, _SLICE) * 1000))
                # Partitions that came to us meanwhile are not paused yet: leave their records for later.
                for partition, records in stray.items():
                    self._consumer.seek(partition, records[0].offset)
                self._consumer.pause(*self._consumer.assignment())
        finally:
            self._consumer.resume(*self._consumer.assignment())

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close(autocommit=False, timeout_ms=3_000)

    def owned(self) -> set[Place]:
        """The partitions that are ours now."""
        return {Place(p.topic, p.partition) for p in self._consumer.assignment()}


def offsets_of(consumer: KafkaConsumer, places: Iterable[Place], *, end: bool) -> dict[Place, int]:
    """The first kept or the next offset of partitions. Raises `BrokerAway` also when a partition has no leader now."""
    partitions = [_partition(p) for p in places]
    if not partitions:
        return {}
    with named("asking for offsets"):
        try:
            found = consumer.end_offsets(partitions) if end else consumer.beginning_offsets(partitions)
        except KeyError:  # what the client makes of an answer that leaves a partition out
            raise BrokerAway("Kafka does not know all partitions at the moment; it is asked again") from None
    return {Place(p.topic, p.partition): found[p] for p in partitions}


class _Notes(ConsumerRebalanceListener):
    """Writes down what was assigned; acting on it waits until the poll is over."""

    def __init__(self, fresh: set[Place]) -> None:
        self._fresh = fresh

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._fresh.difference_update(Place(p.topic, p.partition) for p in revoked)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._fresh.update(Place(p.topic, p.partition) for p in assigned)

    def on_partitions_lost(self, lost: Iterable[TopicPartition]) -> None:
        self.on_partitions_revoked(lost)


class TopicFollower:
    """A whole topic from its beginning, outside any group; for small compacted topics."""

    def __init__(self, bootstrap: Bootstrap, topic: Topic) -> None:
        self._consumer = connected(bootstrap)
        self._partitions = [TopicPartition(topic.name, n) for n in range(topic.partitions)]
        self._consumer.assign(self._partitions)
        with named("reading settings"):
            self._consumer.seek_to_beginning(*self._partitions)

    def news(self, seconds: float = 0.0) -> list[Incoming]:
        """What came since the last call."""
        with named("following settings"):
            found = self._consumer.poll(timeout_ms=int(seconds * 1000))
        return [incoming(r) for records in found.values() for r in records]

    def close(self) -> None:
        """Let go of the connections."""
        self._consumer.close(autocommit=False, timeout_ms=3_000)


def ends_of(batch: Iterable[Incoming]) -> dict[Place, int]:
    """The next offset of each partition once the batch is done."""
    ends: dict[Place, int] = {}
    for message in batch:
        ends[message.place] = max(ends.get(message.place, 0), message.offset + 1)
    return ends


def _partition(place: Place) -> TopicPartition:
    return TopicPartition(place.topic, place.partition)


def incoming(record: object) -> Incoming:
    """A record of the client as our own message."""
    # kafka-python's ConsumerRecord; typed here and nowhere else
    topic, partition, offset = record.topic, record.partition, record.offset  # type: ignore[attr-defined]
    value, timestamp = record.value, record.timestamp  # type: ignore[attr-defined]
    headers = tuple((name, content or b"") for name, content in record.headers)  # type: ignore[attr-defined]
    return Incoming(Place(topic, partition), offset, timestamp, value or b"", headers)
