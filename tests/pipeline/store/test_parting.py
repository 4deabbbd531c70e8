"""Parting words from their card: each half is told by what stands there, and nobody waits in a ring with the road."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import event

from pipeline.key_folder import KeyFolder
from pipeline.store import signals, wordings
from pipeline.store.connection import Database, acting
from signals.post import Source
from tests.patience import until
from tests.people import add_user
from tests.road.arriving import Road
from tests.road.books import Books
from tests.road.invented import NOW

SAID = "vanavond gaan wij hem steken achter de gymzaal, wie durft komt mee"
PASSED_ON = f"RT @[@]: {SAID}"
IN_DISGUISE = f"{SAID.replace('vanavond', 'v4n4v0nd')}!! #fyp"
FACTS = "SELECT state, sightings, lane, level, imminent, window_end, seen_at, changed_at FROM signals ORDER BY number"


class Table:
    """A reader at the table, and the end of the road."""

    def __init__(self, database: Database, road: Road, books: Books) -> None:
        self.road, self.books = road, books
        self.brings, self.maker = road.brings, road.maker
        self.web = database.engine_for("seinpost_web")
        self.reader = add_user(database, "lezer", "expert")

    def part(self, native: str) -> UUID:
        """Part the words of a post from the one card there is."""
        (signal,) = self.road.signals()
        post = self.maker.id_key.post_id(Source.EXPORT, native)
        with acting(self.web, self.reader, "seinpost_expert") as connection:
            return wordings.part(connection, signal, post, NOW + timedelta(minutes=9))


@pytest.fixture
def table(database: Database, keys: KeyFolder) -> Iterator[Table]:
    road = Road(database, keys)
    with Books(database) as books:
        made = Table(database, road, books)
        yield made
    road.close()
    made.web.dispose()


def test_what_stays_behind_is_told_by_the_words_that_stay(table: Table) -> None:
    post = table.maker.post
    table.brings(post("a", SAID), post("b", PASSED_ON, 3), post("c", IN_DISGUISE, 2))
    table.brings(table.maker.removed("a", 2))
    assert [(row[1], row[2], row[3]) for row in table.books.rows(FACTS)] == [(2, "urgent", "acuut")]
    table.part("b")
    stays, parted = table.books.rows(FACTS)
    assert stays[:6] == ("new", 1, "ordinary", "concreet", False, None)
    assert parted[:5] == ("new", 1, "urgent", "acuut", True)
    with table.road.engine.begin() as connection:
        signals.settle(connection, table.road.signals(), NOW + timedelta(minutes=9))
    assert table.books.rows(FACTS) == [stays, parted], "the road would tell it the same way"


def test_words_that_were_parted_came_when_their_card_came(table: Table) -> None:
    table.brings(table.maker.post("a", SAID), table.maker.post("b", PASSED_ON))
    own = table.part("b")
    assert table.books.rows("SELECT queued_at FROM signals") == [(NOW,), (NOW,)]
    assert table.books.rows("SELECT step, at FROM signal_events WHERE signal_id = %s", own) == [("arrive", NOW)]


def test_a_post_that_is_edited_while_its_words_are_parted_goes_first_and_nobody_waits_in_a_ring(table: Table) -> None:
    table.brings(table.maker.post("a", SAID), table.maker.post("b", PASSED_ON))
    parted: list[UUID] = []
    parting = Thread(target=lambda: parted.append(table.part("b")))
    tries: list[str] = []

    def meet(*given: object) -> None:
        """The road holds the post and is about to lock the card: now the reader parts it."""
        if "FROM signals" not in str(given[2]) or "FOR UPDATE" not in str(given[2]):
            return
        tries.append(str(given[2]))
        if len(tries) == 1:
            parting.start()
            until(lambda: table.books.one("SELECT count(*) FROM pg_locks WHERE NOT granted") == 1)

    event.listen(table.road.engine, "before_cursor_execute", meet)
    table.brings(table.maker.post("b", f"{PASSED_ON} [link]", 2))
    parting.join(30)
    assert len(parted) == 1
    assert len(tries) == 1, "the road need not try again"
    assert table.books.rows("SELECT state, sightings FROM signals") == [("new", 1), ("new", 1)]
    table.road.close()
    table.web.dispose()
    busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user"
    until(lambda: table.books.one(busy) == 0)
    assert table.books.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
