"""Visiting feeds over HTTP: a real server on the loopback address, feeds made by feedgen, real Scrapy."""

import gzip
import io
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from feedgen.feed import FeedGenerator

from collectors.assignment import Assignment, Seed
from collectors.health import HealthState
from collectors.permission import NoValidOrder
from collectors.politeness import Politeness
from collectors.reactor import run_on_reactor
from collectors.robots import HostManners
from collectors.run import Collecting, run
from collectors.spiders.visit_place import VisitPlace
from collectors.streams.jetstream import JetstreamSettings
from signals.order import Scope
from signals.post import Post, PostRemoved, Source
from tests.collectors.room import ID_KEY, Room, SinkDown, now, order
from tests.collectors.spiders.web import Page, Site, site

AGENT = "Seinpost/0.1 (+https://contact.example.org)"
FEEDS_ONLY = Scope(sources=(Source.FEED_ENTRY,))
Entry = tuple[str, str, str, datetime]


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as served:
        served.pages["/robots.txt"] = Page(404)
        yield served


def feed(*entries: Entry, kind: str = "atom") -> bytes:
    made = FeedGenerator()
    made.id("urn:voorbeeld")
    made.title("Voorbeeld")
    made.link(href="https://voorbeeld.example.org/")
    made.description("verzonnen")
    made.language("nl")
    for entry_id, title, body, updated in entries:
        entry = made.add_entry(order="append")
        entry.id(f"urn:voorbeeld:{entry_id}")
        entry.title(title)
        entry.content(body, type="html")
        entry.link(href=f"https://voorbeeld.example.org/{entry_id}?utm_source=x")
        entry.author(name="qzcanary7", email="qzcanary7@example.org")
        entry.published(updated)
        entry.updated(updated)
    made_bytes: bytes = made.atom_str() if kind == "atom" else made.rss_str()
    return made_bytes


def room(scope: Scope = FEEDS_ONLY) -> Room:
    return Room(order=order(scope))


def visit(around: Room, *addresses: str, min_interval: int = 0) -> None:
    """One round over these feeds, through the whole of `run`."""
    seeds = tuple(Seed(around.order.id, n, Source.FEED_ENTRY, a) for n, a in enumerate(addresses, start=1))
    task = Collecting(
        assignments=lambda: [Assignment(around.order, seeds)],
        order=around.look_up,
        sink=around,
        dead_letters=around,
        books=around,
        maker=around.maker(),
        clock=now,
        stream=JetstreamSettings(url="ws://127.0.0.1:9/", user_agent=AGENT),
        polite=Politeness(AGENT, delay=0.01, min_interval=min_interval, timeout=5.0),
        recheck_seconds=0.05,
        manners=HostManners(),
    )
    run_on_reactor(run(task, once=True))


STARTED = datetime.now(UTC).replace(microsecond=0)


def today(minutes: int = 60) -> datetime:
    return STARTED - timedelta(minutes=minutes)


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_entries_become_masked_posts_in_plain_words(web: Site, kind: str) -> None:
    body = "<p>Vanmiddag &amp; vanavond</p><script>x()</script><p>bij <a href='https://qzcanary7.example.org'>@qzcanary7</a></p>"
    web.pages["/feed"] = Page(200, feed(("e1", "Onrust &lt;station&gt;", body, today()), kind=kind))
    around = room()
    visit(around, f"{web.address}/feed")
    (post,) = around.records
    assert isinstance(post, Post)
    assert post.text.endswith("Vanmiddag & vanavond\nbij [@]")
    assert (post.source, post.lang_hint, post.posted_at) == (Source.FEED_ENTRY, "nl", today())
    assert post.id == ID_KEY.post_id(Source.FEED_ENTRY, f"{web.address}/feed#urn:voorbeeld:e1")
    assert post.link is not None
    assert post.link_hash == ID_KEY.link_hash("https://voorbeeld.example.org/e1")
    assert "qzcanary7" not in around.everything_written()
    assert web.headers[-1]["user-agent"] == AGENT
    assert around.health[-1].state is HealthState.OK


def test_an_unchanged_feed_is_asked_for_with_its_validators_and_costs_nothing(web: Site) -> None:
    def conditional(headers: Mapping[str, str]) -> Page:
        if headers.get("if-none-match") == 'W/"v1"' and "if-modified-since" in headers:
            return Page(304)
        etag = {"ETag": 'W/"v1"', "Last-Modified": "Fri, 20 Nov 2026 13:05:00 GMT"}
        return Page(200, feed(("e1", "een", "twee", today())), etag)

    web.pages["/feed"] = conditional
    around = room()
    visit(around, f"{web.address}/feed")
    visit(around, f"{web.address}/feed")
    visit(around, f"{web.address}/feed")
    assert len(around.records) == 1
    assert around.health[-1].state is HealthState.NOTHING_NEW


