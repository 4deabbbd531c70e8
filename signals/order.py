"""The collection order (*opdracht*): who may collect what, where, why and until when.

Without an order in force nothing is collected. It holds no seed's address; those lie sealed in the store.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from signals.frozen import Frozen
from signals.label import Category
from signals.post import Source

MAX_ORDER_DAYS = 28


class OrderState(StrEnum):
    """Where an order stands. `in_force` also asks that now lies between its two dates."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    STOPPED = "stopped"


class Scope(Frozen):
    """What an order lets in. An empty tuple lets in everything of that kind, except for `sources`: none means none."""

    sources: tuple[Source, ...]
    terms: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()


class Order(Frozen):
    """One collection order with its two approvers, neither of whom drafted it."""

    id: UUID
    number: int
    controller: Annotated[str, Field(min_length=1)]
    basis: Annotated[str, Field(min_length=1)]
    occasion: Annotated[str, Field(min_length=1)]
    scope: Scope
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    drafted_by: UUID
    approved_by: tuple[UUID, ...]
    state: OrderState

    @model_validator(mode="after")
    def _bounded_and_independent(self) -> Self:
        if not self.starts_at < self.ends_at <= self.starts_at + timedelta(days=MAX_ORDER_DAYS):
            raise ValueError(f"an order runs for at most {MAX_ORDER_DAYS} days")
        if self.drafted_by in self.approved_by or len(set(self.approved_by)) != len(self.approved_by):
            raise ValueError("an order is approved by two different users who did not draft it")
        return self

    def in_force(self, now: AwareDatetime) -> bool:
        """Whether a collector may run under this order at `now`."""
        return self.state is OrderState.IN_FORCE and len(self.approved_by) >= 2 and self.starts_at <= now < self.ends_at
