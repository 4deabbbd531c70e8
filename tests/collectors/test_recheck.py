"""Posts behind signals are asked for again, at real servers, over the unseal service's socket, in a real PostgreSQL."""

import asyncio
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from nacl.public import PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random
from sqlalchemy import Engine

from collectors.assignment import Assignment
from collectors.politeness import Politeness
from collectors.reactor import run_on_reactor
from collectors.readers.reddit.calls import Calls as RedditCalls
from collectors.readers.youtube.calls import Calls as YouTubeCalls
from collectors.recheck import Rechecking, keep_rechecking, one_round
from collectors.recheck_due import Due
from collectors.recheck_ways import Bluesky, Mastodon, PublicPage, Reddit, Telegram, Way, YouTube
from pipeline.key_folder import KeyFolder
from pipeline.store import rechecks
from pipeline.store.attempts import in_transaction
from pipeline.store.connection import Database
from pipeline.store.intake import take
from pipeline.unseal import Job, Purpose, UnsealRequest, UnsealServer
from pipeline.unseal_client import UnsealClient, UnsealUnreachable
from seinpost.rechecking import StoreRechecks, link_opener
from signals.order import Order, OrderState, Scope
from signals.ports import Cursor
from signals.post import Post, PostRemoved, Source
from signals.signal import SIGNAL_STEPS, SignalState
from tests.collectors.room import order
from tests.collectors.spiders.web import Page, Site, site
from tests.database import owner_connection
from tests.people import add_signal, add_user

DAY = date(2026, 11, 23)
READERS = Path(__file__).parent / "readers"
SECRETS = {"youtube-api-key": "x", "reddit-client-id": "x", "reddit-client-secret": "x", "reddit-user-agent": "x"}
STORED = [state for state in SignalState if state not in (SignalState.CLAIMED, SignalState.EXPIRED)]
HELD = {"claimed", "waiting_second", "casusoverleg", "confirmed", "referred"}


@dataclass
class House:
    """The store, the service that opens links, one site, and a clock that a test moves."""

    database: Database
    keys: KeyFolder
    road: Engine
    books: StoreRechecks
    client: UnsealClient
    web: Site
    now: datetime
    order: Order = field(default_factory=lambda: order(Scope(sources=tuple(Source))))
    told: list[str] = field(default_factory=list)
    opened: list[UUID] = field(default_factory=list)
    signals: dict[UUID, UUID] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=lambda: {"feeds": PublicPage()})

    # PostSink
    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        gone = [record for record in batch if isinstance(record, PostRemoved)]
        assert len(gone) == len(batch)
        in_transaction(self.road, lambda connection: take(connection, gone, self.keys.id_key(), self.now))

    def hold(
        self, state: str = "new", path: str = "/bericht/1", source: Source = Source.FEED_ENTRY, link: str = ""
    ) -> UUID:
        """A signal in a state, with one post whose link lies sealed; the post's id."""
        signal = add_signal(self.database, state="new" if state == "claimed" else state)
        self.signals[signal.post_id] = signal.id
        data_key = random(SecretBox.KEY_SIZE)
        box = SecretBox(data_key).encrypt((link or self.web.address + path).encode())
        wrapped = SealedBox(PublicKey(self.keys.link_public_key(DAY))).encrypt(data_key)
        seen = self.now - timedelta(hours=21)
        with owner_connection(self.database) as owner:
            owner.execute(
                "UPDATE sightings SET link_box = %s, source = %s, seen_at = %s WHERE post_id = %s",
                (box, source.value, seen, signal.post_id),
            )
            owner.execute("INSERT INTO link_keys VALUES (%s, 'link', %s, %s)", (signal.post_id, DAY, wrapped))
            if state == "claimed":
                until = datetime.now(self.now.tzinfo) + timedelta(days=60)
                user = add_user(self.database, f"lezer{signal.post_id.hex[:6]}", "expert")
                owner.execute("INSERT INTO claims VALUES (%s, %s, %s, %s)", (signal.id, user, self.now, until))
        return signal.post_id

    def round(self, **changes: object) -> Counter[str]:
        return run_on_reactor(one_round(self.rechecking(**changes)))

    def rechecking(self, **changes: object) -> Rechecking:
        opening = link_opener(self.client)

        def open_link(post_id: UUID) -> str | None:
            self.opened.append(post_id)
            return opening(post_id)

        parts: dict[str, object] = {
            "assignments": lambda: [Assignment(self.order)],
            "order": lambda _id: self.order,
            "sink": self,
            "books": self.books,
            "open_link": open_link,
            "id_key": self.keys.id_key(),
            "clock": lambda: self.now,
            "polite": Politeness("Seinpost/0.1 (+https://contact.example.org)", delay=0.01, timeout=5.0),
            "secrets": SECRETS,
            "tell": self.told.append,
            "ways": self.ways,
            "ask_order_every": 0.0,
        }
        return Rechecking(**{**parts, **changes})  # type: ignore[arg-type]

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def rows(self, question: str, *values: object) -> list[tuple[object, ...]]:
        with owner_connection(self.database) as owner:
            return owner.execute(question, values).fetchall()  # type: ignore[call-overload, no-any-return]

    def stands(self, post: UUID) -> bool:
        return bool(self.rows("SELECT 1 FROM sightings WHERE post_id = %s", post))