def test_an_edited_entry_keeps_its_id_and_a_deleted_one_is_removed(web: Site) -> None:
    around, address = room(), f"{web.address}/feed"
    web.pages["/feed"] = Page(200, feed(("e1", "een", "eerst", today()), ("e2", "twee", "blijft", today())))
    visit(around, address)
    web.pages["/feed"] = Page(200, feed(("e1", "een", "daarna", today(1)), ("e2", "twee", "blijft", today())))
    visit(around, address)
    # The same date with other words is still an edit.
    web.pages["/feed"] = Page(200, feed(("e1", "een", "tot slot", today(1)), ("e2", "twee", "blijft", today())))
    visit(around, address)
    tombstone = b'<d:deleted-entry xmlns:d="http://purl.org/atompub/tombstones/1.0" ref="urn:voorbeeld:e2"/>'
    gone = feed(("e1", "een", "tot slot", today(1))).replace(b"</feed>", tombstone + b"</feed>")
    web.pages["/feed"] = Page(200, gone)
    visit(around, address)
    assert around.texts() == ["een\n\neerst", "twee\n\nblijft", "een\n\ndaarna", "een\n\ntot slot"]
    assert isinstance(around.records[-1], PostRemoved)
    assert around.records[-1].id == around.records[1].id


def test_entries_that_left_the_window_while_we_were_away_are_told_as_a_gap(web: Site) -> None:
    around, address = room(), f"{web.address}/feed"
    web.pages["/feed"] = Page(200, feed(("e1", "een", "a", today(50)), ("e2", "twee", "b", today(60))))
    visit(around, address)
    web.pages["/feed"] = Page(200, feed(("e3", "drie", "c", today(40)), ("e1", "een", "a", today(50))))
    visit(around, address)
    assert around.health[-1].reason == ""
    web.pages["/feed"] = Page(200, feed(("e9", "negen", "d", today(5)), ("e8", "acht", "e", today(10))))
    visit(around, address)
    assert (around.health[-1].state, around.health[-1].reason) == (HealthState.OK, "gap:1")


def test_robots_that_cannot_be_read_mean_that_nothing_is_fetched(web: Site) -> None:
    web.pages["/feed"] = Page(200, feed(("e1", "een", "twee", today())))
    for status in (500, 503, 429, 401, 403):
        web.pages["/robots.txt"] = Page(status)
        around = room()
        visit(around, f"{web.address}/feed")
        assert around.records == []
        assert around.health[-1].state is HealthState.BLOCKED
    assert web.count("/feed") == 0


def test_robots_rules_are_obeyed_and_a_long_crawl_delay_keeps_us_away(web: Site) -> None:
    web.pages["/feed"] = Page(200, feed(("e1", "een", "twee", today())))
    rules = {
        b"User-agent: *\nDisallow: /feed\n": "robots_disallow",
        b"User-agent: seinpost\nDisallow: /\n\nUser-agent: *\nAllow: /\n": "robots_disallow",
        b"User-agent: *\nCrawl-delay: 3600\n": "crawl_delay_too_long",
    }
    for text, reason in rules.items():
        web.pages["/robots.txt"] = Page(200, text)
        around = room()
        visit(around, f"{web.address}/feed")
        assert (around.records, around.health[-1].reason) == ([], reason)
    assert web.count("/feed") == 0
    web.pages["/robots.txt"] = Page(200, b"User-agent: *\nDisallow: /\nAllow: /fee\n")
    around = room()
    visit(around, f"{web.address}/feed")
    assert len(around.records) == 1


@pytest.mark.parametrize(
    ("status", "headers", "state", "least", "most"),
    [
        (429, {"Retry-After": "7200"}, HealthState.SLOWED, 7100, 7300),
        (503, {"Retry-After": "9999999999"}, HealthState.SLOWED, 86000, 86500),
        (410, {}, HealthState.BLOCKED, 86000, 86500),
        (403, {}, HealthState.BLOCKED, 86000, 86500),
        (418, {}, HealthState.FAILING, 890, 910),
    ],
)
def test_an_answer_that_says_no_is_not_asked_again_at_once(
    web: Site, status: int, headers: dict[str, str], state: HealthState, least: int, most: int
) -> None:
    web.pages["/feed"] = Page(status, b"nee", headers)
    around = room()
    for _ in range(3):
        visit(around, f"{web.address}/feed", min_interval=900)
    assert web.count("/feed") == 1
    assert around.health[-1].state is state
    place = VisitPlace.loads(around.positions["feeds", around.order.id, 1])
    assert least <= place.not_before - now().timestamp() <= most


