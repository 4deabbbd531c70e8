"""Starts the screens as a process of their own on a port of this machine, and stops them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from pipeline.kafka.local_broker import free_port
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database

REPOSITORY = Path(__file__).parents[3]


@contextmanager
def server(database: Database, keys: KeyFolder, pace: float) -> Iterator[str]:
    """The screens in a process of their own; the address they answer at."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.review_ui.hammer.web_process", str(port), str(pace), str(keys.path)],
        stdin=subprocess.PIPE,
        cwd=REPOSITORY,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(database.url.render_as_string(hide_password=False) + "\n")
    process.stdin.close()
    try:
        _until_it_answers(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _until_it_answers(address: str, process: "subprocess.Popen[str]") -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        assert process.poll() is None, "the server ended by itself"
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")
