"""Prepare a PostgreSQL server for Seinpost: roles, database, migrations. Safe to repeat at every start.

Needs an administrator's address once; serving processes never see it. The administrator of a managed server is no
superuser: one that may make roles and databases will do.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import errors, sql
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError

from pipeline.store import listed_words, schema
from pipeline.store.attempts import sqlstate
from pipeline.store.roles import ACTING_ROLES, OWNER, SERVING_ROLES

# Every process may ask which schema it works on.
_READABLE = "GRANT SELECT ON public.alembic_version TO " + ", ".join(SERVING_ROLES)
_IS_READABLE = f"SELECT has_table_privilege('{SERVING_ROLES[-1]}', 'public.alembic_version', 'SELECT')"
_LOCK_MS = 2000
_LOCKED = frozenset({"55P03", "40P01"})  # lock not available, deadlock
_MOST_ATTEMPTS = 60
_SEARCH_PATH = "seinpost, public"
_NOT_OURS = frozenset({"postgres", "template0", "template1"})
_TOO_MUCH = {
    "rolsuper": "NOSUPERUSER",
    "rolbypassrls": "NOBYPASSRLS",
    "rolcreatedb": "NOCREATEDB",
    "rolcreaterole": "NOCREATEROLE",
    "rolreplication": "NOREPLICATION",
    "rolinherit": "NOINHERIT",
}
"""What a role of ours must not have, by its column in pg_roles, and the words that take it away."""


class DatabaseTooOld(Exception):
    """The PostgreSQL server is older than Seinpost needs."""


class AdministratorMayNot(Exception):
    """The administrator's log-in lacks a right that setting up needs."""


class NotADatabaseOfOurs(Exception):
    """A database of the server itself was named for Seinpost."""


class MigrationBlocked(Exception):
    """Other transactions held the tables for too long."""


def prepare(admin_url: URL, database: str, password: Callable[[str], str]) -> None:
    """Create what is missing and bring the schema up to date. `password` gives each role's password.

    A database that was made beforehand, in a provider's console for instance, becomes our owner's.
    """
    if database in _NOT_OURS:
        raise NotADatabaseOfOurs(f"{database} is the server's own database; name another in SEINPOST_DATABASE_URL")
    owner_url = admin_url.set(username=OWNER, password=password(OWNER), database=database)
    with psycopg.connect(_libpq(admin_url), autocommit=True) as admin:
        if admin.info.server_version < 15_00_00:
            raise DatabaseTooOld("Seinpost needs PostgreSQL 15 or newer; upgrade the server")
        try:
            _roles(admin, password)
            _database(admin, database)
            with psycopg.connect(_libpq(owner_url), autocommit=True) as owner:
                _let_in(owner, database)
        except errors.InsufficientPrivilege as refused:
            raise AdministratorMayNot(
                f"the administrator of the database may not do this ({refused.diag.message_primary}); give --admin one"
                f" with CREATEROLE and CREATEDB that made the roles seinpost_… and owns {database}, or a superuser"
            ) from None
    migrate(owner_url)


def migrate(owner_url: URL, pause: Callable[[float], None] = time.sleep, migrations: Path = schema.MIGRATIONS) -> None:
    """Run all migrations that are missing, as the owner, in one transaction, while everything else goes on.

    It never makes the road wait for long: a lock it does not get within two seconds is asked again later.
    """
    engine = create_engine(owner_url, hide_parameters=True, connect_args={"options": f"-c lock_timeout={_LOCK_MS}"})
    try:
        for attempt in range(1, _MOST_ATTEMPTS + 1):
            try:
                with engine.begin() as connection:
                    before = schema.current(connection)
                    schema.upgrade(connection, migrations=migrations)
                    if before is not None and before < listed_words.SCHEMA:
                        listed_words.fill(connection)
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
    present = _too_much(admin)
    for role in (OWNER, *SERVING_ROLES, *ACTING_ROLES):
        verb, words = ("ALTER ROLE", present[role]) if role in present else ("CREATE ROLE", [*_TOO_MUCH.values()])
        if words:  # only a superuser may even say of a role that is there already that it is to be none
            admin.execute(sql.SQL(f"{verb} {{}} {' '.join(words)}").format(sql.Identifier(role)))
    for role in (OWNER, *SERVING_ROLES):
        admin.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password(role)))
        )
    for role in ACTING_ROLES:
        admin.execute(sql.SQL("GRANT {} TO seinpost_web").format(sql.Identifier(role)))


def _too_much(admin: psycopg.Connection) -> dict[str, list[str]]:
    """For each role that is there, the words that take away what it has too much."""
    rows = admin.execute(f"SELECT rolname, {', '.join(_TOO_MUCH)} FROM pg_roles").fetchall()  # noqa: S608
    return {name: [w for w, has in zip(_TOO_MUCH.values(), held, strict=True) if has] for name, *held in rows}


def _database(admin: psycopg.Connection, database: str) -> None:
    found = admin.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", (database,)).fetchone()
    name, owner = sql.Identifier(database), sql.Identifier(OWNER)
    if found is None:
        with _one_of(admin, OWNER):
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
    elif found[0] != OWNER:
        with _one_of(admin, OWNER):
            admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, owner))


@contextmanager
def _one_of(admin: psycopg.Connection, role: str) -> Iterator[None]:
    """Who is no superuser can only hand something to a role that he is one of; he is so for this block alone."""
    how = "SET" if admin.info.server_version >= 16_00_00 else "MEMBER"
    row = admin.execute("SELECT pg_has_role(current_user, %s, %s)", (role, how)).fetchone()
    if row is not None and row[0]:
        yield
        return
    admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
    try:
        yield
    finally:
        admin.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(sql.Identifier(role)))


def _let_in(owner: psycopg.Connection, database: str) -> None:
    """Only our roles may connect, and every name is looked for among our tables first. Changes nothing that is so."""
    name = sql.Identifier(database)
    if owner.execute("SELECT current_setting('search_path')").fetchone() != (_SEARCH_PATH,):
        owner.execute(sql.SQL("ALTER DATABASE {} SET search_path = seinpost, public").format(name))
    if owner.execute("SELECT has_database_privilege('public', current_database(), 'CONNECT')").fetchone() == (True,):
        owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    if owner.execute("SELECT has_schema_privilege('public', 'CREATE')").fetchone() == (False,):
        # In PostgreSQL 15 what the database's owner may do there is not ours by itself: our roles inherit nothing.
        owner.execute("SET ROLE pg_database_owner")
        owner.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(OWNER)))
        owner.execute("RESET ROLE")
    for role in SERVING_ROLES:
        may = owner.execute("SELECT has_database_privilege(%s, current_database(), 'CONNECT')", (role,)).fetchone()
        if may != (True,):
            owner.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(role)))


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
