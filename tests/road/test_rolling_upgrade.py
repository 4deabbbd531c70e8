"""The schema grows while the road is at work: nothing lost, nothing twice; a program newer than the schema says so."""

import shutil
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline.store import schema
from pipeline.store.attempts import DatabaseAway, Overtaken
from pipeline.store.connection import Database
from pipeline.store.roles import OWNER
from pipeline.store.schema import SchemaTooOld
from pipeline.store.setup import migrate
from tests.database import owner_connection
from tests.patience import until
from tests.road.books import Books
from tests.road.roads import Road
from tests.soak import Soak

EACH = 20
_MORE = '''"""A later step, as a new version would bring it."""

from alembic import op

revision = "9001"
down_revision = "{before}"


def upgrade() -> None:
    """Only adds."""
    op.execute("ALTER TABLE seinpost.signals ADD COLUMN priority smallint NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE seinpost.sightings ADD COLUMN shelf text")
    op.execute("ALTER TABLE seinpost.analyses ADD COLUMN extra jsonb NOT NULL DEFAULT '{{}}'")
    op.execute("CREATE INDEX signals_priority ON seinpost.signals (priority)")
    op.execute("CREATE TABLE seinpost.shelves (id uuid PRIMARY KEY, signal_id uuid REFERENCES seinpost.signals)")
    op.execute("GRANT SELECT, INSERT ON seinpost.shelves TO seinpost_road")
'''


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations of a program that is one step newer than ours."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9001_more.py").write_text(_MORE.format(before=schema.newest()))
    return folder


class Load(threading.Thread):
    """Posts, batch by batch, until told to stop; a batch that was not taken is given again, as a collector does."""

    def __init__(self, built: Road, most: int) -> None:
        super().__init__()
        self._built, self._most = built, most
        self.enough = threading.Event()
        self.batches = self.again = 0

    def run(self) -> None:
        while self.batches < self._most and not self.enough.is_set():
            numbers = range(self.batches * EACH, (self.batches + 1) * EACH)
            posts = [
                self._built.maker.post(str(n), f"ik ga je steken nummer {n} woord" if n % 4 == 0 else f"lief {n}")
                for n in numbers
            ]
            try:
                self._built.sink.accept(posts, None)
            except (DatabaseAway, Overtaken):
                self.again += 1
                time.sleep(0.1)
            else:
                self.batches += 1


def test_the_road_goes_on_while_the_schema_grows(
    either_road: Road, database: Database, books: Books, newer: Path, road: Engine, soak: Soak
) -> None:
    load = Load(either_road, 2_000 if soak.full else 60)
    load.start()
    try:
        until(lambda: books.one("SELECT count(*) FROM analyses") >= 5 * EACH, 240)
        before = books.one("SELECT count(*) FROM analyses")
        # Somebody reads for long: the migration has to wait for its lock, and nobody may wait behind it.
        reader = owner_connection(database)
        reader.autocommit = False
        reader.execute("SELECT count(*) FROM signals")
        refused: list[int] = []

        def pause(seconds: float) -> None:
            refused.append(books.one("SELECT count(*) FROM analyses"))
            reader.close()
            time.sleep(seconds)

        owner = database.url.set(username=OWNER, password=database.password(OWNER))
        with pytest.raises(SchemaTooOld, match="9001"):
            schema.require(road, newer)
        migrate(owner, pause, newer)
        schema.require(road, newer)
        schema.require(road)  # ours is the older program now, and may go on
        at_migration = books.one("SELECT count(*) FROM analyses")
        wanted = at_migration + 3 * EACH
        until(lambda: books.one("SELECT count(*) FROM analyses") >= min(wanted, load.batches * EACH) > before, 240)
    finally:
        load.enough.set()
        load.join()
    assert len(refused) >= 1
    either_road.flow()
    posts = load.batches * EACH
    assert books.one("SELECT count(*) FROM analyses") == books.one("SELECT count(*) FROM post_heads") == posts
    flagged = posts // 4
    assert books.rows("SELECT count(*), sum(sightings), count(DISTINCT id) FROM signals") == [(flagged,) * 3]
    assert books.one("SELECT count(*) FROM sightings") == flagged
    assert books.one("SELECT count(*) FROM dead_letters") == 0
    assert books.one("SELECT count(*) FROM signals WHERE priority = 0") == flagged
    print(f"{posts} posts, the migration asked {len(refused) + 1} times, {load.again} batches were given again")


def test_a_program_newer_than_the_database_says_what_to_run(road: Engine, newer: Path) -> None:
    schema.require(road)
    with pytest.raises(SchemaTooOld, match=r"this program needs 9001; run seinpost setup first"):
        schema.require(road, newer)


def test_a_database_from_before_programs_asked_is_too_old(database: Database, road: Engine) -> None:
    with owner_connection(database) as owner:
        owner.execute("REVOKE SELECT ON public.alembic_version FROM seinpost_road")
    with pytest.raises(SchemaTooOld, match="an older schema"):
        schema.require(road)
    with road.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
