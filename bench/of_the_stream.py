"""How fast Jetstream's events are decoded and held against an order's scope, beside the plain way to do the same."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Literal

from pydantic import BaseModel

from bench.recorded_stream import Recording
from bench.row import Row
from collectors.streams.jetstream import Jetstream, JetstreamSettings
from collectors.streams.jetstream_wire import COLLECTION, event
from collectors.unmasked import Gone, UnmaskedPost
from signals.order import Scope
from signals.post import Post, Source
from tests.collectors.room import Room, order

QUESTION = "How many events of Jetstream does one core follow? (invented stream of posts, 0.7 KB each)"
COLUMNS = ("way", "events/s of processor time", "beside the plain way")
SCOPE = Scope(
    sources=(Source.BLUESKY_POST,),
    terms=("station", "plein", "vanmiddag"),
    places=("Krommenie", "Wormerveer", "Zaandam", "Assendelft"),
    languages=("nl",),
)
SAMPLE = Recording(seconds=100)


class Said(BaseModel):
    """An event as the plain way models it."""

    did: str
    time_us: int
    kind: str
    commit: "Commit | None" = None
    identity: "dict[str, object] | None" = None
    account: "dict[str, object] | None" = None


class Commit(BaseModel):
    """A commit as the plain way models it."""

    rev: str
    operation: Literal["create", "update", "delete"]
    collection: str
    rkey: str
    cid: str | None = None
    record: "Record | None" = None


class Record(BaseModel):
    """A post as the plain way models it."""

    text: str
    createdAt: datetime  # noqa: N815
    langs: list[str] = []
    tags: list[str] = []
    reply: dict[str, object] | None = None
    embed: dict[str, object] | None = None
    facets: list[dict[str, object]] = []


def rows() -> Iterator[Row]:
    """Frames in memory first; then half an hour over a real websocket."""
    frames = list(SAMPLE.frames())
    plain = _rate(_plain, frames)
    yield Row("json.loads and pydantic for each, then the scope and masking", f"{plain:,.0f}", ("1.0 times",))
    ours = _rate(_ours, frames)
    yield Row("ours: decoded, scope asked, what is inside masked", f"{ours:,.0f}", (f"{ours / plain:.1f} times",))
    decoded = _rate(lambda some: sum(event(frame).content is not None for frame in some), frames)
    yield Row("ours: decoding alone", f"{decoded:,.0f}", (f"{decoded / plain:.1f} times",))
    yield asyncio.run(_replayed(Recording()))


def _ours(frames: Sequence[bytes]) -> int:
    outlet = Room(order=order(SCOPE)).outlet("bench")
    for frame in frames:
        found = event(frame, outlet.gate.lets_in_language).content
        if found is not None:
            outlet.add(found)
    return len(outlet)


def _plain(frames: Sequence[bytes]) -> int:
    outlet = Room(order=order(SCOPE)).outlet("bench")
    for frame in frames:
        said = Said.model_validate(json.loads(frame))
        commit = said.commit
        if commit is None or commit.collection != COLLECTION:
            continue
        native_id = f"{said.did}/{COLLECTION}/{commit.rkey}"
        record = commit.record
        if record is None:
            outlet.add(Gone(Source.BLUESKY_POST, native_id, f"removed:{commit.rev}", said.time_us))
        elif record.text.strip():
            outlet.add(
                UnmaskedPost(
                    source=Source.BLUESKY_POST,
                    native_id=native_id,
                    version=commit.rev,
                    revision=said.time_us,
                    text=record.text,
                    posted_at=record.createdAt,
                    lang=next(iter(record.langs), None),
                    edited=commit.operation == "update",
                    hashtags=tuple(record.tags),
                )
            )
    return len(outlet)


def _rate(work: Callable[[Sequence[bytes]], int], frames: Sequence[bytes]) -> float:
    best = 0.0
    for _ in range(3):
        began = process_time()
        work(frames)
        best = max(best, len(frames) / (process_time() - began))
    return best


async def _replayed(recording: Recording) -> Row:
    """The whole recording, played by another process as fast as we take it, to the last event."""
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.recorded_stream", "--rate", str(recording.a_second)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    try:
        address = (await server.stdout.readline()).decode() if server.stdout else ""
        room = Room(order=order(SCOPE))
        stream = Jetstream(
            JetstreamSettings(url=address.strip(), user_agent="seinpost-bench"), room.outlet("jetstream")
        )
        room.positions["jetstream", room.order.id, 0] = "1"
        began, worked = perf_counter(), process_time()
        following = asyncio.create_task(stream.run())
        while int(room.positions["jetstream", room.order.id, 0]) < recording.ends_us:
            await asyncio.wait({following}, timeout=0.05)
        seconds, busy = perf_counter() - began, process_time() - worked
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    finally:
        server.kill()
        await server.wait()
    posts = sum(isinstance(record, Post) for record in room.records)
    return Row(
        f"over a websocket: {recording.seconds // 60} minutes of {recording.a_second} events/s in {seconds:.0f} s"
        f" ({posts} posts inside the scope, {len(room.records) - posts} removals)",
        f"{recording.events / busy:,.0f}",
        (f"{recording.seconds / seconds:.0f} times its own rate",),
    )
