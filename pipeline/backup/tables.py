"""The tables of the house as a backup sees them: found in the database itself, so that a new table is never forgotten.

Tables come in an order in which each stands after those it refers to.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from pipeline.backup.contents import LEFT_EMPTY, LEFT_OUT

SCHEMA = "seinpost"
# Dates and numbers as text must mean the same to the server that reads them back.
_PLAIN_TEXT = (
    "SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC';"
    " SET LOCAL extra_float_digits = 1"
)
_TABLES = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = 'seinpost' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     GROUP BY c.relname ORDER BY c.relname
"""
_REFERS = """
    SELECT f.relname, t.relname FROM pg_constraint k
      JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
      JOIN pg_namespace n ON n.oid = f.relnamespace
     WHERE k.contype = 'f' AND n.nspname = 'seinpost' AND f.oid <> t.oid
"""
_HIDDEN = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'seinpost' AND c.relkind IN ('r', 'p') AND c.relrowsecurity
       AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*' AND p.polpermissive
                          AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                          AND p.polroles @> ARRAY[(SELECT oid FROM pg_roles WHERE rolname = current_user)])
     ORDER BY 1
"""
_COUNTERS = """
    SELECT s.schemaname || '.' || s.sequencename, s.last_value FROM pg_sequences s
     WHERE s.schemaname = 'seinpost' AND s.last_value IS NOT NULL ORDER BY 1
"""


class TableHidden(Exception):
    """The owner does not see all rows of a table: a backup would lack them without anyone noticing."""


@dataclass(frozen=True)
class Table:
    """One table and its columns, but those that the database works out itself."""

    name: str
    columns: tuple[str, ...]

    @property
    def copies_out(self) -> sql.Composed:
        """COPY of the rows as they go into a backup: contents emptied."""
        empty = LEFT_EMPTY.get(self.name, {})
        columns = [sql.SQL(empty[c]) if c in empty else sql.Identifier(c) for c in self.columns]
        return sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(sql.SQL(", ").join(columns), self._named)

    @property
    def copies_in(self) -> sql.Composed:
        """COPY of those rows back."""
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        return sql.SQL("COPY {} ({}) FROM STDIN").format(self._named, columns)

    @property
    def looks_for_a_row(self) -> sql.Composed:
        """Asks whether there is any row."""
        return sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(self._named)

    def altered(self, how: str) -> sql.Composed:
        """ALTER TABLE with these words of ours behind it."""
        return sql.SQL("ALTER TABLE {} {}").format(self._named, sql.SQL(how))

    @property
    def _named(self) -> sql.Composed:
        return sql.SQL("{}.{}").format(sql.Identifier(SCHEMA), sql.Identifier(self.name))


def all_tables(connection: psycopg.Connection) -> list[Table]:
    """Every table of the house, each after those it refers to."""
    found = {name: Table(name, tuple(columns)) for name, columns in connection.execute(_TABLES).fetchall()}
    before: dict[str, set[str]] = {name: set() for name in found}
    for name, other in connection.execute(_REFERS).fetchall():
        before[name].add(other)
    ordered: list[Table] = []
    while before:
        free = sorted(name for name, others in before.items() if not others & before.keys())
        if not free:
            raise TableHidden(f"the tables {', '.join(sorted(before))} refer to each other in a ring")
        ordered += [found[name] for name in free]
        before = {name: others for name, others in before.items() if name not in free}
    return ordered


def kept_tables(connection: psycopg.Connection) -> list[Table]:
    """The tables whose rows a backup holds. Raises `TableHidden` when we would not see all of them."""
    hidden = [name for (name,) in connection.execute(_HIDDEN).fetchall()]
    if hidden:
        raise TableHidden(f"the owner has no policy to see all of {', '.join(hidden)}: add one in a migration")
    return [table for table in all_tables(connection) if table.name not in LEFT_OUT]


def not_empty(connection: psycopg.Connection) -> list[str]:
    """The tables that hold any row."""
    return [t.name for t in all_tables(connection) if connection.execute(t.looks_for_a_row).fetchall() == [(True,)]]


def counters(connection: psycopg.Connection) -> dict[str, int]:
    """The last number that each counter gave."""
    return dict(connection.execute(_COUNTERS).fetchall())


def as_plain_text(connection: psycopg.Connection) -> None:
    """Make this transaction write and read values in one form."""
    connection.execute(_PLAIN_TEXT)
