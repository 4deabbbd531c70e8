"""Without a valid order nothing is fetched, of no kind of source: requests are counted at a real server."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.assignment import Assignment, Seed
from collectors.kinds import SITES, WHOLE_STREAM, Kind, kinds
from collectors.permission import NoValidOrder
from collectors.politeness import Politeness
from collectors.reactor import run_on_reactor
from collectors.run import Collecting, run
from collectors.streams.jetstream import JetstreamSettings
from signals.order import Order, OrderState, Scope
from signals.post import Source
from tests.collectors.room import Room, now, order
from tests.collectors.spiders.web import Site, site

AGENT = "Seinpost/0.1 (+https://contact.example.org)"
SERVERS = (
    *("bluesky-server", "youtube-server", "telegram-server"),
    *("reddit-api-server", "reddit-web-server"),
)
SEEDS = {
    "bluesky": WHOLE_STREAM,
    "bluesky-author": "did:plc:abcdefghijklmnopqrstuvwx",
    "feeds": "{web}/feed",
    "mastodon": "{web}/tags/zaandam",
    "youtube": "channel:UCabcdefghijklmnopqrstuv",
    "telegram": "https://t.me/s/voorbeeldkanaal",
    "reddit": "r/zaandam",
    "web": "voorbeeld",
}
A_SITE = """
name = "voorbeeld"
start_urls = ["{web}/"]
allowed_domains = ["127.0.0.1"]
post = {{ item = "article", text = "p" }}
approved = {{ by = "verzonnen", on = 2026-11-01, terms_read = true, robots_ok = true }}
"""


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as served:
        yield served


def lawful(kind: Kind) -> Order:
    return order(Scope(sources=kind.sources))


def unlawful(kind: Kind) -> dict[str, Order | None]:
    """Everything that is no order in force."""
    good, hour = lawful(kind), timedelta(hours=1)
    return {
        "none": None,
        "draft": good.model_copy(update={"state": OrderState.DRAFT}),
        "stopped": good.model_copy(update={"state": OrderState.STOPPED}),
        "one approver": good.model_copy(update={"approved_by": good.approved_by[:1]}),
        "over": good.model_copy(update={"starts_at": now() - 2 * hour, "ends_at": now() - hour}),
        "not begun": good.model_copy(update={"starts_at": now() + hour, "ends_at": now() + 2 * hour}),
        "of other sources": good.model_copy(update={"scope": Scope(sources=(Source.EXPORT,))}),
    }


@pytest.fixture(params=list(kinds()))
def kind(request: pytest.FixtureRequest, web: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """A kind whose platform is the server here."""
    (tmp_path / "voorbeeld.toml").write_text(A_SITE.format(web=web.address))
    here = kinds()[request.param].model_copy(update={"servers": dict.fromkeys(SERVERS, web.address)})
    monkeypatch.setitem(kinds(), here.name, here)
    return here


def collect(kind: Kind, web: Site, folder: Path, assigned: Order | None, asked_again: Order | None) -> None:
    """Collect one kind until it asked for something, or to its end; `asked_again` is the order by then."""
    around = Room()
    seeds = (
        () if assigned is None else (Seed(assigned.id, 1, kind.sources[0], SEEDS[kind.name].format(web=web.address)),)
    )
    task = Collecting(
        assignments=lambda: [] if assigned is None else [Assignment(assigned, seeds)],
        order=lambda _: asked_again,
        sink=around,
        dead_letters=around,
        books=around,
        maker=around.maker(),
        clock=now,
        stream=JetstreamSettings(url=web.address.replace("http", "ws"), user_agent=AGENT),
        polite=Politeness(AGENT, delay=0.01, min_interval=0, timeout=5.0),
        kinds=frozenset({kind.name}),
        secrets={**dict.fromkeys(kind.secrets, "sleutel"), SITES: str(folder)},
        recheck_seconds=0.05,
    )

    async def until_asked() -> None:
        running = asyncio.create_task(run(task, once=True))
        while not running.done() and not web.asked:
            await asyncio.wait([running], timeout=0.02)
        running.cancel()
        with suppress(asyncio.CancelledError, NoValidOrder):
            await running

    run_on_reactor(until_asked())
    assert around.records == []


def test_under_an_order_in_force_the_server_is_asked(kind: Kind, web: Site, tmp_path: Path) -> None:
    good = lawful(kind)
    collect(kind, web, tmp_path, good, good)
    assert web.asked != []


@pytest.mark.parametrize("why", unlawful(kinds()["feeds"]))
def test_without_an_order_in_force_nothing_is_asked(kind: Kind, web: Site, tmp_path: Path, why: str) -> None:
    bad = unlawful(kind)[why]
    collect(kind, web, tmp_path, bad, bad)
    assert web.asked == []


@pytest.mark.parametrize("why", [why for why in unlawful(kinds()["feeds"]) if why != "of other sources"])
def test_an_order_that_is_over_by_the_first_request_lets_none_through(
    kind: Kind, web: Site, tmp_path: Path, why: str
) -> None:
    collect(kind, web, tmp_path, lawful(kind), unlawful(kind)[why])
    assert web.asked == []
