"""Prepare a PostgreSQL server for Seinpost: roles, database, migrations. Safe to repeat at every start.

Needs an administrator's address once; serving processes never see it.
"""

import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError

from pipeline.store import schema
from pipeline.store.attempts import sqlstate
from pipeline.store.roles import ACTING_ROLES, OWNER, SERVING_ROLES

# Every process may ask which schema it works on.
_READABLE = "GRANT SELECT ON public.alembic_version TO " + ", ".join(SERVING_ROLES)
_IS_READABLE = f"SELECT has_table_privilege('{SERVING_ROLES[-1]}', 'public.alembic_version', 'SELECT')"
_LOCK_MS = 2000
_LOCKED = frozenset({"55P03", "40P01"})  # lock not available, deadlock
_MOST_ATTEMPTS = 60


class DatabaseTooOld(Exception):
    """The PostgreSQL server is older than Seinpost needs."""


class MigrationBlocked(Exception):
    """Other transactions held the tables for too long."""


def prepare(admin_url: URL, database: str, password: Callable[[str], str]) -> None:
    """Create what is missing and bring the schema up to date. `password` gives each role's password."""
    with psycopg.connect(_libpq(admin_url), autocommit=True) as admin:
        if admin.info.server_version < 15_00_00:
            raise DatabaseTooOld("Seinpost needs PostgreSQL 15 or newer; upgrade the server")
        _roles(admin, password)
        exists = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
        if not exists:
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OWNER))
            )
            admin.execute(
                sql.SQL("ALTER DATABASE {} SET search_path = seinpost, public").format(sql.Identifier(database))
            )
            admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
        for role in SERVING_ROLES:
            admin.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), sql.Identifier(role))
            )
    migrate(admin_url.set(username=OWNER, password=password(OWNER), database=database))


def migrate(owner_url: URL, pause: Callable[[float], None] = time.sleep, migrations: Path = schema.MIGRATIONS) -> None:
    """Run all migrations that are missing, as the owner, in one transaction, while everything else goes on.

    It never makes the road wait for long: a lock it does not get within two seconds is asked again later.
    """
    engine = create_engine(owner_url, hide_parameters=True, connect_args={"options": f"-c lock_timeout={_LOCK_MS}"})
    try:
        for attempt in range(1, _MOST_ATTEMPTS + 1):
            try:
                with engine.begin() as connection:
                    schema.upgrade(connection, migrations=migrations)
                    if not connection.execute(text(_IS_READABLE)).scalar_one():
                        connection.execute(text(_READABLE))
                return
            except OperationalError as error:
                if sqlstate(error) not in _LOCKED:
                    raise
            pause(min(2.0, 0.1 * 2**attempt))
        raise MigrationBlocked(
            "the migration did not get the tables to itself; look for long transactions and run it again"
        )
    finally:
        engine.dispose()


def _roles(admin: psycopg.Connection, password: Callable[[str], str]) -> None:
    present = {name for (name,) in admin.execute("SELECT rolname FROM pg_roles").fetchall()}
    plain = sql.SQL("NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT")
    for role in (OWNER, *SERVING_ROLES, *ACTING_ROLES):
        verb = sql.SQL("ALTER ROLE") if role in present else sql.SQL("CREATE ROLE")
        admin.execute(sql.SQL("{} {} {}").format(verb, sql.Identifier(role), plain))
    for role in (OWNER, *SERVING_ROLES):
        admin.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password(role)))
        )
    for role in ACTING_ROLES:
        admin.execute(sql.SQL("GRANT {} TO seinpost_web").format(sql.Identifier(role)))


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def roles_that_bypass(connection: psycopg.Connection) -> list[str]:
    """Serving, acting and owner roles that could get round row-level security; must be empty."""
    rows = connection.execute(
        "SELECT rolname FROM pg_roles"
        " WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolcreaterole) ORDER BY 1",
        ([OWNER, *SERVING_ROLES, *ACTING_ROLES],),
    ).fetchall()
    return [name for (name,) in rows]
