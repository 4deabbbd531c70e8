"""A real websocket server on the loopback address that does, at each connection, what a test wrote down for it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from collectors.quiet_logs import silent
from collectors.streams.jetstream import Jetstream, JetstreamSettings
from tests.collectors.room import Room

DID = "did:plc:qzcanary7qzcanary7qzcana"
Act = Callable[[ServerConnection], Awaitable[None]] | tuple[int, dict[str, str]]
"""What happens to one connection: something done with it, or a refusal with its status and headers."""


def now_us() -> int:
    return time.time_ns() // 1000


def post(rkey: str, at: int, text: str = "", operation: str = "create") -> bytes:
    commit: dict[str, object] = {"rev": f"r{at}", "operation": operation, "collection": "app.bsky.feed.post"}
    commit["rkey"] = rkey
    if operation != "delete":
        commit |= {"cid": f"cid{at}", "record": {"$type": "app.bsky.feed.post", "text": text or rkey}}
    return json.dumps({"did": DID, "time_us": at, "kind": "commit", "commit": commit}).encode()


def say(*frames: bytes) -> Act:
    """Send these and stay."""

    async def act(connection: ServerConnection) -> None:
        for frame in frames:
            await connection.send(frame, text=True)
        await connection.wait_closed()

    return act


def say_and_drop(*frames: bytes, half: bytes = b"") -> Act:
    """Send these, perhaps half of one more, and break off without a word."""

    async def act(connection: ServerConnection) -> None:
        for frame in frames:
            await connection.send(frame, text=True)
        if half:
            connection.transport.write(b"\x81\x7e" + len(half).to_bytes(2, "big") + half[: len(half) // 2])
        await asyncio.sleep(0.05)
        connection.transport.abort()

    return act


def raw(data: bytes) -> Act:
    """Send bytes that are no websocket frame."""

    async def act(connection: ServerConnection) -> None:
        connection.transport.write(data)
        await connection.wait_closed()

    return act


@dataclass
class Scripted:
    """The acts in their order, the last one for all later connections; and what was asked."""

    acts: Sequence[Act]
    address: str = ""
    asked: list[str] = field(default_factory=list)

    def cursors(self) -> list[int | None]:
        """The cursor of each connection."""
        found = [parse_qs(urlsplit(path).query).get("cursor") for path in self.asked]
        return [int(one[0]) if one else None for one in found]

    def act(self) -> Act:
        return self.acts[min(len(self.asked), len(self.acts)) - 1]


@asynccontextmanager
async def scripted(*acts: Act) -> AsyncIterator[Scripted]:
    script = Scripted(acts)

    def admit(connection: ServerConnection, request: Request) -> Response | None:
        script.asked.append(request.path)
        act = script.act()
        if not isinstance(act, tuple):
            return None
        answer = connection.respond(HTTPStatus(act[0]), "")
        answer.headers.update(act[1])
        return answer

    async def listen(connection: ServerConnection) -> None:
        act = script.act()
        assert not isinstance(act, tuple)
        try:
            await act(connection)
        except ConnectionClosed:
            return

    async with serve(
        listen, "127.0.0.1", 0, process_request=admit, compression=None, max_size=None, logger=silent("scripted")
    ) as server:
        script.address = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/subscribe"
        yield script


@asynccontextmanager
async def following(
    room: Room, script: Scripted, **changes: object
) -> AsyncIterator[tuple[Jetstream, "asyncio.Task[None]"]]:
    quick = {"batch_seconds": 0.05, "first_wait": 0.02, "longest_wait": 0.1, "idle_seconds": 2.0}
    settings = JetstreamSettings(url=script.address, user_agent="seinpost-test", **{**quick, **changes})  # type: ignore[arg-type]
    stream = Jetstream(settings, room.outlet("jetstream"), jitter=lambda: 0.0)
    task = asyncio.create_task(stream.run())
    try:
        yield stream, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def play(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 60))
