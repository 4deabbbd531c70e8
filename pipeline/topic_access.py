"""Who may do what on the topics, as one table beside theirs: a principal per process, and nothing it does not need.

A partner's system may read its own topic, and only while its agreement says so; nobody may by default.
`seinpost topics apply` makes the broker's permissions (ACLs) from it; anything that is not in it is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pipeline.topics import (
    DECISIONS,
    DECISIONS_PREFIX,
    POSTS,
    POSTS_DEAD,
    SETTINGS,
    SIGNALS,
    SIGNALS_DEAD,
    TOPICS,
    System,
    Topic,
)


class Resource(StrEnum):
    """What a permission is about."""

    TOPIC = "topic"
    GROUP = "group"
    CLUSTER = "cluster"


class Operation(StrEnum):
    """What may be done with it. Reading and writing a topic include seeing that it is there."""

    READ = "read"
    WRITE = "write"
    DESCRIBE = "describe"
    DESCRIBE_CONFIGS = "describe_configs"


CLUSTER = "kafka-cluster"
"""Kafka's own name for the cluster as a resource."""


class Grant(NamedTuple):
    """One permission: who, on what, for what. `prefixed`: on all whose name begins so."""

    principal: str
    resource: Resource
    name: str
    operation: Operation
    prefixed: bool = False

    def __str__(self) -> str:
        all_of = " (and all that begin so)" if self.prefixed else ""
        return f"{self.principal} may {self.operation} {self.resource} {self.name}{all_of}"


@dataclass(frozen=True)
class Process:
    """One kind of process. Its log-in, or the common name of its certificate, is `login`."""

    name: str
    runs: str
    reads: tuple[Topic, ...] = ()
    writes: tuple[Topic, ...] = ()
    group: str | None = None
    tells: tuple[Topic, ...] = ()
    """The topics of partners' systems, one for each: it may write them all, and starts when there is none."""
    looks: bool = False
    """Whether it sees how every topic and group is set, without reading any."""

    @property
    def login(self) -> str:
        """The name it logs in with."""
        return f"seinpost-{self.name}"

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that it cannot start without."""
        return (*self.reads, *self.writes)

    @property
    def grants(self) -> tuple[Grant, ...]:
        """All it may do."""
        who = f"User:{self.login}"
        found = [Grant(who, Resource.TOPIC, topic.name, Operation.READ) for topic in self.reads]
        found += [Grant(who, Resource.TOPIC, topic.name, Operation.WRITE) for topic in self.writes]
        found += [Grant(who, Resource.TOPIC, DECISIONS_PREFIX, Operation.WRITE, True) for _ in self.tells]
        if self.group is not None:
            found.append(Grant(who, Resource.GROUP, self.group, Operation.READ))
        if self.looks:
            both = (Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS)
            found += [Grant(who, Resource.TOPIC, topic.name, operation) for topic in TOPICS for operation in both]
            found += [Grant(who, Resource.TOPIC, DECISIONS_PREFIX, operation, True) for operation in both]
            found += [Grant(who, Resource.GROUP, p.group, Operation.DESCRIBE) for p in PROCESSES if p.group is not None]
            found.append(Grant(who, Resource.CLUSTER, CLUSTER, Operation.DESCRIBE))
        return tuple(found)


COLLECT = Process("collect", "collect, import, tip, work recheck, dead-letters retry", writes=(POSTS, POSTS_DEAD))
ANALYSE = Process(
    "analyse", "work analyse", reads=(POSTS, SETTINGS), writes=(SIGNALS, POSTS_DEAD), group="seinpost-analyse"
)
INTAKE = Process(
    "intake",
    "work intake",
    reads=(SIGNALS, POSTS_DEAD, SIGNALS_DEAD),
    writes=(SIGNALS_DEAD,),
    group="seinpost-intake",
)
RELAY = Process("relay", "work relay", writes=(SETTINGS,), tells=(DECISIONS,))
SERVE = Process("serve", "serve: the observations and tips that professionals hand in", writes=(POSTS,))
REPLAY = Process("replay", "replay", reads=(POSTS,))
DOCTOR = Process("doctor", "doctor, topics check", looks=True)

PROCESSES: tuple[Process, ...] = (COLLECT, ANALYSE, INTAKE, RELAY, SERVE, REPLAY, DOCTOR)
"""Every process that reaches the brokers, but `topics apply`: that one manages permissions, so it is a super user."""

ADMINISTRATOR = "seinpost-topics"
"""The log-in of `topics apply`; a super user in the brokers' own settings, and used by nothing else."""


def grants(systems: Iterable[System] = ()) -> frozenset[Grant]:
    """All permissions of the table, and those of partners' systems."""
    ours = {grant for process in PROCESSES for grant in process.grants}
    return frozenset(ours | {grant for system in systems if system.reads for grant in reading(system)})


def reading(system: System) -> tuple[Grant, ...]:
    """What a system needs to read what it is told: its topic, and a consumer group that has its name."""
    who = f"User:{system.login}"
    return (
        Grant(who, Resource.TOPIC, system.topic.name, Operation.READ),
        Grant(who, Resource.GROUP, system.login, Operation.READ),
    )
