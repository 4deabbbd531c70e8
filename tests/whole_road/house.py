"""A whole Seinpost for a test: data folder, real PostgreSQL, perhaps a real Kafka, and the product's own processes.

Everything runs as a user would run it, through the `seinpost` command; nothing of ours is replaced.
"""

import contextlib
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg

from pipeline.embedded_postgres import EmbeddedPostgres
from pipeline.kafka.local_broker import LocalBroker
from pipeline.store.connection import Database
from pipeline.store.setup import prepare
from seinpost import composition
from seinpost.settings import Settings, as_environment
from signals.order import MAX_ORDER_DAYS
from tests import command
from tests.command import Running
from tests.database import owner_connection
from tests.frame import compose
from tests.people import add_user

PATIENCE = 120.0


@dataclass
class House:
    """One installation. `start` runs a process until `stop`; `run` runs a command to its end."""

    settings: Settings
    postgres: EmbeddedPostgres
    broker: LocalBroker | None
    processes: dict[str, Running] = field(default_factory=dict)
    commands: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The database as serving roles reach it."""
        return composition.database(self.settings)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see."""
        ours = as_environment(self.settings)
        return {**{n: v for n, v in os.environ.items() if not n.startswith("SEINPOST_")}, **ours}

    def run(
        self, *arguments: str, given: bytes | None = None, seconds: float = 300
    ) -> subprocess.CompletedProcess[bytes]:
        """Run `seinpost <arguments>` to its end."""
        return command.run(arguments, self.environment, given or b"", seconds)

    def start(self, name: str, *arguments: str) -> Running:
        """Start `seinpost <arguments>` and leave it running; its output lands in the data folder."""
        logs = self.settings.data / "log"
        logs.mkdir(exist_ok=True)
        process = command.start(arguments, self.environment, logs / f"{name}.log")
        self.processes[name], self.commands[name] = process, arguments
        return process

    def start_service(self, *names: str) -> None:
        """Start services by the very commands that the compose file names, so that the file cannot drift."""
        for name in names:
            self.start(name, *compose.commands()[name])

    def start_workers(self) -> None:
        """The workers of the Kafka road; none on the embedded road."""
        if self.broker is not None:
            self.start_service("analyse", "intake", "relay")

    def stop_service(self, name: str) -> None:
        """Stop one process and forget it."""
        process = self.processes.pop(name)
        process.terminate()
        process.wait(15)

    def stop(self) -> None:
        """Stop every process, kindly first."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for name, process in self.processes.items():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise AssertionError(f"{name} did not stop within 15 s of SIGTERM") from None
        self.processes.clear()

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Look as the owner, outside every policy."""
        with owner_connection(self.database) as owner:
            return owner.execute(statement, values).fetchall()  # type: ignore[call-overload, no-any-return]

    def wait_for(self, what: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something holds; fails with the logs' last lines when it does not."""
        deadline = time.monotonic() + seconds
        while not what():
            dead = [n for n, p in self.processes.items() if p.poll() not in (None, 0)]
            if dead or time.monotonic() > deadline:
                raise AssertionError(f"not within {seconds:.0f} s; ended early: {dead}\n{self.last_words()}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether its pages are there."""
        try:
            urllib.request.urlopen(f"{self.settings.address}/readyz", timeout=2).close()  # noqa: S310  (our own address)
        except OSError:
            return False
        return True

    def last_words(self) -> str:
        """The end of every log, for a failing test."""
        logs = sorted((self.settings.data / "log").glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs)

    def add_order(self, *sources: str) -> int:
        """A collection order in force for these sources, drafted by one invented user and approved by two others."""
        drafter = add_user(self.database, "opsteller", "admin")
        approvers = [add_user(self.database, f"goedkeurder{n}", "order_approver") for n in (1, 2)]
        with owner_connection(self.database) as owner, owner.transaction():
            number, order = self._draft(owner, drafter, sources)
            for approver in approvers:
                owner.execute("INSERT INTO order_approvals (order_id, user_id) VALUES (%s, %s)", (order, approver))
            owner.execute("UPDATE orders SET state = 'in_force' WHERE id = %s", (order,))
        return number

    def _draft(self, owner: psycopg.Connection, drafter: UUID, sources: tuple[str, ...]) -> tuple[int, UUID]:
        row = owner.execute(
            "INSERT INTO orders (id, controller, basis, occasion, scope, starts_at, ends_at, drafted_by)"
            " VALUES ('00000000-0000-4000-8000-000000000001', 'Verzonnen gemeente', 'proef', 'proef', %s,"
            " now() - interval '1 hour', now() + %s, %s) RETURNING number, id",
            (
                psycopg.types.json.Jsonb({"sources": list(sources)}),
                timedelta(days=MAX_ORDER_DAYS - 1),
                drafter,
            ),
        ).fetchone()
        assert row is not None
        return row[0], row[1]


@contextlib.contextmanager
def house(
    folder: Path,
    start_kafka: Callable[[Path], LocalBroker] | None = None,
    id_key: bytes | None = None,
    **changes: object,
) -> Iterator[House]:
    """A fresh installation in `folder`; over Kafka when a way to start one is given."""
    with contextlib.ExitStack() as stack:
        if id_key is not None:
            (folder / "keys").mkdir(mode=0o700, parents=True)
            (folder / "keys" / "id.key").write_bytes(id_key)
        settings = Settings(data=folder).model_copy(update=changes)
        broker = None
        if start_kafka is not None:
            from pipeline.topics import apply

            broker = start_kafka(folder / "kafka")
            stack.callback(broker.stop)
            settings = settings.model_copy(update={"kafka": broker.bootstrap})
            apply(broker.bootstrap)
        postgres = composition.embedded_postgres(settings)
        postgres.start()
        stack.callback(postgres.stop)
        prepare(postgres.admin_url, "seinpost", composition.key_folder(settings).database_password)
        built = House(settings, postgres, broker)
        stack.callback(built.stop)
        yield built
