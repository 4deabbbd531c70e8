"""How a process of the Kafka road is watched: its page for a monitor, its traces, and its end when its worker hangs."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from importlib.util import find_spec

from pipeline.watch.endpoint import registry, serving
from pipeline.watch.meter import Meter
from pipeline.watch.traces import NoTraces, Traces
from pipeline.watch.watcher import Limits
from pipeline.watch.worker_watch import WorkerWatch
from seinpost.settings import Settings

HANGS = 70
"""The exit status of a process whose worker hung: it starts anew, and what it had in hand comes again."""


class TracesNotInstalled(Exception):
    """Traces are asked for and the extra that makes them is not installed."""


@contextmanager
def watched(settings: Settings, worker: str) -> Iterator[WorkerWatch]:
    """What a worker that reads or writes topics is watched with."""
    with ExitStack() as stack:
        shown = registry(worker)
        there = WorkerWatch(
            worker,
            Meter(shown),
            stack.enter_context(traces(settings, worker)),
            Limits(still=settings.stuck_seconds),
            give_up=lambda: os._exit(HANGS),  # a thread that hangs in a call lets nothing else end the process
        )
        if settings.metrics_port is not None:
            stack.enter_context(serving(shown, settings.host, settings.metrics_port))
        yield there


@contextmanager
def sending(settings: Settings, step: str) -> Iterator[WorkerWatch]:
    """What brings records onto the road, where their traces begin."""
    with traces(settings, step, first=True) as told:
        yield WorkerWatch(step, traces=told)


@contextmanager
def page(settings: Settings, worker: str) -> Iterator[None]:
    """The page of a process that touches no topic: that it lives, and what it uses."""
    if settings.metrics_port is None:
        yield
        return
    with serving(registry(worker), settings.host, settings.metrics_port):
        yield


@contextmanager
def traces(settings: Settings, step: str, first: bool = False) -> Iterator[Traces]:
    """Where traces go, if anywhere."""
    if settings.traces is None:
        yield NoTraces()
        return
    if find_spec("opentelemetry.sdk") is None:
        raise TracesNotInstalled(
            "SEINPOST_TRACES is set and OpenTelemetry is not installed: install the extra otel"
            " (scripts/environment otel), or take the setting away"
        )
    from pipeline.watch import otel_traces

    with otel_traces.traces(step, version("seinpost"), otel_traces.collector(settings.traces), first) as told:
        yield told
