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

from collectors.assignment import Assignment, Seed
from collectors.due import due
from collectors.health import CollectorBooks, HealthState
from collectors.kinds import WHOLE_STREAM, Kind, kinds, of_seed
from collectors.outlet import Outlet
from collectors.permission import NoValidOrder, Permission
from collectors.politeness import Politeness
from collectors.post_maker import PostMaker
from collectors.readers.reader import Secrets
from collectors.robots import HostManners
from collectors.spiders.visiting import visit_all
from collectors.streams.backoff import Backoff
from collectors.streams.jetstream import Jetstream, JetstreamSettings
from signals.order import Order
from signals.ports import DeadLetters, PostSink

Key = tuple[UUID, str]
"""An order and the name of a kind."""
Running = dict[Key, tuple[Assignment, asyncio.Task[None]]]


@dataclass(frozen=True)
class Collecting:
    """All that collectors need from the house. `assignments` and `order` are asked again every few seconds.

    `kinds` None means all of them; `resume` visits once the seeds that were stopped until a person looked.
    """

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
    kinds: frozenset[str] | None = None
    secrets: Secrets = field(default_factory=dict, repr=False)
    resume: bool = False
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
                    sources = kinds()[key[1]].sources
                    collecting.tell(f"collecting {' and '.join(sources)} under order {assignment.order.number}")
                    task = asyncio.create_task(_keep_running(collecting, assignment, kinds()[key[1]], once))
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
        (assignment.order.id, kind.name): assignment
        for assignment in collecting.assignments()
        for kind in kinds().values()
        if collecting.kinds is None or kind.name in collecting.kinds
        if assignment.order.in_force(now) and _asked_for(assignment, kind)
    }


def _asked_for(assignment: Assignment, kind: Kind) -> bool:
    """Whether an order has work for a kind. Seeds narrow a stream: an order that names accounts means only those."""
    if not set(kind.sources) & set(assignment.order.scope.sources):
        return False
    if kind.reader is not None:
        return bool(_seeds(assignment, kind)) or not any(
            other.reader is None for other in kinds().values() if set(other.sources) & set(kind.sources)
        )
    named = [seed.address for source in kind.sources for seed in assignment.seeds_of(source)]
    return not named or WHOLE_STREAM in named


def _seeds(assignment: Assignment, kind: Kind) -> list[Seed]:
    return [seed for seed in assignment.seeds if of_seed(seed.source, seed.address) == kind]


async def _halt(collecting: Collecting, running: Running, keep: set[Key]) -> None:
    """End what is no longer wanted, and say so in its health."""
    over = {key: running.pop(key) for key in list(running) if key not in keep}
    if not over:
        return
    await _cancel([task for _, task in over.values()])
    collecting.tell("an order stopped, ended or cannot be read; what ran under it has halted")
    for (_, name), (assignment, _) in over.items():
        for _, outlet in _outlets(collecting, assignment, kinds()[name]):
            # The books may be what is away; the halt itself must not fail on it.
            with contextlib.suppress(Exception):
                await asyncio.to_thread(outlet.report, HealthState.STOPPED_BY_ORDER)


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_running(collecting: Collecting, assignment: Assignment, kind: Kind, once: bool) -> None:
    """One kind under one order, started again after a fault from its last cursor, so that nothing is lost."""
    backoff = Backoff(random.random, longest=collecting.longest_wait)
    work = _visits if kind.reader else _stream
    while True:
        try:
            await work(collecting, assignment, kind, once)
            return
        except NoValidOrder:
            return  # the next turn of `run` finds the order gone, and says so
        except Exception as fault:
            # A sink that is away, a stream that speaks nonsense: told by its kind, for its words may quote a post.
            if once:
                raise
            wait = backoff.next()
            collecting.tell(f"{kind.name} failed ({type(fault).__name__}); trying again in {wait:.0f} s")
            await asyncio.sleep(wait)


async def _stream(collecting: Collecting, assignment: Assignment, kind: Kind, once: bool) -> None:
    await Jetstream(collecting.stream, _outlet(collecting, assignment.order, kind.collector, 0)).run(once)


async def _visits(collecting: Collecting, assignment: Assignment, kind: Kind, once: bool) -> None:
    interval = kind.interval if collecting.polite.min_interval is None else collecting.polite.min_interval
    resume = collecting.resume
    while True:
        now = collecting.clock()
        outlets = _outlets(collecting, assignment, kind)
        visits = await asyncio.to_thread(
            due, kind, outlets, collecting.secrets, collecting.manners, now, interval, resume=resume
        )
        resume = False
        if visits:
            await visit_all(visits, kind, collecting.manners, collecting.polite, collecting.clock)
        for visit in visits:
            if visit.stopped:
                collecting.tell(
                    f"{kind.name} seed {visit.seed.number} of order {assignment.order.number} is stopped"
                    f" ({visit.stopped}); look at it, then go on with: seinpost collect {kind.name} --resume"
                )
        if once:
            return
        await asyncio.sleep(min(collecting.recheck_seconds * 5, 10))


def _outlets(collecting: Collecting, assignment: Assignment, kind: Kind) -> list[tuple[Seed, Outlet]]:
    """A way out for each seed of a kind; a stream has none and is number 0."""
    order = assignment.order
    seeds = _seeds(assignment, kind) if kind.reader else [Seed(order.id, 0, kind.sources[0], WHOLE_STREAM)]
    return [(seed, _outlet(collecting, order, kind.collector, seed.number)) for seed in seeds]


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
