"""What each kind of fault does to a run, and how it is undone when its time is over."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from pipeline.kafka.sink import KafkaSink
from pipeline.topics import POSTS, SIGNALS, Topic
from pipeline.workers.patience import PASSING
from tests.road.invented import Maker
from tests.road.storm.brokers import Brokers
from tests.road.storm.feeder import BATCH, Feeder
from tests.road.storm.plan import Fault, Kind
from tests.road.storm.said import Said
from tests.road.storm.staff import Staff
from tests.whole_road.house import House

Undo = Callable[[], None]
_HUGE = 400
"""Records of one batch that wait in the producer together while the broker hangs."""
_COPIES = 60
_TRIES = 20


def _nothing() -> None:
    pass


@dataclass
class Scene:
    """Everything that can be struck."""

    house: House
    brokers: Brokers
    staff: Staff
    feeder: Feeder
    retries: KafkaSink
    """A second way in, for what is given again behind the feeder's back."""
    maker: Maker
    stream: list[Said]
    database_away: bool = False

    def whole(self) -> bool:
        """Whether database and brokers run and nothing of them is down on purpose."""
        return (
            not self.database_away
            and self.house.postgres.runs
            and not self.brokers.away
            and not self.brokers.frozen
            and all(member.alive() for member in self.brokers.members)
        )

    def ready(self, fault: Fault) -> bool:
        """Whether the fault would hit something at work."""
        if fault.target:
            return self.staff.works(fault.target)
        return self.whole()

    def strike(self, fault: Fault) -> Undo:
        """Let the fault happen; gives back what undoes it."""
        return _STRIKES[fault.kind](self, fault)

    def _kill(self, fault: Fault) -> Undo:
        self.staff.kill(fault.target)
        return _nothing

    def _ask_to_stop(self, fault: Fault) -> Undo:
        self.staff.ask_to_stop(fault.target)
        return _nothing

    def _take_down(self, number: int, how: Callable[[], None]) -> Undo:
        self.brokers.away.add(number)
        how()
        return lambda: self.brokers.away.discard(number)

    def _restart_broker(self, fault: Fault) -> Undo:
        number = fault.number % len(self.brokers.members)
        return self._take_down(number, self.brokers.members[number].stop)

    def _kill_broker(self, fault: Fault) -> Undo:
        number = fault.number % len(self.brokers.members)
        return self._take_down(number, self.brokers.members[number].kill)

    def _lose_leader(self, fault: Fault) -> Undo:
        number = self.brokers.leader()
        return self._take_down(number, self.brokers.members[number].kill)

    def _fill_folder(self, fault: Fault) -> Undo:
        last = len(self.brokers.members) - 1
        self.brokers.fill_folder()
        self.brokers.away.add(last)

        def undo() -> None:
            self.brokers.empty_folder()
            self.brokers.away.discard(last)

        return undo

    def _strike_database(self, fault: Fault) -> Undo:
        """Alternately a stop in good order and kill -9."""
        self.database_away = True
        if fault.kind is Kind.DATABASE_KILLED or fault.number % 2:
            assert self.house.postgres.pid is not None
            os.kill(self.house.postgres.pid, signal.SIGKILL)
        else:
            self.house.postgres.stop()

        def undo() -> None:
            self.database_away = False

        return undo

    def _cut(self, fault: Fault) -> Undo:
        wire = self.staff.wires[fault.target]
        wire.cut()
        return wire.join

    def _fill_buffer(self, fault: Fault) -> Undo:
        number = fault.number % len(self.brokers.members)
        self.feeder.swell(_HUGE)
        self.brokers.freeze(number)
        return lambda: self.brokers.thaw(number)

    def _jump(self, fault: Fault) -> Undo:
        self.staff.jump(fault.target, Random(fault.number).choice((-5400, -600, 900, 7200)))
        return lambda: self.staff.jump(fault.target, 0)

    def _deliver_twice(self, fault: Fault) -> Undo:
        """Messages of both topics once more, byte for byte, in the partition where they lie: a repeat of a sender."""
        chance = Random(fault.number)
        producer = KafkaProducer(bootstrap_servers=self.brokers.bootstrap.split(","), acks="all")
        try:
            sent = [
                producer.send(topic.name, value=r.value, key=r.key, headers=list(r.headers), partition=r.partition)
                for topic in (POSTS, SIGNALS)
                for r in self._read_some(topic, chance)
            ]
            for each in sent:
                each.get(20)
        finally:
            producer.close(timeout=5)
        return _nothing

    def _read_some(self, topic: Topic, chance: Random) -> list[Any]:
        """Records as the client gives them."""
        reader = KafkaConsumer(bootstrap_servers=self.brokers.bootstrap.split(","), enable_auto_commit=False)
        try:
            where = TopicPartition(topic.name, chance.randrange(topic.partitions))
            reader.assign([where])
            end = reader.end_offsets([where])[where]
            reader.seek(where, int(end * chance.random() * 0.8))
            found = reader.poll(timeout_ms=3_000, max_records=_COPIES).get(where, [])
        finally:
            reader.close()
        records = list(found)
        chance.shuffle(records)
        return records

    def _give_again(self, fault: Fault) -> Undo:
        """Batches that were accepted long ago, given again in another order, as by a collector's late retries."""
        chance = Random(fault.number)
        batches = range(0, self.feeder.accepted - BATCH, BATCH)
        for start in chance.sample(batches, min(5, len(batches))):
            records = [said.made(self.maker) for said in self.stream[start : start + BATCH]]
            chance.shuffle(records)
            for attempt in range(_TRIES):
                try:
                    self.retries.accept(records, None)
                    break
                except PASSING:
                    if attempt == _TRIES - 1:
                        raise
        return _nothing


_STRIKES: dict[Kind, Callable[[Scene, Fault], Undo]] = {
    Kind.KILL_ANALYST: Scene._kill,
    Kind.KILL_INTAKE: Scene._kill,
    Kind.KILL_RELAY: Scene._kill,
    Kind.ASK_TO_STOP: Scene._ask_to_stop,
    Kind.BROKER_RESTART: Scene._restart_broker,
    Kind.BROKER_KILLED: Scene._kill_broker,
    Kind.DATABASE_RESTART: Scene._strike_database,
    Kind.DATABASE_KILLED: Scene._strike_database,
    Kind.NETWORK_CUT: Scene._cut,
    Kind.BUFFER_FULL: Scene._fill_buffer,
    Kind.CLOCK_JUMP: Scene._jump,
    Kind.DUPLICATES: Scene._deliver_twice,
    Kind.REORDERED: Scene._give_again,
    Kind.LEADER_LOST: Scene._lose_leader,
    Kind.FOLDER_FULL: Scene._fill_folder,
}
