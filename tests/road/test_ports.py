"""One contract for both roads: what a sink took stands in the queue once, and what cannot be handled lies aside."""

from datetime import timedelta

import pytest

from signals.dead_letter import DeadLetter, DeadReason
from signals.ports import Cursor
from tests.road.books import Books
from tests.road.invented import NOW, SETTINGS
from tests.road.roads import Road

THREAT, NOTHING = "ik ga je steken", "lekker weer"


def test_a_flagged_post_comes_through_and_a_repeat_changes_nothing(either_road: Road, books: Books) -> None:
    batch = [either_road.maker.post("a", THREAT, sealed=True), either_road.maker.post("b", NOTHING)]
    either_road.sink.accept(batch, None)
    either_road.flow()
    once = books.now()
    either_road.sink.accept(batch, None)
    either_road.sink.accept(batch[:1], None)
    either_road.flow()
    assert books.now() == once
    assert books.rows("SELECT state, sightings FROM signals") == [("new", 1)]
    assert books.one("SELECT count(*) FROM analyses") == 2


def test_edits_and_removals_keep_their_order_behind_the_post(either_road: Road, books: Books) -> None:
    maker = either_road.maker
    for number in range(20):
        either_road.sink.accept(
            [maker.post(f"p{number}", NOTHING, 1), maker.post(f"p{number}", THREAT, 2), maker.removed(f"q{number}", 1)],
            None,
        )
        either_road.sink.accept([maker.removed(f"p{number}", 3)] if number % 2 else [], None)
    either_road.flow()
    assert books.rows("SELECT state, sightings FROM signals") == [("new", 10)]
    assert books.one("SELECT count(*) FROM post_heads WHERE removed") == 30


def test_the_cursor_is_saved_with_the_batch(either_road: Road, books: Books) -> None:
    cursor = Cursor(collector="invented", order_id=either_road.maker.order, seed=1, position="17")
    either_road.sink.accept([either_road.maker.post("a", THREAT)], cursor)
    assert books.rows("SELECT collector, seed, position FROM cursors") == [("invented", 1, "17")]


@pytest.mark.parametrize("bad", ["dit is een kapotmaker", "steken\x00"])
def test_a_post_that_cannot_be_handled_lies_aside_and_the_others_go_on(
    either_road: Road, books: Books, bad: str
) -> None:
    maker = either_road.maker
    batch = [maker.post("a", THREAT), maker.post("bad", bad), maker.post("c", THREAT)]
    either_road.sink.accept(batch, None)
    either_road.sink.accept(batch, None)
    either_road.flow()
    assert books.rows("SELECT state, sightings FROM signals") == [("new", 2)]
    reason = "analysis_failed" if "kapot" in bad else "store_refused"
    assert books.rows("SELECT reason, state FROM dead_letters") == [(reason, "parked")]
    assert books.one("SELECT count(*) FROM dead_letters WHERE position(%s in bytes) > 0", bad.encode()) == 0


def test_the_same_letter_counts_once(either_road: Road, books: Books) -> None:
    letter = DeadLetter(
        reason=DeadReason.MALFORMED,
        step="import",
        source_kind="export",
        size=3,
        sha256="ab" * 32,
        field_path="",
        code_location="collectors/exports.py:1",
        happened_at=NOW,
        raw=b"abc",
    )
    either_road.dead_letters.park(letter)
    either_road.dead_letters.park(letter)
    either_road.flow()
    assert books.rows("SELECT reason, step, size FROM dead_letters") == [("malformed", "import", 3)]


def test_the_window_gives_back_what_came_in(either_road: Road) -> None:
    maker = either_road.maker
    batch = [maker.post(f"p{number}", THREAT, sealed=True) for number in range(30)] + [maker.removed("p1", 2)]
    either_road.sink.accept(batch, None)
    either_road.sink.accept(batch[:5], None)
    found = list(either_road.window.since(NOW - timedelta(minutes=1)))
    assert sorted(found, key=lambda r: r.event_id) == sorted(batch, key=lambda r: r.event_id)
    assert list(either_road.window.since(NOW + timedelta(minutes=1))) == []


def test_a_forgotten_hour_is_gone_from_the_window(either_road: Road) -> None:
    either_road.sink.accept([either_road.maker.post("a", THREAT)], None)
    either_road.keys.destroy_before(NOW + timedelta(hours=2))
    assert list(either_road.window.since(NOW - timedelta(minutes=1))) == []


def test_new_settings_are_followed_without_a_restart(either_road: Road, books: Books) -> None:
    assert either_road.settings_become(SETTINGS)
    stricter = SETTINGS.model_copy(update={"threshold": 0.9})
    books.change(
        "INSERT INTO settings_versions (version, body, reason) VALUES (%s, %s, 'test')",
        stricter.version,
        stricter.model_dump_json(),
    )
    books.change("INSERT INTO active_settings (version) VALUES (%s)", stricter.version)
    assert either_road.settings_become(stricter)
    either_road.sink.accept([either_road.maker.post("a", THREAT)], None)
    either_road.flow()
    assert books.rows("SELECT settings FROM analyses") == [(stricter.version,)]


def test_no_text_stands_readable_on_the_road(either_road: Road, books: Books) -> None:
    canary = "kanariepietje"
    either_road.sink.accept([either_road.maker.post("a", f"{NOTHING} {canary}")], None)
    either_road.flow()
    for (table,) in books.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'seinpost'::regnamespace"
    ):
        assert books.one(f"SELECT count(*) FROM {table} t WHERE CAST(t AS text) LIKE %s", f"%{canary}%") == 0
    assert canary.encode() not in either_road.stored_bytes()
