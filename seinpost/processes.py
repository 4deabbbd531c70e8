"""A process tree: starts children, restarts one that dies (with a growing pause), and stops them all in good order.

It knows nothing of what they do. Output of a child goes to a log file of its own.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 12.0
LONGEST_PAUSE = 30.0
QUIET_AFTER = 60.0
"""A child that lived this long starts again at once; before that the pause doubles."""


@dataclass
class Child:
    """One child process: how to start it and how it fared."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.5
    due: float = 0.0
    restarts: int = 0


@dataclass
class Tree:
    """Children by name. `environment` is what each gets on top of ours; `logs` is the folder for their output."""

    logs: Path
    environment: Mapping[str, str]
    tell: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def start(
        self,
        name: str,
        *arguments: str,
        module: str = "seinpost.cli.main",
        environment: Mapping[str, str] | None = None,
    ) -> Child:
        """Start `seinpost <arguments>` (or another module of ours) as a child and keep it running.

        `environment` is what this child alone gets, on top of what all get.
        """
        child = Child(name, (sys.executable, "-m", module, *arguments), environment or {})
        self.children.append(child)
        self._launch(child)
        return child

    def watch(self, stop: threading.Event, each_turn: Callable[[], None]) -> None:
        """Restart what dies until `stop` is set; `each_turn` runs about five times a second."""
        while not stop.wait(0.2):
            each_turn()
            for child in self.children:
                self._mend(child)

    def stop(self) -> None:
        """Ask every child to stop, last one first, and wait; what does not listen is killed."""
        for child in reversed(self.children):
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in reversed(self.children):
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self.children.clear()

    def _launch(self, child: Child) -> None:
        self.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.logs / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment, **child.environment},
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops children in order
            )
        child.started = time.monotonic()

    def _mend(self, child: Child) -> None:
        if child.process is None:
            if time.monotonic() >= child.due:
                self._launch(child)
            return
        status = child.process.poll()
        if status is None:
            return
        lived = time.monotonic() - child.started
        child.pause = 0.5 if lived > QUIET_AFTER else min(child.pause * 2, LONGEST_PAUSE)
        child.restarts += 1
        child.due = time.monotonic() + child.pause
        child.process = None
        self.tell(
            f"{child.name} stopped (status {status}); it starts again in {child.pause:.0f} s. See {child.name}.log"
        )
