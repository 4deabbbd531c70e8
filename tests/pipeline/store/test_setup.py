"""Preparing a server whose administrator makes roles and databases but is no superuser, as managed servers have it."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url
from typer.testing import CliRunner

from pipeline.embedded_postgres import EmbeddedPostgres, remove
from pipeline.key_folder import KeyFolder
from pipeline.store import schema
from pipeline.store.connection import Database
from pipeline.store.roles import OWNER, SERVING_ROLES
from pipeline.store.setup import AdministratorMayNot, NotADatabaseOfOurs, prepare, roles_that_bypass
from seinpost.cli.setup import app
from tests.collectors.real_servers.postgresql import postgresql

ADMIN, STRANGER = "beheer", "niemand"


@dataclass
class Managed:
    """A server, its superuser's address that a provider keeps, and the administrator's that it gives out."""

    superuser: URL
    keys: KeyFolder

    def admin(self, name: str = ADMIN) -> URL:
        return self.superuser.set(username=name, password=name)

    def prepare(self, database: str, admin: str = ADMIN) -> None:
        prepare(self.admin(admin), database, self.keys.database_password)

    def ask(self, statement: str, database: str = "postgres") -> object:
        """As the superuser, who sees everything; the first value of the answer."""
        with psycopg.connect(_libpq(self.superuser.set(database=database)), autocommit=True) as connection:
            answer = connection.execute(statement.encode())
            row = answer.fetchone() if answer.description else None
        return row[0] if row else None

    def as_role(self, role: str, database: str) -> psycopg.Connection:
        there = Database(self.superuser.set(database=database, username=None), self.keys.database_password)
        return psycopg.connect(_libpq(there.url.set(username=role, password=there.password(role))))


@pytest.fixture(scope="module", params=["the newest", pytest.param("Debian's", marks=pytest.mark.soak)])
def managed(request: pytest.FixtureRequest, keys: KeyFolder) -> Iterator[Managed]:
    """A server of its own: roles belong to a whole server, and here no superuser may have made them."""
    if request.param == "the newest":
        folder = Path(tempfile.mkdtemp(prefix="sp-"))
        server = EmbeddedPostgres(folder / "postgres", keys.database_password("postgres"), ("fsync=off",))
        server.start()
        try:
            yield _managed(Managed(server.admin_url, keys))
        finally:
            remove(server)
    else:
        with postgresql("--encoding=UTF8", "--locale=C") as address:
            yield _managed(Managed(make_url(address).set(drivername="postgresql+psycopg"), keys))


def _managed(server: Managed) -> Managed:
    server.ask(f"CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB PASSWORD '{ADMIN}'")
    server.ask(f"CREATE ROLE {STRANGER} LOGIN PASSWORD '{STRANGER}'")
    return server


def test_an_administrator_who_is_no_superuser_prepares_it_and_may_do_so_again(managed: Managed) -> None:
    for _ in range(2):
        managed.prepare("fresh")
    _whole(managed, "fresh")


def test_a_database_that_the_console_made_is_prepared_by_the_command(
    managed: Managed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with psycopg.connect(_libpq(managed.admin()), autocommit=True) as console:
        console.execute("CREATE DATABASE made")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(
        "SEINPOST_DATABASE_URL", _libpq(managed.superuser.set(database="made", username=None, password=None))
    )
    monkeypatch.setenv("SEINPOST_KEYS", str(managed.keys.path))
    done = CliRunner().invoke(app, ["--admin", _libpq(managed.admin())])
    assert done.exit_code == 0, done.output
    _whole(managed, "made")


def _whole(managed: Managed, database: str) -> None:
    with managed.as_role("seinpost_web", database) as web:
        assert web.execute("SELECT version_num FROM public.alembic_version").fetchone() == (schema.newest(),)
        assert web.execute("SHOW search_path").fetchone() == ("seinpost, public",)
    assert managed.ask(f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{database}'") == OWNER
    with psycopg.connect(_libpq(managed.superuser)) as superuser:
        assert roles_that_bypass(superuser) == []
    for role in (OWNER, *SERVING_ROLES):
        assert managed.ask(f"SELECT pg_has_role('{ADMIN}', '{role}', 'USAGE')") is False, "nothing is left behind"
    for anyone in (ADMIN, STRANGER):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(_libpq(managed.admin(anyone).set(database=database)))


def test_an_administrator_who_lacks_a_right_is_told_in_one_line_what_to_give(managed: Managed) -> None:
    managed.prepare("other")
    with pytest.raises(AdministratorMayNot, match="CREATEROLE and CREATEDB") as refused:
        managed.prepare("third", admin=STRANGER)
    assert "\n" not in str(refused.value)
    managed.ask("CREATE DATABASE foreign_one")
    with pytest.raises(AdministratorMayNot, match=r"must be owner of database foreign_one.* owns foreign_one"):
        managed.prepare("foreign_one")
    assert managed.ask(f"SELECT pg_has_role('{ADMIN}', '{OWNER}', 'USAGE')") is False


def test_a_role_that_may_pass_by_row_level_security_is_not_left_so_in_silence(managed: Managed) -> None:
    managed.prepare("other")
    managed.ask("ALTER ROLE seinpost_web BYPASSRLS")
    try:
        with pytest.raises(AdministratorMayNot, match="a superuser"):
            managed.prepare("other")
        prepare(managed.superuser, "other", managed.keys.database_password)
        assert managed.ask("SELECT rolbypassrls FROM pg_roles WHERE rolname = 'seinpost_web'") is False
    finally:
        managed.ask("ALTER ROLE seinpost_web NOBYPASSRLS")


def test_the_servers_own_database_is_never_taken(managed: Managed) -> None:
    with pytest.raises(NotADatabaseOfOurs, match="SEINPOST_DATABASE_URL"):
        managed.prepare("postgres")


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
