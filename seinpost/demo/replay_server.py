"""A local server that speaks Jetstream's wire format and plays invented posts, for the demo and for tests.

It listens on the loopback address only and asks nothing of the network.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import zstandard
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from collectors.quiet_logs import silent
from seinpost.demo.script import Line, frames, load

HOST = "127.0.0.1"
KEPT = 20_000
"""How many past frames a cursor can go back to."""


@dataclass(frozen=True)
class Pace:
    """How fast posts come: the first ones at once so that there is something to see, then a living pace."""

    quick: int = 60
    quick_seconds: float = 0.05
    seconds: float = 1.0


@dataclass
class Tape:
    """The frames that were played, with their moment in microseconds, and a bell per listener for the next one."""

    kept: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=KEPT))
    played: int = 0
    bells: set[asyncio.Event] = field(default_factory=set)

    def add(self, time_us: int, frame: bytes) -> None:
        """Play one frame to everyone who listens."""
        self.kept.append((time_us, frame))
        self.played += 1
        for bell in self.bells:
            bell.set()

    def number_at(self, cursor: int | None) -> int:
        """The number of a listener's first frame; without a cursor, or with one in the future, only what is new."""
        if cursor is None or cursor > time.time_ns() // 1000:
            return self.played
        oldest = self.played - len(self.kept)
        return next((oldest + n for n, (time_us, _) in enumerate(self.kept) if time_us >= cursor), self.played)

    def since(self, number: int) -> list[bytes]:
        """The frames from a number on, as far as they are kept."""
        oldest = self.played - len(self.kept)
        return [self.kept[n][1] for n in range(max(number - oldest, 0), len(self.kept))]


class ReplayServer:
    """Plays to any number of listeners. `start` gives the address; `stop` ends every connection."""

    def __init__(
        self, lines: Sequence[Line], pace: Pace | None = None, dictionary: bytes | None = None, seed: int = 75
    ) -> None:
        self.tape = Tape()
        self.connections = 0
        self.requests: list[str] = []
        self._frames: Iterator[Callable[[int], bytes]] = frames(lines, seed)
        self._pace = pace or Pace()
        self._dictionary = None if dictionary is None else zstandard.ZstdCompressionDict(dictionary)
        self._server: Server | None = None
        self._player: asyncio.Task[None] | None = None
        self._somebody = asyncio.Event()

    async def start(self, port: int = 0, play: bool = True) -> str:
        """Listen on the loopback address; the answer is the address to follow."""
        self._server = await serve(
            self._listen,
            HOST,
            port,
            process_request=self._answer,
            compression=None,
            max_size=2**20,
            logger=silent("replay"),
        )
        if play:
            self._player = asyncio.create_task(self._play())
        bound = next(iter(self._server.sockets)).getsockname()[1]
        return f"ws://{HOST}:{bound}/subscribe"

    async def stop(self) -> None:
        """Stop playing and close every connection."""
        if self._player is not None:
            self._player.cancel()
            await asyncio.gather(self._player, return_exceptions=True)
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def drop(self) -> None:
        """Break every connection without a word, as a network does."""
        for connection in list(self._server.connections if self._server else ()):
            connection.transport.abort()

    async def _play(self) -> None:
        number = 0
        await self._somebody.wait()  # the quick first posts are for the first listener, however late it comes
        while True:
            time_us = time.time_ns() // 1000
            self.tape.add(time_us, next(self._frames)(time_us))
            number += 1
            await asyncio.sleep(self._pace.quick_seconds if number <= self._pace.quick else self._pace.seconds)

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse what Jetstream refuses before the upgrade."""
        self.requests.append(request.path)
        asked = parse_qs(urlsplit(request.path).query)
        if not urlsplit(request.path).path.endswith("/subscribe"):
            return connection.respond(HTTPStatus.NOT_FOUND, "not found\n")
        cursor = asked.get("cursor", ["0"])[0]
        if not cursor.isdigit():
            return connection.respond(HTTPStatus.BAD_REQUEST, "invalid cursor\n")
        if asked.get("compress") == ["true"] and self._dictionary is None:
            return connection.respond(HTTPStatus.BAD_REQUEST, "no dictionary\n")
        return None

    async def _listen(self, connection: ServerConnection) -> None:
        self.connections += 1
        asked = parse_qs(urlsplit(connection.request.path if connection.request else "").query)
        cap = int(asked.get("maxMessageSizeBytes", ["0"])[0] or 0)
        packed = asked.get("compress") == ["true"]
        cursor = asked.get("cursor")
        number = self.tape.number_at(int(cursor[0]) if cursor else None)
        packer = zstandard.ZstdCompressor(dict_data=self._dictionary) if packed else None
        bell = asyncio.Event()
        self.tape.bells.add(bell)
        self._somebody.set()
        gone = asyncio.create_task(connection.wait_closed())
        gone.add_done_callback(lambda _: bell.set())
        try:
            while not gone.done():
                bell.clear()
                waiting, number = self.tape.since(number), self.tape.played
                for frame in waiting:
                    if cap and len(frame) > cap:
                        continue
                    await connection.send(packer.compress(frame) if packer else frame, text=packer is None)
                await bell.wait()
        except ConnectionClosed:
            return
        finally:
            self.tape.bells.discard(bell)
            gone.cancel()


async def play(port: int, dictionary: bytes | None = None, ready: Callable[[str], None] = lambda _: None) -> None:
    """Play the demo until it is cancelled; `ready` is told the address."""
    server = ReplayServer(load(), dictionary=dictionary, seed=time.time_ns())
    try:
        ready(await server.start(port))
        await asyncio.Event().wait()
    finally:
        await server.stop()


def main() -> None:
    """Run as a process of its own: `python -m seinpost.demo.replay_server --port 8701`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dictionary", type=Path)
    given = parser.parse_args()
    dictionary = given.dictionary.read_bytes() if given.dictionary else None

    def ready(address: str) -> None:
        sys.stdout.write(json.dumps({"address": address}) + "\n")
        sys.stdout.flush()

    try:
        asyncio.run(play(given.port, dictionary, ready))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
