"""Puts the ways in together: the orders in force, the keys for masking, and the road's sink, for one command.

What a collector does stands in `collectors`; which road it is stands in `seinpost.composition`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from collectors.assignment import Assignment
from collectors.health import SourceHealth
from collectors.kinds import SITES, Kind
from collectors.outlet import Outlet
from collectors.permission import NoValidOrder, Permission, require_order
from collectors.post_maker import PostMaker
from pipeline.store import cursors, health, orders
from pipeline.store.connection import Database
from seinpost import composition
from seinpost.settings import Settings
from signals.order import Order
from signals.ports import DeadLetters, PostSink
from signals.post import Source


@dataclass(frozen=True)
class StoreBooks:
    """Cursors, health and orders in the database, one short transaction each."""

    engine: Engine
    master_key: bytes

    def position(self, collector: str, order_id: UUID, seed: int) -> str | None:
        """The saved position of a source."""
        with self.engine.begin() as connection:
            return cursors.load(connection, collector, order_id, seed)

    def report(self, source: SourceHealth) -> None:
        """Keep the newest health of a source."""
        with self.engine.begin() as connection:
            health.report(connection, source)

    def order(self, order_id: UUID) -> Order | None:
        """An order as it stands now."""
        with self.engine.begin() as connection:
            return orders.find(connection, order_id)

    def assignments(self) -> list[Assignment]:
        """The orders in force with their seeds."""
        with self.engine.begin() as connection:
            return orders.assignments(connection, self.master_key, composition.now())


@dataclass(frozen=True)
class WaysIn:
    """Everything that a collecting command needs."""

    books: StoreBooks
    sink: PostSink
    letters: DeadLetters
    maker: PostMaker

    def outlet(self, collector: str, order: Order, seed: int = 0) -> Outlet:
        """The way out of one source under one order."""
        return Outlet(
            collector,
            order,
            seed,
            sink=self.sink,
            dead_letters=self.letters,
            books=self.books,
            maker=self.maker,
            permission=Permission(order.id, self.books.order, composition.now),
            clock=composition.now,
        )


def secrets(settings: Settings, kinds: Iterable[Kind]) -> dict[str, str]:
    """What readers are told: the keys that platforms handed out, one file each, and where the sites' files lie.

    A kind whose key is absent asks nothing.
    """
    folder = settings.key_folder / "sources"
    names = {name for kind in kinds for name in kind.secrets}
    found = {name: (folder / name).read_text("utf-8").strip() for name in names if (folder / name).is_file()}
    return found | {SITES: str(settings.data / "sites")}


@contextmanager
def store_books(settings: Settings, there: Database) -> Iterator[StoreBooks]:
    """The books, with the right to read orders and write cursors and health, and no more."""
    engine = there.engine_for("seinpost_collect", pool_size=2)
    try:
        yield StoreBooks(engine, composition.key_folder(settings).master_key())
    finally:
        engine.dispose()


@contextmanager
def ways_in(settings: Settings, there: Database, books: StoreBooks) -> Iterator[WaysIn]:
    """Sink, dead letters and masking; loads the detection models on the embedded road, so ask for an order first."""
    with composition.post_sink(settings, there) as sink, composition.dead_letters(settings, there) as letters:
        yield WaysIn(books, sink, letters, post_maker(settings))


def post_maker(settings: Settings) -> PostMaker:
    """Masks, hashes and seals with the keys of this installation."""
    return PostMaker(composition.key_folder(settings).id_key(), composition.sealer(settings))


def order_for(books: StoreBooks, source: Source, number: int | None) -> Order:
    """The order in force that allows a source: the given one, or the only one there is."""
    with books.engine.begin() as connection:
        if number is not None:
            order = require_order(orders.by_number(connection, number), composition.now())
            if source not in order.scope.sources:
                raise NoValidOrder(f"collection order {number} does not allow {source.value}; choose another order")
            return order
        allowing = [o for o in orders.in_force(connection, composition.now()) if source in o.scope.sources]
    if len(allowing) > 1:
        numbers = ", ".join(str(order.number) for order in allowing)
        raise NoValidOrder(f"several collection orders allow {source.value}: {numbers}; choose one with --order")
    return require_order(next(iter(allowing), None), composition.now())
