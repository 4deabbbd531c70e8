"""Reading a feed that Hugo wrote and nginx serves: what an ordinary web server does to it. `RECORD=1` records anew."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.health import HealthState
from collectors.spiders.visit_place import VisitPlace
from signals.post import Source
from tests.collectors.real_servers.nginx import Served, site
from tests.collectors.real_servers.road import collect, room
from tests.collectors.room import Room
from tests.collectors.wire import stories
from tests.collectors.wire.recordings import AGENT, Recorder, Visitor

pytestmark = pytest.mark.soak

FEED = Source.FEED_ENTRY
SERVER = "Hugo 0.111.3 and nginx 1.22.1 (Debian)"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Served]:
    with site(tmp_path) as served:
        for name, title, body, day in stories.PAGES:
            served.write(name, title, body, day)
        yield served


def visit(around: Room, web: Served, path: str = "/index.xml", patience: float = 5.0) -> tuple[HealthState, str]:
    collect(around, FEED, web.address + path, patience=patience)
    return around.health[-1].state, around.health[-1].reason


def test_a_generated_feed_is_read_packed_whole_and_under_our_own_name(web: Served) -> None:
    around = room(FEED)
    assert visit(around, web) == (HealthState.OK, "")
    assert around.texts() == stories.FEED_FIRST
    (asked,) = web.asked()
    assert (asked["status"], asked["packed"], asked["range"], asked["agent"]) == ("200", "gzip", "", AGENT)
    assert {record.posted_at for record in around.records} == {  # type: ignore[union-attr]  # all are posts
        datetime(2026, 11, day, 11, tzinfo=UTC) for *_, day in stories.PAGES
    }


def test_an_unchanged_feed_costs_the_server_nothing_and_a_changed_one_brings_the_change(web: Served) -> None:
    told = Recorder(SERVER, "feeds", f"{web.address}/index.xml", {web.address: "http://blad.test"})
    visitor = Visitor("feeds", told.address, datetime.now(UTC))
    told.begin("three pages were written")
    assert visitor.visit(told.fetch) == stories.FEED_FIRST
    told.begin("nothing happened")
    assert visitor.visit(told.fetch) == []
    assert [asked["status"] for asked in web.asked()] == ["200", "304"]
    assert web.asked()[-1]["tag"].startswith('W/"')
    web.write(*stories.PAGE_CHANGED)
    web.remove("b")
    told.begin("one page was changed and another one taken away")
    assert visitor.visit(told.fetch) == stories.FEED_AFTER
    if os.environ.get("RECORD"):
        told.save("nginx/feed")


def test_an_unchanged_feed_is_not_sent_again_over_the_whole_road(web: Served) -> None:
    around = room(FEED)
    visit(around, web)
    assert visit(around, web) == (HealthState.NOTHING_NEW, "")
    assert [asked["status"] for asked in web.asked()] == ["200", "304"]
    assert len(around.records) == len(stories.FEED_FIRST)


def test_redirects_are_followed_and_a_circle_of_them_is_left(web: Served) -> None:
    around = room(FEED)
    assert visit(around, web, "/oud.xml") == (HealthState.OK, "")
    assert around.texts() == stories.FEED_FIRST
    assert visit(room(FEED), web, "/kring.xml") == (HealthState.FAILING, "redirect_loop")
    assert 1 <= len(web.asked("/kring.xml")) <= 7


@pytest.mark.parametrize(
    ("path", "state", "reason"),
    [
        ("/weg.xml", HealthState.BLOCKED, "http_410"),
        ("/nergens.xml", HealthState.BLOCKED, "http_404"),
        ("/dicht.xml", HealthState.BLOCKED, "http_403"),
        ("/wens.xml", HealthState.BLOCKED, "noindex"),
    ],
)
def test_a_server_that_says_no_is_asked_once(web: Served, path: str, state: HealthState, reason: str) -> None:
    around = room(FEED)
    assert visit(around, web, path) == (state, reason)
    visit(around, web, path)
    assert len(web.asked(path)) == 1
    assert around.records == []


def test_a_server_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says(web: Served) -> None:
    first, second = room(FEED), room(FEED)
    assert visit(first, web, "/druk.xml") == (HealthState.OK, "")
    assert visit(second, web, "/druk.xml") == (HealthState.SLOWED, "http_429")
    (position,) = second.positions.values()
    assert 1700 < VisitPlace.loads(position).not_before - datetime.now(UTC).timestamp() <= 1800
    visit(second, web, "/druk.xml")
    assert [asked["status"] for asked in web.asked("/druk.xml")] == ["200", "429"]


def test_robots_rules_of_the_server_are_obeyed(web: Served) -> None:
    web.robots("User-agent: *\nDisallow: /index.xml\n")
    around = room(FEED)
    state, _ = visit(around, web)
    assert (state, around.records, web.asked()) == (HealthState.BLOCKED, [], [])


def test_a_feed_that_drips_is_given_up_in_time(web: Served) -> None:
    around = room(FEED)
    state, reason = visit(around, web, "/traag.xml", patience=1.0)
    assert (state, reason) == (HealthState.FAILING, "timeout")
    assert around.records == []
