"""Golden cards: they look like any card, are told to their reader alone, are sent to nobody, and leave two counts."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Engine

from nlp.train.rows import one_mask
from pipeline.key_folder import KeyFolder
from pipeline.quality import golden
from pipeline.quality.golden import shipped
from pipeline.quality.upkeep import look_after
from pipeline.store import claims, listed_words, quality, search
from pipeline.store.assessments import Judgement, Verdict, decide
from pipeline.store.case import case
from pipeline.store.connection import Database, acting
from pipeline.store.golden import counts, told
from pipeline.store.intake import take
from pipeline.store.page_frame import page_frame
from pipeline.store.search import Wanted
from signals.analysed import analysed
from signals.analysis import Fact
from signals.label import LEVEL_ORDER, Category, Level
from signals.masking import mask
from signals.signal import ConfirmReason, ParkReason, RejectReason, SignalState
from tests.database import owner_connection
from tests.people import NOW, add_contact, add_user
from tests.road.engines import road
from tests.road.invented import SETTINGS, Maker, add_order, analyse

__all__ = ["road"]
KEY, MINUTE = bytes(32), timedelta(minutes=1)
REPOSITORY = Path(__file__).parents[3]


class Deck:
    """A queue with real signals, and cards among them."""

    def __init__(self, database: Database, road: Engine, web: Engine, maker: Maker) -> None:
        self.database, self.road, self.web, self.maker = database, road, web, maker
        self.reader, self.other = (add_user(database, name, "expert") for name in ("anna", "bram"))

    def arrive(self, number: int) -> None:
        posts = [self.maker.post(f"p{n}", f"ik ga je steken {n}") for n in range(number)]
        with self.road.begin() as connection:
            found = [analysed(post, one) for post, one in zip(posts, analyse(posts, SETTINGS), strict=True)]
            take(connection, found, self.maker.id_key, NOW)

    def keep(self, after: timedelta, share: float = 0.1) -> dict[str, int]:
        return look_after(self.road, (), KEY, SETTINGS, NOW + after, share)

    def card(self) -> UUID:
        self.arrive(20)
        assert self.keep(MINUTE)["placed"] == 1
        return UUID(str(self.one("SELECT signal_id FROM golden_cards")))

    def judge(self, card: UUID, verdict: Verdict, after: timedelta = 2 * MINUTE) -> SignalState:
        reason = {
            Verdict.CONFIRM: ConfirmReason.DIRECTED,
            Verdict.REJECT: RejectReason.ART,
            Verdict.PARK: ParkReason.CONTEXT_WANTED,
        }[verdict]
        judgement = Judgement(verdict, reason, Category.THREAT, Level.CONCREET)
        with acting(self.web, self.reader, "seinpost_expert") as connection:
            return decide(connection, card, self.reader, 1, judgement, NOW + after)

    def one(self, statement: str) -> object:
        with owner_connection(self.database) as owner:
            row = owner.execute(statement.encode()).fetchone()
        assert row is not None
        return row[0]

    def rows_of(self, card: UUID) -> dict[str, int]:
        """Where in the whole database a card's id still stands."""
        found = {}
        with owner_connection(self.database) as owner:
            tables = owner.execute(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'seinpost' AND column_name IN ('signal_id', 'id', 'key', 'reopened_from')"
                "   AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'seinpost')"
            ).fetchall()
            for table, column in tables:
                row = owner.execute(
                    f'SELECT count(*) FROM {table} WHERE "{column}"::text = %s'.encode(), (str(card),)
                ).fetchone()
                if row is not None and row[0]:
                    found[f"{table}.{column}"] = row[0]
        return found


@pytest.fixture
def deck(database: Database, keys: KeyFolder, road: Engine) -> Iterator[Deck]:
    web = database.engine_for("seinpost_web")
    yield Deck(database, road, web, Maker(keys.id_key(), add_order(database)))
    web.dispose()


def test_cards_come_for_a_share_of_what_truly_comes_and_none_where_that_is_nothing(deck: Deck) -> None:
    assert deck.keep(MINUTE)["placed"] == 0, "without signals a card would stand out"
    deck.arrive(20)
    assert deck.keep(MINUTE, share=0)["placed"] == 0
    assert [deck.keep(n * MINUTE)["placed"] for n in range(2, 7)] == [1, 1, 0, 0, 0]
    assert deck.one("SELECT count(DISTINCT item) FROM golden_cards") == 2


def test_no_more_than_two_stand_open_at_a_time(deck: Deck) -> None:
    deck.arrive(60)
    assert sum(deck.keep(n * MINUTE, share=0.2)["placed"] for n in range(1, 9)) == 2


