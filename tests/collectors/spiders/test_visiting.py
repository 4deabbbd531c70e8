"""The frame that visits every kind of source: real sockets on the loopback address, real Scrapy, an invented source."""

import gzip
import io
import resource
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from collectors.assignment import Seed
from collectors.due import due
from collectors.health import HealthState, SourceHealth
from collectors.kinds import Kind
from collectors.permission import NoValidOrder
from collectors.politeness import Politeness
from collectors.quota import Quota
from collectors.reactor import run_on_reactor
from collectors.readers.reader import Reader
from collectors.robots import HostManners
from collectors.spiders.visit import Visit
from collectors.spiders.visit_place import VisitPlace
from collectors.spiders.visiting import visit_all
from signals.order import Scope
from signals.post import Source
from tests.collectors.room import Room, now, order
from tests.collectors.spiders.listing import ListReader, listed
from tests.collectors.spiders.web import Page, Site, Stream, site

AGENT = "Seinpost/0.1 (+https://contact.example.org)"
PAGES = 4
KIND = Kind(name="test", collector="test", sources=(Source.WEB_PAGE,), terms="verzonnen", official=True, pages=PAGES)
CRAWLED = KIND.model_copy(update={"official": False})
FEEDS = "collectors.readers.feeds.reader:reader_of"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as served:
        yield served


def room() -> Room:
    return Room(order=order(Scope(sources=(Source.WEB_PAGE,))))


def place(around: Room, seed: int = 1) -> VisitPlace:
    return VisitPlace.loads(around.positions.get(("test", around.order.id, seed)))


def visit(
    around: Room,
    *readers: Reader,
    kind: Kind = KIND,
    manners: HostManners | None = None,
    timeout: float = 5.0,
    clock: datetime | None = None,
) -> None:
    manners = manners or HostManners()
    visits = [
        Visit(
            Seed(around.order.id, n, Source.WEB_PAGE, "-"),
            kind,
            reader,
            place(around, n),
            around.outlet("test", n),
            manners,
            900,
        )
        for n, reader in enumerate(readers, start=1)
    ]
    polite = Politeness(AGENT, delay=0.01, timeout=timeout)
    run_on_reactor(visit_all(visits, kind, manners, polite, lambda: clock or now()))


def last(around: Room, seed: int = 1) -> SourceHealth:
    return [health for health in around.health if health.seed == seed][-1]


def pages(web: Site, newest: int, per_page: int = 2) -> None:
    """A list of the numbers from `newest` down to 1."""
    starts = list(range(newest, 0, -per_page))
    for at, start in enumerate(starts):
        numbers = [n for n in range(start, start - per_page, -1) if n > 0]
        web.pages["/list" if at == 0 else f"/list/{start}"] = listed(
            numbers, starts[at + 1] if at + 1 < len(starts) else None
        )


def test_pages_are_followed_back_to_what_is_known(web: Site) -> None:
    around, reader = room(), ListReader(f"{web.address}/list")
    pages(web, 4)
    visit(around, reader)
    assert len(around.texts()) == 4
    pages(web, 8)
    visit(around, reader)
    assert len(around.texts()) == 8
    assert web.asked == ["/list", "/list/2", "/list", "/list/6"]
    assert (last(around).state, last(around).reason) == (HealthState.OK, "")
    assert "qzcanary7" not in around.everything_written()


def test_a_visit_is_bounded_and_what_lay_further_back_is_a_gap_but_not_at_the_first_visit(web: Site) -> None:
    around, reader = room(), ListReader(f"{web.address}/list")
    pages(web, 40)
    visit(around, reader)
    assert len(web.asked) == PAGES
    assert last(around).reason == "not_back_filled:1"
    pages(web, 90)  # an outage in which more came than a visit reaches
    visit(around, reader)
    assert len(web.asked) == 2 * PAGES
    assert (last(around).state, last(around).reason) == (HealthState.OK, "gap:1")
    assert place(around).gaps == 1
    visit(around, reader)
    assert last(around).reason == "gap:1"  # still told the day after
    visit(around, reader, clock=now() + timedelta(days=3))
    assert last(around).reason == ""


def test_a_page_that_fails_half_way_loses_nothing(web: Site) -> None:
    around, reader = room(), ListReader(f"{web.address}/list")
    pages(web, 2)
    visit(around, reader)
    pages(web, 6)
    whole = web.pages["/list/4"]
    web.pages["/list/4"] = Page(500)
    visit(around, reader)
    assert (last(around).state, last(around).reason) == (HealthState.FAILING, "http_500")
    assert len(around.texts()) == 4
    web.pages["/list/4"] = whole
    visit(around, reader)
    assert sorted(around.texts()) == [f"bericht {n} van [@]" for n in range(1, 7)]


