"""Jetstream on its bad days, over a real websocket: nothing accepted is lost, and health says what is going on."""

import asyncio

import pytest

from collectors.health import HealthState
from collectors.health_states import codes
from collectors.streams.jetstream import StreamUnusable
from collectors.streams.stream_place import StreamPlace
from tests.collectors.room import Room, SinkDown
from tests.collectors.streams.scripted import (
    DID,
    following,
    now_us,
    play,
    post,
    raw,
    say,
    say_and_drop,
    scripted,
)
from tests.patience import becomes

HOUR_US = 3600 * 1_000_000


def position(room: Room) -> StreamPlace:
    return StreamPlace.loads(room.positions.get(("jetstream", room.order.id, 0)))


def test_after_a_drop_in_the_middle_of_a_frame_the_post_comes_whole_and_once() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        whole = post("b", at + 1, "een langer bericht " * 40)
        async with (
            scripted(say_and_drop(post("a", at), half=whole), say(post("a", at), whole)) as script,
            following(room, script),
        ):
            await becomes(lambda: len(room.state()) == 2)
            assert script.cursors()[1] == at - 5_000_000
        assert HealthState.FAILING in {health.state for health in room.health}
        assert room.health[-1].state is HealthState.OK
        assert room.letters == []

    play(story)


def test_half_a_frame_and_then_silence_is_left_after_the_idle_time() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        half = b"\x81\x7e\x03\xe8" + b'{"did":'
        async with scripted(raw(half), say(post("a", at))) as script, following(room, script, idle_seconds=0.4):
            await becomes(lambda: room.texts() == ["a"])

    play(story)


def test_bytes_that_are_no_websocket_are_a_failure_and_are_asked_again() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        async with scripted(raw(b"\0" * 100_000), raw(b"\xff" * 50), say(post("a", at))) as script:
            async with following(room, script):
                await becomes(lambda: room.texts() == ["a"])
            assert len(script.asked) >= 3

    play(story)


def test_a_source_that_hangs_up_at_every_turn_is_asked_with_longer_waits_from_one_and_the_same_place() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        room.positions["jetstream", room.order.id, 0] = str(at)
        async with scripted(say_and_drop()) as script, following(room, script):
            await becomes(lambda: len(script.asked) >= 4)
            assert set(script.cursors()) == {at - 5_000_000}
        assert [health.state for health in room.health][:2] == [HealthState.OK, HealthState.FAILING]

    play(story)


@pytest.mark.parametrize("nothing", [b"null", b"\0", b"0", b'""', b"[]", b"{}"])
def test_a_stream_of_nothings_ends_as_unreadable_and_keeps_what_came_before(nothing: bytes) -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        async with (
            scripted(say(post("a", at), *([nothing] * 60))) as script,
            following(room, script, unreadable_in_a_row=50) as (_, task),
        ):
            await becomes(task.done)
            with pytest.raises(StreamUnusable):
                task.result()
        assert room.health[-1].state is HealthState.MISPARSED
        assert len(room.letters) == 1
        # What was read but not yet handed over is asked again at the next start.
        assert position(room).time_us in (None, at)

    play(story)


def test_a_sink_that_is_away_costs_no_post() -> None:
    async def story() -> None:
        room, at = Room(fail_at_batch=1), now_us()
        frames = [post(f"k{number}", at + number) for number in range(600)]
        async with scripted(say(*frames)) as script:
            async with following(room, script) as (_, task):
                await becomes(task.done)
                with pytest.raises(SinkDown):
                    task.result()
            room.fail_at_batch = None
            async with following(room, script):
                await becomes(lambda: len(room.state()) == 600)
        assert position(room).time_us == at + 599

    play(story)


def test_a_frame_of_nine_mebibytes_is_set_aside_and_the_ones_around_it_arrive() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        frames = [post("a", at), post("b", at + 1, "x" * 9 * 2**20), post("c", at + 2)]
        async with (
            scripted(say(*frames), say(frames[0], frames[2])) as script,
            following(room, script),
        ):
            await becomes(lambda: set(room.texts()) == {"a", "c"})
            assert "maxMessageSizeBytes" in script.asked[-1]
        assert [letter.reason.value for letter in room.letters] == ["too_large"]

    play(story)