@pytest.fixture
def house(database: Database, keys: KeyFolder, tmp_path: Path) -> Iterator[House]:
    order_now = order()
    engines = {name: database.engine_for(f"seinpost_{name}") for name in ("road", "collect", "unseal")}
    stop = threading.Event()
    server = UnsealServer(tmp_path / "u.sock", engines["unseal"], keys.link_private_key, lambda: order_now.starts_at)
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    with site() as web:
        yield House(
            database,
            keys,
            engines["road"],
            StoreRechecks(engines["collect"]),
            UnsealClient(tmp_path / "u.sock"),
            web,
            order_now.starts_at + timedelta(hours=2),
        )
    stop.set()
    thread.join(5)
    for engine in engines.values():
        engine.dispose()


def is_followed(house: House, post: UUID, state: str) -> None:
    """Nothing of the post can be found or opened by its id; where a person is at work, it is marked."""
    signal = house.signals[post]
    assert not house.stands(post)
    assert house.client.ask(UnsealRequest(purpose=Purpose.LINK, job=Job.RECHECK, post_id=post)).plain is None
    kept = house.rows("SELECT text FROM sightings WHERE signal_id = %s", signal)
    marked = house.rows("SELECT 1 FROM signals WHERE id = %s AND source_removed_at IS NOT NULL", signal)
    if state in HELD:
        assert (len(kept), len(marked)) == (1, 1), state
    else:
        assert kept == [], state


EVERY_STATE = [*(state.value for state in STORED), "claimed"]


def in_every_state(house: House, page: Page) -> dict[UUID, str]:
    """A signal in each state, whose posts are all as this page tells."""
    for state in EVERY_STATE:
        house.web.pages[f"/{state}"] = page
    return {house.hold(state, f"/{state}"): state for state in EVERY_STATE}


def test_posts_deleted_before_their_signals_came_into_a_state_are_followed_at_the_first_round(house: House) -> None:
    posts = in_every_state(house, Page(410))
    assert house.round() == {"gone": len(posts)}
    for post, state in posts.items():
        is_followed(house, post, state)


def test_posts_deleted_while_their_signals_are_in_a_state_are_followed_within_a_day(house: House) -> None:
    posts = in_every_state(house, Page(200, b"<p>staat er nog</p>"))
    assert house.round() == {"stand": len(posts)}
    assert all(house.stands(post) for post in posts)
    assert house.round() == {}, "not asked again within the cycle"
    for state in EVERY_STATE:
        house.web.pages[f"/{state}"] = Page(404)
    house.later(hours=21)
    assert house.round() == {"gone": len(posts)}
    for post, state in posts.items():
        is_followed(house, post, state)


def test_posts_deleted_after_their_signals_left_a_state_are_followed_in_the_next(house: House) -> None:
    steps = {(a.value, b.value) for (a, _), b in SIGNAL_STEPS.items() if a in STORED and b in STORED}
    posts = {house.hold(before, f"/{before}/{after}"): (before, after) for before, after in sorted(steps)}
    for before, after in steps:
        house.web.pages[f"/{before}/{after}"] = Page(200)
    assert house.round() == {"stand": len(posts)}
    for post, (before, after) in posts.items():
        house.rows("UPDATE signals SET state = %s WHERE id = %s RETURNING id", after, house.signals[post])
        house.web.pages[f"/{before}/{after}"] = Page(404)
    house.later(hours=21)
    assert house.round() == {"gone": len(posts)}
    for post, (_, after) in posts.items():
        is_followed(house, post, after)


def test_every_opening_is_on_the_trail_first_and_names_the_job_and_no_link(house: House) -> None:
    house.hold()
    house.web.pages["/bericht/1"] = Page(200)
    house.round()
    (line,) = [str(payload) for (payload,) in house.rows("SELECT payload FROM trail")]
    assert "unseal_link" in line
    assert "recheck" in line
    assert house.web.address not in line


def test_sources_that_do_not_tell_leave_the_post_and_after_seven_days_it_is_dropped(house: House) -> None:
    posts = []
    for status in (401, 403, 500):
        house.web.pages[f"/{status}"] = Page(status)
        posts.append(house.hold("confirmed", f"/{status}"))
    assert house.round() == {"unknown": 3}
    for _ in range(7):
        assert all(house.stands(post) for post in posts)
        house.later(hours=23)
        assert house.round() == {"unknown": 3}
    house.later(hours=23)
    assert house.round() == {"unknown": 3, "unknown too long": 3}
    for post in posts:
        is_followed(house, post, "confirmed")


