"""A consumer that lags and does not move is told and joins anew; slow work and a broker that is away are no reason."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from kafka import KafkaConsumer, TopicPartition
from sqlalchemy import Engine

from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.local_broker import LocalBroker
from pipeline.kafka.messages import Incoming
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.topics import POSTS, Topic
from pipeline.watch.watched import StuckForGood, WatchedConsumer
from pipeline.watch.watcher import Limits
from pipeline.watch.worker_watch import WorkerWatch
from pipeline.workers import analysis
from pipeline.workers.patience import patiently
from tests.database import owner_connection
from tests.patience import until
from tests.pipeline.watch.told import Told
from tests.pipeline.watch.watched_road import QUICK, in_thread, watched_road
from tests.road.invented import Maker, add_order, analyse
from tests.road.kafka_road import running
from tests.road.roads import now
from tests.road.test_workers import THREAT

pytestmark = pytest.mark.kafka


class Sticking(WatchedConsumer):
    """A real consumer whose client stops fetching, as clients with this fault do: it polls, and nothing ever comes."""

    sticks: threading.Semaphore

    def batch(self, seconds: float) -> list[Incoming]:
        self._perhaps_stick()
        return super().batch(seconds)

    def _join_anew(self) -> None:
        super()._join_anew()
        self._perhaps_stick()

    def _perhaps_stick(self) -> None:
        if not getattr(self._consumer, "sticks", False) and self.sticks.acquire(blocking=False):
            self._stick(self._consumer)

    @staticmethod
    def _stick(client: KafkaConsumer) -> None:
        """From now on this client, and no other, stays a member and gives nothing out; its positions stay."""
        poll = client.poll

        def nothing(**asked: int) -> dict[TopicPartition, list[object]]:
            for partition, records in poll(**asked).items():
                client.seek(partition, records[0].offset)
            return {}

        client.poll, client.sticks = nothing, True


@dataclass
class StickingWatch(WorkerWatch):
    """Gives out a consumer that can be made to stick, as often as `sticks` was released."""

    sticks: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def consumer(
        self, bootstrap: Bootstrap, group: str, topics: Iterable[Topic], most: int, turn: int
    ) -> WatchedConsumer:
        Sticking.sticks = self.sticks
        return Sticking(
            bootstrap, group, topics, most, turn, self.worker, self.meter, self.traces, self.limits, self.give_up
        )


def test_a_stuck_consumer_is_told_joins_anew_and_its_posts_arrive(
    database: Database, own_keys: KeyFolder, kafka_broker: LocalBroker, told: Told
) -> None:
    made: list[StickingWatch] = []

    def watch(*arguments: object) -> StickingWatch:
        made.append(StickingWatch(*arguments))  # type: ignore[arg-type]
        return made[-1]

    with watched_road(kafka_broker.bootstrap, database, own_keys, watch=watch) as road:
        road.sink.accept([road.maker.post("1", THREAT)], None)
        road.flow()
        anew = {"worker": "analyse"}
        assert road.value("seinpost_worker_consumer_restarts_total", **anew) == 0
        made[0].sticks.release()
        until(lambda: made[0].sticks._value == 0)
        road.sink.accept([road.maker.post(str(n), f"{THREAT} {n}") for n in range(2, 42)], None)
        road.flow()
        assert road.value("seinpost_worker_consumer_restarts_total", **anew) == 1
        until(lambda: road.value("seinpost_worker_lag_records", worker="analyse", topic=POSTS.name) == 0)
    with owner_connection(database) as owner:
        row = owner.execute("SELECT count(*), count(DISTINCT id) FROM signals").fetchone()
        assert row == (41, 41)
    (line,) = [line for line in told.events("stuck") if line["worker"] == "analyse"]
    assert (line["worker"], line["topics"], line["level"]) == ("analyse", [POSTS.name], "warning")
    assert line["seconds"] >= QUICK.still
    assert 1 <= line["records"] <= 40


def test_joining_anew_is_bounded_then_the_worker_ends_with_one_line(
    database: Database, own_keys: KeyFolder, kafka_broker: LocalBroker, road: Engine, told: Told
) -> None:
    """Nothing moves however often it joins: the process is left to whoever keeps it running."""
    ended: list[Exception] = []
    limits = Limits(still=0.5, look=0.1, restarts=2)
    watch = StickingWatch("analyse", limits=limits)
    with watched_road(kafka_broker.bootstrap, database, own_keys) as whole:
        whole.flow()
    watch.sticks.release(100_000)
    bootstrap = kafka_broker.bootstrap
    work = in_thread(lambda stop: analysis.run(bootstrap, own_keys, analyse, now, stop, watch), ended)
    with running(work) as thread:
        sink = whole.sink
        sink.accept([Maker(own_keys.id_key(), add_order(database)).post("1", THREAT)], None)
        sink.close()
        until(lambda: not thread.is_alive())
    (error,) = ended
    assert isinstance(error, StuckForGood)
    assert "\n" not in str(error)
    assert len(told.events("joining_anew")) == limits.restarts
    assert watch.meter.registry.get_sample_value("seinpost_worker_consumer_restarts_total", {"worker": "analyse"}) == 2


def test_a_worker_that_hangs_inside_its_work_is_told_and_its_process_given_up(
    database: Database, own_keys: KeyFolder, kafka_broker: LocalBroker, told: Told
) -> None:
    given_up, let_go = threading.Event(), threading.Event()
    with watched_road(kafka_broker.bootstrap, database, own_keys) as whole:
        whole.flow()
    watch = WorkerWatch("analyse", limits=Limits(still=60, look=0.1, away=2.0), give_up=given_up.set)

    def hang(posts: object, settings: object) -> list[object]:
        let_go.wait(60)
        return []

    work = in_thread(
        lambda stop: analysis.run(kafka_broker.bootstrap, own_keys, hang, now, stop, watch),  # type: ignore[arg-type]
        [],
    )
    with running(work):
        whole.sink.accept([Maker(own_keys.id_key(), add_order(database)).post("1", THREAT)], None)
        whole.sink.close()
        assert given_up.wait(30)
        let_go.set()
    assert told.events("hangs")[0]["worker"] == "analyse"
    assert told.events("stuck") == []


def test_while_the_broker_is_away_nothing_counts_as_stuck_and_the_monitor_sees_why(
    database: Database, own_keys: KeyFolder, own_kafka_broker: LocalBroker, told: Told
) -> None:
    with watched_road(own_kafka_broker.bootstrap, database, own_keys, limits=Limits(still=12.0, look=0.25)) as road:
        road.sink.accept([road.maker.post("1", THREAT)], None)
        road.flow()
        own_kafka_broker.kill()
        longer_than_it_may_stand_still = time.monotonic() + 13
        until(lambda: road.value("seinpost_worker_broker_answers", worker="analyse") == 0)
        time.sleep(max(0.0, longer_than_it_may_stand_still - time.monotonic()))
        own_kafka_broker.start()
        until(lambda: road.value("seinpost_worker_broker_answers", worker="analyse") == 1)
        again = [road.maker.post("2", f"{THREAT} vanavond")]
        patiently(lambda: road.sink.accept(again, None), time.sleep, threading.Event())
        road.flow()
        assert road.value("seinpost_worker_consumer_restarts_total", worker="analyse") == 0
    assert told.events("stuck") == []
