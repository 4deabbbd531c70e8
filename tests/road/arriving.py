"""Posts that come down the road into a test's own database, as a worker takes them, and the signals they became."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from pipeline.key_folder import KeyFolder
from pipeline.store.attempts import in_transaction
from pipeline.store.connection import Database
from pipeline.store.intake import take
from signals.post import Post, PostRemoved
from tests.database import owner_connection
from tests.road.invented import NOW, Maker, add_order, found_in


class Road:
    """The end of the road: the role that writes, and what makes posts. `clock` says when they arrive."""

    def __init__(self, database: Database, keys: KeyFolder, clock: Callable[[], datetime] = lambda: NOW) -> None:
        self.database, self.clock = database, clock
        self.engine: Engine = database.engine_for("seinpost_road")
        self.maker = Maker(keys.id_key(), add_order(database))

    def brings(self, *records: Post | PostRemoved) -> None:
        """Posts arrive, now and together."""
        batch = [found_in(record) if isinstance(record, Post) else record for record in records]
        in_transaction(self.engine, lambda connection: take(connection, batch, self.maker.id_key, self.clock()))

    def signals(self) -> list[UUID]:
        """Every signal, the oldest first."""
        with owner_connection(self.database) as owner:
            return [row[0] for row in owner.execute("SELECT id FROM signals ORDER BY number").fetchall()]

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()
