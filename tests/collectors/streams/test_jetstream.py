"""Following Jetstream, against the demo's real websocket server on the loopback address."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import zstandard

from collectors.health import HealthState
from collectors.permission import NoValidOrder
from collectors.streams.jetstream import Jetstream, JetstreamSettings, StreamUnusable
from seinpost.demo.replay_server import ReplayServer
from signals.order import Scope
from signals.post import Post, PostRemoved, Source
from tests.collectors.room import Room, order
from tests.patience import becomes

DID = "did:plc:qzcanary7qzcanary7qzcana"
T0 = 1_795_000_000_000_000


def commit(
    rkey: str, operation: str = "create", text: str = "", at: int = T0, rev: str = "", **record: object
) -> bytes:
    inner: dict[str, object] = {"rev": rev or f"r{at}", "operation": operation, "collection": "app.bsky.feed.post"}
    inner["rkey"] = rkey
    if operation != "delete":
        inner["cid"] = f"cid{at}"
        inner["record"] = {
            "$type": "app.bsky.feed.post",
            "createdAt": "2026-11-20T13:05:00.000Z",
            "text": text,
            **record,
        }
    return json.dumps({"did": DID, "time_us": at, "kind": "commit", "commit": inner}).encode()


def settings(address: str, **changes: object) -> JetstreamSettings:
    quick = {"batch_seconds": 0.05, "first_wait": 0.02, "longest_wait": 0.1, "idle_seconds": 3.0}
    return JetstreamSettings(url=address, user_agent="seinpost-test", **{**quick, **changes})  # type: ignore[arg-type]


@asynccontextmanager
async def following(
    room: Room, server: ReplayServer, **changes: object
) -> AsyncIterator[tuple[Jetstream, "asyncio.Task[None]"]]:
    address = await server.start(play=False)
    stream = Jetstream(settings(address, **changes), room.outlet("jetstream"), jitter=lambda: 0.0)
    task = asyncio.create_task(stream.run())
    try:
        await becomes(lambda: server.connections > 0 or task.done())
        yield stream, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.stop()


def play(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 60))


def send(server: ReplayServer, *frames: bytes, at: int = T0) -> None:
    for number, frame in enumerate(frames):
        server.tape.add(at + number, frame)


def test_a_post_an_edit_and_a_removal_keep_one_id_and_the_newest_wins() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        async with following(room, server):
            send(
                server,
                commit("a", text="vanmiddag station @qzcanary7.example.org", at=T0 + 1, langs=["nl"]),
                commit("b", text="blijft", at=T0 + 2),
                commit("a", "update", "toch morgen", at=T0 + 3),
                commit("b", "delete", at=T0 + 4),
            )
            await becomes(lambda: len(room.records) == 4)
        first, _, edit, gone = room.records
        assert isinstance(first, Post)
        assert isinstance(gone, PostRemoved)
        assert (first.text, first.lang_hint, first.revision) == ("vanmiddag station [@]", "nl", T0 + 1)
        assert first.link is not None
        assert first.id == edit.id
        assert first.event_id != edit.event_id
        assert sorted(map(str, room.state().values())) == ["None", "toch morgen"]
        assert "qzcanary7" not in room.everything_written()

    play(story)


def test_alt_texts_come_along_and_quoted_words_do_not() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        images = {"$type": "app.bsky.embed.images", "images": [{"alt": "flyer: 20:00 Dam"}, {"alt": " "}]}
        quote = {"$type": "app.bsky.embed.recordWithMedia", "record": {"text": "andermans woorden"}, "media": images}
        async with following(room, server):
            send(server, commit("a", text="kom", embed=images), commit("b", text="zie", embed=quote))
            send(server, commit("c", text="", embed={"$type": "app.bsky.embed.images", "images": []}))
            send(server, commit("d", text="klaar"))
            await becomes(lambda: "klaar" in room.texts())
        assert room.texts() == ["kom\n\nflyer: 20:00 Dam", "zie\n\nflyer: 20:00 Dam", "klaar"]
        assert room.letters == []

    play(story)


def test_a_malformed_event_is_set_aside_and_the_stream_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bad = [
        b"geen json",
        b'{"did": "x", "time_us": 1, "kind": "commit"',
        b'["app.bsky.feed.post"]',
        b'{"kind": "commit", "commit": {"collection": "app.bsky.feed.post"}}',
        commit("a", text="x", at=2**70),
        commit("b/c", text="x"),
        commit("c", "explode", "x"),
        commit("d").replace(b'"text": ""', b'"text": 7'),
        commit("e", text="\ud800"),
        commit("f", text="y" * 30_000),
        b'{"did":"\xff\xfe","kind":"commit","commit":{"collection":"app.bsky.feed.post"}}',
        b"\x28\xb5\x2f\xfdgeen zstd",
        b"[" * 200_000,
    ]

    async def story() -> None:
        room, server = Room(), ReplayServer(())
        async with following(room, server) as (stream, _):
            send(server, commit("1", text="voor"), *bad, commit("2", text="na qzcanary7"))
            send(server, b'{"did":"did:plc:x","time_us":5,"kind":"account","account":{"active":false}}')
            send(server, b'{"did":"did:plc:x","time_us":6,"kind":"identity","identity":{"handle":"qz"}}')
            send(server, b'{"did":"did:plc:x","time_us":7,"kind":"nieuw"}', commit("3", text="slot"))
            await becomes(lambda: "slot" in room.texts())
            assert server.connections == 1
            assert stream.account_events == 1
        assert room.texts() == ["voor", "na qzcanary7", "slot"]
        reasons = sorted(letter.reason.value for letter in room.letters)
        assert reasons == sorted(["malformed"] * 4 + ["schema"] * 6 + ["invalid_utf8"] * 2 + ["too_large"])

    play(story)
    assert "qzcanary7" not in caplog.text


def test_an_oversized_frame_does_not_stop_the_stream_for_good() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        async with following(room, server):
            send(server, commit("a", text="voor", at=T0), at=T0)
            await becomes(lambda: room.texts() == ["voor"])
            send(server, commit("b", text="x" * 9_000_000, at=T0 + 1), at=T0 + 1)
            send(server, commit("c", text="na", at=T0 + 2), at=T0 + 2)
            await becomes(lambda: "na" in room.texts())
            assert "maxMessageSizeBytes" in server.requests[-1]
        assert [letter.reason.value for letter in room.letters] == ["too_large"]

    play(story)


def test_after_a_drop_it_resumes_five_seconds_back_and_nothing_is_lost() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        async with following(room, server):
            for number in range(40):
                send(server, commit(f"k{number}", text=f"post {number}", at=T0 + number), at=T0 + number)
                await asyncio.sleep(0.01)
                if number % 10 == 5:
                    await server.drop()
            await becomes(lambda: len(room.state()) == 40)
            assert server.connections >= 2
            cursors = [part for path in server.requests[1:] for part in path.split("&") if part.startswith("cursor=")]
            assert int(cursors[-1][7:]) >= T0 - 5_000_000
        saved = room.positions["jetstream", room.order.id, 0]
        assert int(saved) == T0 + 39

    play(story)


def test_a_second_start_goes_on_from_the_saved_cursor() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        room.positions["jetstream", room.order.id, 0] = str(T0)
        async with following(room, server):
            assert f"cursor={T0 - 5_000_000}" in server.requests[0]
            assert "wantedCollections=app.bsky.feed.post" in server.requests[0]

    play(story)


def test_compressed_frames_are_read_with_the_configured_dictionary(tmp_path: Path) -> None:
    samples = [commit(f"s{n}", text=f"zomaar een post over van alles {n}") for n in range(400)]
    dictionary = zstandard.train_dictionary(4096, samples).as_bytes()

    async def story() -> None:
        room, server = Room(), ReplayServer((), dictionary=dictionary)
        async with following(room, server, dictionary=dictionary):
            send(server, commit("a", text="ingepakt"), commit("bom", text="0" * 9_000_000), commit("b", text="ook"))
            await becomes(lambda: "ook" in room.texts())
            assert "compress=true" in server.requests[0]
        assert room.texts() == ["ingepakt", "ook"]
        assert [letter.reason.value for letter in room.letters] == ["too_large"]

    play(story)


def test_a_stream_in_another_language_is_an_error_that_says_what_to_check() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        async with following(room, server, unreadable_in_a_row=5) as (_, task):
            send(server, *(b"onzin %d" % n for n in range(10)))
            await becomes(task.done)
            with pytest.raises(StreamUnusable, match="jetstream_dictionary"):
                task.result()
        assert room.health[-1].state is HealthState.MISPARSED

    play(story)


def test_a_stopped_order_halts_the_stream_within_seconds() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        async with following(room, server) as (_, task):
            send(server, commit("a", text="voor"))
            await becomes(lambda: room.texts() == ["voor"])
            room.stop_order()
            send(server, commit("b", text="na"))
            await becomes(task.done, 10)
            with pytest.raises(NoValidOrder, match="was stopped"):
                task.result()
        assert room.texts() == ["voor"]

    play(story)


def test_what_is_outside_the_scope_is_gone_and_an_edit_out_of_it_removes_the_post() -> None:
    async def story() -> None:
        scope = Scope(sources=(Source.BLUESKY_POST,), places=("Krommenie",), languages=("nl",))
        room, server = Room(order=order(scope)), ReplayServer(())
        async with following(room, server):
            send(
                server,
                commit("a", text="elders"),
                commit("b", text="in Krommenie", langs=["en"]),
                commit("c", text="groet aan @krommenie"),
                commit("d", text="station Krommenie", langs=["nl-NL"]),
                commit("d", "update", "toch ergens anders", at=T0 + 5),
            )
            await becomes(lambda: len(room.records) == 2)
        assert room.texts() == ["station Krommenie"]
        assert list(room.state().values()) == [None]
        assert room.letters == []

    play(story)


def test_the_order_is_asked_before_each_connection_also_after_a_break() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        async with following(room, server, first_wait=0.5, longest_wait=0.5) as (_, task):
            connections = server.connections
            await server.drop()
            room.stop_order()
            await becomes(task.done, 10)
            with pytest.raises(NoValidOrder, match="was stopped"):
                task.result()
            assert server.connections == connections

    play(story)


def test_a_server_that_is_not_there_is_tried_again_with_longer_waits() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        address = await server.start(play=False)
        await server.stop()
        stream = Jetstream(settings(address), room.outlet("jetstream"), jitter=lambda: 0.0)
        task = asyncio.create_task(stream.run())
        await becomes(lambda: len(room.health) >= 4)
        task.cancel()
        assert {h.state for h in room.health} == {HealthState.FAILING}
        assert {h.reason for h in room.health} == {"ConnectionRefusedError"}

    play(story)


def test_a_silent_server_is_left_after_the_idle_time() -> None:
    async def story() -> None:
        room, server = Room(), ReplayServer(())
        async with following(room, server, idle_seconds=0.3):
            await becomes(lambda: server.connections >= 2)
        assert HealthState.NOTHING_NEW in {h.state for h in room.health}

    play(story)
