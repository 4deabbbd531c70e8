"""One run: faults strike in the order of the plan while posts flow and experts decide; then all comes to rest."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kafka import KafkaAdminClient

from tests.road.kafka_road import is_quiet
from tests.road.storm.experts import Experts
from tests.road.storm.plan import Fault
from tests.road.storm.strikes import Scene, Undo

_LONGEST_WAIT = 240.0
_MORE = 60
"""Records that may be accepted past the point where the next fault strikes."""


@dataclass
class Storm:
    """The hand that breaks and mends."""

    scene: Scene
    experts: Experts
    faults: Sequence[Fault]
    struck: list[Fault] = field(default_factory=list)
    _undone_at: list[tuple[float, Undo]] = field(default_factory=list)

    def blow(self) -> None:
        """Strike every fault, then let the whole stream be accepted with everything mended."""
        feeder = self.scene.feeder
        began = time.monotonic()
        feeder.allow(1)
        self._until(lambda: feeder.accepted > 0, "the first batch is accepted")
        self.rest(_LONGEST_WAIT)  # every worker has come so far that a fault strikes it at work
        for number, fault in enumerate(self.faults):
            following = self.faults[number + 1].after if number + 1 < len(self.faults) else fault.after
            feeder.allow(max(fault.after, following) + _MORE)
            self._until(lambda fault=fault: feeder.accepted >= fault.after, str(fault))  # type: ignore[misc]
            self._until(lambda fault=fault: self.scene.ready(fault), str(fault))  # type: ignore[misc]
            undo = self.scene.strike(fault)
            self._undone_at.append((time.monotonic() + fault.seconds, undo))
            self.struck.append(fault)
            print(f"{time.monotonic() - began:5.0f} s, {feeder.accepted} accepted: {fault}", flush=True)
            self._pass(fault.pause)
        feeder.allow(len(self.scene.stream) + 1)
        self._until(lambda: not self._undone_at and self.scene.whole(), "all mended")
        self._until(lambda: not feeder.is_alive(), "all accepted")

    def rest(self, seconds: float) -> None:
        """Wait until nothing is on its way any more."""
        bootstrap = self.scene.brokers.bootstrap
        admin = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
        engine = self.scene.house.database.engine_for("seinpost_road")
        try:
            self._until(lambda: is_quiet(admin, bootstrap, engine), "the road is quiet", seconds)
        finally:
            admin.close()
            engine.dispose()

    def keep_up(self) -> None:
        """One turn of mending; raises what went wrong in the background."""
        for teller in (self.scene.feeder, self.experts):
            if teller.fault is not None:
                raise teller.fault
        now = time.monotonic()
        for due, undo in [u for u in self._undone_at if u[0] <= now]:
            self._undone_at.remove((due, undo))
            undo()
        if not self.scene.database_away and not self.scene.house.postgres.runs:
            self.scene.house.postgres.start()
        self.scene.brokers.mend()
        self.scene.staff.mend()

    def _pass(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.keep_up()
            time.sleep(0.05)

    def _until(self, holds: Callable[[], bool], what: str, seconds: float = _LONGEST_WAIT) -> None:
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, f"not within {seconds:.0f} s: {what}\n{self.scene.house.last_words()}"
            self.keep_up()
            time.sleep(0.05)