def test_each_request_asks_the_order_first_also_the_pages_retries_and_redirects(web: Site) -> None:
    for answer in (listed([9], 8), Page(500), Page(302, b"", {"Location": "/list/8"})):
        around = room()

        def stops(_: object, around: Room = around, answer: Page = answer) -> Page:
            around.stop_order()
            return answer

        web.pages = {"/list": stops, "/list/8": listed([8])}
        web.asked.clear()
        with pytest.raises(NoValidOrder):
            visit(around, ListReader(f"{web.address}/list"))
        assert web.asked == ["/list"]
        assert around.records == []


def test_without_an_order_not_even_robots_are_asked(web: Site) -> None:
    pages(web, 2)
    around = room()
    around.stop_order()
    for kind in (KIND, CRAWLED):
        with pytest.raises(NoValidOrder):
            visit(around, ListReader(f"{web.address}/list"), kind=kind)
    assert web.asked == []


def test_robots_are_for_crawled_pages_and_not_for_an_official_api(web: Site) -> None:
    pages(web, 2)
    web.pages["/robots.txt"] = Page(200, b"User-agent: *\nDisallow: /\n")
    around = room()
    visit(around, ListReader(f"{web.address}/list"), kind=CRAWLED)
    assert (last(around).state, last(around).reason) == (HealthState.BLOCKED, "robots_disallow")
    visit(around, ListReader(f"{web.address}/list"), kind=KIND)
    assert len(around.texts()) == 2


def test_a_host_that_asks_for_rest_is_left_alone_for_all_its_seeds(web: Site) -> None:
    pages(web, 2)
    web.pages["/busy"] = Page(429, b"", {"Retry-After": "600"})
    around, manners = room(), HostManners()
    visit(around, ListReader(f"{web.address}/busy"), ListReader(f"{web.address}/list"), manners=manners)
    visit(around, ListReader(f"{web.address}/busy"), ListReader(f"{web.address}/list"), manners=manners)
    assert web.count("/busy") == 1
    assert web.count("/list") == 0
    assert last(around, 2).reason == "host_asked_to_wait"
    assert {last(around, n).state for n in (1, 2)} == {HealthState.SLOWED}


def test_a_busy_host_without_a_word_of_when_is_left_alone_longer_each_time(web: Site) -> None:
    web.pages["/list"] = Page(503)
    around, waits = room(), []
    for _ in range(8):
        visit(around, ListReader(f"{web.address}/list"))
        waits.append(place(around).not_before - now().timestamp())
    assert waits[0] == pytest.approx(900, abs=10)
    assert waits[-1] == pytest.approx(3600, abs=10)
    assert len(web.asked) == 8


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_door_stops_the_seed_until_a_person_looked(web: Site, status: int) -> None:
    web.pages["/list"] = Page(status)
    around = room()
    visit(around, ListReader(f"{web.address}/list"))
    assert last(around).state is HealthState.BLOCKED
    assert place(around).stopped == f"http_{status}"
    kind = KIND.model_copy(update={"reader": FEEDS})
    seeds = [(Seed(around.order.id, 1, Source.WEB_PAGE, f"{web.address}/list"), around.outlet("test", 1))]
    later = now() + timedelta(days=20)
    assert due(kind, seeds, {}, HostManners(), later, 900) == []
    assert len(due(kind, seeds, {}, HostManners(), later, 900, resume=True)) == 1


def test_what_a_reader_makes_of_a_refusal_counts(web: Site) -> None:
    web.pages["/list"] = Page(418)
    around = room()
    visit(around, ListReader(f"{web.address}/list"))
    assert (last(around).state, last(around).reason) == (HealthState.NOTHING_NEW, "gone_already:1")


def test_a_reader_that_fails_is_told_by_its_kind_of_fault_and_the_others_go_on(web: Site) -> None:
    pages(web, 2)
    web.pages["/fault"] = Page(200, b'{"fault": true}')
    around = room()
    visit(around, ListReader(f"{web.address}/fault"), ListReader(f"{web.address}/list"))
    assert (last(around).state, last(around).reason) == (HealthState.MISPARSED, "reader_fault RuntimeError:1")
    assert last(around, 2).state is HealthState.OK


