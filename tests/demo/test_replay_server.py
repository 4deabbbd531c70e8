"""The demo's stream: invented posts in Jetstream's wire format, on this machine alone."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from collectors.streams.jetstream_wire import event
from collectors.unmasked import Gone, UnmaskedPost
from seinpost.demo.replay_server import HOST, Pace, ReplayServer
from seinpost.demo.script import Line, frames, load, timely

QUICK = Pace(quick=0, seconds=0.005)


def test_there_are_about_three_hundred_posts_and_most_are_harmless() -> None:
    lines = load()
    assert 290 <= len(lines) <= 320
    assert len({line.text for line in lines}) == len(lines)
    happening = Counter(line.then for line in lines)
    assert happening["edit"] >= 5
    assert happening["delete"] >= 5


def test_every_template_is_filled_in_with_a_moment_near_now() -> None:
    now = datetime(2026, 11, 23, 13, 10, tzinfo=UTC)
    assert timely("{dagdeel} {straks} en {later}, {morgen}", now) == "vanmiddag 15:15 en 17:00, dinsdag"
    for line in load():
        assert "{" not in timely(line.text, now) + timely(line.edited_text or "", now)


def test_every_frame_is_what_the_collector_reads_and_each_round_has_fresh_ids() -> None:
    lines = load()
    script = frames(lines, seed=1)
    rounds: list[set[str]] = []
    for start in (0, 1):
        ids = set()
        for number in range(len(lines)):
            found = event(next(script)(1_795_000_000_000_000 + start * 10_000_000 + number)).content
            if isinstance(found, UnmaskedPost | Gone):
                ids.add(found.native_id)
        rounds.append(ids)
    assert len(rounds[0] & rounds[1]) < 40


def test_a_cursor_brings_back_what_was_missed_and_none_brings_only_what_is_new() -> None:
    async def story() -> None:
        server = ReplayServer([Line(text=f"bericht {n}") for n in range(500)], QUICK)
        address = await server.start()
        assert address.startswith(f"ws://{HOST}:")
        async with connect(address, close_timeout=0.2) as first:
            heard = [json.loads(await first.recv()) for _ in range(20)]
        async with connect(f"{address}?cursor={heard[3]['time_us']}", close_timeout=0.2) as second:
            again = [json.loads(await second.recv()) for _ in range(10)]
        assert again == heard[3:13]
        async with connect(address, close_timeout=0.2) as live:
            newest = json.loads(await live.recv())
        assert newest["time_us"] > heard[-1]["time_us"]
        await server.stop()

    asyncio.run(asyncio.wait_for(story(), 20))


def test_nothing_is_played_before_someone_listens() -> None:
    async def story() -> None:
        server = ReplayServer([Line(text="bericht")], QUICK)
        await server.start()
        await asyncio.sleep(0.1)
        assert server.tape.played == 0
        await server.stop()

    asyncio.run(story())


@pytest.mark.parametrize("asked", ["?cursor=gisteren", "?compress=true", "/elders"])
def test_wrong_requests_are_refused_as_jetstream_does(asked: str) -> None:
    async def story() -> None:
        server = ReplayServer([Line(text="bericht")])
        address = await server.start(play=False)
        with pytest.raises(InvalidStatus):
            await connect(address + asked)
        await server.stop()

    asyncio.run(story())