def test_a_cursor_older_than_the_look_back_is_told_as_a_gap_with_its_times() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        left = at - 50 * HOUR_US
        room.positions["jetstream", room.order.id, 0] = str(left)
        first = at - 36 * HOUR_US
        async with scripted(say(post("a", first), post("b", at))) as script, following(room, script):
            await becomes(lambda: len(room.texts()) == 2)
        told = room.health[-1]
        minute = 60_000_000
        gap = f"gap:1 gap_from_minute:{left // minute} gap_to_minute:{first // minute}"
        assert (told.state, told.reason) == (HealthState.OK, gap)
        assert codes(told.reason) == gap
        async with scripted(say(post("c", at + 1))) as script, following(room, script):
            await becomes(lambda: "c" in room.texts())
        assert room.health[-1].reason == gap, "a restart must not hide it"

    play(story)


def test_a_short_break_is_no_gap() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        room.positions["jetstream", room.order.id, 0] = str(at - HOUR_US)
        async with scripted(say(post("a", at - HOUR_US + 1), post("b", at))) as script, following(room, script):
            await becomes(lambda: len(room.texts()) == 2)
        assert room.health[-1].reason == ""

    play(story)


def test_a_cursor_in_the_future_goes_back_as_far_as_can_be_looked_instead_of_passing_over_all_that_comes() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        room.positions["jetstream", room.order.id, 0] = str(at + 400 * HOUR_US)
        async with scripted(say(post("a", at))) as script, following(room, script):
            await becomes(lambda: room.texts() == ["a"])
            (cursor,) = script.cursors()
            assert cursor is not None
            assert at - 37 * HOUR_US < cursor < at - 35 * HOUR_US
        assert position(room).time_us == at

    play(story)


def test_an_event_from_the_future_moves_no_cursor_and_bars_no_later_edit() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        frames = [post("a", at + 900 * HOUR_US, "voor"), post("b", at), post("a", now_us() + 5_000_000, "na", "update")]
        async with scripted(say(*frames)) as script, following(room, script):
            await becomes(lambda: len(room.records) == 3)
        assert at <= (position(room).time_us or 0) < at + HOUR_US
        assert sorted(map(str, room.state().values())) == ["b", "na"]

    play(story)


def test_kinds_that_are_new_to_us_are_counted_and_passed_by() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        new = b'{"did":"%s","time_us":%d,"kind":"sync","sync":{"rev":"x"}}' % (DID.encode(), at)
        async with (
            scripted(say(new, new.replace(b"sync", b"label"), post("a", at + 1))) as script,
            following(room, script) as (stream, _),
        ):
            await becomes(lambda: room.texts() == ["a"])
            assert stream.unknown_events == 2
        assert room.letters == []

    play(story)


def test_accounts_that_are_gone_are_counted_and_a_pause_or_a_hitch_of_transport_is_none() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        states = ("deleted", "takendown", "suspended", "deactivated", "desynchronized", "throttled")
        frames = [
            b'{"did":"%s","time_us":%d,"kind":"account","account":{"active":false,"status":"%s"}}'
            % (DID.encode(), at, status.encode())
            for status in states
        ]
        async with (
            scripted(say(*frames, post("a", at + 1))) as script,
            following(room, script) as (stream, _),
        ):
            await becomes(lambda: room.texts() == ["a"])
            assert (stream.account_events, stream.accounts_gone) == (6, 3)
        assert DID not in room.everything_written()

    play(story)


def test_a_server_that_asks_for_rest_is_left_alone_that_long() -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        async with scripted((429, {"Retry-After": "1"}), say(post("a", at))) as script, following(room, script):
            await becomes(lambda: len(room.health) == 1)
            assert (room.health[0].state, room.health[0].reason) == (HealthState.SLOWED, "http_429")
            await becomes(lambda: room.texts() == ["a"])
            assert now_us() - at > 900_000
            assert len(script.asked) == 2

    play(story)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_blocks_until_a_person_looked_and_is_no_loop(status: int) -> None:
    async def story() -> None:
        room = Room()
        async with scripted((status, {})) as script, following(room, script):
            await becomes(lambda: len(room.health) == 1)
            assert (room.health[0].state, room.health[0].reason) == (HealthState.BLOCKED, f"http_{status}")
            await asyncio.sleep(0.4)
            assert len(script.asked) == 1

    play(story)


@pytest.mark.parametrize("status", [500, 502])
def test_a_server_that_fails_is_asked_again(status: int) -> None:
    async def story() -> None:
        room, at = Room(), now_us()
        async with scripted((status, {}), say(post("a", at))) as script, following(room, script):
            await becomes(lambda: room.texts() == ["a"])
        assert (room.health[0].state, room.health[0].reason) == (HealthState.FAILING, f"http_{status}")

    play(story)