def test_an_answer_in_between_starts_the_seven_days_anew(house: House) -> None:
    post = house.hold()
    for status in (500, 200, 500, 500):
        house.web.pages["/bericht/1"] = Page(status)
        house.round()
        house.later(days=3)
    assert house.stands(post)


def test_without_an_order_in_force_nothing_is_opened_or_asked(house: House) -> None:
    post = house.hold()
    house.order = house.order.model_copy(update={"state": OrderState.STOPPED})
    assert house.round() == {"unknown": 1}
    assert (house.opened, house.web.asked) == ([], [])
    assert house.stands(post)


def test_an_order_that_stops_during_a_round_ends_its_questions(house: House) -> None:
    posts = [house.hold(path=f"/bericht/{number}") for number in range(6)]

    def answer(_headers: Mapping[str, str]) -> Page:
        house.order = house.order.model_copy(update={"state": OrderState.STOPPED})
        return Page(404)

    for number in range(6):
        house.web.pages[f"/bericht/{number}"] = answer
    found = house.round()
    assert found["gone"] == 1
    assert sum(house.stands(post) for post in posts) == 5
    assert "is over" in house.told[0]


def test_a_host_that_asks_for_rest_is_not_asked_for_its_other_posts(house: House) -> None:
    for number in range(4):
        house.hold(path=f"/bericht/{number}")
        house.web.pages[f"/bericht/{number}"] = Page(429, headers={"Retry-After": "900"})
    assert house.round() == {"unknown": 4}
    assert sum(path.startswith("/bericht") for path in house.web.asked) == 1


def test_a_page_that_robots_keep_us_from_is_unknown_and_not_asked(house: House) -> None:
    house.hold()
    house.web.pages["/robots.txt"] = Page(200, b"User-agent: *\nDisallow: /")
    assert house.round() == {"unknown": 1}
    assert house.web.asked == ["/robots.txt"]


def test_who_is_led_to_the_front_page_learned_nothing(house: House) -> None:
    post = house.hold()
    house.web.pages["/bericht/1"] = Page(302, headers={"Location": "/"})
    house.web.pages["/"] = Page(200, b"welkom")
    assert house.round() == {"unknown": 1}
    assert house.stands(post)


def test_a_post_that_went_by_itself_meanwhile_is_no_fault(house: House) -> None:
    post = house.hold()

    def answer(_headers: Mapping[str, str]) -> Page:
        house.rows("DELETE FROM sightings WHERE post_id = %s RETURNING 1", post)
        return Page(200)

    house.web.pages["/bericht/1"] = answer
    assert house.round() == {"stand": 1}
    assert house.rows("SELECT 1 FROM rechecks") == []


def test_without_the_unseal_service_nothing_is_noted_and_the_next_round_asks(house: House, tmp_path: Path) -> None:
    house.hold()
    house.web.pages["/bericht/1"] = Page(404)
    closed = link_opener(UnsealClient(tmp_path / "nobody.sock"))
    with pytest.raises(UnsealUnreachable):
        house.round(open_link=closed)
    assert house.round() == {"gone": 1}


def standing(house: House) -> rechecks.Standing:
    engine = house.database.engine_for("seinpost_collect", pool_size=1)
    try:
        with engine.begin() as connection:
            return rechecks.standing(connection)
    finally:
        engine.dispose()


def test_who_watches_the_sources_sees_how_asking_again_is_doing(house: House) -> None:
    assert standing(house).longest_ago is None
    house.hold()
    house.hold(path="/bericht/2")
    house.later(hours=12)
    assert rechecks.late(standing(house), house.now), "both were seen 33 hours ago, and nobody asked"
    house.web.pages["/bericht/1"] = Page(200)
    house.web.pages["/bericht/2"] = Page(500)
    house.round()
    told = standing(house)
    assert (told.posts, told.unknown, told.longest_ago, told.unknown_since) == (2, 1, house.now, house.now)
    assert not rechecks.late(told, house.now)


def test_no_link_and_no_address_stands_in_what_is_told(house: House) -> None:
    house.hold(path="/qzcanary7")
    house.web.pages["/qzcanary7"] = Page(500)
    house.round()
    assert house.told == ["re-checked posts behind signals: 1 unknown"]


def test_collectors_see_no_sighting_and_no_book_only_the_two_questions(house: House) -> None:
    with owner_connection(house.database) as owner:
        for table in ("sightings", "signals", "rechecks", "link_keys"):
            may = owner.execute("SELECT has_table_privilege('seinpost_collect', %s, 'SELECT')", (table,)).fetchone()
            assert may == (False,), table


