"""The `seinpost` command for tests, in a process of its own that is forked from one which has read all code already.

Reading the code costs seconds of processor time a process, and the tests start hundreds. Words, environment, standard
streams, signals and exit status are as at a prompt; that the installed command itself starts is tried in `tests/frame`.
"""

import atexit
import contextlib
import importlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Protocol

from seinpost.cli.commands import COMMANDS

READ_LATE = ("train",)
"""What only this command reads is in no other installation, or too large to read for nothing."""
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(
    [*(f"seinpost.cli.{c.provider.split(':')[0]}" for c in COMMANDS if c.name not in READ_LATE)]
)


class Running(Protocol):
    """What tests do with a process; `subprocess.Popen` is one too."""

    @property
    def pid(self) -> int:
        """The system's number."""

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """The exit status; raises `subprocess.TimeoutExpired`."""

    def send_signal(self, sig: int) -> None:
        """Nothing when it has ended."""

    def terminate(self) -> None:
        """SIGTERM."""

    def kill(self) -> None:
        """SIGKILL."""


@dataclass(frozen=True)
class Given:
    """What a process is started with."""

    words: tuple[str, ...]
    environment: dict[str, str]
    folder: str
    streams: tuple[Path, Path, Path]


class Forked:
    """A running `seinpost`."""

    def __init__(self, given: Given) -> None:
        self._words = given.words
        self._process: ForkServerProcess = _FORKS.Process(target=_run, args=(given,), daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        """As `poll` says."""
        return self.poll()

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status; raises `subprocess.TimeoutExpired`."""
        self._process.join(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(self._words, timeout or 0)
        return status

    def send_signal(self, sig: int) -> None:
        """Nothing when it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


def start(words: Sequence[str], environment: Mapping[str, str], output: Path, errors: Path | None = None) -> Forked:
    """Start `seinpost <words>`; what it says is added to `output`, with its errors when `errors` is not given."""
    streams = (Path(os.devnull), output, errors or output)
    for stream in streams[1:]:
        stream.touch()  # there even when it is killed at once
    return Forked(Given(tuple(words), dict(environment), str(Path.cwd()), streams))


def run(
    words: Sequence[str],
    environment: Mapping[str, str] | None = None,
    given: bytes = b"",
    seconds: float = 300,
    folder: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run `seinpost <words>` to its end in a folder (this one); raises `subprocess.TimeoutExpired`."""
    with tempfile.TemporaryDirectory(prefix="seinpost-") as kept:
        streams = (Path(kept, "in"), Path(kept, "out"), Path(kept, "errors"))
        streams[0].write_bytes(given)
        seen = dict(os.environ if environment is None else environment)
        process = Forked(Given(tuple(words), seen, str(folder or Path.cwd()), streams))
        try:
            status = process.wait(seconds)
        finally:
            process.kill()
        return subprocess.CompletedProcess(words, status, streams[1].read_bytes(), streams[2].read_bytes())


def in_words(
    words: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """`run` with what it says as text."""
    done = run(words, environment, folder=folder)
    return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())


def _run(given: Given) -> None:
    """In the fork: become the process that was asked for, down to its numbered streams, and end as it ends."""
    os.environ.clear()
    os.environ.update(given.environment)
    time.tzset()
    os.chdir(given.folder)
    for number, (path, how) in enumerate(
        zip(given.streams, (os.O_RDONLY, *(os.O_WRONLY | os.O_CREAT | os.O_APPEND,) * 2), strict=True)
    ):
        opened = os.open(path, how, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, buffering, encoding="utf-8", closefd=False)
        for number, mode, buffering in ((0, "r", -1), (1, "w", -1), (2, "w", 1))
    )
    sys.argv = ["seinpost", *given.words]
    try:
        importlib.import_module("seinpost.cli.main").main()
    finally:
        atexit._run_exitfuncs()  # a fork of multiprocessing ends without them
