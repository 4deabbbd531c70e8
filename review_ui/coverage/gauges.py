"""How many sources are in which state, and how many are silent, for Prometheus. By kind; never an order or a seed."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from collectors.health import HealthState
from collectors.kinds import kinds
from pipeline.store import health


class SourceGauges(Collector):
    """Asked anew at every scrape, so that a silence is seen also when no collector lives to tell it."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """The gauges now; none at all while the database is away, which a monitor sees as an absence."""
        try:
            with self._engine.begin() as connection:
                counted = health.counts(connection, self._clock())
        except SQLAlchemyError:
            return
        states = GaugeMetricFamily("seinpost_sources", "Sources under orders in force.", labels=["kind", "state"])
        silent = GaugeMetricFamily("seinpost_sources_silent", "Of these, silent beyond what is usual.", labels=["kind"])
        named = {kind.collector: kind.name for kind in kinds().values()}
        quiet: Counter[str] = Counter(dict.fromkeys(named.values(), 0))
        found = {(named.get(one.collector, one.collector), one.state): one.sources for one in counted}
        for one in counted:
            quiet[named.get(one.collector, one.collector)] += one.silent
        for name in quiet:
            for state in HealthState:
                states.add_metric([name, state.value], found.get((name, state), 0))
            silent.add_metric([name], quiet[name])
        yield states
        yield silent
