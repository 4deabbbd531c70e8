"""Which seeds of a kind are due for a visit, and what is said of those that cannot be visited at all.

It reads places and writes health; it asks nothing of any source.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from collectors.assignment import Seed
from collectors.health import HealthState
from collectors.kinds import Kind
from collectors.outlet import Outlet
from collectors.readers.reader import AddressWrong, Secrets
from collectors.robots import HostManners
from collectors.spiders.visit import Visit
from collectors.spiders.visit_place import VisitPlace

NO_KEY = "no_key"
QUOTA_SPENT = "quota_spent"
ADDRESS_WRONG = "address_wrong"


def due(
    kind: Kind,
    seeds: Sequence[tuple[Seed, Outlet]],
    secrets: Secrets,
    manners: HostManners,
    now: datetime,
    interval: int,
    *,
    resume: bool = False,
) -> list[Visit]:
    """The visits that may begin now. Seeds that wait for a person are left out, unless `resume` says one looked."""
    places = [(seed, outlet, VisitPlace.loads(outlet.position())) for seed, outlet in seeds]
    for seed, _, place in places:
        manners.ledger.note(kind.name, seed.order_id, seed.number, place.spent_on, place.spent)
    return [
        visit
        for seed, outlet, place in places
        if (resume and place.stopped) or (not place.stopped and place.not_before <= now.timestamp())
        if (visit := _visit(kind, seed, outlet, place, secrets, manners, now, interval)) is not None
    ]


def _visit(
    kind: Kind,
    seed: Seed,
    outlet: Outlet,
    place: VisitPlace,
    secrets: Secrets,
    manners: HostManners,
    now: datetime,
    interval: int,
) -> Visit | None:
    """The visit to one seed, or None with the reason in its health."""
    place = replace(place, stopped="")
    if not all(secrets.get(name) for name in kind.secrets):
        _not_now(outlet, place, HealthState.BLOCKED, NO_KEY, now, interval)
        return None
    if kind.quota is not None and manners.ledger.spent_up(kind.name, kind.quota, now):
        _not_now(outlet, place, HealthState.SLOWED, QUOTA_SPENT, now, kind.quota.seconds_to_reset(now))
        return None
    try:
        reader = kind.make_reader(seed.address, secrets)
    except AddressWrong:
        _not_now(outlet, replace(place, stopped=ADDRESS_WRONG), HealthState.BLOCKED, ADDRESS_WRONG, now, 0)
        return None
    return Visit(seed, kind, reader, place, outlet, manners, interval)


def _not_now(outlet: Outlet, place: VisitPlace, state: HealthState, reason: str, now: datetime, seconds: int) -> None:
    outlet.hand_over(replace(place, not_before=int(now.timestamp()) + seconds).dumps())
    outlet.report(state, reason)
