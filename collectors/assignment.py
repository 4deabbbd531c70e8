"""What a collector is asked to do: an order in force and the seeds under it, as the composition root reads them."""

from dataclasses import dataclass, field
from uuid import UUID

from signals.order import Order
from signals.post import Source


@dataclass(frozen=True, slots=True)
class Seed:
    """One approved place to look. Its address never prints; everywhere else it is its number."""

    order_id: UUID
    number: int
    source: Source
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One order with its seeds."""

    order: Order
    seeds: tuple[Seed, ...] = ()

    def seeds_of(self, source: Source) -> tuple[Seed, ...]:
        """The seeds of one source."""
        return tuple(seed for seed in self.seeds if seed.source is source)
