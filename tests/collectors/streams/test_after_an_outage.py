"""After an outage longer than the look-back: accounts that the order names are read back, the rest is a gap."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.assignment import Assignment, Seed
from collectors.health import HealthState
from collectors.politeness import Politeness
from collectors.reactor import run_on_reactor
from collectors.run import Collecting, run
from collectors.streams.jetstream import JetstreamSettings
from signals.order import Scope
from signals.post import Source
from tests.collectors.room import Room, order
from tests.collectors.spiders.web import Page, Site, site
from tests.collectors.streams.scripted import DID, Act, now_us, post, say, scripted

PAGE = 5
HOURS = 50


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as served:
        yield served


def entry(number: int, at: datetime) -> dict[str, object]:
    moment = at.isoformat().replace("+00:00", "Z")
    record = {"$type": "app.bsky.feed.post", "text": f"bericht {number}", "createdAt": moment}
    view = {"uri": f"at://{DID}/app.bsky.feed.post/k{number}", "cid": f"cid{number}", "author": {"did": DID}}
    return {"post": {**view, "record": record, "indexedAt": moment}}


def feed(web: Site, newest: datetime, hours: int) -> None:
    """An account that writes every hour, its newest post first, in pages."""
    entries = [entry(hour, newest - timedelta(hours=hours - 1 - hour)) for hour in reversed(range(hours))]

    def answer(_headers: object) -> Page:
        asked = parse_qs(urlsplit(web.asked[-1]).query)
        start = int(asked.get("cursor", ["0"])[0])
        body: dict[str, object] = {"feed": entries[start : start + PAGE]}
        return Page(200, json.dumps(body | ({"cursor": str(start + PAGE)} if start + PAGE < hours else {})).encode())

    web.pages["/xrpc/app.bsky.feed.getAuthorFeed"] = answer


def collect(room: Room, act: Act, web: Site) -> None:
    """Read both to their end, beside a stream that does this."""
    address = f"{web.address}/xrpc/app.bsky.feed.getAuthorFeed?actor={DID}"
    seeds = (Seed(room.order.id, 1, Source.BLUESKY_POST, "*"), Seed(room.order.id, 2, Source.BLUESKY_POST, address))
    agent = "Seinpost/0.1 (+https://contact.example.org)"

    async def story() -> None:
        async with scripted(act) as script:
            settings = JetstreamSettings(script.address, agent, batch_seconds=0.05, first_wait=0.02, idle_seconds=1.0)
            await run(replace(task, stream=settings), once=True)

    task = Collecting(
        assignments=lambda: [Assignment(room.order, seeds)],
        order=room.look_up,
        sink=room,
        dead_letters=room,
        books=room,
        maker=room.maker(),
        clock=lambda: datetime.now(UTC),
        stream=JetstreamSettings("", agent),
        polite=Politeness(agent, delay=0.01, min_interval=0, timeout=5.0),
        recheck_seconds=0.05,
    )

    run_on_reactor(story())


def test_named_accounts_are_read_back_to_where_we_were_and_the_stream_tells_its_gap(web: Site) -> None:
    room = Room(order=order(Scope(sources=(Source.BLUESKY_POST,))))
    now = datetime.now(UTC)
    feed(web, now - timedelta(hours=HOURS), 3)
    left = now_us() - HOURS * 3600 * 1_000_000
    first = now_us() - 36 * 3600 * 1_000_000
    room.positions["jetstream", room.order.id, 0] = str(left)
    collect(room, say(), web)
    assert room.texts() == ["bericht 2", "bericht 1", "bericht 0"]
    feed(web, now, HOURS + 3)
    collect(room, say(post("elders", first, "van de hele stroom")), web)
    assert {f"bericht {number}" for number in range(HOURS + 3)} <= set(room.texts())
    states = {health.collector: health for health in room.health}
    assert "gap" not in states["bluesky-author"].reason
    assert states["bluesky-author"].state is HealthState.OK
    minute = 60_000_000
    assert f"gap:1 gap_from_minute:{left // minute} gap_to_minute:{first // minute}" in states["jetstream"].reason
