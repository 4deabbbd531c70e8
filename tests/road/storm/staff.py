"""The worker processes of a run: started by the product's own command, started again when they end, and watched."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.road.storm.brokers import Brokers
from tests.road.storm.plan import ANALYSTS, INTAKES, OWN_CLOCK, RELAY
from tests.road.storm.wires import Wire
from tests.whole_road.house import House

STOPS_WITHIN = 10.0
WORKERS = (RELAY, *ANALYSTS, *INTAKES)
_AGAIN_AFTER = 0.3
_FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
"""Debian's package `faketime`; without it no clock jumps."""


@dataclass(frozen=True)
class Fall:
    """A worker that ended though nobody ended it."""

    worker: str
    status: int
    said: str

    @property
    def at_a_broker_that_is_away(self) -> bool:
        """A worker that starts while no broker answers says so and ends; what runs it starts it again."""
        return "BrokerAway" in self.said


@dataclass
class Staff:
    """Workers by name, each started by `seinpost work …`."""

    house: House
    brokers: Brokers
    wires: Mapping[str, Wire]
    falls: list[Fall] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)
    """Seconds that each stop after SIGTERM took."""
    ended: dict[str, float] = field(default_factory=dict)

    def mend(self) -> None:
        """Start again what ended, and note who fell by itself."""
        for name in WORKERS:
            process = self.house.processes.get(name)
            if process is None:
                self._start(name)
            elif process.poll() is not None:
                if name not in self.ended:
                    self.falls.append(Fall(name, process.returncode, self._last_line(name)))
                    self.ended[name] = time.monotonic()
                if time.monotonic() - self.ended[name] >= _AGAIN_AFTER:
                    self._start(name)

    def works(self, name: str) -> bool:
        """Whether it runs at this moment."""
        process = self.house.processes.get(name)
        return process is not None and process.poll() is None

    def kill(self, name: str) -> None:
        """`kill -9`."""
        process = self.house.processes[name]
        process.kill()
        process.wait()
        self.ended[name] = time.monotonic()

    def ask_to_stop(self, name: str) -> None:
        """SIGTERM; it must end by itself, in time and well."""
        process, began = self.house.processes[name], time.monotonic()
        process.terminate()
        try:
            status = process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{name} did not stop within {STOPS_WITHIN:.0f} s of SIGTERM") from None
        # A worker that had not yet come to its own handling of the signal ends by the system's.
        assert status in (0, -signal.SIGTERM), f"{name} ended with {status} after SIGTERM"
        self.stops.append(time.monotonic() - began)
        self.ended[name] = time.monotonic()

    def jump(self, name: str, seconds: int) -> None:
        """Set a worker's clock off by so many seconds; 0 sets it right."""
        self._clock(name).write_text(f"{seconds:+d}\n")

    def _clock(self, name: str) -> Path:
        return self.house.settings.data / f"clock-{name}"

    def _start(self, name: str) -> None:
        wire = self.wires.get(name)
        environment = {**self.house.environment, "SEINPOST_KAFKA": self.brokers.bootstrap_over(wire)}
        environment["SEINPOST_DEBUG"] = "1"  # where a worker fell; the posts are invented
        if name in OWN_CLOCK and _FAKETIME is not None:
            self._clock(name).exists() or self.jump(name, 0)
            environment |= {
                "LD_PRELOAD": str(_FAKETIME),
                "FAKETIME_TIMESTAMP_FILE": str(self._clock(name)),
                "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "NO_FAKE_STAT": "1",
            }
        logs = self.house.settings.data / "log"
        logs.mkdir(exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log:
            self.house.processes[name] = subprocess.Popen(
                [
                    *(wire.prefix if wire else ()),
                    *(sys.executable, "-m", "tests.road.storm.worker_process", "work", name.split("-")[0]),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=Path.cwd(),
            )
        self.ended.pop(name, None)

    def _last_line(self, name: str) -> str:
        lines = (self.house.settings.data / "log" / f"{name}.log").read_text(errors="replace").splitlines()
        return lines[-1][:300] if lines else ""


def clocks_can_jump() -> bool:
    """Whether libfaketime is here."""
    return _FAKETIME is not None
