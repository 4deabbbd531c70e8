"""One broker, or three that copy each other, with a listener for every wire; the third may lie on a small tmpfs."""

import os
import signal
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from kafka import KafkaAdminClient

from pipeline.kafka.local_broker import LocalBroker, cluster_id, free_port
from pipeline.topics import POSTS
from tests.road.storm.wires import Wire

_TMPFS = "size=1g"
_PATIENCE = 180.0
"""Seconds for a broker to answer: three may start at once on a busy machine."""


class Brokers:
    """All brokers of a run, by number."""

    def __init__(self, folder: Path, cache: Path, count: int, wires: Sequence[Wire]) -> None:
        self._tmpfs: Path | None = None
        self.away: set[int] = set()
        """Brokers that are down on purpose and must not be started yet."""
        self.frozen: set[int] = set()
        ports = [free_port() for _ in range(2 * count)]
        clients, controllers = ports[:count], ports[count:]
        cluster = cluster_id()
        self._at_wire: dict[str, list[str]] = {wire.name: [] for wire in wires}
        self.members: list[LocalBroker] = []
        for number in range(count):
            changes = _place_among(number, controllers) if count > 1 else {}
            changes |= self._listeners(clients[number], controllers[number], wires)
            self.members.append(
                LocalBroker(
                    folder / f"broker-{number}",
                    cache,
                    clients[number],
                    controllers[number],
                    heap_mb=320,
                    changes=changes,
                    cluster=cluster,
                )
            )

    def _listeners(self, client: int, controller: int, wires: Sequence[Wire]) -> dict[str, str]:
        listen = [f"PLAINTEXT://127.0.0.1:{client}", f"CONTROLLER://127.0.0.1:{controller}"]
        tell = [f"PLAINTEXT://127.0.0.1:{client}"]
        kinds = ["CONTROLLER:PLAINTEXT", "PLAINTEXT:PLAINTEXT"]
        for wire in wires:
            here, told = wire.listener()
            listen.append(f"{wire.name}://{here}")
            tell.append(f"{wire.name}://{told}")
            kinds.append(f"{wire.name}:PLAINTEXT")
            self._at_wire[wire.name].append(told)
        return {
            "listeners": ",".join(listen),
            "advertised.listeners": ",".join(tell),
            "listener.security.protocol.map": ",".join(kinds),
        }

    @property
    def bootstrap(self) -> str:
        """What a client on this side connects to."""
        return ",".join(member.bootstrap for member in self.members)

    def bootstrap_over(self, wire: Wire | None) -> str:
        """What a client at the far end of a wire connects to."""
        return ",".join(self._at_wire[wire.name]) if wire else self.bootstrap

    def put_last_on_tmpfs(self) -> bool:
        """Give the last broker a small disk of its own; False where we may not mount."""
        folder = self.members[-1].data
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", _TMPFS, "seinpost-test", str(folder)], capture_output=True, check=False
        )
        self._tmpfs = folder if done.returncode == 0 else None
        return self._tmpfs is not None

    def start(self, numbers: Sequence[int] | None = None) -> None:
        """Start brokers side by side: three need each other to answer."""
        wanted = [self.members[n] for n in (range(len(self.members)) if numbers is None else numbers)]
        with ThreadPoolExecutor(max(1, len(wanted))) as starters:
            list(starters.map(lambda member: member.start(_PATIENCE), wanted))

    def mend(self) -> None:
        """Start again what does not run and is not down on purpose."""
        down = [n for n, member in enumerate(self.members) if n not in self.away and not member.alive()]
        if down:
            self.start(down)

    def freeze(self, number: int) -> None:
        """Let a broker hang: connections stand, nothing answers."""
        self.frozen.add(number)
        os.kill(self.members[number].pid, signal.SIGSTOP)

    def thaw(self, number: int) -> None:
        """Let it go on."""
        self.frozen.discard(number)
        if self.members[number].alive():
            os.kill(self.members[number].pid, signal.SIGCONT)

    def leader(self) -> int:
        """The broker that leads most partitions of the posts topic."""
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap.split(","))
        try:
            partitions = admin.describe_topics([POSTS.name])[0]["partitions"]
        finally:
            admin.close()
        leaders = [int(p["leader_id"]) for p in partitions]
        return max(range(len(self.members)), key=lambda n: leaders.count(n + 1))

    def fill_folder(self) -> None:
        """Take every free byte of the small disk."""
        assert self._tmpfs is not None
        # It may be so full already that not even the file can be made.
        with suppress(OSError), (self._tmpfs / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(b"\0" * 65_536)

    def empty_folder(self) -> None:
        """Make room again; a broker that stopped for it is started by `mend`, one that hangs is ended first."""
        assert self._tmpfs is not None
        (self._tmpfs / "filler").unlink(missing_ok=True)
        self.members[-1].kill()

    def stop(self) -> None:
        """Stop all and give the small disk back."""
        for number, member in enumerate(self.members):
            self.thaw(number)
            member.kill()
        if self._tmpfs is not None:
            subprocess.run(["umount", "--lazy", str(self._tmpfs)], capture_output=True, check=False)


def _place_among(number: int, controllers: Sequence[int]) -> dict[str, str]:
    return {
        "node.id": str(number + 1),
        "controller.quorum.voters": ",".join(f"{n + 1}@127.0.0.1:{port}" for n, port in enumerate(controllers)),
        "default.replication.factor": "3",
        "min.insync.replicas": "2",
        "offsets.topic.replication.factor": "3",
        "transaction.state.log.replication.factor": "3",
        "transaction.state.log.min.isr": "2",
    }
