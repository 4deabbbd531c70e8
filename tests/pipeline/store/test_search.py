"""Search: listed words are noted with a text and go with it, row-level security decides, and indexes answer."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from pipeline.key_folder import KeyFolder
from pipeline.retention import forget
from pipeline.store import last_looks, listed_words, search
from pipeline.store.attempts import in_transaction
from pipeline.store.connection import Database, acting
from pipeline.store.search import EARLIER, OPEN, Wanted
from signals.label import Category, Level
from signals.signal import SignalState
from tests.database import owner_connection
from tests.people import SCHOOL, add_signal, add_user
from tests.road.arriving import Road
from tests.road.books import Books
from tests.road.invented import NOW

STORED, OPEN_NOW = 20_000, 60


class Desk:
    """The road's end and a reader's desk."""

    def __init__(self, database: Database, keys: KeyFolder, web: Engine, books: Books) -> None:
        self.database, self.web, self.books = database, web, books
        self.road = Road(database, keys)
        self.arrive, self.maker = self.road.brings, self.road.maker
        self.reader = add_user(database, "lezer", "expert")

    def words(self) -> list[str]:
        return [word for (word,) in self.books.rows("SELECT word FROM listed_words ORDER BY 1")]

    def found(self, wanted: Wanted, reader: UUID | None = None) -> list[str]:
        """The texts of the open signals found."""
        with acting(self.web, reader or self.reader, "seinpost_expert") as connection:
            ids = [one.id for one in search.open_found(connection, wanted, NOW).signals]
        texts = dict(self.books.rows("SELECT signal_id, text FROM sightings"))
        return [texts[i] for i in ids]


@pytest.fixture
def desk(database: Database, keys: KeyFolder) -> Iterator[Desk]:
    web = database.engine_for("seinpost_web")
    with Books(database) as books:
        made = Desk(database, keys, web, books)
        yield made
    made.road.close()
    web.dispose()


def test_only_listed_words_are_noted_also_in_disguise_and_an_edit_replaces_them(desk: Desk) -> None:
    desk.arrive(desk.maker.post("a", "sh4nk mee, gaan steken bij krommenie", 1))
    assert desk.words() == ["shank", "steken"]
    desk.arrive(desk.maker.post("a", "met de glock, gaan steken", 2))
    assert desk.words() == ["glock", "steken"]
    assert desk.found(Wanted(word="glock")) == ["met de glock, gaan steken"]
    assert desk.found(Wanted(word="krommenie")) == [], "a word that is not listed stands nowhere"


def test_a_harmless_post_leaves_no_word_and_a_removal_takes_the_words_along(desk: Desk) -> None:
    desk.arrive(desk.maker.post("a", "op de trap staan"), desk.maker.post("b", "shank en steken"))
    assert desk.words() == ["shank", "steken"]
    desk.arrive(desk.maker.removed("b", 2))
    assert desk.words() == []


def test_what_is_held_after_its_source_is_gone_is_hidden_from_search(desk: Desk) -> None:
    desk.arrive(desk.maker.post("a", "shank en steken bij krommenie"))
    desk.books.change("UPDATE signals SET state = 'waiting_second'")
    assert len(desk.found(Wanted(word="shank"))) == 1
    desk.arrive(desk.maker.removed("a", 2))
    assert desk.books.one("SELECT count(*) FROM sightings WHERE text IS NOT NULL") == 1, "a reader still needs it"
    assert desk.found(Wanted(word="shank")) == []
    assert desk.found(Wanted(place_ids=("area:krommenie",))) == []


def test_words_are_forgotten_with_the_text(desk: Desk, tmp_path: Path) -> None:
    desk.arrive(desk.maker.post("a", "shank en steken"))
    desk.books.change("UPDATE signals SET state = 'rejected', changed_at = %s", NOW)
    engine, road = desk.database.engine_for("seinpost_retention"), desk.database.engine_for("seinpost_road")
    forget(engine, road, KeyFolder(tmp_path / "keys"), NOW + timedelta(hours=23))
    assert desk.words() == ["shank", "steken"]
    forget(engine, road, KeyFolder(tmp_path / "keys"), NOW + timedelta(hours=25))
    assert desk.words() == []
    engine.dispose()
    road.dispose()


def test_the_words_of_texts_that_are_there_are_noted_afterwards(desk: Desk) -> None:
    desk.arrive(desk.maker.post("a", "shank en steken"), desk.maker.post("b", "steken met een glock"))
    before = desk.books.rows("SELECT post_id, word FROM listed_words ORDER BY 1, 2")
    desk.books.change("DELETE FROM listed_words")
    in_transaction(desk.road.engine, listed_words.fill)
    assert desk.books.rows("SELECT post_id, word FROM listed_words ORDER BY 1, 2") == before


def test_each_filter_narrows_and_the_most_urgent_comes_first(desk: Desk) -> None:
    first, second = "gaan steken bij krommenie", "vanavond steken bij Krommenie en het Molencollege"
    desk.arrive(desk.maker.post("a", first), desk.maker.post("b", second))
    assert desk.found(Wanted(word="steken")) == [second, first]
    assert desk.found(Wanted(place_ids=("brin:00XX00",))) == [second]
    assert desk.found(Wanted(level=Level.CONCREET)) == [first]
    assert desk.found(Wanted(category=Category.DRUGS)) == []
    assert desk.found(Wanted(state=SignalState.CONFIRMED)) == []
    hour = timedelta(hours=1)
    assert desk.found(Wanted(named=(NOW + hour, NOW + 2 * hour))) == [second]
    assert desk.found(Wanted(named=(NOW + 4 * hour, NOW + 5 * hour))) == []
    assert len(desk.found(Wanted(seen=(NOW - hour, NOW + hour)))) == 2
    assert desk.found(Wanted(seen=(NOW - 2 * hour, NOW - hour))) == []


def test_an_expert_of_the_named_school_finds_nothing_about_it_and_others_nothing_at_all(desk: Desk) -> None:
    add_signal(desk.database)
    with owner_connection(desk.database) as owner:
        owner.execute("INSERT INTO listed_words SELECT post_id, 'steken' FROM sightings")
    attached = add_user(desk.database, "van-school", "expert", school=SCHOOL)
    recipient = add_user(desk.database, "ontvanger", "recipient")
    assert len(desk.found(Wanted(word="steken"))) == 1
    for stranger in (attached, recipient):
        assert desk.found(Wanted(word="steken"), stranger) == []
        assert desk.found(Wanted(place_ids=(SCHOOL,)), stranger) == []


def test_only_the_road_writes_words(desk: Desk) -> None:
    desk.arrive(desk.maker.post("a", "shank en steken"))
    with acting(desk.web, desk.reader, "seinpost_expert") as connection:
        may = connection.execute(
            text(
                "SELECT p FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) p"
                " WHERE has_table_privilege('seinpost.listed_words', p)"
            )
        ).all()
    assert may == []


@pytest.fixture
def full(database: Database) -> UUID:
    """A reader before many stored signals; one in a hundred holds a rare word, half of them a common one."""
    person = add_user(database, "lezer", "expert")
    with owner_connection(database) as owner:
        owner.execute(
            "INSERT INTO signals (id, lane, state, category, level, imminent, genre, lang, source, sightings, seen_at,"
            " queued_at) SELECT gen_random_uuid(), 'ordinary', CASE WHEN n <= %s THEN 'new' ELSE 'rejected' END,"
            "  'drugs', 'aandacht', false, 'chat', 'nl', 'tip', 1, %s, %s - n * interval '1 minute'"
            "  FROM generate_series(1, %s) AS n",
            (OPEN_NOW, NOW, NOW, STORED),
        )
        owner.execute(
            "INSERT INTO sightings (post_id, signal_id, event_id, revision, source, seen_at, text, analysis)"
            " SELECT gen_random_uuid(), id, gen_random_uuid(), 1, 'tip', queued_at, 'x', '{}' FROM signals"
        )
        owner.execute(
            "INSERT INTO listed_words SELECT post_id, w FROM sightings g JOIN signals s ON s.id = g.signal_id,"
            " unnest(ARRAY['glock', 'steken']) w WHERE s.number % 100 = 0 OR (w = 'steken' AND s.number % 2 = 0)"
        )
        owner.execute("INSERT INTO signal_places SELECT id, 'area:' || number % 500, 'area', 'Wijk' FROM signals")
        owner.execute("ANALYZE")
    return person


def plan(connection: Connection, values: dict[str, object], order: str) -> str:
    asked = {**values, "now": NOW, "most": 51}
    return "\n".join(connection.execute(text(f"EXPLAIN {search.statement(values, order)}"), asked).scalars())


def test_indexes_answer_whatever_is_asked_and_pages_repeat_nothing(database: Database, full: UUID) -> None:
    web = database.engine_for("seinpost_web")
    with acting(web, full, "seinpost_expert") as connection:
        for wanted, states, index in (
            (Wanted(word="glock"), OPEN, "signals_queue"),
            (Wanted(word="glock"), EARLIER, "listed_words_pkey"),
            (Wanted(word="steken"), EARLIER, "signals_queued"),
            (Wanted(place_ids=("area:7", "area:8")), EARLIER, "signal_places_place"),
            (Wanted(level=Level.AANDACHT), EARLIER, "signals_queued"),
        ):
            order = search._URGENT_FIRST if states is OPEN else search._NEWEST_FIRST
            values = search._values(wanted, [state.value for state in states], None if states is OPEN else NOW)
            told = plan(connection, values, order)
            assert index in told, (wanted, told)
            assert not re.search(r"Seq Scan on (signals|sightings|signal_places|listed_words)\b", told), (wanted, told)
        seen: list[int] = []
        before = None
        for _ in range(3):
            page = search.earlier_found(connection, Wanted(word="glock"), NOW, before)
            seen += [one.number for one in page.signals]
            before = (page.signals[-1].queued_at, page.signals[-1].number)
        assert len(seen) == 150
        assert seen == sorted(set(seen)), "newest first, none twice"
        assert page.more
    web.dispose()


def test_what_a_reader_saw_last_is_looked_up_by_its_key(database: Database, full: UUID) -> None:
    with owner_connection(database) as owner:
        owner.execute("INSERT INTO last_looks SELECT %s, id, %s, 1 FROM signals", (full, NOW))
        owner.execute("ANALYZE last_looks")
        signal = owner.execute("SELECT id FROM signals LIMIT 1").fetchall()[0][0]
    web = database.engine_for("seinpost_web")
    with acting(web, full, "seinpost_expert") as connection:
        asked = {"signal": signal, "now": NOW}
        told = "\n".join(connection.execute(text(f"EXPLAIN {last_looks._SINCE.text}"), asked).scalars())
        assert "last_looks_pkey" in told, told
        assert "signals_reopened" in told, told
        assert not re.search(r"Seq Scan on (signals|sightings|last_looks)\b", told), told
    web.dispose()


def test_a_search_that_takes_too_long_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LONGEST", timedelta(milliseconds=50))
    with (
        pytest.raises(search.SearchTooWide),
        acting(desk.web, desk.reader, "seinpost_expert") as connection,
        search.in_time(connection),
    ):
        connection.execute(text("SELECT pg_sleep(5)"))