def test_a_card_looks_like_the_signals_beside_it(deck: Deck) -> None:
    card = deck.card()
    real = UUID(str(deck.one(f"SELECT id FROM signals WHERE id <> '{card}' LIMIT 1")))
    with acting(deck.web, deck.reader, "seinpost_expert") as connection:
        shown, beside = (case(connection, signal, NOW + 2 * MINUTE) for signal in (card, real))
    assert shown.text is not None
    assert shown.analysis is not None
    assert beside.analysis is not None
    assert shown.analysis.versions == beside.analysis.versions
    assert (shown.source, shown.order_number, shown.sightings) == (beside.source, beside.order_number, beside.sightings)
    assert [event.step for event in shown.events] == [event.step for event in beside.events]
    assert card.version == real.version
    with acting(deck.web, deck.reader, "seinpost_expert") as connection, pytest.raises(Exception, match="permission"):
        connection.exec_driver_sql("SELECT * FROM seinpost.golden_cards")
    with acting(deck.web, deck.reader, "seinpost_expert") as connection, pytest.raises(Exception, match="permission"):
        connection.exec_driver_sql(f"SELECT seinpost.is_golden('{card}')")


@pytest.mark.parametrize("verdict", list(Verdict))
def test_one_reading_ends_a_card_and_nothing_of_it_is_told_to_other_systems(deck: Deck, verdict: Verdict) -> None:
    card = deck.card()
    deck.judge(card, verdict)
    assert deck.one(f"SELECT state FROM signals WHERE id = '{card}'") == "expired"
    assert deck.one("SELECT count(*) FROM outbox") == 0
    with acting(deck.web, deck.other, "seinpost_expert") as connection, pytest.raises(claims.NothingToRead):
        claims.claim(connection, card, deck.other, NOW + 3 * MINUTE)


def test_the_reader_alone_is_told_once_and_then_nobody_knows_who_it_was(deck: Deck) -> None:
    card = deck.card()
    expected = deck.one("SELECT verdict FROM golden_cards")
    deck.judge(card, Verdict(str(expected)))
    with acting(deck.web, deck.other, "seinpost_expert") as connection:
        assert page_frame(connection, NOW, NOW).golden == ()
    deck.keep(10 * MINUTE, share=0)
    with acting(deck.web, deck.reader, "seinpost_expert") as connection:
        (found,) = page_frame(connection, NOW, NOW).golden
        assert found.alike
        assert found.note
        told(connection)
    with acting(deck.web, deck.reader, "seinpost_expert") as connection:
        assert page_frame(connection, NOW, NOW).golden == ()
        assert counts(connection, NOW.date().replace(day=1)) == (1, 1)
    deck.keep(11 * MINUTE, share=0)
    assert deck.one("SELECT count(*) FROM golden_cards") == 0


def test_after_minutes_no_row_of_a_card_is_left_anywhere(deck: Deck) -> None:
    card = deck.card()
    deck.judge(card, Verdict.REJECT)
    before = deck.rows_of(card)
    assert {"signals.id", "sightings.signal_id", "assessments.signal_id", "signal_events.signal_id"} <= set(before)
    assert deck.keep(3 * MINUTE, share=0)["cleared"] == 0, "its reader may still stand on the page"
    assert deck.keep(5 * MINUTE, share=0)["cleared"] == 1
    assert set(deck.rows_of(card)) == {"golden_cards.signal_id"}, "and that only until its reader was told"
    assert deck.one("SELECT count(*) FROM signals") == 20


def test_a_card_is_found_by_its_listed_words_as_a_signal_is(deck: Deck) -> None:
    deck.arrive(1)
    with deck.road.begin() as connection:
        known = listed_words.listed(connection)
    words = {item.text: listed_words.words_in(item.text, known) for item in shipped()}
    for n in range(len(words)):
        with owner_connection(deck.database) as owner:
            owner.execute("DELETE FROM golden_cards")
        with deck.road.begin() as connection:
            assert golden.place(connection, 1.0, KEY, NOW + n * MINUTE) == 1
    with owner_connection(deck.database) as owner:
        texts = dict(owner.execute("SELECT signal_id, text FROM sightings").fetchall())
    asked = {word for of_card in words.values() for word in of_card}
    assert asked
    with acting(deck.web, deck.reader, "seinpost_expert") as connection:
        for word in asked:
            found = {texts[one.id] for one in search.open_found(connection, Wanted(word=word), NOW).signals}
            assert found & set(words) == {item for item, of_card in words.items() if word in of_card}


