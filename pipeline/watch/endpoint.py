"""The page that a monitor reads from one process: its counters, and the process's own memory and time.

It answers on one address, knows no other path's content and writes no log.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Info, ProcessCollector, start_http_server

_CLOSE_SECONDS = 2.0


class MetricsPortTaken(Exception):
    """The port for metrics cannot be listened on."""


def registry(worker: str) -> CollectorRegistry:
    """A registry that holds the process's memory and time, and which worker this is."""
    made = CollectorRegistry()
    ProcessCollector(namespace="seinpost", registry=made)
    Info("seinpost_worker", "Which worker this process is.", registry=made).info({"worker": worker})
    return made


@contextmanager
def serving(shown: CollectorRegistry, host: str, port: int) -> Iterator[int]:
    """Serve the registry on `host`:`port` from a thread; gives the port (0 asked for any free one)."""
    try:
        server, thread = start_http_server(port, host, shown)
    except OSError:
        raise MetricsPortTaken(
            f"metrics cannot be served on {host}:{port}; choose another port (SEINPOST_METRICS_PORT)"
        ) from None
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(_CLOSE_SECONDS)
