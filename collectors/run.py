"""Runs every source of every order in force, mends what fails, and halts within seconds when an order stops.

It decides nothing about content; each source's own module does its work.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from collectors.assignment import Assignment
from collectors.health import CollectorBooks, HealthState
from collectors.outlet import Outlet
from collectors.permission import NoValidOrder, Permission
from collectors.politeness import Politeness
from collectors.post_maker import PostMaker
from collectors.robots import HostManners
from collectors.spiders import feeds
from collectors.spiders.feed_place import FeedPlace
from collectors.streams import jetstream
from collectors.streams.backoff import Backoff
from collectors.streams.jetstream import Jetstream, JetstreamSettings
from signals.order import Order
from signals.ports import DeadLetters, PostSink
from signals.post import Source

STREAMED_OR_VISITED = frozenset({Source.BLUESKY_POST, Source.FEED_ENTRY})
"""The sources that run by themselves; an export is brought in by hand."""

Key = tuple[UUID, Source]
Running = dict[Key, tuple[Assignment, asyncio.Task[None]]]


@dataclass(frozen=True)
class Collecting:
    """All that collectors need from the house. `assignments` and `order` are asked again every few seconds."""

    assignments: Callable[[], Sequence[Assignment]]
    order: Callable[[UUID], Order | None]
    sink: PostSink
    dead_letters: DeadLetters
    books: CollectorBooks
    maker: PostMaker
    clock: Callable[[], datetime]
    stream: JetstreamSettings
    polite: Politeness
    tell: Callable[[str], None] = lambda _: None
    sources: frozenset[Source] = STREAMED_OR_VISITED
    recheck_seconds: float = 2.0
    longest_wait: float = 60.0
    manners: HostManners = field(default_factory=HostManners)


async def run(collecting: Collecting, *, once: bool = False, wait_for_order: bool = False) -> None:
    """Collect until cancelled; with `once` until every source was read to its end.

    Without an order in force it raises `NoValidOrder`, or with `wait_for_order` it waits for one.
    """
    running: Running = {}
    try:
        while True:
            wanted = await _ask(collecting, once)
            if wanted == {} and not running and not wait_for_order:
                raise NoValidOrder("no collection order in force allows this; see: seinpost order list")
            await _halt(collecting, running, keep=set(wanted or ()))
            for key, assignment in (wanted or {}).items():
                if key not in running:
                    collecting.tell(f"collecting {key[1].value} under order {assignment.order.number}")
                    task = asyncio.create_task(_keep_running(collecting, assignment, key[1], once))
                    running[key] = (assignment, task)
            if once and running and all(task.done() for _, task in running.values()):
                await asyncio.gather(*(task for _, task in running.values()))
                return
            await asyncio.sleep(collecting.recheck_seconds)
    finally:
        await _cancel([task for _, task in running.values()])


async def _ask(collecting: Collecting, once: bool) -> dict[Key, Assignment] | None:
    """What may run now; None when the orders cannot be read, and then nothing may."""
    try:
        return await asyncio.to_thread(_wanted, collecting)
    except Exception as fault:
        if once:
            raise
        collecting.tell(f"the orders cannot be read ({type(fault).__name__}); nothing is collected until they can")
        return None


def _wanted(collecting: Collecting) -> dict[Key, Assignment]:
    now = collecting.clock()
    return {
        (assignment.order.id, source): assignment
        for assignment in collecting.assignments()
        for source in assignment.order.scope.sources
        if source in collecting.sources & STREAMED_OR_VISITED and assignment.order.in_force(now)
    }


async def _halt(collecting: Collecting, running: Running, keep: set[Key]) -> None:
    """End what is no longer wanted, and say so in its health."""
    over = {key: running.pop(key) for key in list(running) if key not in keep}
    if not over:
        return
    await _cancel([task for _, task in over.values()])
    collecting.tell("an order stopped, ended or cannot be read; what ran under it has halted")
    for (_, source), (assignment, _) in over.items():
        for outlet in _outlets(collecting, assignment, source):
            # The books may be what is away; the halt itself must not fail on it.
            with contextlib.suppress(Exception):
                await asyncio.to_thread(outlet.report, HealthState.STOPPED_BY_ORDER)


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_running(collecting: Collecting, assignment: Assignment, source: Source, once: bool) -> None:
    """One source under one order, started again after a fault from its last cursor, so that nothing is lost."""
    backoff = Backoff(random.random, longest=collecting.longest_wait)
    work = _stream if source is Source.BLUESKY_POST else _feeds
    while True:
        try:
            await work(collecting, assignment, once)
            return
        except NoValidOrder:
            return  # the next turn of `run` finds the order gone, and says so
        except Exception as fault:
            # A sink that is away, a stream that speaks nonsense: told by its kind, for its words may quote a post.
            if once:
                raise
            wait = backoff.next()
            collecting.tell(f"{source.value} failed ({type(fault).__name__}); trying again in {wait:.0f} s")
            await asyncio.sleep(wait)


async def _stream(collecting: Collecting, assignment: Assignment, once: bool) -> None:
    (outlet,) = _outlets(collecting, assignment, Source.BLUESKY_POST)
    await Jetstream(collecting.stream, outlet).run(once)


async def _feeds(collecting: Collecting, assignment: Assignment, once: bool) -> None:
    while True:
        visits = await asyncio.to_thread(_due, collecting, assignment)
        if visits:
            await feeds.visit_feeds(visits, collecting.manners, collecting.polite, collecting.clock)
        if once:
            return
        await asyncio.sleep(min(collecting.recheck_seconds * 5, 10))


def _due(collecting: Collecting, assignment: Assignment) -> list[feeds.FeedVisit]:
    now = collecting.clock().timestamp()
    visits = []
    outlets = _outlets(collecting, assignment, Source.FEED_ENTRY)
    for seed, outlet in zip(assignment.seeds_of(Source.FEED_ENTRY), outlets, strict=True):
        place = FeedPlace.loads(outlet.position())
        if place.not_before <= now:
            visits.append(feeds.FeedVisit(seed, place, outlet))
    return visits


def _outlets(collecting: Collecting, assignment: Assignment, source: Source) -> list[Outlet]:
    """A way out for each seed of a source; the stream has none and is number 0."""
    if source is Source.BLUESKY_POST:
        return [_outlet(collecting, assignment.order, jetstream.COLLECTOR, 0)]
    return [_outlet(collecting, assignment.order, feeds.COLLECTOR, seed.number) for seed in assignment.seeds_of(source)]


def _outlet(collecting: Collecting, order: Order, collector: str, seed: int) -> Outlet:
    return Outlet(
        collector,
        order,
        seed,
        sink=collecting.sink,
        dead_letters=collecting.dead_letters,
        books=collecting.books,
        maker=collecting.maker,
        permission=Permission(order.id, collecting.order, collecting.clock),
        clock=collecting.clock,
    )
