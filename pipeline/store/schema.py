"""Which schema the database has and which one this program was made for; brings the one to the other.

Roles and the database itself are `pipeline.store.setup`'s work.
"""

from importlib import resources
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from pipeline.store.attempts import in_transaction

NEWEST = "head"
MIGRATIONS = Path(str(resources.files("pipeline") / "migrations"))


class SchemaTooOld(Exception):
    """The database has not been migrated for this program yet."""


def newest(migrations: Path = MIGRATIONS) -> str:
    """The schema that a program with these migrations was made for."""
    head = _scripts(migrations).get_current_head()
    if head is None:
        raise SchemaTooOld("this program brings no migrations; install it again")
    return head


def is_known(revision: str, migrations: Path = MIGRATIONS) -> bool:
    """Whether this program knows a schema; one that it does not know is newer."""
    return any(script.revision == revision for script in _scripts(migrations).walk_revisions())


def current(connection: Connection) -> str | None:
    """The schema of the database; None before its first migration."""
    if connection.execute(text("SELECT to_regclass('public.alembic_version')")).scalar_one() is None:
        return None
    found = connection.execute(text("SELECT version_num FROM public.alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def upgrade(connection: Connection, to: str = NEWEST, migrations: Path = MIGRATIONS) -> None:
    """Run the migrations that are missing, as the owner, in the caller's transaction."""
    config = _config(migrations)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def require(engine: Engine, migrations: Path = MIGRATIONS) -> None:
    """Raise `SchemaTooOld` where this program is newer than the database. An older program may go on: we only add.

    Raises `DatabaseAway` while the database does not answer.
    """
    try:
        found = in_transaction(engine, current)
    except ProgrammingError:  # no role may read it: it was last migrated before programs asked
        found = None
    wanted = newest(migrations)
    if found is None or (found != wanted and is_known(found, migrations)):
        raise SchemaTooOld(
            f"the database has {f'schema {found}' if found else 'an older schema'} and this program needs {wanted};"
            " run seinpost setup first"
        )


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    return config


def _scripts(migrations: Path) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(migrations))
