"""A letter is retried with the same ids; a replay compares and touches nothing."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from pipeline import envelope
from pipeline.embedded import EmbeddedDeadLetters, EmbeddedRawWindow, EmbeddedSettings, EmbeddedSink
from pipeline.kafka.local_broker import LocalBroker
from pipeline.key_folder import KeyFolder
from pipeline.letters import ANALYSE, letter, letter_id
from pipeline.replay import compare
from pipeline.retry import Stays, retry
from pipeline.store.connection import Database
from signals.analysis import Analysis
from signals.dead_letter import DeadReason
from signals.post import POST_RECORD, Post, PostRemoved
from signals.settings_version import DetectionSettings
from tests.database import owner_connection
from tests.road.books import Books
from tests.road.invented import NOW, SETTINGS, Maker, add_order, analyse
from tests.whole_road.house import house
from tests.whole_road.planted import row

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


def test_a_record_that_did_not_open_goes_back_once_the_key_folder_is_right(
    bench: Bench, books: Books, road: Engine, tmp_path: Path
) -> None:
    bench.analyse.mended = True
    other = KeyFolder(tmp_path / "other")
    sealed = envelope.seal(POST_RECORD.dump_json(bench.maker.post("a", THREAT)), other, NOW)
    made = letter(sealed, DeadReason.UNDECRYPTABLE, ANALYSE, "unknown", NOW)
    EmbeddedDeadLetters(road, bench.keys).park(made)
    assert bench.retry(letter_id(made)) is Stays.UNDECRYPTABLE
    hour = f"{NOW:%Y-%m-%dT%H}.key"
    own = (bench.keys.path / "hour" / hour).read_bytes()

    class Both:
        """Opens the letter with its own key, then the record in it with the right one."""

        id_key, hour_key = staticmethod(bench.keys.id_key), staticmethod(bench.keys.hour_key)

        def __init__(self) -> None:
            self.keys = [own, other.hour_key(NOW)]

        def hour_key_if_alive(self, hour: datetime) -> bytes:
            return self.keys.pop(0)

    assert retry(bench.engine, Both(), bench.sink, letter_id(made), bench.clock) is None
    assert books.rows("SELECT state, sightings FROM signals") == [("new", 1)]


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


@pytest.mark.parametrize("over_kafka", [False, pytest.param(True, marks=[pytest.mark.kafka, pytest.mark.soak])])
@pytest.mark.timeout(600)
def test_from_the_command_line_a_parked_letter_goes_back_after_the_fault_is_mended_and_its_signal_stands_once(
    over_kafka: bool, tmp_path: Path, start_kafka: Callable[[Path], LocalBroker]
) -> None:
    texts = (
        "vanavond om 8 uur allemaal naar station Zaandam, we gaan die gasten pakken, neem messen mee",
        "morgen na school bij Poelenburg wordt het vechten, iedereen komen en messen mee",
    )
    file = tmp_path / "export.jsonl"
    file.write_text("".join(row(n, f"p{n}", text).line() + "\n" for n, text in enumerate(texts)))
    with house(tmp_path / "house", start_kafka if over_kafka else None) as built:
        built.add_order("export")
        with owner_connection(built.database) as owner:
            owner.execute("ALTER TABLE analyses ADD CONSTRAINT fault CHECK (NOT flagged)")
        built.start_workers()
        assert built.run("import", str(file), "--source", "proef").returncode == 0
        built.wait_for(lambda: built.rows("SELECT count(*) FROM dead_letters") == [(2,)])
        first, second = (one["id"] for one in json.loads(built.run("dead-letters", "list", "--json").stdout))
        still = built.run("dead-letters", "retry", first)
        assert (still.returncode, b"refused the record again" in still.stdout) == (1, True)
        assert json.loads(built.run("dead-letters", "show", first, "--json").stdout)["state"] == "parked"

        with owner_connection(built.database) as owner:
            owner.execute("ALTER TABLE analyses DROP CONSTRAINT fault")
        assert built.run("dead-letters", "retry", first).returncode == 0
        built.wait_for(lambda: built.rows("SELECT state, sightings FROM signals") == [("new", 1)])
        assert built.run("dead-letters", "retry", first).returncode == 1
        assert built.rows("SELECT sum(sightings) FROM signals") == [(1,)]

        assert built.run("dead-letters", "discard", second).returncode == 2
        gone = built.run("dead-letters", "discard", second, "--reason", "dubbel met een tip", "--json")
        assert json.loads(gone.stdout) == {second: True}
        assert built.run("dead-letters", "discard", second, "--reason", "nog een keer").returncode == 1
        assert built.run("dead-letters", "retry", second).returncode == 1
        assert built.rows("SELECT bytes IS NULL, state FROM dead_letters WHERE state = 'discarded'") == [
            (True, "discarded")
        ]
        assert built.rows("SELECT count(*) FROM trail WHERE position('dead_letter_discarded' in payload) > 0") == [(1,)]
        assert json.loads(built.run("dead-letters", "list", "--json").stdout) == []