def test_what_nobody_takes_is_taken_away(deck: Deck) -> None:
    card = deck.card()
    assert deck.keep(timedelta(days=3) - MINUTE, share=0)["cleared"] == 0
    assert deck.keep(timedelta(days=3) + 2 * MINUTE, share=0)["cleared"] == 1
    assert deck.rows_of(card) == {}


def test_a_card_is_in_no_measure_of_the_work(deck: Deck) -> None:
    card = deck.card()
    with acting(deck.web, deck.reader, "seinpost_expert") as connection:
        before = Counter(one.level for one in quality.waits(connection, NOW - MINUTE, NOW + 5 * MINUTE))
    assert sum(before.values()) == 20
    deck.judge(card, Verdict.CONFIRM)
    assert deck.one("SELECT count(*) FROM first_eyes") == 0
    with acting(deck.web, deck.reader, "seinpost_expert") as connection:
        assert len(quality.waits(connection, NOW - MINUTE, NOW + 5 * MINUTE)) == 20
    with deck.web.begin() as connection:
        told_to_monitors = connection.exec_driver_sql(
            "SELECT sum(signals) FROM seinpost.queue_counts(now() + interval '10 years')"
        ).scalar_one()
    assert told_to_monitors == 20


def test_the_database_itself_refuses_to_send_a_card_to_anyone(deck: Deck) -> None:
    card = deck.card()
    contact, agreement = add_contact(deck.database)
    with owner_connection(deck.database) as owner:
        for reading, user in enumerate((deck.reader, deck.other), 1):
            owner.execute(
                "INSERT INTO assessments (signal_id, reading, user_id, police, verdict, reason, category, level,"
                " created_at) VALUES (%s, %s, %s, false, 'confirm', 'directed', 'threat', 'acuut', now())",
                (card, reading, user),
            )
        for notice in (False, True):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="invented signal"):
                owner.execute(
                    "INSERT INTO referrals (id, signal_id, contact_id, kind, agreement_id, place_notice, why,"
                    " prepared_by, prepared_at, expires_at)"
                    " VALUES (%s, %s, %s, 'school', %s, %s, 'x', %s, now(), now() + interval '1 day')",
                    (uuid4(), card, contact, agreement, notice, deck.reader),
                )


def test_thirty_items_in_the_form_of_the_corpus_and_none_of_them_acute() -> None:
    lines = (REPOSITORY / "pipeline" / "quality" / "golden.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    corpus = json.loads((REPOSITORY / "nlp" / "train" / "data" / "quiet_threats.jsonl").read_text().splitlines()[0])
    assert len(rows) == len({row["text"] for row in rows}) == 30
    assert all(set(row) == set(corpus) | {"shown"} for row in rows)
    assert all(item.level in LEVEL_ORDER[1:3] and item.category is not Category.NONE for item in shipped())
    assert all(row["actionable"] == (row["category"] != "none") for row in rows)
    assert sum(item.actionable for item in shipped()) < 15, "as in the queue, more is rejected than confirmed"
    for item, row in zip(shipped(), rows, strict=True):
        for fact in Fact:
            assert [item.text[a:b] for a, b in item.facts.spans(fact)] == row["facts"][fact.value]
        assert mask(item.text).text == item.text, f"{item.id} would not pass the masking as it stands"


def test_nothing_was_trained_or_measured_on_them() -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        words = "".join(c if c.isalnum() else " " for c in one_mask(text).casefold()).split()
        return {tuple(words[n : n + 8]) for n in range(len(words) - 7)}

    ours = {run for item in shipped() for run in runs(item.text)}
    others = [
        *(REPOSITORY / "nlp").rglob("*.jsonl"),
        *(REPOSITORY / "tests" / "nlp").rglob("*.jsonl"),
        *(REPOSITORY / "review_ui").rglob("practice/*.jsonl"),
    ]
    assert others
    met = [file.name for file in others for line in file.read_text().splitlines() if ours & runs(line)]
    assert met == []


def test_each_item_comes_again_only_after_all_others(deck: Deck) -> None:
    deck.arrive(1)
    seen = []
    for n in range(31):
        with owner_connection(deck.database) as owner:
            owner.execute("DELETE FROM golden_cards")
        now = NOW + timedelta(minutes=n)
        with deck.road.begin() as connection:
            assert golden.place(connection, 1.0, KEY, now) == 1
        seen.append(deck.one("SELECT item FROM golden_cards"))
    assert len(set(seen[:30])) == 30
    assert seen[30] == seen[0]
