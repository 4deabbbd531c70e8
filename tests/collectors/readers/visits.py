"""Whole visits of a reader through the frame, with answers from a table instead of the network."""

from collections.abc import Callable
from datetime import datetime, timedelta

from collectors.assignment import Seed
from collectors.kinds import kinds
from collectors.readers.reader import Answer, Ask
from collectors.robots import HostManners
from collectors.spiders.visit import Visit
from collectors.spiders.visit_place import VisitPlace
from signals.order import Scope
from tests.collectors.room import Room, order

Table = Callable[[Ask], tuple[int, bytes]]


def room(kind: str, at: datetime) -> Room:
    drafted = order(Scope(sources=kinds()[kind].sources))
    return Room(drafted.model_copy(update={"starts_at": at - timedelta(hours=1), "ends_at": at + timedelta(days=7)}))


def visit(around: Room, kind_name: str, address: str, secrets: dict[str, str], table: Table, at: datetime) -> list[str]:
    """One visit; answers the steps that were asked."""
    kind = kinds()[kind_name]
    seed = Seed(around.order.id, 1, kind.sources[0], address)
    outlet = around.outlet(kind.collector, 1, clock=lambda: at)
    place = VisitPlace.loads(outlet.position())
    running = Visit(seed, kind, kind.make_reader(address, secrets), place, outlet, HostManners(), kind.interval)
    ask: Ask | None = running.first()
    steps = []
    while ask is not None:
        steps.append(ask.step)
        status, body = table(ask)
        ask = running.take(Answer(ask, status, {}, body, ask.url, at), kept_out=False)
    return steps
