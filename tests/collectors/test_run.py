"""All sources of all orders in one loop: it starts with an order, mends what fails and halts with its order."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from websockets.asyncio.client import connect

from collectors.assignment import Assignment, Seed
from collectors.health import HealthState
from collectors.permission import NoValidOrder
from collectors.politeness import Politeness
from collectors.reactor import run_on_reactor
from collectors.run import Collecting, run
from collectors.streams.jetstream import JetstreamSettings
from seinpost.demo.replay_server import Pace, ReplayServer
from seinpost.demo.script import Line
from signals.order import OrderState
from signals.post import Source
from tests.collectors.room import Room, now
from tests.collectors.spiders.test_feeds import feed, today
from tests.collectors.spiders.web import Page, site
from tests.patience import becomes

LINES = tuple(Line(text=f"verzonnen bericht {n}") for n in range(50))
QUICK = Pace(quick=0, seconds=0.02)


def collecting(room: Room, stream: str, seeds: Sequence[Seed] = (), told: list[str] | None = None) -> Collecting:
    def assignments() -> list[Assignment]:
        return [Assignment(room.order, tuple(seeds))] if room.order.state is OrderState.IN_FORCE else []

    return Collecting(
        assignments=assignments,
        order=room.look_up,
        sink=room,
        dead_letters=room,
        books=room,
        maker=room.maker(),
        clock=now,
        stream=JetstreamSettings(url=stream, user_agent="seinpost-test", batch_seconds=0.05, first_wait=0.05),
        polite=Politeness("Seinpost/0.1 (+test)", delay=0.01),
        tell=(told if told is not None else []).append,
        recheck_seconds=0.2,
        longest_wait=0.2,
    )


def test_a_stream_and_a_feed_run_together_and_halt_within_seconds_when_the_order_stops() -> None:
    async def story(address: str) -> None:
        room, server, told = Room(), ReplayServer(LINES, QUICK), list[str]()
        seeds = [Seed(room.order.id, 1, Source.FEED_ENTRY, f"{address}/feed")]
        task = asyncio.create_task(run(collecting(room, await server.start(), seeds, told), wait_for_order=True))
        await becomes(lambda: {r.source for r in room.records} == {Source.BLUESKY_POST, Source.FEED_ENTRY})
        room.stop_order()
        began = time.monotonic()
        await becomes(lambda: HealthState.STOPPED_BY_ORDER in {h.state for h in room.health})
        assert time.monotonic() - began < 5
        count = len(room.records)
        await asyncio.sleep(0.5)
        assert len(room.records) == count
        assert not task.done()  # it waits for the next order
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.stop()
        assert "collecting bluesky-post under order 7" in told

    with site() as served:
        served.pages["/feed"] = Page(200, feed(("e1", "een", "twee", today())))
        run_on_reactor(story(served.address))


def test_without_an_order_it_refuses_and_the_stream_is_never_asked() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(LINES, QUICK)
        room.stop_order()
        address = await server.start()
        with pytest.raises(NoValidOrder, match="order list"):
            await run(collecting(room, address))
        assert server.connections == 0
        await server.stop()

    run_on_reactor(story())


def test_a_sink_that_comes_back_gets_everything_once_more() -> None:
    async def story() -> None:
        room, server, told = Room(), ReplayServer(LINES, QUICK), list[str]()
        task = asyncio.create_task(run(collecting(room, await server.start(), (), told)))
        await becomes(lambda: len(room.records) >= 5)
        room.fail_at_batch = 0
        await becomes(lambda: any("SinkDown" in line for line in told))
        room.fail_at_batch = None
        played = server.tape.played
        await becomes(lambda: len(room.state()) >= played)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.stop()
        assert "verzonnen" not in "".join(told)

    run_on_reactor(story())


def test_when_the_orders_cannot_be_read_nothing_is_collected() -> None:
    async def story() -> None:
        room, server, told = Room(), ReplayServer(LINES, QUICK), list[str]()
        task = collecting(room, await server.start(), (), told)
        away = False

        def assignments() -> Sequence[Assignment]:
            if away:
                raise ConnectionError
            return [Assignment(room.order)]

        object.__setattr__(task, "assignments", assignments)
        running = asyncio.create_task(run(task))
        await becomes(lambda: len(room.records) >= 3)
        away = True
        await becomes(lambda: any("cannot be read" in line for line in told))
        await asyncio.sleep(0.3)
        count = len(room.records)
        await asyncio.sleep(0.5)
        assert len(room.records) == count
        away = False
        await becomes(lambda: len(room.records) > count)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await server.stop()

    run_on_reactor(story())


def test_once_reads_the_stream_up_to_now_and_stops() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(LINES, QUICK)
        address = await server.start()
        room.positions["jetstream", room.order.id, 0] = str(time.time_ns() // 1000)
        async with connect(address, close_timeout=0.2):  # the play begins when somebody listens
            await becomes(lambda: server.tape.played >= 10)
        await asyncio.wait_for(run(collecting(room, address), once=True), 10)
        assert len(room.records) >= 10
        await server.stop()

    run_on_reactor(story())
