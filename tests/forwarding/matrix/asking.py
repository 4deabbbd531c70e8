"""Asks the database as one of its roles for one user, on a connection of its own, as somebody with a console would."""

import re
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from pipeline.store.roles import ACTING_ROLES
from tests.forwarding.matrix.stage import Stage

_LISTED = (
    "SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE c.relnamespace = 'seinpost'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " AND a.attnum > 0 AND NOT a.attisdropped GROUP BY 1 ORDER BY 1"
)
_GRANTED = (
    "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE c.relnamespace = 'seinpost'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(%s, c.oid, a.attnum, 'SELECT')"
)
_CATALOGUE = (
    "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname IN ('pg_catalog', 'information_schema', 'public') AND c.relkind IN ('r', 'v')"
    " AND has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE') ORDER BY 1"
)


def columns(stage: Stage) -> dict[str, list[str]]:
    """Every table and view that the catalogue knows, with its columns."""
    with stage.owner() as owner:
        return dict(owner.execute(_LISTED).fetchall())


def granted(stage: Stage, role: str) -> set[tuple[str, str]]:
    """The columns of our tables and views that the catalogue says this role may read."""
    with stage.owner() as owner:
        return set(owner.execute(_GRANTED, (role,)).fetchall())


class Asking:
    """A connection in one role for one user; None: for nobody."""

    def __init__(self, stage: Stage, role: str, name: str | None) -> None:
        people = {**stage.house.world.people, **stage.town.users}
        self._user: UUID | None = people.get(name) if name is not None else None
        self._role = role
        login = "seinpost_web" if role in ACTING_ROLES else role
        url = stage.town.database.url.set(
            drivername="postgresql", username=login, password=stage.town.database.password(login)
        )
        self._connection = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def __enter__(self) -> Self:
        """In the role from now on."""
        if self._role in ACTING_ROLES:
            self._connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(self._role)))
        if self._user is not None:
            self._connection.execute("SELECT set_config('seinpost.user_id', %s, false)", (str(self._user),))
        return self

    def __exit__(self, kind: type[BaseException] | None, what: BaseException | None, at: TracebackType | None) -> None:
        """Gone."""
        self._connection.close()

    def one(self, question: str, *values: object, relation: str | None = None) -> object:
        """The first value of the answer."""
        asked = sql.SQL(question).format(sql.Identifier("seinpost", relation or ""))
        row = self._connection.execute(asked, values or None).fetchone()
        assert row is not None
        return row[0]

    def rows(self, question: str) -> list[dict[str, object]]:
        """The whole answer."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(question).fetchall()

    def allowed(self, relation: str, column: str) -> bool:
        """Whether a real question for this column is answered at all."""
        question = sql.SQL("SELECT {} FROM {} LIMIT 1").format(
            sql.Identifier(column), sql.Identifier("seinpost", relation)
        )
        return self._answered(question) is not None

    def count(self, relation: str) -> int:
        """How many rows are seen; none where asking is refused."""
        answer = self._answered(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("seinpost", relation)))
        return int(str(answer[0][0])) if answer is not None else 0

    def _answered(self, question: sql.Composed) -> list[tuple[object, ...]] | None:
        try:
            return self._connection.execute(question).fetchall()
        except psycopg.errors.InsufficientPrivilege:
            return None

    def says_catalogue(self, words: Sequence[str]) -> list[str]:
        """The relations outside our own schema that this role may read and that hold one of these words."""
        readable = [str(row[0]) for row in self._connection.execute(_CATALOGUE).fetchall()]
        assert len(readable) > 100, "the catalogue was not found"
        pattern = "|".join(map(re.escape, words))
        asked = "SELECT EXISTS (SELECT 1 FROM {} AS t WHERE t::text ~ %s)"
        return [name for name in readable if self.one(asked.format(name), pattern)]
