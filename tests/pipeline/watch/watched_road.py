"""The Kafka road with every worker under watch, each in a thread, on topics made empty for the test."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest

from pipeline.kafka.sink import KafkaSink
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.topics import POSTS
from pipeline.watch.meter import Meter
from pipeline.watch.traces import NoTraces, Traces
from pipeline.watch.watcher import Limits
from pipeline.watch.worker_watch import WorkerWatch
from pipeline.workers import analysis, intake, relay
from tests.road.invented import SETTINGS, Maker, add_order, analyse
from tests.road.kafka_road import empty_topics, flow, running
from tests.road.roads import now

QUICK = Limits(still=5.0, look=0.25)
"""Shorter than in use; long enough that a starved machine is not taken for a stuck consumer."""


@dataclass
class Watched:
    """A road under watch."""

    sink: KafkaSink
    maker: Maker
    registry: CollectorRegistry
    flow: Callable[[], None]

    def page(self) -> str:
        """What a monitor reads."""
        return generate_latest(self.registry).decode()

    def value(self, name: str, **labels: str) -> float:
        """One series as it stands."""
        found = self.registry.get_sample_value(name, labels)
        assert found is not None, f"{name}{labels} is not exposed"
        return found


def no_traces(_: str) -> Traces:
    """Traces are off."""
    return NoTraces()


@contextmanager
def watched_road(
    bootstrap: str,
    database: Database,
    keys: KeyFolder,
    limits: Limits = QUICK,
    traces: Callable[[str], Traces] = no_traces,
    watch: Callable[..., WorkerWatch] = WorkerWatch,
) -> Iterator[Watched]:
    """Sink, relay, analysis and intake; `traces` gives each step its own, `watch` makes the analysis worker's watch."""
    empty_topics(bootstrap)
    registry = CollectorRegistry()
    meter = Meter(registry)
    collect, road, send = (database.engine_for(f"seinpost_{role}") for role in ("collect", "road", "relay"))
    with ExitStack() as stack:
        for engine in (collect, road, send):
            stack.callback(engine.dispose)
        sending = WorkerWatch("collect", meter, traces("collect"))
        sink = KafkaSink(bootstrap, keys, collect, now, sending.producer(bootstrap, "collect", [POSTS]))
        stack.callback(sink.close)
        relays = WorkerWatch("relay", meter, limits=limits)
        analyses = watch("analyse", meter, traces("analyse"), limits)
        takes = WorkerWatch("intake", meter, traces("intake"), limits)
        stack.enter_context(running(lambda stop: relay.run(bootstrap, send, SETTINGS, now, stop, relays)))
        stack.enter_context(running(lambda stop: analysis.run(bootstrap, keys, analyse, now, stop, analyses)))
        stack.enter_context(running(lambda stop: intake.run(bootstrap, road, keys, keys.id_key(), now, stop, takes)))
        maker = Maker(keys.id_key(), add_order(database))
        yield Watched(sink, maker, registry, lambda: flow(bootstrap, road))


def in_thread(work: Callable[[threading.Event], None], ended: list[Exception]) -> Callable[[threading.Event], None]:
    """Work whose end by an error is kept instead of told by the thread."""

    def guarded(stop: threading.Event) -> None:
        try:
            work(stop)
        except Exception as error:
            ended.append(error)

    return guarded
