"""One post's way from sink to analysis to intake is one trace over a real Kafka; spans hold ids and times only."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from pipeline.kafka.local_broker import LocalBroker
from pipeline.kafka.messages import Incoming, Outgoing, Place, headers
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.topics import POSTS
from pipeline.watch.otel_traces import HEADER, OtelTraces, collector, traces
from pipeline.watch.traces import Traces
from tests.pipeline.watch.watched_road import no_traces, watched_road
from tests.road.invented import NOW, Maker
from tests.road.kafka_road import everything
from tests.road.test_workers import THREAT

ATTRIBUTES = {"seinpost.event_id", "seinpost.batch", "seinpost.sent_at"}


class Kept(InMemorySpanExporter):
    """Keeps spans also after its provider shut down."""

    def shutdown(self) -> None:
        return


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def steps(kept: Kept) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _of(kept: Kept, event: UUID) -> list[ReadableSpan]:
    """The steps that were done. What intake reads before it knows its true position is read again, and ends undone."""
    spans = [s for s in kept.get_finished_spans() if (s.attributes or {}).get("seinpost.event_id") == str(event)]
    spans = [span for span in spans if span.status.status_code is not StatusCode.ERROR]
    return sorted(spans, key=lambda span: span.start_time or 0)


@contextmanager
def _all_traced(kept: Kept) -> Iterator[Callable[[str], Traces]]:
    """What gives each step of a road its traces; a collector begins them."""
    with ExitStack() as stack:
        yield lambda step: stack.enter_context(traces(step, "test", kept, first=step == "collect"))


@pytest.mark.kafka
def test_one_post_is_one_trace_from_sink_to_queue(
    database: Database, own_keys: KeyFolder, kafka_broker: LocalBroker, kept: Kept
) -> None:
    with _all_traced(kept) as told, watched_road(kafka_broker.bootstrap, database, own_keys, traces=told) as road:
        posts = [road.maker.post(str(n), f"{THREAT} {n}") for n in range(20)]
        gone = road.maker.removed("3", 2)
        for record in (*posts, gone):  # one by one: what is handed over together has one trace together
            road.sink.accept([record], None)
        road.flow()
        inside = everything(kafka_broker.bootstrap)
    for record in (*posts, gone):
        spans = _of(kept, record.event_id)
        assert [span.name for span in spans] == ["collect", "analyse", "intake"]
        first, analysed, taken = spans
        assert len({span.context.trace_id for span in spans if span.context}) == 1
        assert first.parent is None
        assert analysed.parent is not None
        assert first.context is not None
        assert analysed.parent.span_id == first.context.span_id
        assert taken.parent is not None
        assert analysed.context is not None
        assert taken.parent.span_id == analysed.context.span_id
    assert len({span.context.trace_id for span in kept.get_finished_spans() if span.context}) == len(posts) + 1
    for span in kept.get_finished_spans():
        assert set(span.attributes or {}) <= ATTRIBUTES
        assert set(span.resource.attributes) == {"service.name", "service.version"}
        assert not span.events
    assert len(re.findall(rb"traceparent00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]", inside)) == 2 * (len(posts) + 1)


@pytest.mark.kafka
def test_posts_that_travel_together_have_one_trace_together(
    database: Database, own_keys: KeyFolder, kafka_broker: LocalBroker, kept: Kept
) -> None:
    with _all_traced(kept) as told, watched_road(kafka_broker.bootstrap, database, own_keys, traces=told) as road:
        road.sink.accept([road.maker.post(str(n), f"{THREAT} {n}") for n in range(60)], None)
        road.flow()
    steps: dict[int, set[str]] = {}
    for span in kept.get_finished_spans():
        if span.context and span.status.status_code is not StatusCode.ERROR:
            steps.setdefault(span.context.trace_id, set()).add(span.name)
    assert 1 < len(steps) <= POSTS.partitions
    assert all(each == {"collect", "analyse", "intake"} for each in steps.values())


@pytest.mark.kafka
def test_without_traces_nothing_of_them_is_on_the_road(
    database: Database, own_keys: KeyFolder, kafka_broker: LocalBroker
) -> None:
    with watched_road(kafka_broker.bootstrap, database, own_keys, traces=no_traces) as road:
        road.sink.accept([road.maker.post("1", THREAT)], None)
        road.flow()
        assert HEADER.encode() not in everything(kafka_broker.bootstrap)


def _incoming(event: bytes, carried: bytes) -> Incoming:
    return Incoming(Place(POSTS.name, 0), 0, 0, b"", (("ce_id", event), (HEADER, carried)))


@pytest.mark.parametrize(
    "carried", [b"", b"not a traceparent qzcanary7", b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-01", b"\xff\xfe"]
)
def test_what_somebody_else_wrote_into_a_header_begins_a_new_trace(kept: Kept, carried: bytes) -> None:
    with traces("analyse", "test", kept) as told:
        told.begin([_incoming(b"6f1f9e5e-0000-4000-8000-000000000001", carried)])
        told.end(done=True)
    (span,) = kept.get_finished_spans()
    assert span.parent is None
    assert "qzcanary7" not in span.to_json()


def test_a_header_that_is_no_event_id_makes_no_span(kept: Kept) -> None:
    with traces("analyse", "test", kept) as told:
        told.begin([_incoming(b"ik ga je steken", b"")])
        told.end(done=True)
    assert kept.get_finished_spans() == ()


def test_a_batch_that_was_not_done_says_so_without_a_word(kept: Kept, keys: KeyFolder) -> None:
    event = Maker(keys.id_key(), UUID(int=0)).post("1", THREAT).event_id
    with traces("intake", "test", kept) as told:
        told.begin([_incoming(str(event).encode(), b"")])
        told.begin([])
    (span,) = kept.get_finished_spans()
    assert (span.status.is_ok, span.status.description) == (False, None)


def test_a_collector_that_is_away_holds_nobody_up(keys: KeyFolder) -> None:
    """Nothing listens on the port: messages go on as they would, and closing is quick."""
    event = Maker(keys.id_key(), UUID(int=0)).post("1", THREAT).event_id
    message = Outgoing(POSTS, "key", b"", headers(event, "kind", "collect", NOW, "x"))
    with traces("collect", "test", collector("http://127.0.0.1:9"), first=True) as told:
        assert isinstance(told, OtelTraces)
        (sent,) = told.carry([message])
        told.sent(done=True)
        began = time.monotonic()
    assert sent.header(HEADER) is not None
    assert time.monotonic() - began < 9