def two_posts(house: House, source: Source, here: str, gone: str) -> tuple[UUID, UUID]:
    return house.hold(source=source, link=here), house.hold(source=source, link=gone)


def saved(path: str) -> bytes:
    return (READERS / path).read_bytes()


def bluesky(house: House) -> tuple[UUID, UUID]:
    house.ways = {"bluesky-author": Bluesky(house.web.address)}
    link = "https://bsky.app/profile/did:plc:qzcanary7qzcanary7qzcana/post/"
    first = json.loads(saved("bluesky/posts.json"))["posts"][0]
    house.web.pages["/xrpc/app.bsky.feed.getPosts"] = Page(200, json.dumps({"posts": [first]}).encode())
    return two_posts(house, Source.BLUESKY_POST, f"{link}3kaaa", f"{link}3kweg")


def mastodon(house: House) -> tuple[UUID, UUID]:
    house.ways = {"mastodon": Mastodon()}
    status = json.loads(saved("mastodon/hashtag_page.json"))[0]
    house.web.pages["/api/v1/statuses/115500000000000059"] = Page(200, json.dumps(status).encode())
    link = f"{house.web.address}/@qzcanary1/"
    return two_posts(house, Source.MASTODON_POST, f"{link}115500000000000059", f"{link}115500000000000001")


def telegram(house: House) -> tuple[UUID, UUID]:
    house.ways = {"telegram": Telegram(house.web.address)}
    alive = saved("telegram/fate_alive.html")
    found = re.search(rb'data-post="([A-Za-z0-9_]+)/(\d+)"', alive)
    assert found is not None
    name, number = found[1].decode(), found[2].decode()
    house.web.pages[f"/{name}/{number}"] = Page(200, alive, {"X-Robots-Tag": "noindex"})
    house.web.pages[f"/{name}/7"] = Page(200, saved("telegram/fate_gone.html"))
    return two_posts(house, Source.TELEGRAM_POST, f"https://t.me/{name}/{number}", f"https://t.me/{name}/7")


def youtube(house: House) -> tuple[UUID, UUID]:
    house.ways = {"youtube": YouTube(YouTubeCalls("x", house.web.address))}
    said = json.loads(saved("youtube/comments.json"))
    said["items"] = [one for one in said["items"] if not one.get("snippet", {}).get("parentId")][:1] or said["items"][
        :1
    ]
    house.web.pages["/comments"] = Page(200, json.dumps(said).encode())
    link = "https://www.youtube.com/watch?lc={}&v=AAAAAAAAAAA"
    return two_posts(house, Source.YOUTUBE_COMMENT, link.format(said["items"][0]["id"]), link.format("UgwegWegWeg"))


def reddit(house: House) -> tuple[UUID, UUID]:
    house.ways = {"reddit": Reddit(RedditCalls("x", "x", "x", house.web.address, house.web.address))}
    said = json.loads(saved("reddit/info.json"))
    said["data"]["children"] = [one for one in said["data"]["children"] if one["kind"] == "t3"][:1]
    thing = said["data"]["children"][0]["data"]
    house.web.pages["/api/v1/access_token"] = Page(200, saved("reddit/token.json"))
    house.web.pages["/api/info"] = Page(200, json.dumps(said).encode())
    link = "https://www.reddit.com/r/voorbeeld/comments/"
    return two_posts(house, Source.REDDIT_POST, f"{link}{thing['id']}/titel", f"{link}zzzzz9/titel")


@pytest.mark.parametrize("kind", [bluesky, mastodon, telegram, youtube, reddit])
def test_each_kind_of_source_tells_which_posts_stand_and_which_are_gone(
    house: House, kind: Callable[[House], tuple[UUID, UUID]]
) -> None:
    here, gone = kind(house)
    assert house.round() == {"stand": 1, "gone": 1}
    assert (house.stands(here), house.stands(gone)) == (True, False)


def test_a_kind_whose_key_is_absent_is_not_asked(house: House) -> None:
    youtube(house)
    assert house.round(secrets={}) == {"unknown": 2}
    assert (house.web.asked, house.opened) == ([], [])


def test_a_round_goes_on_after_a_fault_and_tells_it_by_its_kind(house: House) -> None:
    class Broken:
        def due(self, sources: Collection[Source], last_checked: datetime, most: int) -> list[Due]:
            raise RuntimeError("https://qzcanary7.example")

        def note(self, stands: Mapping[UUID, bool], at: datetime) -> None:
            raise AssertionError

    async def some_rounds() -> None:
        task = asyncio.create_task(keep_rechecking(house.rechecking(books=Broken()), every=0.01))
        await asyncio.sleep(0.5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run_on_reactor(some_rounds())
    assert len(house.told) > 1
    assert set(house.told) == {"the re-check of signals stopped (RuntimeError); it goes on in 0 s"}
