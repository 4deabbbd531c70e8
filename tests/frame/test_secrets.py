"""The secrets that deploy/make_secrets makes are those that the compose file names, and open what they should."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from psycopg import sql
from sqlalchemy import URL

from pipeline.kafka.local_broker import free_port
from pipeline.store.connection_trouble import why_not
from pipeline.topic_access import ADMINISTRATOR, PROCESSES
from seinpost.composition import answers, database, over_tls
from seinpost.settings import Settings
from tests.collectors.real_servers.postgresql import takes_connections
from tests.collectors.real_servers.programs import running
from tests.conftest import missing
from tests.frame.compose import FILE, commands, services

MAKE = FILE.parent / "deploy" / "make_secrets"


@pytest.fixture(scope="module")
def secrets() -> Iterator[Path]:
    """The folder with all of them, made for servers on this machine, and open to the user that they run as."""
    folder = Path(tempfile.mkdtemp(prefix="sp-"))
    subprocess.run(
        [str(MAKE), str(folder)],
        env={**os.environ, "KAFKA_HOST": "localhost", "POSTGRES_HOST": "localhost"},
        check=True,
        capture_output=True,
    )
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _named() -> dict[str, str]:
    """The file of each secret of the compose file."""
    document: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return {name: Path(secret["file"]).name for name, secret in document["secrets"].items()}


def test_every_secret_of_the_compose_file_is_made_and_a_second_run_keeps_it(secrets: Path) -> None:
    before = {name: (secrets / file).read_bytes() for name, file in _named().items()}
    subprocess.run([str(MAKE), str(secrets)], check=True, capture_output=True)
    secrets.chmod(0o755)
    for name, file in _named().items():
        assert name == "pgpass" or (secrets / file).read_bytes() == before[name]
        assert file == "ca.crt" or (secrets / file).stat().st_mode & 0o077 == 0, f"{file} is open to others"


def test_each_process_of_the_compose_file_has_the_certificate_of_its_own_log_in(secrets: Path) -> None:
    runs = {process.login: process.runs for process in PROCESSES} | {ADMINISTRATOR: "topics apply"}
    shown = 0
    for name, service in services().items():
        given: Any = service.get("secrets", [])
        sources = [each["source"] for each in given if isinstance(each, dict) and each["target"] == "kafka_certificate"]
        for source in sources:
            login = _named()[source].removesuffix(".crt")
            command = " ".join(commands().get(name, [name]))
            assert any(command.startswith(run.strip()) for run in runs[login].partition(":")[0].split(",")), name
            subject = subprocess.run(
                ["openssl", "x509", "-in", str(secrets / f"{login}.crt"), "-noout", "-subject"],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            assert subject.strip().endswith(login)
            shown += 1
    assert shown >= len(runs)


@pytest.fixture(scope="module")
def postgres_over_tls(secrets: Path) -> Iterator[tuple[int, str]]:
    """Debian's PostgreSQL with the very `-c` settings of the compose file, for TLS only: its port and password.

    The embedded server is built without TLS; it needs none, for it listens on a private Unix socket.
    """
    programs = max(Path("/usr/lib/postgresql").glob("*/bin/postgres"), default=None, key=lambda f: int(f.parts[-3]))
    if programs is None:
        missing("PostgreSQL's server is not here (Debian: apt-get install postgresql)")
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="sp-"))
    password = (secrets / "postgres_password").read_text()
    (folder / "password").write_text(password)
    places = {f"/run/secrets/{name}": folder / file for name, file in _named().items() if name.startswith("postgres_")}
    for place in places.values():
        shutil.copy(secrets / place.name, place)
    if owner:
        for file in (folder, *folder.iterdir()):
            os.chown(file, owner.pw_uid, owner.pw_gid)
    user = owner.pw_uid if owner else None
    subprocess.run(
        [
            str(programs.with_name("initdb")),
            *("-D", str(folder / "data"), "-U", "postgres", f"--pwfile={folder / 'password'}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        user=user,
    )
    with (folder / "data" / "pg_hba.conf").open("w") as rules:
        rules.write("hostssl all all 127.0.0.1/32 scram-sha-256\nhostssl all all ::1/128 scram-sha-256\n")
    port = free_port()
    words: Any = services()["postgres"]["command"]
    settings = [str(places.get(value, value)) for value in _with_files(words[1:], places)]
    command = [str(programs), "-D", str(folder / "data"), "-k", str(folder), "-h", "localhost", "-p", str(port)]
    started = [*command, "-c", "fsync=off", *settings]
    with running(started, folder, lambda: takes_connections(programs, folder, port), user=user):
        yield port, password
    shutil.rmtree(folder)


def _with_files(words: list[str], places: dict[str, Path]) -> list[str]:
    """The settings with the test's files where the container's stand."""
    for inside, here in places.items():
        words = [word.replace(inside, str(here)) for word in words]
    return words


def _settings(port: int, ca: Path, keys: Path, host: str = "localhost") -> Settings:
    url = f"postgresql://{host}:{port}/seinpost"
    return Settings.model_validate({"database_url": url, "database_tls_ca": ca, "keys": keys})


def test_the_database_is_reached_over_tls_with_the_host_name_checked(
    secrets: Path, postgres_over_tls: tuple[int, str], tmp_path: Path
) -> None:
    port, password = postgres_over_tls
    settings = _settings(port, secrets / "ca.crt", tmp_path / "keys")
    there = database(settings)
    admin = URL.create("postgresql", "postgres", password, "localhost", port, "postgres")
    with psycopg.connect(over_tls(admin, settings).render_as_string(hide_password=False), autocommit=True) as made:
        made.execute("CREATE DATABASE seinpost")
        for role in ("seinpost_web", "seinpost_road"):
            name, word = sql.Identifier(role), sql.Literal(there.password(role))
            made.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, word))
    assert answers(there)
    engine = there.engine_for("seinpost_road")
    with engine.connect() as connection:
        used = connection.exec_driver_sql("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").one()
    engine.dispose()
    assert used[0] is True
    assert used[1] in ("TLSv1.2", "TLSv1.3")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host="localhost", port=port, user="postgres", password=password, sslmode="disable").close()


def test_what_is_wrong_with_the_servers_certificate_is_one_line(
    secrets: Path, postgres_over_tls: tuple[int, str], tmp_path: Path
) -> None:
    port, _ = postgres_over_tls
    other = tmp_path / "other"
    subprocess.run([str(MAKE), str(other)], check=True, capture_output=True)
    faults = {
        "that we do not trust": _settings(port, other / "ca.crt", tmp_path),
        "is for another host": _settings(port, secrets / "ca.crt", tmp_path, "127.0.0.1"),
        "holds no certificate authority": _settings(port, tmp_path / "none.pem", tmp_path),
    }
    for words, settings in faults.items():
        said = why_not(database(settings).url)
        assert said is not None, words
        assert words in said
        assert "\n" not in said
        assert not answers(database(settings))
    assert why_not(database(_settings(port, secrets / "ca.crt", tmp_path)).url) is None
