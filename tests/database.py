"""A real PostgreSQL for the tests: one server per session, one fresh migrated database per test that asks for it."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, Connection, create_engine

from pipeline.embedded_postgres import EmbeddedPostgres, remove
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.store.roles import OWNER
from pipeline.store.setup import prepare

# Process kills stay survivable without fsync (the kernel keeps the pages); only a power cut would not.
_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=on")


@pytest.fixture(scope="session")
def keys() -> Iterator[KeyFolder]:
    """A key folder for the whole session."""
    with tempfile.TemporaryDirectory() as folder:
        yield KeyFolder(Path(folder) / "keys")


@pytest.fixture(scope="session")
def postgres(keys: KeyFolder) -> Iterator[EmbeddedPostgres]:
    """A running server whose template database holds all migrations."""
    folder = Path(tempfile.mkdtemp(prefix="sp-"))
    server = EmbeddedPostgres(folder / "postgres", keys.database_password("postgres"), _QUICK)
    server.start()
    prepare(server.admin_url, "migrated", keys.database_password)
    yield server
    remove(server)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(postgres: EmbeddedPostgres, keys: KeyFolder) -> Iterator[Database]:
    """A fresh database with every table, policy and role; dropped afterwards."""
    with fresh(postgres, keys) as made:
        yield made


@contextmanager
def fresh(postgres: EmbeddedPostgres, keys: KeyFolder) -> Iterator[Database]:
    """The same for as long as the block lasts, for a fixture with a longer life."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(_libpq(postgres.admin_url), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE migrated").format(sql.Identifier(name)))
        admin.execute(sql.SQL("ALTER DATABASE {} SET search_path = seinpost, public").format(sql.Identifier(name)))
    yield Database(postgres.url.set(database=name), keys.database_password)
    with psycopg.connect(_libpq(postgres.admin_url), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def owner_connection(database: Database) -> psycopg.Connection:
    """A connection as the owner of the tables, to look at or arrange what no serving role may."""
    url = database.url.set(username=OWNER, password=database.password(OWNER))
    return psycopg.connect(_libpq(url), autocommit=True)


@contextmanager
def as_owner(database: Database) -> Iterator[Connection]:
    """One transaction of the owner, as a command at the prompt has it."""
    engine = create_engine(database.url.set(username=OWNER, password=database.password(OWNER)))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
