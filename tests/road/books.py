"""What the road left in the database, so that two runs can be compared: no arrival numbers, no clock times."""

from types import TracebackType
from typing import Any, Self

from pipeline.store.connection import Database
from tests.database import owner_connection

_QUERIES = {
    "signals": """
        SELECT id::text, state, sightings, reopened_from::text,
               CASE WHEN state = 'new' THEN
                   ARRAY[lane, category, level, imminent::text, genre, lang, source, posted_at::text, seen_at::text,
                         window_start::text, window_end::text,
                         (SELECT string_agg(place_id || kind || name, ' ' ORDER BY place_id)
                            FROM signal_places p WHERE p.signal_id = s.id)]
               END
          FROM signals s ORDER BY id""",
    "sightings": """
        SELECT post_id::text, signal_id::text, event_id::text, revision, text, analysis, link_hash, link_box
          FROM sightings ORDER BY 1""",
    "heads": "SELECT post_id::text, revision, event_id::text, removed, signal_id::text FROM post_heads ORDER BY 1",
    "keys": "SELECT post_id::text, purpose, wrapped_key FROM link_keys ORDER BY 1, 2",
    "analyses": "SELECT event_id::text, flagged, level, category, settings FROM analyses ORDER BY 1",
}
_EMPTY = "TRUNCATE signals, sightings, link_keys, signal_places, signal_events, analyses, post_heads, claims CASCADE"


class Books:
    """Looks as the owner, past every policy."""

    def __init__(self, database: Database) -> None:
        self._owner = owner_connection(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._owner.close()

    def now(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that may depend on what arrived, and nothing that may depend on when."""
        return {name: self.rows(query) for name, query in _QUERIES.items()}

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of one query."""
        return [tuple(row) for row in self._owner.execute(query, values).fetchall()]

    def one(self, query: str, *values: object) -> Any:  # noqa: ANN401
        """The single value of a query."""
        ((value,),) = self.rows(query, *values)
        return value

    def change(self, statement: str, *values: object) -> None:
        """Arrange something as the owner."""
        self._owner.execute(statement, values)

    def empty(self) -> None:
        """Forget every post and signal."""
        self._owner.execute(_EMPTY)
