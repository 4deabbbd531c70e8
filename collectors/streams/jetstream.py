"""Follows Bluesky's Jetstream: public posts as they come, with edits and deletes, from where it was left.

Frames are read in `jetstream_wire`; masking and scope lie in the outlet. Memory is one batch and a short socket queue.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import urlencode, urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from collectors.health import HealthState
from collectors.outlet import Outlet
from collectors.quiet_logs import silent
from collectors.refused import Refused
from collectors.streams.backoff import Backoff
from collectors.streams.breaks import Break, of_fault
from collectors.streams.jetstream_wire import COLLECTION, MAX_FRAME, Event, FrameReader, event
from collectors.streams.stream_place import CLOCKS_APART_US, StreamPlace
from collectors.unmasked import Gone, UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Source

COLLECTOR = "jetstream"
_HERE = "collectors/streams/jetstream.py"
_TOO_BIG = 1009


@dataclass(frozen=True)
class JetstreamSettings:
    """Where the stream is and how patient we are. Without a dictionary the stream is read uncompressed.

    `look_back_us` is how far back the source keeps events. When the first event after a break comes more than `gap_us`
    after the last one before it, what lies between is told as a gap.
    """

    url: str
    user_agent: str
    dictionary: bytes | None = None
    batch: int = 256
    batch_seconds: float = 0.5
    idle_seconds: float = 30.0
    overlap_us: int = 5_000_000
    look_back_us: int = 36 * 3600 * 1_000_000
    gap_us: int = 900 * 1_000_000
    unreadable_in_a_row: int = 50
    first_wait: float = 1.0
    longest_wait: float = 60.0


class StreamUnusable(Exception):
    """The other side speaks, but not Jetstream: check `jetstream_url` and `jetstream_dictionary`."""


class _End(Enum):
    SILENT = "idle"
    CLOSED = "closed"
    CAUGHT_UP = "caught_up"


class Jetstream:
    """One order's view of the stream. `run` follows until it is cancelled or, with `once`, until it has caught up."""

    def __init__(
        self, settings: JetstreamSettings, outlet: Outlet, jitter: Callable[[], float] = random.random
    ) -> None:
        self.account_events = 0
        self.accounts_gone = 0
        self.unknown_events = 0
        self._settings = settings
        self._outlet = outlet
        self._reader = FrameReader(settings.dictionary)
        self._backoff = Backoff(jitter, settings.first_wait, settings.longest_wait)
        self._place = StreamPlace()
        self._flushed_us: int | None = None
        self._heard = False
        self._since_us: int | None = None
        self._skip_large = False
        self._unreadable = 0

    async def run(self, once: bool = False) -> None:
        """Follow the stream, coming back after every break. Raises `NoValidOrder` when the order is over."""
        began_us = _now_us()
        saved = StreamPlace.loads(await asyncio.to_thread(self._outlet.position))
        self._place = saved.believed(began_us, self._settings.look_back_us)
        self._flushed_us = self._place.time_us
        until_us = began_us if once else None
        while True:
            # Also when it comes back after a break: an order may have ended meanwhile, and then nothing is asked.
            await asyncio.to_thread(self._outlet.require_permission)
            try:
                ended = await self._follow(until_us)
            except (OSError, InvalidHandshake, InvalidURI, TimeoutError) as fault:
                broken = of_fault(fault, datetime.now(UTC))
            else:
                if ended is _End.CAUGHT_UP or (once and ended is _End.SILENT):
                    return
                broken = Break(HealthState.FAILING, ended.value)
            await self._say(broken.state, broken.reason)
            # Broken off before anything came: go on from when we began, not from when the connection is back.
            self._since_us = began_us
            await asyncio.sleep(max(self._backoff.next(), broken.wait))

    async def _follow(self, until_us: int | None) -> _End:
        async with connect(
            self._address(),
            compression=None,
            max_size=MAX_FRAME,
            max_queue=64,
            open_timeout=self._settings.idle_seconds,
            ping_interval=self._settings.idle_seconds / 2,
            ping_timeout=self._settings.idle_seconds,
            close_timeout=2,
            user_agent_header=self._settings.user_agent,
            logger=silent("jetstream"),
        ) as connection:
            self._heard = False
            await self._say(HealthState.OK)
            try:
                return await self._listen(connection, until_us)
            except ConnectionClosed as closed:
                await self._flush()
                if closed.sent is not None and closed.sent.code == _TOO_BIG:
                    # Asking again would bring the same frame: ask the server to leave such frames out for once.
                    where = Refused(DeadReason.TOO_LARGE, "frame", _HERE)
                    await self._set_aside(where, str(self._place.time_us).encode(), MAX_FRAME + 1)
                    self._skip_large = True
                return _End.CLOSED

    async def _listen(self, connection: ClientConnection, until_us: int | None) -> _End:
        loop = asyncio.get_running_loop()
        heard = loop.time()
        due: float | None = None
        while True:
            idle_at = heard + self._settings.idle_seconds
            try:
                async with asyncio.timeout_at(idle_at if due is None else min(due, idle_at)):
                    frame = await connection.recv(decode=False)
            except TimeoutError:
                if loop.time() >= idle_at:
                    await self._flush()
                    await self._say(HealthState.NOTHING_NEW, "idle")
                    return _End.SILENT
                await self._flush()
                due = None
                continue
            heard = loop.time()
            await self._take(frame)
            due = heard + self._settings.batch_seconds if due is None else due
            if len(self._outlet) >= self._settings.batch or heard >= due:
                await self._flush()
                due = None
            if until_us is not None and (self._place.time_us or 0) >= until_us:
                await self._flush()
                return _End.CAUGHT_UP

    async def _take(self, frame: bytes) -> None:
        raw = frame
        try:
            raw = self._reader.read(frame)
            found = event(raw, self._outlet.gate.lets_in_language)
            self._count(found)
            if found.content is not None:
                self._outlet.add(_dated(found.content))
        except Refused as refused:
            await self._set_aside(refused, raw)
            self._unreadable += 1
            if self._unreadable >= self._settings.unreadable_in_a_row:
                await self._say(HealthState.MISPARSED, refused.reason.value)
                raise StreamUnusable(
                    "the stream cannot be read; check jetstream_url and jetstream_dictionary"
                ) from None
            return
        self._unreadable = 0
        if found.time_us is not None:
            await self._move(found.time_us)

    async def _move(self, time_us: int) -> None:
        now_us = _now_us()
        if not self._heard:
            self._heard = True
            known, self._place = self._place, self._place.first_heard(time_us, now_us, self._settings.gap_us)
            if self._place is not known:
                await self._say(HealthState.OK)
        self._place = self._place.moved(time_us, now_us)

    def _count(self, found: Event) -> None:
        self.account_events += found.account
        self.accounts_gone += found.account_gone
        self.unknown_events += found.unknown
        self._outlet.outside += found.outside

    async def _flush(self) -> None:
        time_us = self._place.time_us
        if time_us is None or (time_us == self._flushed_us and not len(self._outlet)):
            return
        handed = await asyncio.to_thread(self._outlet.hand_over, self._place.dumps(_now_us()))
        if time_us != self._flushed_us:
            # Really further than before this connection, not just the overlap again.
            self._flushed_us = time_us
            self._backoff.reset()
            self._skip_large = False
            if handed:
                await self._say(HealthState.OK)

    async def _set_aside(self, refused: Refused, raw: bytes, size: int | None = None) -> None:
        await asyncio.to_thread(self._outlet.refuse, refused, raw, Source.BLUESKY_POST.value, size)

    async def _say(self, state: HealthState, reason: str = "") -> None:
        gap = self._place.told(_now_us())
        codes = " ".join(part for part in (reason, gap.codes() if gap else "") if part)
        await asyncio.to_thread(self._outlet.report, state, codes)

    def _address(self) -> str:
        parts = urlsplit(self._settings.url)
        asked = [("wantedCollections", COLLECTION)]
        if self._place.time_us is not None:
            asked.append(("cursor", str(max(self._place.time_us - self._settings.overlap_us, 1))))
        elif self._since_us is not None:
            asked.append(("cursor", str(self._since_us)))
        if self._settings.dictionary is not None:
            asked.append(("compress", "true"))
        if self._skip_large:
            asked.append(("maxMessageSizeBytes", str(MAX_FRAME)))
        query = "&".join(part for part in (parts.query, urlencode(asked)) if part)
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/subscribe", query, ""))


def _now_us() -> int:
    return time.time_ns() // 1000


def _dated(content: UnmaskedPost | Gone) -> UnmaskedPost | Gone:
    """The content with no revision in the future: no later edit or removal would ever be newer."""
    now_us = _now_us()
    return content if content.revision <= now_us + CLOCKS_APART_US else replace(content, revision=now_us)
