"""How the road is doing as the database shows it, for Prometheus: queue, latency, dead letters, channels, what waits.

Labels are lanes, levels, states, channels and reason codes; never an id, a text, a place, a source or a user.
"""

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from pipeline.store import endpoints, road_counts
from pipeline.store.endpoints import ChannelNow
from pipeline.store.road_counts import Backlog, Latency, Letters, Waiting
from signals.dead_letter import DeadReason
from signals.label import Level

LANES = ("urgent", "ordinary", "tip")
STATES = ("new", "waiting_second", "casusoverleg", "confirmed")
_LONGEST_MS = 5_000
_KEEP_SECONDS = 5.0
"""The page is open to whoever reaches it: however often it is asked for, the database is asked this seldom."""


@dataclass(frozen=True)
class _Counts:
    waiting: list[Waiting]
    latency: Latency
    letters: list[Letters]
    backlog: Backlog
    channels: list[ChannelNow]
    at: datetime


class RoadGauges(Collector):
    """Asked at a scrape; nothing at all while the database is away, which a monitor sees as an absence."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], keep_seconds: float = _KEEP_SECONDS) -> None:
        self._engine, self._clock, self._keep = engine, clock, keep_seconds
        self._lock = threading.Lock()
        self._last: tuple[float, list[Metric]] | None = None

    def collect(self) -> Iterator[Metric]:
        """The gauges, at most a few seconds old."""
        with self._lock:
            if self._last is None or time.monotonic() - self._last[0] >= self._keep:
                self._last = (time.monotonic(), list(self._asked()))
            found = self._last[1]
        yield from found

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand, so that making the app asks no database."""
        return []

    def _asked(self) -> Iterator[Metric]:
        now = self._clock()
        try:
            with self._engine.begin() as connection:
                road_counts.bounded(connection, _LONGEST_MS)
                counts = _Counts(
                    road_counts.waiting(connection, now),
                    road_counts.latency(connection, now),
                    road_counts.letters(connection, now),
                    road_counts.backlog(connection, now),
                    endpoints.counts(connection, now),
                    now,
                )
        except SQLAlchemyError:
            return
        yield from _queue(counts)
        yield from _latency(counts.latency)
        yield from _letters(counts.letters)
        yield from _backlog(counts)
        yield from _channels(counts)


def _queue(counts: _Counts) -> Iterator[Metric]:
    labels = ["lane", "level", "state"]
    length = GaugeMetricFamily("seinpost_queue_signals", "Open signals.", labels=labels)
    age = GaugeMetricFamily("seinpost_queue_oldest_seconds", "Age of the oldest open signal.", labels=labels)
    found = {(w.lane, w.level, w.state): w for w in counts.waiting}
    for lane in LANES:
        for level in Level:
            for state in STATES:
                here = found.get((lane, level.value, state))
                length.add_metric([lane, level.value, state], here.signals if here else 0)
                age.add_metric([lane, level.value, state], _seconds(counts.at, here.oldest if here else None))
    yield length
    yield age


def _latency(latency: Latency) -> Iterator[Metric]:
    quick = GaugeMetricFamily(
        "seinpost_queue_latency_seconds",
        "From seen to queued, of signals queued in the last 5 minutes; NaN where there were none.",
        labels=["quantile"],
    )
    for name, value in (("0.5", latency.median), ("0.95", latency.p95), ("0.99", latency.p99)):
        quick.add_metric([name], math.nan if value is None else value)
    yield quick
    yield _one("seinpost_queue_latency_signals", "Signals queued in the last 5 minutes.", latency.signals)


def _letters(letters: list[Letters]) -> Iterator[Metric]:
    parked = GaugeMetricFamily("seinpost_dead_letters_open", "Records that lie aside.", labels=["reason"])
    fresh = GaugeMetricFamily(
        "seinpost_dead_letters_last_hour", "Records set aside in the last hour.", labels=["reason"]
    )
    found = {letter.reason: letter for letter in letters}
    for reason in DeadReason:
        here = found.get(reason.value)
        parked.add_metric([reason.value], here.parked if here else 0)
        fresh.add_metric([reason.value], here.fresh if here else 0)
    yield parked
    yield fresh


def _backlog(counts: _Counts) -> Iterator[Metric]:
    there, at = counts.backlog, counts.at
    yield _one("seinpost_outbox_waiting", "Decisions not yet told to other systems.", there.outbox)
    yield _one("seinpost_outbox_oldest_seconds", "Age of the oldest of them.", _seconds(at, there.outbox_oldest))
    yield _one("seinpost_notices_waiting", "Notices to recipients whose time has come.", there.notices)
    yield _one(
        "seinpost_notices_oldest_seconds", "How long the oldest of them is due.", _seconds(at, there.notices_oldest)
    )
    yield _one(
        "seinpost_since_analysis_seconds",
        "Since a post was last analysed; NaN before the first.",
        math.nan if there.last_analysis is None else _seconds(at, there.last_analysis),
    )


def _channels(counts: _Counts) -> Iterator[Metric]:
    labels = ["channel"]
    waiting = GaugeMetricFamily("seinpost_channel_waiting", "Notices that are not told yet.", labels=labels)
    failed = GaugeMetricFamily("seinpost_channel_failed", "Notices that failed and wait for a person.", labels=labels)
    since = GaugeMetricFamily(
        "seinpost_channel_since_sent_seconds", "Since the last notice left; NaN before the first.", labels=labels
    )
    for one in counts.channels:
        waiting.add_metric([one.channel], one.waiting)
        failed.add_metric([one.channel], one.failed)
        since.add_metric([one.channel], math.nan if one.last_sent is None else _seconds(counts.at, one.last_sent))
    yield from (waiting, failed, since)


def _one(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _seconds(now: datetime, then: datetime | None) -> float:
    return 0.0 if then is None else max(0.0, (now - then).total_seconds())
