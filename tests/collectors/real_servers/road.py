"""The whole road of a collector, from an order with seeds through real Scrapy to a room that keeps what comes out."""

from collectors.assignment import Assignment, Seed
from collectors.politeness import Politeness
from collectors.reactor import run_on_reactor
from collectors.robots import HostManners
from collectors.run import Collecting, run
from collectors.streams.jetstream import JetstreamSettings
from signals.order import Scope
from signals.post import Source
from tests.collectors.room import Room, now, order
from tests.collectors.wire.recordings import AGENT


def room(source: Source) -> Room:
    """A room under an order for one kind of post."""
    return Room(order=order(Scope(sources=(source,))))


def collect(around: Room, source: Source, *addresses: str, patience: float = 5.0) -> None:
    """One round over these seeds, as soon as they may be asked again."""
    seeds = tuple(Seed(around.order.id, n, source, address) for n, address in enumerate(addresses, start=1))
    task = Collecting(
        assignments=lambda: [Assignment(around.order, seeds)],
        order=around.look_up,
        sink=around,
        dead_letters=around,
        books=around,
        maker=around.maker(),
        clock=now,
        stream=JetstreamSettings(url="ws://127.0.0.1:9/", user_agent=AGENT),
        polite=Politeness(AGENT, delay=0.01, min_interval=0, timeout=patience),
        recheck_seconds=0.05,
        manners=HostManners(),
    )
    run_on_reactor(run(task, once=True))
