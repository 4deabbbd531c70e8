"""Counts wrong codes per network address, in memory only and for a quarter of an hour: no address is ever stored.

A code has 60 random bits, so guessing is hopeless anyway; this keeps the attempt from costing the others anything.
"""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

MOST_WRONG = 10
WINDOW = timedelta(minutes=15)
MOST_CALLERS = 10_000


class WrongCodes:
    """The wrong codes of the last quarter of an hour. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: OrderedDict[str, list[datetime]] = OrderedDict()

    def note(self, caller: str, now: datetime) -> None:
        """Count one wrong code of this caller; whoever was quiet longest is forgotten first."""
        with self._lock:
            network = _network(caller)
            self._times[network] = [*self._fresh(network, now), now]
            self._times.move_to_end(network)
            while len(self._times) > MOST_CALLERS:
                self._times.popitem(last=False)

    def too_many(self, caller: str, now: datetime) -> bool:
        """Whether this caller has to wait."""
        with self._lock:
            return len(self._fresh(_network(caller), now)) >= MOST_WRONG

    def _fresh(self, network: str, now: datetime) -> list[datetime]:
        return [moment for moment in self._times.get(network, []) if now - moment < WINDOW]


def _network(caller: str) -> str:
    """An IPv6 caller has a whole /64 to itself and counts as one."""
    try:
        address = ip_address(caller)
    except ValueError:
        return caller
    return address.exploded[:19] if isinstance(address, IPv6Address) else caller
