"""Which faults strike, when and whom: worked out from a seed before anything runs, so that a run can be given again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

ANALYSTS = ("analyse", "analyse-far")
INTAKES = ("intake", "intake-far")
RELAY = "relay"
FAR = ("analyse-far", "intake-far")
"""Workers that reach the broker over a wire of their own, which can be cut."""
OWN_CLOCK = ("analyse", "intake")
"""Workers whose clock can be made to jump."""


class Kind(StrEnum):
    """What can strike."""

    KILL_ANALYST = "kill -9 of an analysis worker"
    KILL_INTAKE = "kill -9 of an intake worker"
    KILL_RELAY = "kill -9 of the relay"
    ASK_TO_STOP = "SIGTERM of a worker"
    BROKER_RESTART = "broker restart"
    BROKER_KILLED = "broker kill -9"
    DATABASE_RESTART = "database restart"
    DATABASE_KILLED = "database kill -9"
    NETWORK_CUT = "network cut"
    BUFFER_FULL = "producer buffer full"
    CLOCK_JUMP = "clock jump"
    DUPLICATES = "duplicate delivery"
    REORDERED = "reordered retries"
    LEADER_LOST = "leader lost"
    FOLDER_FULL = "log folder full"


ONE_BROKER = tuple(k for k in Kind if k not in (Kind.LEADER_LOST, Kind.FOLDER_FULL, Kind.DATABASE_KILLED))
"""Twelve kinds, for one broker on an ordinary disk; the database is either restarted or killed."""
THREE_BROKERS = tuple(Kind)

_TARGETS: dict[Kind, tuple[str, ...]] = {
    Kind.KILL_ANALYST: ANALYSTS,
    Kind.KILL_INTAKE: INTAKES,
    Kind.KILL_RELAY: (RELAY,),
    Kind.ASK_TO_STOP: (*ANALYSTS, *INTAKES, RELAY),
    Kind.NETWORK_CUT: FAR,
    Kind.CLOCK_JUMP: OWN_CLOCK,
}
_LASTING: dict[Kind, tuple[float, float]] = {
    Kind.BROKER_RESTART: (0.5, 3),
    Kind.BROKER_KILLED: (0, 2),
    Kind.DATABASE_RESTART: (0.5, 3),
    Kind.NETWORK_CUT: (3, 12),  # shorter and longer than the group's patience with a silent member
    Kind.BUFFER_FULL: (6.5, 8),  # longer than a batch may wait for its acknowledgement
    Kind.CLOCK_JUMP: (2, 6),
    Kind.LEADER_LOST: (3, 8),
    Kind.FOLDER_FULL: (3, 8),
}


@dataclass(frozen=True)
class Fault:
    """One fault. It strikes once `after` records were accepted and lasts `seconds`; `number` seeds its own choices."""

    after: int
    kind: Kind
    target: str
    seconds: float
    pause: float
    number: int

    def __str__(self) -> str:
        whom = f" ({self.target})" if self.target else ""
        return f"after {self.after}: {self.kind}{whom}, {self.seconds:.1f} s"


def plan(seed: int, count: int, records: int, kinds: Sequence[Kind]) -> tuple[Fault, ...]:
    """`count` faults spread over `records`, every kind equally often and in an order by chance."""
    chance = Random(seed)
    order: list[Kind] = []
    while len(order) < count:
        order += chance.sample(kinds, len(kinds))
    del order[count:]
    return tuple(
        Fault(
            after=int(records * (0.05 + 0.9 * (number + chance.random()) / count)),
            kind=kind,
            target=chance.choice(_TARGETS.get(kind, ("",))),
            seconds=round(chance.uniform(*_LASTING.get(kind, (0, 0))), 2),
            pause=round(chance.uniform(0.2, 1.5), 2),
            number=chance.randrange(2**31),
        )
        for number, kind in enumerate(order)
    )
