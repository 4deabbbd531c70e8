"""A real Apache Kafka broker on this machine, in KRaft mode and without Docker: for the demo, `make kafka` and tests.

Not for production: one broker, loopback only, no TLS. Topics are made elsewhere (auto-creation is off).
"""

import base64
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from pipeline.kafka.broker_jars import RECIPE, KafkaNotHere, jars, java

# Serial collector and first-tier compiler: half the memory and start time, and a demo's load never misses the rest.
_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xms64m", "-XX:+ExitOnOutOfMemoryError")


class BrokerDidNotStart(Exception):
    """The broker ended or did not answer in time; its own log says why."""


def free_port() -> int:
    """A loopback port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cluster_id() -> str:
    """A new id for a cluster."""
    made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return f"A{made[1:]}"  # a leading dash would read as an option


@dataclass
class LocalBroker:
    """One broker over one data folder. Kill it and start it again on the same folder: what was acknowledged is there.

    `heap_mb` is the Java heap; the process takes about 120 MiB more.
    """

    data: Path
    cache: Path
    port: int = 9092
    controller_port: int = 0
    heap_mb: int = 256
    changes: Mapping[str, str] = field(default_factory=dict)
    """Broker settings that win over the fixed ones: another listener, a place among several brokers."""
    cluster: str = ""
    """The id that brokers of one cluster share; none means one of its own."""
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.data = self.data.absolute()
        self.cache = self.cache.absolute()
        self.controller_port = self.controller_port or self.port + 1

    @property
    def bootstrap(self) -> str:
        """What a client connects to."""
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """The broker's own messages."""
        return self.data / "broker.log"

    @property
    def pid(self) -> int:
        """The process id of the running broker, for a test that kills it."""
        if self._process is None:
            raise BrokerDidNotStart("the broker is not running: call start() first")
        return self._process.pid

    def start(self, patience: float = 60.0) -> None:
        """Format the folder when new, start, and return once the broker answers a client. Seconds."""
        libs = jars(self.cache)
        self.data.mkdir(parents=True, exist_ok=True)
        self._end_leftover()
        self._write_settings()
        if not (self.data / "log" / "meta.properties").is_file():
            self._format(libs)
        with self.log.open("ab") as log:
            # Its own session: Ctrl-C reaches the workers first, and the broker last, by stop().
            self._process = subprocess.Popen(
                [*self._java(libs), f"-Xmx{self.heap_mb}m", "kafka.Kafka", str(self._settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.data,
                start_new_session=True,
            )
        self._pid_file.write_text(str(self._process.pid))
        self._wait_until_it_answers(time.monotonic() + patience)

    def stop(self, patience: float = 20.0) -> None:
        """Ask the broker to end and wait; after `patience` seconds end it hard. Does nothing when it is not running."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._forget()

    def kill(self) -> None:
        """`kill -9`, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._forget()

    def alive(self) -> bool:
        """Whether the process runs; says nothing about its health."""
        return self._process is not None and self._process.poll() is None

    def wait(self) -> int:
        """Block until the broker ends by itself; its exit status."""
        return 0 if self._process is None else self._process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _settings(self) -> Path:
        return self.data / "server.properties"

    @property
    def _pid_file(self) -> Path:
        return self.data / "broker.pid"

    def _forget(self) -> None:
        self._process = None
        self._pid_file.unlink(missing_ok=True)

    def _java(self, libs: Path) -> list[str]:
        scratch = self.data / "scratch"  # native libraries are unpacked here and not left behind in the machine's /tmp
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        return [
            str(java()),
            *_JVM,
            f"-Djava.io.tmpdir={scratch}",
            f"-Dlog4j2.configurationFile={RECIPE / 'log4j2.xml'}",
            "-Dlog4j2.disableJmx=true",
            "-cp",
            os.pathsep.join(str(jar) for jar in sorted(libs.glob("*.jar"))),
        ]

    def _write_settings(self) -> None:
        controller = f"127.0.0.1:{self.controller_port}"
        here = {
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "controller.quorum.voters": f"1@{controller}",
            "log.dirs": str(self.data / "log"),
            **self.changes,
        }
        fixed = (RECIPE / "server.properties").read_text()
        self._settings.write_text(fixed + "\n" + "".join(f"{key}={value}\n" for key, value in here.items()))

    def _format(self, libs: Path) -> None:
        tool = [
            "kafka.tools.StorageTool",
            "format",
            "-t",
            self.cluster or cluster_id(),
            "-c",
            str(self._settings),
            "--ignore-formatted",
        ]
        done = subprocess.run([*self._java(libs), *tool], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BrokerDidNotStart(f"Kafka could not format {self.data}: {_last_line(done.stderr or done.stdout)}")

    def _wait_until_it_answers(self, deadline: float) -> None:
        while time.monotonic() < deadline:
            if not self.alive():
                self._forget()
                raise BrokerDidNotStart(f"Kafka ended at once: {_last_line(self.log.read_text(errors='replace'))}")
            if self._answers():
                return
            time.sleep(0.1)
        self.kill()
        raise BrokerDidNotStart(f"Kafka did not answer on {self.bootstrap} in time: see {self.log}")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.5):
                pass
            admin = KafkaAdminClient(bootstrap_servers=self.bootstrap, bootstrap_timeout_ms=2000)
            try:
                return bool(admin.describe_cluster()["brokers"])
            finally:
                admin.close()
        except (OSError, KafkaError):
            return False

    def _end_leftover(self) -> None:
        """End a broker that still runs on this folder because the process that started it was killed."""
        if self.alive():
            raise BrokerDidNotStart(f"a broker already runs on {self.data}")
        if not self._pid_file.is_file():
            return
        pid = int(self._pid_file.read_text())
        for ask in (signal.SIGTERM, signal.SIGKILL):
            until = time.monotonic() + 15
            while _runs_with(pid, str(self._settings)) and time.monotonic() < until:
                os.kill(pid, ask)
                time.sleep(0.3)
        self._pid_file.unlink(missing_ok=True)


def _runs_with(pid: int, word: str) -> bool:
    """Whether process `pid` lives and has `word` on its command line (a recycled pid has not)."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return word.encode() in words


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"


__all__ = ["BrokerDidNotStart", "KafkaNotHere", "LocalBroker", "cluster_id", "free_port"]