def test_a_key_goes_to_no_other_host(web: Site) -> None:
    elsewhere = web.address.replace("127.0.0.1", "localhost")
    web.pages |= {"/list": Page(302, b"", {"Location": f"{elsewhere}/away"}), "/away": listed([1])}
    around = room()
    visit(around, ListReader(f"{web.address}/list", headers={"X-Key": "qzcanary7"}))
    assert web.asked == ["/list"]
    assert last(around).reason == "redirect_to_other_host"


def test_a_form_is_posted_and_its_headers_are_sent(web: Site) -> None:
    pages(web, 2)
    around = room()
    visit(around, ListReader(f"{web.address}/list", headers={"X-Key": "geheim"}, form={"grant_type": "a b"}))
    assert web.forms == ["grant_type=a+b"]
    assert web.headers[0]["x-key"] == "geheim"
    assert len(around.texts()) == 2


def test_nothing_is_asked_beyond_the_days_quota_also_after_a_restart(web: Site) -> None:
    quota = Quota(units=2, zone="America/Los_Angeles")
    kind = KIND.model_copy(update={"quota": quota, "secrets": ("key",), "reader": FEEDS})
    pages(web, 40)
    around, at = room(), now()
    visit(around, ListReader(f"{web.address}/list"), kind=kind, clock=at)
    assert len(web.asked) == 2
    seeds = [
        (Seed(around.order.id, n, Source.WEB_PAGE, f"{web.address}/list"), around.outlet("test", n)) for n in (1, 2)
    ]
    assert due(kind, seeds, {"key": "x"}, HostManners(), at, 0) == []
    assert last(around, 2).reason == "quota_spent"
    until = place(around, 2).not_before - at.timestamp()
    assert 0 < until <= 25 * 3600
    tomorrow = at + timedelta(seconds=until + 1)
    assert len(due(kind, seeds, {"key": "x"}, HostManners(), tomorrow, 0)) >= 1
    assert due(kind, seeds, {}, HostManners(), tomorrow, 0) == []
    assert last(around, 2).reason == "no_key"


def endless(piece: bytes, pieces: int, pause: float = 0.0) -> Stream:
    def body() -> Iterator[bytes]:
        for _ in range(pieces):
            time.sleep(pause)
            yield piece

    return Stream(body)


def test_hostile_answers_cost_little_memory_and_have_their_reason(web: Site) -> None:
    two_gigabytes, mebibyte = 2 * 1024**3, b"\0" * 1024**2
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as out:
        for _ in range(300):
            out.write(mebibyte)
    declared = endless(mebibyte, 2048)
    declared.headers = {"Content-Length": str(two_gigabytes)}
    web.pages |= {
        "/circle": Page(302, b"", {"Location": "/circle"}),
        "/declared": declared,
        "/undeclared": endless(mebibyte, 2048),
        "/bomb": Page(200, packed.getvalue(), {"Content-Encoding": "gzip"}),
        "/hang": endless(b"", 1, pause=8),
        "/drip": endless(b"x", 200, pause=0.1),
        "/nulls": Page(200, b"\0" * 4_000_000),
        "/cut": Stream(lambda: iter([b'{"numbers": [1']), {"Content-Length": "1000"}),
        "/list": listed([1]),
    }
    names = ("circle", "declared", "undeclared", "bomb", "hang", "drip", "nulls", "cut", "list")
    around = room()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    visit(around, *(ListReader(f"{web.address}/{name}") for name in names), timeout=1.5)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    reasons = {name: (last(around, n).state.value, last(around, n).reason) for n, name in enumerate(names, start=1)}
    assert reasons == {
        "circle": ("failing", "redirect_loop"),
        "declared": ("failing", "too_large"),
        "undeclared": ("failing", "too_large"),
        "bomb": ("failing", "too_large"),
        "hang": ("failing", "timeout"),
        "drip": ("failing", "timeout"),
        "nulls": ("misparsed", "not_json"),
        "cut": ("failing", "cut_off"),
        "list": ("ok", ""),
    }
    assert grown < 150_000, f"{grown} KiB"
    assert web.sent < 200 * 1024**2
    assert web.count("/circle") == 6


def test_an_address_that_is_none_is_for_a_person(web: Site) -> None:
    around = room()
    visit(around, ListReader("file:///etc/passwd"), ListReader("geen adres"))
    assert [last(around, n).reason for n in (1, 2)] == ["address_wrong"] * 2
    assert place(around).stopped == "address_wrong"


def test_a_cursor_from_before_there_were_kinds_is_still_read() -> None:
    old = VisitPlace.loads('["", "", 17, [["a", "b"]]]')
    assert (old.not_before, old.known) == (17, {"a": "b"})
    assert VisitPlace.loads(old.dumps()) == old
