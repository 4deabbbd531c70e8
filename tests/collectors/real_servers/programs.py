"""Starts other people's server programs on the loopback address for one test, and ends what it started."""

import contextlib
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx

from tests.conftest import missing


class DidNotStart(Exception):
    """A program ended or stayed silent; the message says where its own words are."""


def program(name: str, package: str) -> Path:
    """The path of an installed program, or the skip that says what to install."""
    # Debian puts servers where a plain user's path does not look.
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    return Path(found) if found else missing(f"{name} is not here (Debian: apt-get install {package})")


@contextlib.contextmanager
def running(
    command: list[str],
    folder: Path,
    ready: Callable[[], bool],
    *,
    environment: Mapping[str, str] | None = None,
    user: int | None = None,
    seconds: float = 120,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program from start to end of a block; what it says lies in `folder`."""
    said = folder / f"{Path(command[0]).name}.log"
    with said.open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=None if environment is None else dict(environment),
            user=user,
        )
    try:
        deadline = time.monotonic() + seconds
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(f"{Path(command[0]).name} does not run; read {said}")
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(address: str) -> Callable[[], bool]:
    """Whether anything answers at an address, whatever it says."""

    def asked() -> bool:
        try:
            httpx.get(address, timeout=2.0, trust_env=False)
        except httpx.HTTPError:
            return False
        return True

    return asked
