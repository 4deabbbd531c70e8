"""Kinds of source through the whole of `run`: their seeds under an order, on a real server on the loopback address."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.assignment import Assignment, Seed
from collectors.health import HealthState
from collectors.politeness import Politeness
from collectors.reactor import run_on_reactor
from collectors.run import Collecting, run
from collectors.streams.jetstream import JetstreamSettings
from signals.order import Scope
from signals.post import Source
from tests.collectors.room import Room, now, order
from tests.collectors.spiders.web import Page, Site, site

AGENT = "Seinpost/0.1 (+https://contact.example.org)"
MASTODON = Path(__file__).parent / "readers" / "mastodon"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as served:
        yield served


def collect(around: Room, *seeds: tuple[Source, str], told: list[str] | None = None, resume: bool = False) -> None:
    known = tuple(Seed(around.order.id, n, source, address) for n, (source, address) in enumerate(seeds, start=1))
    task = Collecting(
        assignments=lambda: [Assignment(around.order, known)],
        order=around.look_up,
        sink=around,
        dead_letters=around,
        books=around,
        maker=around.maker(),
        clock=now,
        stream=JetstreamSettings(url="ws://127.0.0.1:9/", user_agent=AGENT),
        polite=Politeness(AGENT, delay=0.01, min_interval=0, timeout=5.0),
        tell=([] if told is None else told).append,
        recheck_seconds=0.05,
        resume=resume,
    )
    run_on_reactor(run(task, once=True))


def server(web: Site) -> None:
    web.pages["/api/v2/instance"] = Page(200, (MASTODON / "instance.json").read_bytes())
    web.pages["/api/v1/timelines/tag/zaandam"] = Page(200, (MASTODON / "hashtag_page.json").read_bytes())


def test_a_hashtag_of_a_mastodon_server_becomes_masked_posts_without_asking_robots(web: Site) -> None:
    server(web)
    around = Room(order=order(Scope(sources=(Source.MASTODON_POST,))))
    collect(around, (Source.MASTODON_POST, f"{web.address}/tags/zaandam"))
    assert around.texts()
    assert {record.source for record in around.records} == {Source.MASTODON_POST}
    assert "qzbesloten" not in around.everything_written()
    assert "/robots.txt" not in web.asked
    assert around.health[-1].collector == "mastodon"
    count = len(around.records)
    collect(around, (Source.MASTODON_POST, f"{web.address}/tags/zaandam"))
    assert len(around.records) == count
    assert any("min_id=" in path for path in web.asked)


def test_an_order_that_names_accounts_does_not_open_the_whole_stream(web: Site) -> None:
    around = Room(order=order(Scope(sources=(Source.BLUESKY_POST,))))
    told: list[str] = []
    feed = f"{web.address}/xrpc/app.bsky.feed.getAuthorFeed?actor=did:plc:abcdefghijklmnopqrstuvwx"
    collect(around, (Source.BLUESKY_POST, feed), told=told)
    assert [path.split("?")[0] for path in web.asked] == ["/xrpc/app.bsky.feed.getAuthorFeed"]
    assert {health.collector for health in around.health} == {"bluesky-author"}


def test_a_person_is_told_of_a_stopped_seed_by_its_number_and_starts_it_again(web: Site) -> None:
    server(web)
    web.pages["/api/v1/timelines/tag/zaandam"] = Page(403)
    around = Room(order=order(Scope(sources=(Source.MASTODON_POST,))))
    seed, told = (Source.MASTODON_POST, f"{web.address}/tags/zaandam"), list[str]()
    collect(around, seed, told=told)
    assert "mastodon seed 1 of order 7 is stopped (http_403)" in told[-1]
    assert "zaandam" not in "".join(told)
    server(web)
    asked = len(web.asked)
    collect(around, seed)
    assert len(web.asked) == asked
    collect(around, seed, resume=True)
    assert around.texts()


def test_a_kind_without_its_key_asks_nothing_and_says_so(web: Site) -> None:
    around = Room(order=order(Scope(sources=(Source.YOUTUBE_VIDEO,))))
    collect(around, (Source.YOUTUBE_VIDEO, "channel:UCabcdefghijklmnopqrstuv"))
    assert (around.health[-1].state, around.health[-1].reason) == (HealthState.BLOCKED, "no_key")
    assert web.asked == []
