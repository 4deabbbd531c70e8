"""A fault of the house makes no day of dead letters: the worker waits, tells it, and goes on when it is mended."""

import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from pipeline import envelope
from pipeline.kafka.local_broker import LocalBroker
from pipeline.kafka.messages import Outgoing
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.settings_feed import KEY
from pipeline.kafka.sink import KafkaSink
from pipeline.key_folder import KeyFolder
from pipeline.letters import ANALYSE, letter
from pipeline.store.connection import Database
from pipeline.topics import POSTS_DEAD
from pipeline.topics import SETTINGS as SETTINGS_TOPIC
from pipeline.workers import analysis, intake
from pipeline.workers.breaker import LONGEST_STAND, MOST, WINDOW, Breaker, TooManyLetters
from signals.dead_letter import DeadLetter, DeadReason
from tests.patience import until
from tests.road.books import Books
from tests.road.invented import NOW, SETTINGS, Maker, add_order, analyse
from tests.road.kafka_road import empty_topics, end_of, flow, running
from tests.road.roads import now

AT_MOST = int(WINDOW * MOST)


class Ticks:
    """A clock of seconds that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def _dead(count: int, reason: DeadReason = DeadReason.UNDECRYPTABLE, raw: bytes = b"x") -> list[DeadLetter]:
    return [letter(raw, reason, ANALYSE, "unknown", NOW)] * count


def _through(breaker: Breaker, bad: int, good: int) -> bool:
    try:
        breaker.ask(_dead(bad), bad + good)
    except TooManyLetters:
        return False
    breaker.note(_dead(bad), bad + good)
    return True


def test_single_poison_and_even_a_hundred_in_a_row_go_aside_at_once() -> None:
    breaker = Breaker()
    assert all(_through(breaker, 1, 0) for _ in range(AT_MOST))
    assert not breaker.is_open
    assert not _through(breaker, 1, 0)
    assert breaker.is_open


def test_a_steady_share_of_bad_records_below_the_bound_never_opens_it() -> None:
    breaker = Breaker()
    assert all(_through(breaker, 28, 36) for _ in range(200))


def test_it_closes_at_the_first_batch_that_is_mostly_good_and_tells_both() -> None:
    told: list[bool] = []
    breaker = Breaker(tell=told.append)
    assert _through(breaker, 64, 0)
    assert not _through(breaker, 64, 0)
    assert not _through(breaker, 40, 24)
    assert _through(breaker, 1, 63)
    assert told == [True, False]
    assert _through(breaker, AT_MOST - 2, 0), "what was before it opened is forgotten"


def test_a_flood_of_truly_bad_records_does_not_hold_up_the_rest_for_ever() -> None:
    ticks = Ticks()
    breaker = Breaker(ticks=ticks)
    assert _through(breaker, AT_MOST, 0)
    assert not _through(breaker, 64, 0)
    ticks.now = LONGEST_STAND.total_seconds() - 1
    assert not _through(breaker, 64, 0)
    ticks.now += 1
    assert _through(breaker, 64, 0)
    assert not _through(breaker, 64, 0)


def test_a_backlog_past_its_retention_is_no_fault_but_a_missing_key_of_today_is(own_keys: KeyFolder) -> None:
    for age, opens in ((timedelta(days=2), False), (timedelta(hours=2), True)):
        breaker = Breaker()
        dead = _dead(WINDOW, DeadReason.HOUR_KEY_GONE, envelope.seal(b"{}", own_keys, NOW - age))
        if opens:
            with pytest.raises(TooManyLetters, match="key folder"):
                breaker.ask(dead, WINDOW)
        else:
            breaker.ask(dead, WINDOW)


@pytest.mark.kafka
def test_a_wrong_key_folder_sets_almost_nothing_aside_and_once_right_everything_arrives(
    database: Database, own_keys: KeyFolder, tmp_path: Path, kafka_broker: LocalBroker, books: Books
) -> None:
    bootstrap, posts = kafka_broker.bootstrap, 240
    empty_topics(bootstrap)
    settings = RecordProducer(bootstrap, "breaker-settings")
    settings.publish([Outgoing(SETTINGS_TOPIC, KEY, SETTINGS.model_dump_json().encode(), ())])
    settings.close()
    maker = Maker(own_keys.id_key(), add_order(database))
    collect, road = database.engine_for("seinpost_collect"), database.engine_for("seinpost_road")
    sink = KafkaSink(bootstrap, own_keys, collect, now)
    for number in range(posts):  # each travels alone: a bundle that does not open is one letter, however many it holds
        sink.accept([maker.post(f"p{number}", f"steken {number}")], None)
    sink.close()
    before = sum(end_of(bootstrap, POSTS_DEAD.name).values())

    given = tmp_path / "given"  # what the worker was given: a folder of another installation, with its own hour keys
    KeyFolder(given).hour_key(NOW)
    breaker = Breaker()
    with (
        structlog.testing.capture_logs() as logs,
        running(lambda stop: analysis.run(bootstrap, KeyFolder(given), analyse, now, stop, breaker=breaker)),
        running(lambda stop: intake.run(bootstrap, road, own_keys, own_keys.id_key(), now, stop)),
    ):
        until(lambda: breaker.is_open)
        time.sleep(3)
        aside = sum(end_of(bootstrap, POSTS_DEAD.name).values()) - before
        assert aside <= AT_MOST
        assert books.one("SELECT count(*) FROM analyses") == 0
        shutil.copytree(own_keys.path, given, dirs_exist_ok=True)
        until(lambda: not breaker.is_open)
        flow(bootstrap, road)
    assert books.one("SELECT count(*) FROM analyses") == posts - aside
    assert books.one("SELECT count(*) FROM dead_letters WHERE state = 'parked'") == aside
    assert {"breaker_open", "breaker_closed"} <= {line["event"] for line in logs}
    collect.dispose()
    road.dispose()
