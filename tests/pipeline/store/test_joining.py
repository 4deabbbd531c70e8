"""Posts that say the same in other words stand on one card, and never hide a threat there."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, text

from pipeline.joining.bands import Banding
from pipeline.joining.sameness import Said, says_the_same
from pipeline.key_folder import KeyFolder
from pipeline.store import joining
from pipeline.store.columns import joined
from pipeline.store.connection import Database
from signals.ids import IdKey
from signals.post import Post, PostRemoved, Source
from tests.pipeline.joining.pairs import pairs
from tests.road.arriving import Road
from tests.road.books import Books
from tests.road.invented import NOW

SAID = "morgen gaan wij hem steken achter de gymzaal, wie durft komt mee"
COPY = "RT @[@]: m0rgen gaan wij hem steken achter de gymzaal wie durft komt mee 😳 #fyp"
QUOTE = "kijk dit: “morgen gaan wij hem steken achter de gymzaal, wie durft komt mee”"
ELSEWHERE = "morgen gaan wij hem steken achter de kantine, wie durft komt mee"


class Queue:
    """The queue of one test, at the end of the road."""

    def __init__(self, books: Books, road: Road) -> None:
        self.books, self.road = books, road
        self.arrive, self.post = road.brings, road.maker.post

    def signals(self) -> list[tuple[str, int]]:
        return sorted(self.books.rows("SELECT state, sightings FROM signals"))

    def banded(self) -> int:
        number: int = self.books.one("SELECT count(DISTINCT post_id) FROM sighting_bands")
        return number


@pytest.fixture
def queue(database: Database, keys: KeyFolder) -> Iterator[Queue]:
    road = Road(database, keys)
    with Books(database) as books:
        yield Queue(books, road)
    road.close()


@pytest.mark.parametrize("at_once", [True, False])
def test_a_copy_and_a_quote_stand_on_the_card_of_the_first(queue: Queue, at_once: bool) -> None:
    posts = [queue.post("a", SAID), queue.post("b", COPY), queue.post("c", ELSEWHERE), queue.post("d", QUOTE)]
    if at_once:
        queue.arrive(*posts)
    else:
        for post in posts:
            queue.arrive(post)
    assert queue.signals() == [("new", 1), ("new", 3)]
    assert queue.books.one("SELECT count(*) FROM sightings WHERE own_signal IS NOT NULL") == 2


def test_a_repeat_of_everything_changes_nothing(queue: Queue) -> None:
    posts = [queue.post("a", SAID), queue.post("b", COPY), queue.post("c", QUOTE)]
    queue.arrive(*posts)
    before = queue.books.rows("SELECT * FROM sightings ORDER BY post_id")
    queue.arrive(*posts)
    assert queue.books.rows("SELECT * FROM sightings ORDER BY post_id") == before
    assert queue.signals() == [("new", 3)]


def test_the_first_words_speak_for_the_card_and_a_weaker_copy_does_not_lower_its_level(queue: Queue) -> None:
    queue.arrive(queue.post("a", f"vanavond {SAID}"), queue.post("b", f"v4n4vond {SAID}!! #fyp"))
    assert queue.signals() == [("new", 2)]
    assert queue.books.rows("SELECT lane, level FROM signals") == [("urgent", "acuut")]


def test_a_post_of_a_higher_level_is_a_card_of_its_own(queue: Queue) -> None:
    queue.arrive(queue.post("a", f"v4n4vond {SAID}"))
    queue.arrive(queue.post("b", f"vanavond {SAID}"))
    assert queue.signals() == [("new", 1), ("new", 1)]


@pytest.mark.parametrize("state", ["rejected", "parked", "confirmed", "referred", "closed", "expired"])
def test_nothing_joins_a_card_that_nobody_will_judge_any_more(queue: Queue, state: str) -> None:
    queue.arrive(queue.post("a", SAID))
    queue.books.change("UPDATE signals SET state = %s", state)
    queue.arrive(queue.post("b", QUOTE))
    assert queue.signals() == sorted([(state, 1), ("new", 1)])


def test_a_school_that_only_the_other_words_gave_away_makes_a_card_of_its_own(queue: Queue) -> None:
    plain = SAID.replace("de gymzaal", "het molencollege")
    hidden = f"RT {plain.replace('molencollege', 'm0lencollege')}"
    queue.arrive(queue.post("a", hidden))
    queue.arrive(queue.post("b", plain))
    assert queue.signals() == [("new", 1), ("new", 1)], "else nobody of that school would hear of it"
    queue.arrive(queue.post("c", f"kijk dit: {plain.replace('molencollege', 'm0lencollege')}"))
    assert sorted(row[1] for row in queue.signals()) == [1, 2], "a card that names more takes what names less"


def test_nothing_joins_a_rejection_that_was_drawn_to_be_read_again(queue: Queue) -> None:
    queue.arrive(queue.post("a", SAID))
    queue.books.change("UPDATE signals SET state = 'waiting_second'")
    queue.books.change(
        "INSERT INTO second_readings (signal_id, why, by_chance, rejected_at, drawn_at)"
        " SELECT id, 'random', true, %s, %s FROM signals",
        NOW,
        NOW,
    )
    queue.arrive(queue.post("b", QUOTE))
    assert queue.signals() == [("new", 1), ("waiting_second", 1)]


def test_a_raid_of_one_form_costs_each_post_a_bounded_look(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(one: Said, other: Said) -> bool:
        asked.append(1)
        return says_the_same(one, other)

    monkeypatch.setattr(joining, "says_the_same", counted)
    queue.arrive(*(queue.post(str(n), f"{SAID} om {n} uur") for n in range(60)))
    assert queue.signals() == [("new", 1)] * 60
    assert len(asked) <= 60 * joining.MOST_SIGNALS


def test_when_the_words_that_others_read_are_gone_at_their_source_they_are_gone_there_too(queue: Queue) -> None:
    first = queue.post("a", SAID)
    queue.arrive(first, queue.post("b", COPY))
    gone = "SELECT source_gone(id) FROM signals"
    assert queue.books.one(gone) is False
    queue.arrive(_gone(first))
    assert queue.books.one(gone) is True


def test_what_a_professional_writes_stands_alone(queue: Queue) -> None:
    queue.arrive(queue.post("a", SAID), queue.post("b", QUOTE, source=Source.TIP))
    queue.arrive(queue.post("c", f"{QUOTE} #fyp"))
    assert queue.signals() == [("new", 1), ("new", 2)]


def test_a_card_lives_as_long_as_one_of_its_posts_stands(queue: Queue) -> None:
    first, copy = queue.post("a", SAID), queue.post("b", COPY)
    queue.arrive(first, copy)
    queue.arrive(_gone(first))
    assert queue.signals() == [("new", 1)]
    assert queue.books.rows("SELECT text FROM sightings") == [(COPY,)]
    assert queue.banded() == 1
    queue.arrive(_gone(copy))
    assert queue.signals() == [("expired", 0)]
    assert queue.banded() == 0


def test_a_text_that_goes_takes_its_bands_along(queue: Queue) -> None:
    queue.arrive(queue.post("a", SAID))
    assert queue.banded() == 1
    queue.books.change("UPDATE sightings SET text = NULL")
    assert queue.banded() == 0


def test_an_edit_that_changes_no_more_than_spelling_stays_and_another_one_leaves(queue: Queue) -> None:
    queue.arrive(queue.post("a", SAID))
    queue.arrive(queue.post("a", f"{SAID} #fyp [link]", 2))
    assert queue.signals() == [("new", 1)]
    queue.arrive(queue.post("a", ELSEWHERE, 3))
    assert queue.signals() == [("expired", 0), ("new", 1)]


def test_a_post_that_draws_nothing_asks_and_notes_nothing(queue: Queue) -> None:
    asked: list[str] = []
    event.listen(queue.road.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    queue.arrive(queue.post("a", "lekker weer vandaag in het park"))
    assert asked
    assert not any("sighting_bands" in question for question in asked)
    queue.arrive(queue.post("b", SAID))
    assert any("sighting_bands" in question for question in asked)


def test_many_copies_are_found_by_a_few_of_them(queue: Queue) -> None:
    queue.arrive(*(queue.post(str(n), f"{SAID}{'!' * n}") for n in range(12)))
    assert queue.signals() == [("new", 12)]
    assert queue.banded() == joining.MOST_BANDED
    queue.arrive(queue.post("b", QUOTE))
    assert queue.signals() == [("new", 13)]


def test_the_search_can_go_by_its_index(queue: Queue) -> None:
    with queue.road.engine.begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        asked = {"askers": joined((0, 0)), "bands": joined((1, 2)), "states": ["new"], "human": ["tip"], "most": 8}
        plan = "\n".join(connection.execute(text(f"EXPLAIN {joining.NEAR.text}"), asked).scalars())
    assert "sighting_bands_pkey" in plan


def test_bands_are_keyed_and_found_for_nearly_every_pair_that_says_the_same() -> None:
    one, other = (Banding(IdKey(bytes([n]) * 32)) for n in (1, 2))
    assert not set(one.bands(SAID)) & set(other.bands(SAID))
    same = [pair for pair in pairs() if pair.same]
    met = [p for p in same if set(one.bands(p.one.text)) & set(one.bands(p.other.text))]
    assert len(met) / len(same) >= 0.97
    apart = [p for p in pairs() if not p.same and p.kind not in ("other_place", "other_time", "negation")]
    strangers = [
        bool(set(one.bands(a.one.text)) & set(one.bands(b.one.text))) for a in apart[:60] for b in apart[60:120]
    ]
    assert sum(strangers) / len(strangers) <= 0.02


def _gone(post: Post) -> PostRemoved:
    return PostRemoved(
        id=post.id, event_id=UUID(int=post.event_id.int ^ 1), revision=post.revision, source=post.source,
        order_id=post.order_id, seen_at=NOW + timedelta(minutes=1),
    )  # fmt: skip
