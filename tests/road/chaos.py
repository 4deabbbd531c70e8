"""Kills processes with -9 at random moments of an import and lets them start again, as a machine's supervisor would."""

import json
import os
import random
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests import command
from tests.command import Running
from tests.whole_road.house import House

IMPORT, POSTGRES, BROKER = "import", "postgres", "broker"


@dataclass
class Import:
    """`seinpost import`, given again and again until it says that it is done."""

    house: House
    export: Path
    process: Running | None = None
    runs: int = 0
    report: dict[str, object] | None = None
    position: str = ""

    def mend(self) -> None:
        """Start it when it does not run; note its report when it ended with one."""
        if self.report is not None or (self.process is not None and self.process.poll() is None):
            return
        if self.process is not None and (said := self._output().read_text().strip()):
            self.report = json.loads(said)
            return
        self.runs += 1
        logs = self.house.settings.data / "log"
        logs.mkdir(exist_ok=True)
        # Named, so that it waits for the database instead of starting it beside us.
        there = {"SEINPOST_DATABASE_URL": self.house.postgres.url.render_as_string()}
        words = ("import", str(self.export), "--source", "proef", "--json")
        self.process = command.start(words, {**self.house.environment, **there}, self._output(), logs / "import.log")

    def got_on(self) -> bool:
        """Whether it saved its place since the last look."""
        try:
            ((position,),) = self.house.rows("SELECT coalesce(max(position), '') FROM cursors")
        except psycopg.Error:
            return False  # the database is just being started
        moved = str(position) != self.position
        self.position = str(position)
        return moved

    def _output(self) -> Path:
        return self.house.settings.data / f"import-{self.runs}.json"


@dataclass
class Chaos:
    """One run: who is killed, when, by seed."""

    house: House
    export: Path
    seed: int
    kills: dict[str, int] = field(default_factory=dict)
    told: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.importing = Import(self.house, self.export)

    def run(self, victims: list[str], times: int, seconds: float) -> None:
        """Kill each victim `times` times while the import goes on, then let everything come to rest."""
        waiting = self._order(victims, times)
        deadline = time.monotonic() + seconds
        due = time.monotonic() + 3
        while waiting or self.importing.report is None:
            assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {self.kills}\n{self.house.last_words()}"
            self._mend()
            if waiting and time.monotonic() >= due and self._ready(waiting[0]):
                time.sleep(self.chance.random() * 0.4)
                victim = waiting.pop(0)
                self._kill(victim)
                self.kills[victim] = self.kills.get(victim, 0) + 1
                due = time.monotonic() + self.chance.uniform(0.2, 1.6)
            time.sleep(0.05)
        self._mend()

    def _order(self, victims: list[str], times: int) -> list[str]:
        """By chance; the import's turns come early, for it is done first."""
        others = [v for v in victims if v != IMPORT for _ in range(times)]
        self.chance.shuffle(others)
        for turn in range(times if IMPORT in victims else 0):
            others.insert(min(len(others), 1 + 2 * turn), IMPORT)
        return others

    def _ready(self, victim: str) -> bool:
        """Whether a kill would hit it at work."""
        if victim == IMPORT:
            assert self.importing.report is None, "the import was done before all its kills; make the export longer"
            process = self.importing.process
            return process is not None and process.poll() is None and self.importing.got_on()
        if victim == POSTGRES:
            return self.house.postgres.runs
        if victim == BROKER:
            return self.house.broker is not None and self.house.broker.alive()
        return self.house.processes[victim].poll() is None

    def _kill(self, victim: str) -> None:
        if victim == BROKER:
            assert self.house.broker is not None
            self.house.broker.kill()
        elif victim == POSTGRES:
            assert self.house.postgres.pid is not None
            os.kill(self.house.postgres.pid, signal.SIGKILL)
        else:
            process = self.importing.process if victim == IMPORT else self.house.processes[victim]
            assert process is not None
            process.kill()
            process.wait()

    def _mend(self) -> None:
        """Start again what does not run."""
        if not self.house.postgres.runs:
            self.house.postgres.start()
        if self.house.broker is not None and not self.house.broker.alive():
            self.house.broker.start()
        for name, process in list(self.house.processes.items()):
            if process.poll() is not None:
                self.house.start(name, *self.house.commands[name])
        self.importing.mend()
