"""A letter is retried with the same ids; a replay compares and touches nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine

from pipeline.embedded import EmbeddedDeadLetters, EmbeddedRawWindow, EmbeddedSettings, EmbeddedSink
from pipeline.key_folder import KeyFolder
from pipeline.letters import letter
from pipeline.replay import compare
from pipeline.retry import retry
from pipeline.store.connection import Database
from signals.analysis import Analysis
from signals.dead_letter import DeadReason
from signals.post import Post, PostRemoved
from signals.settings_version import DetectionSettings
from tests.road.books import Books
from tests.road.invented import NOW, SETTINGS, Maker, add_order, analyse

THREAT = "ik ga je steken"


class Mendable:
    """The invented analysis, broken on every post until it is mended."""

    mended = False

    def __call__(self, posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
        if not self.mended:
            raise RuntimeError("broken on purpose")
        return analyse(posts, settings)


class Bench:
    """One embedded road with an analysis that can be mended."""

    def __init__(self, engine: Engine, keys: KeyFolder, maker: Maker) -> None:
        self.engine, self.keys, self.maker = engine, keys, maker
        self.analyse = Mendable()
        self.moment = NOW
        self.sink = EmbeddedSink(engine, keys, self.analyse, EmbeddedSettings(engine, SETTINGS), self.clock)

    def clock(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment

    def retry(self, letter: UUID) -> str | None:
        return retry(self.engine, self.keys, self.sink, letter, self.clock)


@pytest.fixture
def bench(road: Engine, own_keys: KeyFolder, database: Database) -> Bench:
    return Bench(road, own_keys, Maker(own_keys.id_key(), add_order(database)))


def test_a_mended_fault_lets_the_letter_through_once(bench: Bench, books: Books) -> None:
    bench.sink.accept([bench.maker.post("a", THREAT)], None)
    ((found,),) = books.rows("SELECT id FROM dead_letters WHERE state = 'parked'")
    assert bench.retry(found) == "it failed again; see the reason in the list"
    assert books.rows("SELECT state FROM dead_letters") == [("parked",)]
    bench.analyse.mended = True
    assert bench.retry(found) is None
    assert books.rows("SELECT state FROM dead_letters") == [("retried",)]
    assert books.rows("SELECT state, sightings FROM signals") == [("new", 1)]
    assert bench.retry(found) == "it is retried already"


def test_a_letter_whose_hour_is_forgotten_stays_aside_and_says_why(bench: Bench, books: Books) -> None:
    bench.sink.accept([bench.maker.post("a", THREAT)], None)
    bench.keys.destroy_before(NOW + timedelta(hours=3))
    ((found,),) = books.rows("SELECT id FROM dead_letters")
    assert "retention" in (bench.retry(found) or "")


def test_what_was_never_masked_is_not_retried_from_here(bench: Bench, books: Books, road: Engine) -> None:
    EmbeddedDeadLetters(road, bench.keys).park(letter(b"{", DeadReason.MALFORMED, "import", "export", NOW))
    ((found,),) = books.rows("SELECT id FROM dead_letters")
    assert "bring it in again" in (bench.retry(found) or "")


def test_a_replay_counts_what_would_change_and_changes_nothing(bench: Bench, books: Books, road: Engine) -> None:
    bench.analyse.mended = True
    posts: list[Post | PostRemoved] = [
        bench.maker.post("a", THREAT),
        bench.maker.post("b", "lekker weer"),
        bench.maker.removed("c", 1),
    ]
    bench.sink.accept(posts, None)
    before = books.now()

    def stricter(posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
        return analyse([p.model_copy(update={"text": "niets"}) for p in posts], settings)

    window = EmbeddedRawWindow(road, bench.keys).since(NOW - timedelta(minutes=1))
    counts = compare(window, stricter, SETTINGS, road)
    assert (counts.posts, counts.removals, counts.flagged_then, counts.flagged_now) == (2, 1, 1, 0)
    assert (counts.no_longer_flagged, counts.newly_flagged, counts.not_analysed_then) == (1, 0, 0)
    assert books.now() == before
