"""Asks the sources again whether the posts behind signals still stand, and hands over what is gone.

It works within the orders in force, as politely as a visit. A link is opened for one question, by a function it is
given, and kept nowhere; what still stands is not read again here.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from collectors.assignment import Assignment
from collectors.kinds import Kind, kinds
from collectors.moments import microseconds
from collectors.permission import RECHECK_SECONDS, NoValidOrder, Permission
from collectors.politeness import Politeness
from collectors.readers.reader import Secrets
from collectors.recheck_due import DAILY, OFTEN, Due, Held, RecheckBooks
from collectors.recheck_visit import RecheckVisit
from collectors.recheck_ways import Way, ways
from collectors.robots import HostManners
from collectors.spiders.visiting import visit_all
from signals.ids import IdKey
from signals.order import Order
from signals.ports import PostSink
from signals.post import PostRemoved, Source

MOST_POSTS = 200
"""Posts of one kind in one round; the others come in the next."""
MOST_SECONDS = 300.0
"""How long one round may keep the ordinary visits of its kind waiting."""
ROUND_SECONDS = 600.0

OpenLink = Callable[[UUID], str | None]
"""Opens one post's link, on the trail; None when there is none to open. Raises when nobody can open it now."""


@dataclass(frozen=True)
class Rechecking:
    """All that the re-check needs from the house."""

    assignments: Callable[[], Sequence[Assignment]]
    order: Callable[[UUID], Order | None]
    sink: PostSink
    books: RecheckBooks
    open_link: OpenLink
    id_key: IdKey
    clock: Callable[[], datetime]
    polite: Politeness
    secrets: Secrets = field(default_factory=dict, repr=False)
    manners: HostManners = field(default_factory=HostManners)
    tell: Callable[[str], None] = lambda _: None
    often: timedelta = OFTEN
    daily: timedelta = DAILY
    ways: dict[str, Way] | None = None
    ask_order_every: float = RECHECK_SECONDS


async def keep_rechecking(rechecking: Rechecking, every: float = ROUND_SECONDS) -> None:
    """Make rounds until cancelled. A fault ends one round: what it did not ask is asked in the next."""
    while True:
        try:
            await one_round(rechecking)
        except Exception as fault:
            # Told by its kind: a fault's words may quote a link.
            rechecking.tell(f"the re-check of signals stopped ({type(fault).__name__}); it goes on in {every:.0f} s")
        await asyncio.sleep(every)


async def one_round(rechecking: Rechecking) -> Counter[str]:
    """Ask for all posts that are due, once; how many stand, are gone, or could not be told."""
    known, counts = ways(rechecking.secrets) if rechecking.ways is None else rechecking.ways, Counter[str]()
    for name, way in known.items():
        kind = kinds()[name]
        since = rechecking.often if Source.BLUESKY_POST in kind.sources else rechecking.daily
        most = min(MOST_POSTS, int(MOST_SECONDS / kind.delay))
        due = await asyncio.to_thread(rechecking.books.due, kind.sources, rechecking.clock() - since, most)
        if due:
            counts += await _of_kind(rechecking, kind, way, due)
    if counts:
        rechecking.tell("re-checked posts behind signals: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    return counts


async def _of_kind(rechecking: Rechecking, kind: Kind, way: Way, due: Sequence[Due]) -> Counter[str]:
    now = rechecking.clock()
    stands, gone = set[UUID](), set[UUID]()
    able = all(rechecking.secrets.get(name) for name in kind.secrets)
    spent_up = rechecking.manners.ledger.spent_up(kind.name, kind.quota, now)
    for order, posts in await asyncio.to_thread(_by_order, rechecking, kind, due) if able and not spent_up else ():
        permission = Permission(order.id, rechecking.order, rechecking.clock, rechecking.ask_order_every)
        held = await asyncio.to_thread(_opened, rechecking, permission, posts)
        visit = RecheckVisit(kind, way, held, rechecking.manners, permission.check)
        if visit.empty:
            continue
        polite, asking = rechecking.polite, kind.model_copy(update={"reads_noindex": True})
        try:
            await visit_all([visit], asking, rechecking.manners, polite, rechecking.clock)
        except NoValidOrder:
            rechecking.tell(f"order {order.number} is over; nothing is asked again under it")
        finally:
            # What was learned before a fault counts all the same.
            await asyncio.to_thread(_remove, rechecking, [one for one in due if one.post_id in visit.gone - gone])
            if kind.quota is not None and visit.cost:
                day = kind.quota.day(now)
                rechecking.manners.ledger.note(kind.name, order.id, _OWN_SEED, day, visit.cost)
        stands |= visit.stands
        gone |= visit.gone
    unknown = [one for one in due if one.post_id not in stands | gone]
    overdue = [one for one in unknown if one.overdue(now)]
    await asyncio.to_thread(_remove, rechecking, overdue)
    noted = dict.fromkeys(stands, True) | {one.post_id: False for one in unknown if not one.overdue(now)}
    await asyncio.to_thread(rechecking.books.note, noted, now)
    counts = {"stand": len(stands), "gone": len(gone), "unknown": len(unknown), "unknown too long": len(overdue)}
    return Counter({what: number for what, number in counts.items() if number})


_OWN_SEED = -1
"""Under this number the ledger keeps what re-checks take from a quota; no order has such a seed."""


def _by_order(rechecking: Rechecking, kind: Kind, due: Sequence[Due]) -> list[tuple[Order, list[Due]]]:
    """Which order in force lets each post be asked for: its own, or else another that allows its source."""
    now = rechecking.clock()
    orders = [one.order for one in rechecking.assignments() if one.order.in_force(now)]
    found: dict[UUID, tuple[Order, list[Due]]] = {}
    for one in due:
        allowing = [order for order in orders if one.source in order.scope.sources]
        if allowing:
            order = next((order for order in allowing if order.id == one.order_id), allowing[0])
            found.setdefault(order.id, (order, []))[1].append(one)
    return list(found.values())


def _opened(rechecking: Rechecking, permission: Permission, due: Sequence[Due]) -> list[Held]:
    """The posts whose links open now; nothing is opened without an order in force."""
    held: list[Held] = []
    for one in due:
        permission.check()
        link = rechecking.open_link(one.post_id)
        if link is not None:
            held.append(Held(one, link))
    return held


def _remove(rechecking: Rechecking, gone: Sequence[Due]) -> None:
    """Hand over that these are gone. Forgetting needs no order: it is done also when one just ended."""
    if not gone:
        return
    now = rechecking.clock()
    rechecking.sink.accept(tuple(_removal(rechecking.id_key, one, now) for one in gone), None)


def _removal(id_key: IdKey, one: Due, now: datetime) -> PostRemoved:
    # Newer than the version we hold, whatever date that one bears.
    revision = max(microseconds(now), one.revision + 1)
    return PostRemoved(
        id=one.post_id,
        event_id=id_key.event_id(one.source, f"recheck/{one.post_id}", f"removed:{revision}"),
        revision=revision,
        source=one.source,
        order_id=one.order_id,
        seen_at=now,
    )
