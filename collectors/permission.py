"""No valid order, no collecting: the one check, made before a collector starts and kept up while it runs.

It reads orders through a function it is given; it knows no database.
"""

import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from signals.order import Order, OrderState

RECHECK_SECONDS = 3.0
"""A running collector asks again at least this often, so that a stopped order halts it within seconds."""


class NoValidOrder(Exception):
    """There is no order in force that allows this; says in one line what to do."""


def require_order(order: Order | None, now: datetime) -> Order:
    """The order, when it is in force at `now`; else `NoValidOrder`."""
    if order is None:
        raise NoValidOrder("no collection order allows this; make one with: seinpost order create")
    if order.in_force(now):
        return order
    name = f"collection order {order.number}"
    if order.state is OrderState.STOPPED:
        raise NoValidOrder(f"{name} was stopped; make a new one with: seinpost order create")
    if now >= order.ends_at:
        raise NoValidOrder(
            f"{name} ended on {order.ends_at:%Y-%m-%d}; renew it with: seinpost order renew {order.number}"
        )
    if order.state is OrderState.DRAFT or len(order.approved_by) < 2:
        raise NoValidOrder(
            f"{name} has {len(order.approved_by)} of 2 approvals;"
            f" approve it with: seinpost order approve {order.number}"
        )
    raise NoValidOrder(f"{name} starts on {order.starts_at:%Y-%m-%d}; wait or make another with: seinpost order create")


class Permission:
    """An order that is asked for again every few seconds. When it cannot be asked, there is no permission."""

    def __init__(
        self,
        order_id: UUID,
        look_up: Callable[[UUID], Order | None],
        clock: Callable[[], datetime],
        every: float = RECHECK_SECONDS,
    ) -> None:
        self._order_id = order_id
        self._look_up = look_up
        self._clock = clock
        self._every = every
        self._checked: tuple[float, Order] | None = None

    def check(self) -> Order:
        """The order as it is now, or `NoValidOrder`."""
        if self._checked is None or time.monotonic() - self._checked[0] >= self._every:
            found = self._look_up(self._order_id)
            self._checked = (time.monotonic(), require_order(found, self._clock()))
        return require_order(self._checked[1], self._clock())
