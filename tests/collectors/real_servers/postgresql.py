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
        ready = folder / ".s.PGSQL.5432"
        with running(command, folder, ready.exists, user=user):
            yield f"postgresql://postgres@localhost/postgres?host={folder}"
    finally:
        shutil.rmtree(folder)
