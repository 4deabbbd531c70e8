"""A broker, a database and a key folder for one measurement, gone with it; and what its processes need to find them."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import URL, make_url

from nlp.settings import default_settings
from pipeline.embedded_postgres import EmbeddedPostgres, remove
from pipeline.kafka.local_broker import LocalBroker, free_port
from pipeline.kafka.messages import Outgoing
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.settings_feed import KEY
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.store.roles import OWNER
from pipeline.store.setup import prepare
from pipeline.topics import SETTINGS, apply

CACHE = Path(__file__).parents[2] / ".cache"


@dataclass(frozen=True)
class Whereabouts:
    """Where everything is, as a process of the measurement is told on its command line."""

    bootstrap: str
    url: str
    key_folder: str
    order: str

    @property
    def keys(self) -> KeyFolder:
        """The key folder."""
        return KeyFolder(Path(self.key_folder))

    @property
    def database(self) -> Database:
        """The database."""
        return Database(make_url(self.url), self.keys.database_password)

    def as_text(self) -> str:
        """All of it in one word."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Place:
    """What is running."""

    broker: LocalBroker | None
    postgres: EmbeddedPostgres
    at: Whereabouts

    def owner(self) -> psycopg.Connection:
        """A connection as the owner of the tables, to arrange and count."""
        url = self.at.database.url.set(
            drivername="postgresql", username=OWNER, password=self.at.database.password(OWNER)
        )
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


@contextmanager
def place(kafka: bool = True, settings: tuple[str, ...] = ()) -> Iterator[Place]:
    """Start everything as a user would get it (the database with fsync), an order in force, settings on the road."""
    with tempfile.TemporaryDirectory(prefix="sp-bench-") as folder:
        keys = KeyFolder(Path(folder) / "keys")
        postgres = EmbeddedPostgres(Path(folder) / "postgres", keys.database_password("postgres"), settings)
        broker = LocalBroker(Path(folder) / "kafka", CACHE, free_port(), free_port()) if kafka else None
        postgres.start()
        try:
            prepare(postgres.admin_url, "bench", keys.database_password)
            url: URL = postgres.url.set(database="bench")
            database = Database(url, keys.database_password)
            order = _order(database)
            if broker is not None:
                broker.start(180)
                apply(broker.bootstrap)
            at = Whereabouts(broker.bootstrap if broker else "", url.render_as_string(), str(keys.path), str(order))
            if broker is not None:
                _settings(at)
            yield Place(broker, postgres, at)
        finally:
            if broker is not None:
                broker.kill()
            remove(postgres)


def now() -> datetime:
    """The clock of all processes."""
    return datetime.now(UTC)


def _settings(at: Whereabouts) -> None:
    producer = RecordProducer(at.bootstrap, "bench")
    producer.publish([Outgoing(SETTINGS, KEY, default_settings().model_dump_json().encode(), ())])
    producer.close()


def _order(database: Database) -> UUID:
    url = database.url.set(drivername="postgresql", username=OWNER, password=database.password(OWNER))
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as owner:
        row = owner.execute(
            "WITH who AS (INSERT INTO users (username, display_name, pseudonym, password_hash)"
            " VALUES ('bench', 'bench', 'bench', 'x') RETURNING id)"
            " INSERT INTO orders (controller, basis, occasion, scope, starts_at, ends_at, drafted_by)"
            " SELECT 'bench', 'bench', 'bench', '{}', now(), now() + interval '7 days', id FROM who RETURNING id"
        ).fetchone()
    assert row is not None
    found: UUID = row[0]
    return found
