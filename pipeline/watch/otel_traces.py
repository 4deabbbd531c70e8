"""One post's way over the road as an OpenTelemetry trace: a span per step and record, joined by W3C's traceparent.

A span says which event, how many records stood beside it, and when; never a text, a link, a place or an error's words.
Needs the extra `otel`. The exporter drops spans when nobody takes them: a worker never waits for a trace.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from pipeline.kafka.messages import Incoming, Outgoing

HEADER = "traceparent"
_W3C = TraceContextTextMapPropagator()
_WAIT_SECONDS = 2.0
_CLOSE_SECONDS = 3.0


class OtelTraces:
    """`Traces` of one step; where `first` is set, a record that goes out begins a trace."""

    def __init__(self, tracer: Tracer, step: str, first: bool = False) -> None:
        self._tracer, self._step, self._first = tracer, step, first
        self._open: dict[str, Span] = {}
        self._sending: list[Span] = []

    def begin(self, batch: Sequence[Incoming]) -> None:
        """A span for every record, in the trace that its sender began."""
        self.end(done=False)
        for message in batch:
            event = _event(message.header("ce_id"))
            if event is None or event in self._open:
                continue
            carried = (message.header(HEADER) or b"").decode("ascii", errors="replace")
            self._open[event] = self._tracer.start_span(
                self._step,
                _W3C.extract({HEADER: carried}, context=trace.set_span_in_context(trace.INVALID_SPAN)),
                SpanKind.CONSUMER,
                {"seinpost.event_id": event, "seinpost.batch": len(batch), "seinpost.sent_at": message.timestamp_ms},
            )

    def end(self, done: bool) -> None:
        """End the spans of the batch at hand."""
        _end(self._open.values(), done)
        self._open.clear()

    def carry(self, messages: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """The messages, each with the place in its trace that its reader goes on from."""
        return [self._carried(message, len(messages)) for message in messages]

    def sent(self, done: bool) -> None:
        """End the spans that sending itself began."""
        _end(self._sending, done)
        self._sending.clear()

    def _carried(self, message: Outgoing, together: int) -> Outgoing:
        event = _event(message.header("ce_id"))
        if event is None:
            return message
        span = self._open.get(event)
        if span is None and self._first:
            outside = trace.set_span_in_context(trace.INVALID_SPAN)
            span = self._tracer.start_span(
                self._step,
                outside,
                SpanKind.PRODUCER,
                {"seinpost.event_id": event, "seinpost.batch": together},
            )
            self._sending.append(span)
        if span is None:
            return message
        carrier: dict[str, str] = {}
        _W3C.inject(carrier, trace.set_span_in_context(span))
        if HEADER not in carrier:
            return message
        return replace(message, headers=(*message.headers, (HEADER, carrier[HEADER].encode())))


@contextmanager
def traces(step: str, version: str, exporter: SpanExporter, first: bool = False) -> Iterator[OtelTraces]:
    """Traces of one process, sent from a thread of their own; what is left is given up after three seconds."""
    # Nothing of the machine or of the environment: only which step this is.
    about = Resource({"service.name": f"seinpost-{step}", "service.version": version})
    provider = TracerProvider(resource=about, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield OtelTraces(provider.get_tracer("seinpost"), step, first)
    finally:
        # The SDK waits half a minute for a collector that is away; a worker must have stopped by then.
        closing = threading.Thread(target=provider.shutdown, daemon=True)
        closing.start()
        closing.join(_CLOSE_SECONDS)


def collector(address: str) -> SpanExporter:
    """Sends to an OpenTelemetry collector at `address` (OTLP over HTTP; `/v1/traces` unless a path is named)."""
    whole = address if urlsplit(address).path.strip("/") else address.rstrip("/") + "/v1/traces"
    return OTLPSpanExporter(endpoint=whole, timeout=_WAIT_SECONDS)


def _end(spans: Iterable[Span], done: bool) -> None:
    for span in spans:
        if not done:
            span.set_status(StatusCode.ERROR)
        span.end()


def _event(written: bytes | None) -> str | None:
    """An event id from a header, and nothing else that somebody may have written there."""
    try:
        return str(UUID((written or b"").decode("ascii")))
    except ValueError:
        return None
