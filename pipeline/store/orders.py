"""Collection orders in the store: drafting, approving by two others, stopping, renewing, and their sealed seeds.

The caller's transaction acts as the user who does it (`acting`, role seinpost_supervisor); collectors only read.
Every step is on the trail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, text

from collectors.assignment import Assignment, Seed
from pipeline.store import trail
from signals.order import MAX_ORDER_DAYS, Order, OrderState, Scope
from signals.post import Source

_SCOPE = TypeAdapter(Scope)
APPROVALS_NEEDED = 2


class NoSuchOrder(Exception):
    """There is no order with this number."""


class OrderStepRefused(Exception):
    """This step cannot be taken now, or not by this user; says why."""


class SeedUnreadable(Exception):
    """A seed does not open with the master key of this installation."""


@dataclass(frozen=True)
class NewSeed:
    """A place to look, why, and when to look at that reason again."""

    source: Source
    address: str
    reason: str
    review_on: date

    def __repr__(self) -> str:
        return f"NewSeed({self.source.value})"


@dataclass(frozen=True)
class NewOrder:
    """What an order says before anyone approved it."""

    controller: str
    basis: str
    occasion: str
    scope: Scope
    starts_at: datetime
    ends_at: datetime
    seeds: tuple[NewSeed, ...] = ()


def draft(connection: Connection, new: NewOrder, drafted_by: UUID, master_key: bytes, now: datetime) -> Order:
    """Write a draft. It lets nothing in until two others approved it."""
    if not timedelta(0) < new.ends_at - new.starts_at <= timedelta(days=MAX_ORDER_DAYS):
        raise OrderStepRefused(f"an order runs for at most {MAX_ORDER_DAYS} days; renew it after that")
    if not new.scope.sources:
        raise OrderStepRefused("an order names at least one source, such as bluesky-post, feed-entry or export")
    order_id = connection.execute(
        text(
            "INSERT INTO seinpost.orders (controller, basis, occasion, scope, starts_at, ends_at, drafted_by)"
            " VALUES (:controller, :basis, :occasion, CAST(:scope AS jsonb), :starts_at, :ends_at, :drafted_by)"
            " RETURNING id"
        ),
        {
            "controller": new.controller,
            "basis": new.basis,
            "occasion": new.occasion,
            "scope": new.scope.model_dump_json(),
            "starts_at": new.starts_at,
            "ends_at": new.ends_at,
            "drafted_by": drafted_by,
        },
    ).scalar_one()
    box = SecretBox(master_key)
    for number, seed in enumerate(new.seeds, start=1):
        connection.execute(
            text(
                "INSERT INTO seinpost.seeds (order_id, number, source, sealed_address, reason, review_on)"
                " VALUES (:order_id, :number, :source, :sealed, :reason, :review_on)"
            ),
            {
                "order_id": order_id,
                "number": number,
                "source": seed.source,
                "sealed": bytes(box.encrypt(seed.address.encode())),
                "reason": seed.reason,
                "review_on": seed.review_on,
            },
        )
    trail.append(connection, "order_drafted", "order", str(order_id), now, {"seeds": str(len(new.seeds))})
    return by_id(connection, order_id)


def approve(connection: Connection, number: int, user_id: UUID, now: datetime) -> Order:
    """Add one approval; the second puts the order in force. Nobody approves twice, or what he or she drafted."""
    order = _locked(connection, number)
    if order.state is not OrderState.DRAFT:
        raise OrderStepRefused(f"collection order {number} is {order.state}; only a draft can be approved")
    if now >= order.ends_at:
        raise OrderStepRefused(f"collection order {number} is past its end; draft a new one")
    if user_id == order.drafted_by:
        raise OrderStepRefused("you drafted this order; two others approve it")
    if user_id in order.approved_by:
        raise OrderStepRefused("you approved this order already; another approver comes second")
    if not _has_role(connection, "order_approver"):
        raise OrderStepRefused("approving an order asks for the role order_approver")
    connection.execute(
        text("INSERT INTO seinpost.order_approvals (order_id, user_id, approved_at) VALUES (:order, :user, :now)"),
        {"order": order.id, "user": user_id, "now": now},
    )
    trail.append(connection, "order_approved", "order", str(order.id), now)
    if len(order.approved_by) + 1 >= APPROVALS_NEEDED:
        connection.execute(text("UPDATE seinpost.orders SET state = 'in_force' WHERE id = :id"), {"id": order.id})
        trail.append(connection, "order_in_force", "order", str(order.id), now)
    return by_id(connection, order.id)


def stop(connection: Connection, number: int, now: datetime) -> Order:
    """Stop an order for good; collectors halt within seconds. Stopping again changes nothing."""
    order = _locked(connection, number)
    if order.state is not OrderState.STOPPED:
        connection.execute(
            text("UPDATE seinpost.orders SET state = 'stopped', stopped_at = :now WHERE id = :id"),
            {"now": now, "id": order.id},
        )
        trail.append(connection, "order_stopped", "order", str(order.id), now)
    return by_id(connection, order.id)


def renew(connection: Connection, number: int, days: int, drafted_by: UUID, master_key: bytes, now: datetime) -> Order:
    """Draft the same order again, from its end or from now. Two others approve it anew."""
    order = by_number(connection, number)
    starts_at = max(now, order.ends_at) if order.state is OrderState.IN_FORCE else now
    rows = connection.execute(
        text("SELECT number, source, reason, review_on FROM seinpost.seeds WHERE order_id = :id ORDER BY number"),
        {"id": order.id},
    ).all()
    addresses = {seed.number: seed.address for seed in seeds(connection, order.id, master_key)}
    return draft(
        connection,
        NewOrder(
            controller=order.controller,
            basis=order.basis,
            occasion=order.occasion,
            scope=order.scope,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(days=days),
            seeds=tuple(NewSeed(Source(r.source), addresses[r.number], r.reason, r.review_on) for r in rows),
        ),
        drafted_by,
        master_key,
        now,
    )


def listed(connection: Connection) -> list[Order]:
    """All orders, newest first."""
    return [_order(row) for row in connection.execute(text(f"{_SELECT} ORDER BY o.number DESC"))]


def by_id(connection: Connection, order_id: UUID) -> Order:
    """One order. Raises `NoSuchOrder`."""
    found = find(connection, order_id)
    if found is None:
        raise NoSuchOrder("there is no such collection order; see: seinpost order list")
    return found


def find(connection: Connection, order_id: UUID) -> Order | None:
    """One order, or None."""
    row = connection.execute(text(f"{_SELECT} WHERE o.id = :id"), {"id": order_id}).one_or_none()
    return None if row is None else _order(row)


def by_number(connection: Connection, number: int) -> Order:
    """One order by its number. Raises `NoSuchOrder`."""
    row = connection.execute(text(f"{_SELECT} WHERE o.number = :number"), {"number": number}).one_or_none()
    if row is None:
        raise NoSuchOrder(f"there is no collection order {number}; see: seinpost order list")
    return _order(row)


def in_force(connection: Connection, now: datetime) -> list[Order]:
    """The orders that let something in now, oldest first."""
    return [order for order in reversed(listed(connection)) if order.in_force(now)]


def assignments(connection: Connection, master_key: bytes, now: datetime) -> list[Assignment]:
    """The orders in force with their seeds opened, for the collectors."""
    return [Assignment(order, seeds(connection, order.id, master_key)) for order in in_force(connection, now)]


def seeds(connection: Connection, order_id: UUID, master_key: bytes) -> tuple[Seed, ...]:
    """The seeds of an order, opened with the master key."""
    rows = connection.execute(
        text("SELECT number, source, sealed_address FROM seinpost.seeds WHERE order_id = :id ORDER BY number"),
        {"id": order_id},
    )
    box = SecretBox(master_key)
    try:
        return tuple(
            Seed(order_id, r.number, Source(r.source), box.decrypt(bytes(r.sealed_address)).decode()) for r in rows
        )
    except CryptoError:
        raise SeedUnreadable(
            "a seed does not open with this installation's master key; restore the key folder it was made with"
        ) from None


# The approvals are few and belong to the order, so they come along as an array.
_SELECT = (
    "SELECT o.id, o.number, o.controller, o.basis, o.occasion, o.scope::text AS scope, o.starts_at, o.ends_at,"
    " o.drafted_by, o.state,"
    " ARRAY(SELECT a.user_id FROM seinpost.order_approvals a WHERE a.order_id = o.id ORDER BY a.approved_at, a.user_id)"
    " AS approved_by FROM seinpost.orders o"
)


def _order(row: Row[tuple[object, ...]]) -> Order:
    return Order(
        id=row.id,
        number=row.number,
        controller=row.controller,
        basis=row.basis,
        occasion=row.occasion,
        scope=_SCOPE.validate_json(row.scope),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        drafted_by=row.drafted_by,
        approved_by=tuple(row.approved_by),
        state=OrderState(row.state),
    )


def _locked(connection: Connection, number: int) -> Order:
    """The order, locked so that two approvals at the same moment count both."""
    connection.execute(
        text("SELECT 1 FROM seinpost.orders WHERE number = :number FOR UPDATE"), {"number": number}
    ).one_or_none()
    return by_number(connection, number)


def _has_role(connection: Connection, role: str) -> bool:
    return bool(connection.execute(text("SELECT seinpost.has_role(:role)"), {"role": role}).scalar_one())


def names(connection: Connection, user_ids: Sequence[UUID]) -> dict[UUID, str]:
    """User names, for a list that a person reads."""
    rows = connection.execute(
        text("SELECT id, username FROM seinpost.users WHERE id = ANY(:ids)"), {"ids": list(user_ids)}
    )
    return {row.id: row.username for row in rows}
