"""What an edit, a removal or another post with the same words does to a signal, whoever has read it."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine

from pipeline.key_folder import KeyFolder
from pipeline.store.attempts import in_transaction
from pipeline.store.connection import Database
from pipeline.store.intake import take
from pipeline.store.texts import forget_due_texts
from signals.post import Post, PostRemoved, Source
from signals.signal import SignalState
from tests.people import add_user
from tests.road.books import Books
from tests.road.invented import NOW, Maker, add_order, found_in

THREAT, OTHER_THREAT, NOTHING = "ik ga je steken", "steken bij krommenie", "lekker weer"


class Queue:
    """The queue of one test: gives it posts and looks at what stands in it."""

    def __init__(self, books: Books, road: Engine, maker: Maker, reader: UUID) -> None:
        self.books = books
        self.road = road
        self.maker = maker
        self.reader = reader

    def arrive(self, *records: Post | PostRemoved) -> None:
        batch = [found_in(r) if isinstance(r, Post) else r for r in records]
        in_transaction(self.road, lambda connection: take(connection, batch, self.maker.id_key, NOW))

    def forget(self, later: timedelta) -> None:
        in_transaction(self.road, lambda connection: forget_due_texts(connection, NOW + later))

    def signals(self) -> list[tuple[str, int]]:
        return [(state, n) for state, n in self.books.rows("SELECT state, sightings FROM signals ORDER BY number")]

    def texts(self) -> list[str | None]:
        return [t for (t,) in self.books.rows("SELECT text FROM sightings ORDER BY revision, post_id")]

    def steps(self) -> list[str]:
        return [s for (s,) in self.books.rows("SELECT step FROM signal_events ORDER BY id")]

    def put(self, state: str, read: bool = True) -> None:
        """Bring the only signal in a state, as if people had."""
        self.books.change("UPDATE signals SET state = %s", state)
        if read:
            self.books.change(
                "INSERT INTO assessments"
                " (signal_id, reading, user_id, police, verdict, reason, category, level, created_at)"
                " SELECT id, 1, %s, false, 'confirm', 'directed', category, level, %s FROM signals",
                self.reader,
                NOW,
            )

    def claim(self) -> None:
        self.books.change(
            "INSERT INTO claims SELECT id, %s, %s, %s FROM signals", self.reader, NOW, NOW + timedelta(minutes=10)
        )


@pytest.fixture
def queue(database: Database, keys: KeyFolder, road: Engine) -> Iterator[Queue]:
    with Books(database) as books:
        yield Queue(books, road, Maker(keys.id_key(), add_order(database)), add_user(database, "lezer", "expert"))


def test_a_flagged_post_stands_in_the_queue_and_a_harmless_one_leaves_no_text(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT), queue.maker.post("b", NOTHING))
    assert queue.signals() == [("new", 1)]
    assert queue.texts() == [THREAT]
    assert queue.books.one("SELECT count(*) FROM analyses") == 2


def test_a_tip_is_always_read_and_has_its_own_lane(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", NOTHING, source=Source.TIP))
    assert queue.books.rows("SELECT lane, state, category FROM signals") == [("tip", "new", "none")]


def test_an_acute_post_takes_the_urgent_lane_with_its_places(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", "vanavond steken bij Krommenie en het Molencollege"))
    assert queue.books.rows("SELECT lane, level, imminent FROM signals") == [("urgent", "acuut", True)]
    assert queue.books.rows("SELECT place_id, kind, name FROM signal_places ORDER BY 1") == [
        ("area:krommenie", "area", "Krommenie"),
        ("brin:00XX00", "school", "Molencollege"),
    ]


def test_posts_that_say_the_same_are_one_signal(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT), queue.maker.post("b", "IK GA JE  STEKEN!!"))
    assert queue.signals() == [("new", 2)]


def test_an_edit_moves_the_post_to_the_signal_of_its_new_words(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1))
    queue.arrive(queue.maker.post("a", OTHER_THREAT, 2))
    assert queue.signals() == [("expired", 0), ("new", 1)]
    assert queue.texts() == [OTHER_THREAT]
    assert queue.books.one(
        "SELECT count(*) FROM signals s JOIN signals before ON before.id = s.reopened_from AND before.state = 'expired'"
    )


def test_an_edit_that_takes_the_threat_out_leaves_nothing_to_read(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1, sealed=True))
    queue.arrive(queue.maker.post("a", NOTHING, 2, sealed=True))
    assert queue.signals() == [("expired", 0)]
    assert queue.texts() == []
    assert queue.books.one("SELECT count(*) FROM link_keys") == 0
    assert queue.steps() == ["arrive", "expire"]


@pytest.mark.parametrize("batched", [True, False])
def test_an_edit_and_a_removal_in_one_batch_leave_no_row_behind(queue: Queue, batched: bool) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1, sealed=True))
    later = [queue.maker.post("a", THREAT, 2, sealed=True), queue.maker.removed("a", 3)]
    for batch in [later] if batched else [[r] for r in later]:
        queue.arrive(*batch)
    assert queue.texts() == []
    assert queue.signals() == [("expired", 0)]
    assert queue.books.one("SELECT count(*) FROM link_keys") == 0


def test_an_overtaken_version_changes_nothing(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", NOTHING, 2))
    queue.arrive(queue.maker.post("a", THREAT, 1))
    assert queue.signals() == []


def test_a_removal_wins_over_a_version_that_comes_late(queue: Queue) -> None:
    queue.arrive(queue.maker.removed("a", 5))
    queue.arrive(queue.maker.post("a", THREAT, 5))
    assert queue.signals() == []


def test_a_post_that_is_written_again_after_its_removal_counts(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1), queue.maker.removed("a", 2), queue.maker.post("a", THREAT, 3))
    assert queue.signals() == [("new", 1)]


def test_a_text_that_nobody_read_revives_its_expired_signal(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1), queue.maker.removed("a", 2))
    queue.arrive(queue.maker.post("b", THREAT))
    assert queue.signals() == [("new", 1)]
    assert queue.steps() == ["arrive", "expire", "sight_again"]


@pytest.mark.parametrize("state", ["parked", "rejected", "closed", "expired"])
def test_a_removed_post_loses_text_and_link_at_once_where_nobody_is_at_work(queue: Queue, state: str) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1, sealed=True))
    queue.put(state)
    queue.arrive(queue.maker.removed("a", 2))
    assert queue.texts() == []
    assert queue.books.one("SELECT count(*) FROM link_keys") == 0
    assert queue.signals() == [(state, 0)]


@pytest.mark.parametrize("state", ["waiting_second", "casusoverleg", "confirmed", "referred"])
@pytest.mark.parametrize("way", ["removed", "edited"])
def test_where_people_are_at_work_the_text_stays_marked_for_a_day(queue: Queue, state: str, way: str) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1, sealed=True))
    queue.put(state)
    queue.arrive(queue.maker.removed("a", 2) if way == "removed" else queue.maker.post("a", OTHER_THREAT, 2))
    assert queue.signals()[0] == (state, 0)
    assert queue.texts()[0] == THREAT
    assert queue.books.one(f"SELECT source_{way}_at FROM signals ORDER BY number LIMIT 1") == NOW
    assert queue.books.one("SELECT count(*) FROM link_keys") == 2
    queue.forget(timedelta(hours=23))
    assert queue.texts()[0] == THREAT
    queue.forget(timedelta(hours=24))
    assert queue.texts()[0] is None
    assert queue.books.one("SELECT count(*) FROM link_keys") == 0
    assert queue.signals()[0][0] == state


def test_the_text_goes_at_the_decision_when_that_comes_first(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1, sealed=True))
    queue.put("waiting_second")
    queue.arrive(queue.maker.removed("a", 2))
    queue.put("rejected", read=False)
    queue.forget(timedelta(minutes=1))
    assert queue.texts() == [None]


def test_a_claimed_signal_keeps_its_text_and_expires_when_the_claim_ends_unread(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1, sealed=True))
    queue.claim()
    queue.arrive(queue.maker.removed("a", 2))
    assert queue.texts() == [THREAT]
    queue.forget(timedelta(minutes=5))
    assert queue.texts() == [THREAT]
    queue.forget(timedelta(minutes=11))
    assert queue.texts() == []
    assert queue.signals() == [("expired", 0)]


def test_another_post_with_the_same_words_takes_the_mark_away(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1, sealed=True))
    queue.put("waiting_second")
    queue.arrive(queue.maker.removed("a", 2))
    queue.arrive(queue.maker.post("b", THREAT, 3))
    assert queue.signals() == [("waiting_second", 1)]
    assert queue.texts() == [THREAT]
    assert queue.books.one("SELECT source_removed_at FROM signals") is None
    assert queue.books.one("SELECT count(*) FROM link_keys") == 0


def test_one_of_two_posts_that_say_the_same_may_go_without_a_mark(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT, 1, sealed=True), queue.maker.post("b", THREAT, 1))
    queue.put("confirmed")
    queue.arrive(queue.maker.removed("a", 2))
    assert queue.signals() == [("confirmed", 1)]
    assert queue.books.one("SELECT source_removed_at FROM signals") is None
    assert queue.books.one("SELECT count(*) FROM link_keys") == 0


@pytest.mark.parametrize("state", ["rejected", "parked"])
def test_a_rejected_or_parked_text_that_says_nothing_new_stays_where_it_is(queue: Queue, state: str) -> None:
    queue.arrive(queue.maker.post("a", THREAT))
    queue.put(state)
    queue.arrive(queue.maker.post("b", THREAT, sealed=True))
    assert queue.signals() == [(state, 2)]
    assert sorted(map(str, queue.texts())) == (["None", THREAT] if state == "rejected" else [THREAT, THREAT])


@pytest.mark.parametrize("state", ["rejected", "parked"])
def test_a_new_fact_comes_back_as_a_new_signal_linked_to_the_old_one(queue: Queue, state: str) -> None:
    queue.arrive(queue.maker.post("a", OTHER_THREAT))
    queue.put(state)
    queue.books.change("DELETE FROM signal_places")  # as if the place list did not know Krommenie yet
    queue.arrive(queue.maker.post("b", OTHER_THREAT), queue.maker.post("c", OTHER_THREAT))
    assert queue.signals() == [(state, 1), ("new", 2)]
    assert queue.books.one(
        "SELECT (SELECT number FROM signals o WHERE o.id = s.reopened_from) = 1 FROM signals s WHERE state = 'new'"
    )


def test_a_closed_text_that_is_posted_again_is_a_new_signal(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT))
    queue.put("closed")
    queue.arrive(queue.maker.post("b", THREAT))
    queue.arrive(queue.maker.post("c", THREAT))
    assert queue.signals() == [("closed", 1), ("new", 2)]


def test_what_an_expert_decided_about_level_is_not_overwritten(queue: Queue) -> None:
    queue.arrive(queue.maker.post("a", THREAT))
    queue.put(SignalState.WAITING_SECOND.value)
    queue.books.change("UPDATE signals SET level = 'acuut', category = 'weapon'")
    queue.arrive(queue.maker.post("b", THREAT))
    assert queue.books.rows("SELECT level, category, sightings FROM signals") == [("acuut", "weapon", 2)]
