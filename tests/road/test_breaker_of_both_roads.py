"""One contract for both roads: while most would be set aside nothing moves on; once mended everything arrives, once."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import structlog
from kafka import KafkaAdminClient
from sqlalchemy import Engine

from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.workers import analysis
from pipeline.workers.breaker import MOST, WINDOW, Breaker, TooManyLetters
from pipeline.workers.patience import Stopping, patiently
from signals.analysis import Analysis
from signals.ports import Cursor
from signals.post import Post, PostRemoved
from signals.settings_version import DetectionSettings
from tests.patience import until
from tests.road.books import Books
from tests.road.invented import BrokenOnPurpose, Maker, add_order, analyse
from tests.road.kafka_road import kafka_road, running
from tests.road.roads import Road, embedded_road

BATCH, BATCHES = 20, 16
AT_MOST = int(WINDOW * MOST)


@dataclass
class Mendable:
    """An analysis that breaks on every post, as with a broken model, until it is mended."""

    mended: threading.Event = field(default_factory=threading.Event)

    def __call__(self, posts: Sequence[Post], settings: DetectionSettings) -> list[Analysis]:
        if not self.mended.is_set():
            raise BrokenOnPurpose
        return analyse(posts, settings)


@dataclass
class FaultyRoad:
    """A road whose analysis is broken, and how far it came: whatever of it moves on."""

    road: Road
    model: Mendable
    breaker: Breaker
    how_far: Callable[[], object]


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def faulty(
    request: pytest.FixtureRequest, database: Database, own_keys: KeyFolder, road: Engine, books: Books
) -> Iterator[FaultyRoad]:
    """Each road in turn."""
    maker, model, breaker = Maker(own_keys.id_key(), add_order(database)), Mendable(), Breaker()
    if request.param == "embedded":
        with embedded_road(road, own_keys, maker, model, breaker) as built:
            yield FaultyRoad(built, model, breaker, lambda: books.rows("SELECT position FROM cursors"))
    else:
        bootstrap = request.getfixturevalue("kafka_broker").bootstrap
        with kafka_road(bootstrap, database, own_keys, maker, model, breaker) as built:
            yield FaultyRoad(built, model, breaker, lambda: _committed(bootstrap))


def _at_rest(faulty: FaultyRoad, books: Books) -> tuple[object, int]:
    """How far it is and how many lie aside once neither changed for two seconds; one that goes on never rests."""
    for _ in range(30):
        before = faulty.how_far(), _aside(books)
        time.sleep(2)
        if (faulty.how_far(), _aside(books)) == before:
            return before
    raise AssertionError("an open breaker lets records through")


def test_while_most_would_be_set_aside_nothing_moves_on_and_once_mended_everything_arrives(
    faulty: FaultyRoad, books: Books
) -> None:
    with structlog.testing.capture_logs() as logs, _collector(faulty.road) as collector:
        until(lambda: faulty.breaker.is_open)
        before = _at_rest(faulty, books)  # what was let go before it opened arrives first
        time.sleep(1)
        assert (faulty.how_far(), _aside(books)) == before
        assert _aside(books) <= AT_MOST
        assert books.one("SELECT count(*) FROM analyses") == 0
        faulty.model.mended.set()
        until(lambda: not collector.is_alive())
        faulty.road.flow()
    assert not faulty.breaker.is_open
    arrived = BATCH * BATCHES - before[1]
    assert books.rows("SELECT count(*), count(DISTINCT post_id) FROM sightings") == [(arrived, arrived)]
    assert books.one("SELECT count(*) FROM analyses") == arrived
    assert _aside(books) == before[1]
    assert books.rows("SELECT position FROM cursors") == [(str(BATCHES),)]
    assert [line["event"] for line in logs if line["event"].startswith("breaker")] == ["breaker_open", "breaker_closed"]


def test_a_batch_of_nothing_but_removals_says_nothing_about_the_fault(
    database: Database, own_keys: KeyFolder, road: Engine
) -> None:
    """On the embedded road removals pass while the rest waits; they do not close the breaker."""
    maker, breaker = Maker(own_keys.id_key(), add_order(database)), Breaker()
    with embedded_road(road, own_keys, maker, Mendable(), breaker) as built, structlog.testing.capture_logs():
        with pytest.raises(TooManyLetters, match="would be set aside"):
            built.sink.accept([maker.post(str(n), "steken") for n in range(WINDOW)], None)
        built.sink.accept([maker.removed("1", 2)], None)
        assert breaker.is_open


@contextmanager
def _collector(road: Road) -> Iterator[threading.Thread]:
    """Gives batch after batch with its cursor, each again until it was taken."""

    def give(stop: threading.Event) -> None:
        for number in range(BATCHES):
            posts: list[Post | PostRemoved] = [
                road.maker.post(f"{number}-{n}", f"steken {number} {n}") for n in range(BATCH)
            ]
            cursor = Cursor(collector="invented", order_id=road.maker.order, seed=1, position=str(number + 1))
            try:
                patiently(lambda posts=posts, cursor=cursor: road.sink.accept(posts, cursor), stop.wait, stop)  # type: ignore[misc]
            except Stopping:
                return

    with running(give) as thread:
        yield thread


def _aside(books: Books) -> int:
    return int(books.one("SELECT count(*) FROM dead_letters WHERE reason = 'analysis_failed'"))


def _committed(bootstrap: str) -> int:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        offsets = admin.list_group_offsets(analysis.GROUP).get(analysis.GROUP, {})
        return sum(found.offset for found in offsets.values())
    finally:
        admin.close()
