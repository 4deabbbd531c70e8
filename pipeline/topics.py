"""The topics of the Kafka road as one table: name, partitions, cleanup and how long records stay.

Partitions are fixed for the life of a topic version: changing them would move keys, and with them the order per post.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipeline.kafka.connection import Bootstrap

_HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Topic:
    """One topic. `configs` are the broker's settings that must hold."""

    name: str
    partitions: int
    configs: dict[str, str] = field(default_factory=dict)


def _kept(keep: timedelta, roll: timedelta) -> dict[str, str]:
    """A record is gone at most `keep` + `roll` after it came: the broker removes closed segments only."""
    ms = timedelta(milliseconds=1)
    return {"cleanup.policy": "delete", "retention.ms": str(keep // ms), "segment.ms": str(roll // ms)}


_WINDOW = _kept(timedelta(hours=22), timedelta(hours=1))
"""The raw window: within 24 hours; the hour's key is gone then too."""

POSTS = Topic("seinpost.posts.v1", 12, _WINDOW)
SIGNALS = Topic("seinpost.signals.v1", 12, _WINDOW)
SETTINGS = Topic(
    "seinpost.settings.v1",
    1,
    {"cleanup.policy": "compact", "segment.ms": str(_HOUR_MS), "min.cleanable.dirty.ratio": "0.1"},
)
# Descriptions stay 28 days; the bytes in them are encrypted under the hour's key and unreadable after a day.
_DEAD = _kept(timedelta(days=27), timedelta(days=1))
POSTS_DEAD = Topic("seinpost.posts.dead.v1", 12, _DEAD)
SIGNALS_DEAD = Topic("seinpost.signals.dead.v1", 12, _DEAD)

TOPICS: tuple[Topic, ...] = (POSTS, SIGNALS, SETTINGS, POSTS_DEAD, SIGNALS_DEAD)
"""The topics that every installation has."""

DECISIONS_PREFIX = "seinpost.decisions."
"""How every topic for the system of a partner begins; nothing else does."""


def decisions(system: str) -> Topic:
    """The topic on which one system of a partner is told. Each has its own: who reads a topic reads all of it."""
    return Topic(f"{DECISIONS_PREFIX}{system}.v2", 3, _kept(timedelta(days=7), timedelta(days=1)))


DECISIONS = decisions("{system}")
"""All of them, as the contract writes them."""
DECISION_KIND = "seinpost.decisions.v2"
"""The CloudEvents type of what stands on them."""


class System(NamedTuple):
    """A partner's system: the name it logs in with, and whether it may read now."""

    login: str
    reads: bool

    @property
    def topic(self) -> Topic:
        """Where it is told."""
        return decisions(self.login)


def apply(bootstrap: "Bootstrap", systems: Sequence[System] | None = None) -> list[str]:
    """Create what is missing and correct what differs, permissions too; what was done, one line each.

    `systems` are all systems of partners; None leaves their topics and permissions as they are.
    """
    from pipeline.kafka.topic_admin import apply as applied  # the client is slow to import, and the table is read often

    return applied(bootstrap, TOPICS, systems)


def drift(bootstrap: "Bootstrap", systems: Sequence[System] | None = None) -> list[str]:
    """What differs between the tables and the broker, one line each; nothing when all is well."""
    from pipeline.kafka.topic_admin import drift as found

    return found(bootstrap, TOPICS, systems)
