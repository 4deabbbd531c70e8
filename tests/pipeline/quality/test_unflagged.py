"""The blind sample of unflagged posts: 20 a day at most, never in the queue, gone when read, changed or old."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from pipeline.analysing import Draws
from pipeline.embedded import EmbeddedSettings, EmbeddedSink
from pipeline.key_folder import KeyFolder
from pipeline.quality.upkeep import look_after
from pipeline.retention import forget
from pipeline.store import quality, unflagged
from pipeline.store.connection import Database, acting
from pipeline.store.unflagged import SampledText
from signals.post import Post, PostRemoved, Source
from tests.database import owner_connection
from tests.people import add_user
from tests.road.engines import road
from tests.road.invented import NOW, SETTINGS, Maker, add_order, analyse

__all__ = ["road"]
DAY = timedelta(days=1)
THREAT, HARMLESS = "ik ga je steken", "lekker weer vandaag"


class Sample:
    """A road that draws, and two readers."""

    def __init__(self, database: Database, keys: KeyFolder, road: Engine, web: Engine) -> None:
        self.database, self.keys, self.road, self.web = database, keys, road, web
        self.maker = Maker(keys.id_key(), add_order(database))
        self.readers = [add_user(database, name, "expert") for name in ("anna", "bram")]
        self.now = NOW

    def arrive(self, *records: Post | PostRemoved, draws: Draws = lambda _: True) -> None:
        feed = EmbeddedSettings(self.road, SETTINGS)
        EmbeddedSink(self.road, self.keys, analyse, feed, lambda: self.now, draws=draws).accept(records, None)

    def posts(self, number: int, start: int = 0) -> list[Post]:
        return [self.maker.post(f"p{n}", f"{HARMLESS} {n}", sealed=True) for n in range(start, start + number)]

    def one(self, statement: str) -> object:
        with owner_connection(self.database) as owner:
            row = owner.execute(statement.encode()).fetchone()
        assert row is not None
        return row[0]

    def next(self, reader: int = 0, skipped: UUID | None = None) -> SampledText | None:
        with acting(self.web, self.readers[reader], "seinpost_expert") as connection:
            return unflagged.next_to_read(connection, skipped)

    def answer(self, event: UUID, yes: bool, reader: int = 0) -> bool:
        with acting(self.web, self.readers[reader], "seinpost_expert") as connection:
            return unflagged.answer(connection, event, yes, self.now)


@pytest.fixture
def sample(database: Database, keys: KeyFolder, road: Engine) -> Iterator[Sample]:
    web = database.engine_for("seinpost_web")
    yield Sample(database, keys, road, web)
    web.dispose()


def test_what_is_drawn_stands_apart_with_its_text_alone_and_makes_no_signal(sample: Sample) -> None:
    sample.arrive(*sample.posts(2), sample.maker.post("t", THREAT))
    assert sample.one("SELECT count(*) FROM unflagged_sample") == 2
    assert sample.one("SELECT min(text) FROM unflagged_sample") == f"{HARMLESS} 0"
    assert sample.one("SELECT count(*) FROM signals") == 1, "only what is flagged is a signal"
    assert sample.one("SELECT count(*) FROM sightings") == 1
    assert sample.one("SELECT count(*) FROM link_keys") == 0
    assert sample.one("SELECT count(*) FROM analyses") == 3


def test_without_a_draw_no_text_is_kept(sample: Sample) -> None:
    sample.arrive(*sample.posts(5), draws=lambda _: False)
    assert sample.one("SELECT count(*) FROM unflagged_sample") == 0
    assert sample.one("SELECT count(*) FROM unflagged_days") == 0


def test_no_more_than_twenty_a_day_also_when_two_workers_come_together(sample: Sample) -> None:
    batches = [sample.posts(15, start) for start in (0, 15, 30)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda batch: sample.arrive(*batch), batches))
    assert sample.one("SELECT count(*) FROM unflagged_sample") == 20
    assert sample.one("SELECT taken FROM unflagged_days") == 20
    sample.now = NOW + DAY
    sample.arrive(*sample.posts(3, 100))
    assert sample.one("SELECT count(*) FROM unflagged_sample") == 23


def test_the_same_post_given_again_is_not_taken_twice(sample: Sample) -> None:
    for _ in range(2):
        sample.arrive(*sample.posts(4))
    assert sample.one("SELECT taken FROM unflagged_days") == 4


def test_a_removed_or_edited_post_leaves_the_sample_at_once(sample: Sample) -> None:
    sample.arrive(*sample.posts(3))
    sample.arrive(sample.maker.removed("p0", 2), sample.maker.post("p1", THREAT, version=2))
    assert sample.one("SELECT string_agg(text, ',') FROM unflagged_sample") == f"{HARMLESS} 2"
    sample.arrive(sample.maker.post("p2", "heel ander weer", version=2), sample.maker.removed("p2", 3))
    assert sample.one("SELECT count(*) FROM unflagged_sample") == 0


def test_a_tip_is_read_in_the_queue_and_never_in_the_sample(sample: Sample) -> None:
    sample.arrive(sample.maker.post("tip", HARMLESS, source=Source.TIP))
    assert sample.one("SELECT count(*) FROM unflagged_sample") == 0
    assert sample.one("SELECT count(*) FROM signals") == 1


def test_an_answer_counts_once_and_takes_the_text_along(sample: Sample) -> None:
    sample.arrive(*sample.posts(2))
    found = sample.next()
    assert found is not None
    assert found.text.startswith(HARMLESS)
    assert sample.answer(found.event_id, yes=True)
    assert not sample.answer(found.event_id, yes=True, reader=1)
    assert sample.one("SELECT count(*) FROM unflagged_sample") == 1
    assert sample.one("SELECT ARRAY[taken, read, actionable, lapsed] FROM unflagged_days") == [2, 1, 1, 0]
    assert sample.one("SELECT count(*) FROM trail WHERE payload LIKE '%sample_read%'") == 1
    assert sample.one(f"SELECT count(*) FROM trail WHERE payload LIKE '%{HARMLESS}%'") == 0
    other = sample.next()
    assert other is not None
    assert sample.next(skipped=other.event_id) is None, "what a reader cannot read is passed over"
    assert sample.next(reader=1) == other


def test_a_reader_sees_the_text_and_not_what_the_machine_made_of_it(sample: Sample) -> None:
    sample.arrive(*sample.posts(1))
    for statement in ("SELECT post_id FROM seinpost.unflagged_sample", "SELECT * FROM seinpost.analyses"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            acting(sample.web, sample.readers[0], "seinpost_expert") as connection,
        ):
            connection.execute(text(statement))
    outsider = add_user(sample.database, "ontvanger", "recipient")
    with acting(sample.web, outsider, "seinpost_expert") as connection:
        assert unflagged.next_to_read(connection) is None
    with (
        pytest.raises(ProgrammingError, match="only an expert reads"),
        acting(sample.web, outsider, "seinpost_expert") as connection,
    ):
        unflagged.answer(connection, UUID(int=1), True, NOW)


def test_what_is_not_read_in_a_week_is_gone_and_counted(sample: Sample, tmp_path: Path) -> None:
    sample.arrive(*sample.posts(3))
    engine = sample.database.engine_for("seinpost_retention")
    for after, left in ((7 * DAY - timedelta(hours=1), 3), (7 * DAY, 0)):
        forget(engine, sample.road, KeyFolder(tmp_path / "keys"), NOW + after)
        assert sample.one("SELECT count(*) FROM unflagged_sample") == left
    engine.dispose()
    assert sample.one("SELECT ARRAY[taken, read, lapsed] FROM unflagged_days") == [3, 0, 3]


def test_a_day_that_is_over_knows_how_many_posts_it_had(sample: Sample) -> None:
    sample.arrive(*sample.posts(2))
    sample.arrive(*sample.posts(6, 50), sample.maker.post("t", THREAT), draws=lambda _: False)
    assert look_after(sample.road, (), bytes(32), SETTINGS, NOW)["days"] == 0, "the day is not over"
    assert look_after(sample.road, (), bytes(32), SETTINGS, NOW + DAY)["days"] == 1
    with acting(sample.web, sample.readers[0], "seinpost_expert") as connection:
        days = quality.sample_days(connection, date(2026, 11, 1))
        assert quality.posts_confirmed(connection, NOW - DAY, NOW + DAY) == 0
    assert [(day.day, day.taken, day.unflagged) for day in days] == [(NOW.astimezone(UTC).date(), 2, 8)]


def test_posts_behind_confirmed_signals_are_what_was_found(sample: Sample) -> None:
    sample.arrive(sample.maker.post("a", THREAT), sample.maker.post("b", THREAT))
    sample.arrive(sample.maker.post("tip", "iets anders", source=Source.TIP))
    with owner_connection(sample.database) as owner:
        owner.execute("UPDATE signals SET state = 'referred'")
    with acting(sample.web, sample.readers[0], "seinpost_expert") as connection:
        assert quality.posts_confirmed(connection, NOW - DAY, NOW + DAY) == 2


def test_the_days_posts_are_counted_by_an_index(sample: Sample) -> None:
    with owner_connection(sample.database) as owner:
        owner.execute(
            "INSERT INTO analyses SELECT gen_random_uuid(), gen_random_uuid(), 1, 'export', false, 0.1, 'none',"
            " 'uiting', 'chat', 'nl', 'm', 't', 's', now() - n * interval '1 minute' FROM generate_series(1, 30000) n"
        )
        owner.execute("INSERT INTO unflagged_days (day, taken) VALUES (current_date - 1, 2)")
        owner.execute("ANALYZE")
        statement = unflagged._DAY_IS_OVER.text.replace(":today", "current_date")
        plan = "\n".join(row[0] for row in owner.execute(f"EXPLAIN {statement}".encode()))
    assert "analyses_age" in plan, plan
