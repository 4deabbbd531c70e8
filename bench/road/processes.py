"""Processes of a measurement, and what each used: processor seconds and memory, from /proc."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.road.place import Whereabouts

_TICKS = os.sysconf("SC_CLK_TCK")
_STOP_SECONDS = 12


class WorkerDidNotStart(Exception):
    """A process of the measurement ended before it was ready; its own message stands on standard error."""


@contextmanager
def started(module: str, at: Whereabouts, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of ours that said it is ready; asked to stop at the end."""
    role = [arguments[0]] if module == "worker" else []
    process = subprocess.Popen(
        [sys.executable, "-m", f"bench.road.{module}", *role, at.as_text(), *arguments[len(role) :]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        if said(process) != "ready":
            raise WorkerDidNotStart(f"bench.road.{module} {' '.join(role)} did not start")
        yield process
    finally:
        end(process)


def said(process: subprocess.Popen[str]) -> str:
    """The next line of a process."""
    return process.stdout.readline().strip() if process.stdout else ""


def go(process: subprocess.Popen[str]) -> None:
    """Let a waiting process begin."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def end(process: subprocess.Popen[str]) -> None:
    """Ask a process to stop, and end it when it does not listen."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def worked(*pids: int) -> float:
    """Processor seconds of processes and of their children, the ended ones included."""
    return sum(_seconds(pid, ended=True) for pid in pids) + sum(_seconds(pid, ended=True) for pid in _below(pids))


def memory(*pids: int) -> float:
    """MiB that belong to processes and their children, shared pages divided among their users."""
    return sum(_mebibytes(pid) for pid in (*pids, *_below(pids)))


def machine_load() -> str:
    """The load average of the last minute, for the row's note."""
    return f"{os.getloadavg()[0]:.1f}"


def until(holds: object, seconds: float, what: str) -> None:
    """Wait until `holds()` is true."""
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} took longer than {seconds:.0f} s")
        time.sleep(0.05)


def _seconds(pid: int, ended: bool) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11 : 15 if ended else 13]) / _TICKS


def _below(pids: Iterable[int]) -> list[int]:
    wanted, found = set(pids), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if parent in wanted:
                found.append(int(entry.name))
    return found


def _mebibytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
