"""When a consumer counts as stuck: it has lag, it does not move, and it is not the work or the broker that holds it up.

A pure judgement over snapshots; it restarts nothing. Moments are seconds of one monotonic clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.kafka.messages import Place
from pipeline.watch.progress import Snapshot

PATIENCE = 10
"""A partition may lag and wait this many times longer while others move: a client empties one after the other."""


@dataclass(frozen=True)
class Lag:
    """How far one partition is behind, and for how many seconds it has been so without any movement."""

    records: int
    still: float


@dataclass
class Stillness:
    """Remembers since when each partition lags; `seconds` is how long it may do so without moving."""

    seconds: float
    _lagging_since: dict[Place, float] = field(default_factory=dict)

    def lags(self, snapshot: Snapshot, ends: Mapping[Place, int], now: float) -> dict[Place, Lag]:
        """The lag of every partition whose position and end are known."""
        found: dict[Place, Lag] = {}
        for place, standing in snapshot.standings.items():
            if place not in ends:
                continue
            records = max(0, ends[place] - standing.position)
            if records == 0:
                self._lagging_since.pop(place, None)
                found[place] = Lag(0, 0.0)
            else:
                since = max(standing.since, self._lagging_since.setdefault(place, now))
                found[place] = Lag(records, now - since)
        for gone in self._lagging_since.keys() - found.keys():
            del self._lagging_since[gone]
        return found

    def stuck(self, snapshot: Snapshot, lags: Mapping[Place, Lag], now: float) -> list[Place]:
        """Partitions for which the consumer should join anew.

        Work that takes long, and a database or broker that is waited for, are no reason: a fresh consumer mends none.
        """
        if snapshot.busy:
            return []
        empty = 0.0 if snapshot.empty_since is None else now - snapshot.empty_since
        return [
            place
            for place, lag in lags.items()
            if min(lag.still, empty) >= self.seconds or lag.still >= PATIENCE * self.seconds
        ]
