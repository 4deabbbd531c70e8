"""Debian's own PostgreSQL for servers that need its extensions, on a private Unix socket, for one test."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.collectors.real_servers.programs import running
from tests.conftest import missing

_VERSIONS = Path("/usr/lib/postgresql")


def takes_connections(programs: Path, folder: Path, port: int) -> bool:
    """Whether the server with its socket in `folder` has started: the socket is there before it takes anybody in."""
    asked = [programs.with_name("pg_isready"), "-q", "-h", folder, "-p", str(port)]
    return subprocess.run(asked, check=False, stdout=subprocess.DEVNULL).returncode == 0


@contextlib.contextmanager
def postgresql(*options: str) -> Iterator[str]:
    """The address of an empty database; all of it is gone afterwards. `options` are initdb's."""
    programs = max(_VERSIONS.glob("*/bin/postgres"), default=None, key=lambda found: int(found.parts[-3]))
    if programs is None:
        missing("PostgreSQL's server is not here (Debian: apt-get install postgresql)")
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="sp-"))
    try:
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        user = owner.pw_uid if owner else None
        subprocess.run(
            [
                programs.with_name("initdb"),
                "-D",
                folder / "data",
                "-U",
                "postgres",
                "-A",
                "trust",
                "--no-sync",
                *options,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            user=user,
        )
        command = [str(programs), "-D", str(folder / "data"), "-k", str(folder), "-h", "", "-c", "fsync=off"]
        with running(command, folder, lambda: takes_connections(programs, folder, 5432), user=user):
            yield f"postgresql://postgres@localhost/postgres?host={folder}"
    finally:
        shutil.rmtree(folder)