def test_server_errors_are_tried_at_most_three_times(web: Site) -> None:
    web.pages["/feed"] = Page(500)
    around = room()
    visit(around, f"{web.address}/feed")
    assert web.count("/feed") == 3
    assert around.health[-1].state is HealthState.FAILING


def test_a_site_that_asks_not_to_be_stored_is_not_stored(web: Site) -> None:
    web.pages["/feed"] = Page(200, feed(("e1", "een", "twee", today())), {"X-Robots-Tag": "noindex"})
    around = room()
    visit(around, f"{web.address}/feed")
    assert around.records == []
    assert around.health[-1].reason == "noindex"


def test_hostile_answers_are_survived(web: Site) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as out:
        out.write(b"\0" * 60_000_000)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{laughs}]>'
    bomb += '<rss version="2.0"><channel><item><title>&l11;</title></item></channel></rss>'
    web.pages |= {
        "/loop": Page(302, b"", {"Location": f"{web.address}/loop"}),
        "/far": Page(302, b"", {"Location": "http://169.254.169.254/latest"}),
        "/big": Page(200, b"<rss>" + b"x" * 10_000_000),
        "/gzip": Page(200, packed.getvalue(), {"Content-Encoding": "gzip"}),
        "/laughs": Page(200, bomb.encode()),
        "/html": Page(200, b"<html><body>geen feed</body></html>", {"Content-Type": "text/html"}),
        "/good": Page(200, feed(("e1", "een", "twee", today()))),
    }
    around = room()
    visit(around, *(f"{web.address}{path}" for path in ("/loop", "/far", "/big", "/gzip", "/laughs", "/html", "/good")))
    assert "een\n\ntwee" in around.texts()
    states = {h.seed: h.state for h in around.health}
    assert states[7] is HealthState.OK
    assert all(states[seed] is not HealthState.OK for seed in (1, 2, 3, 4, 6))
    assert states[6] is HealthState.MISPARSED
    assert sum(map(len, around.texts())) < 100_000


def test_a_post_that_is_too_long_is_set_aside_and_the_rest_goes_on(web: Site) -> None:
    web.pages["/feed"] = Page(200, feed(("e1", "lang", "x" * 30_000, today()), ("e2", "kort", "tekst", today())))
    around = room()
    visit(around, f"{web.address}/feed")
    assert around.texts() == ["kort\n\ntekst"]
    assert [letter.reason.value for letter in around.letters] == ["too_large"]


def test_without_an_order_not_one_request_is_made(web: Site) -> None:
    web.pages["/feed"] = Page(200, feed(("e1", "een", "twee", today())))
    stopped = room()
    stopped.stop_order()
    expired = Room(order=order(FEEDS_ONLY, days=1 / 48))
    unapproved = Room(order=order(FEEDS_ONLY, approvers=1))
    elsewhere = Room(order=order(Scope(sources=(Source.EXPORT,))))
    for around in (stopped, expired, unapproved, elsewhere):
        with pytest.raises(NoValidOrder):
            visit(around, f"{web.address}/feed")
    assert web.asked == []


def test_no_address_or_author_is_ever_logged(
    web: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    web.pages["/qzcanary7"] = Page(200, feed(("e1", "een", "@qzcanary7", today())))
    web.pages["/qzcanary7-kapot"] = Page(500)
    around = room()
    visit(around, f"{web.address}/qzcanary7", f"{web.address}/qzcanary7-kapot", "http://127.0.0.1:9/qzcanary7")
    assert len(around.records) == 1
    written = caplog.text + "".join(capfd.readouterr())
    assert "qzcanary7" not in written
    assert "127.0.0.1" not in written


def test_a_sink_that_is_away_loses_nothing(web: Site) -> None:
    web.pages["/feed"] = Page(200, feed(("e1", "een", "twee", today())))
    around = room()
    around.fail_at_batch = 0
    with pytest.raises(SinkDown):
        visit(around, f"{web.address}/feed")
    assert around.positions == {}
    around.fail_at_batch = None
    visit(around, f"{web.address}/feed")
    assert len(around.records) == 1
