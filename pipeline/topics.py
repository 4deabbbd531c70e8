"""The topics of the Kafka road as one table: name, partitions, cleanup and how long records stay.

Partitions are fixed for the life of a topic version: changing them would move keys, and with them the order per post.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

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
DECISIONS = Topic("seinpost.decisions.v1", 3, _kept(timedelta(days=7), timedelta(days=1)))
SETTINGS = Topic(
    "seinpost.settings.v1",
    1,
    {"cleanup.policy": "compact", "segment.ms": str(_HOUR_MS), "min.cleanable.dirty.ratio": "0.1"},
)
# Descriptions stay 28 days; the bytes in them are encrypted under the hour's key and unreadable after a day.
_DEAD = _kept(timedelta(days=27), timedelta(days=1))
POSTS_DEAD = Topic("seinpost.posts.dead.v1", 12, _DEAD)
SIGNALS_DEAD = Topic("seinpost.signals.dead.v1", 12, _DEAD)

TOPICS: tuple[Topic, ...] = (POSTS, SIGNALS, DECISIONS, SETTINGS, POSTS_DEAD, SIGNALS_DEAD)


def apply(bootstrap: "Bootstrap") -> list[str]:
    """Create what is missing and correct what differs, permissions too; what was done, one line each."""
    from pipeline.kafka.topic_admin import apply as applied  # the client is slow to import, and the table is read often

    return applied(bootstrap, TOPICS)


def drift(bootstrap: "Bootstrap") -> list[str]:
    """What differs between the tables and the broker, one line each; nothing when all is well."""
    from pipeline.kafka.topic_admin import drift as found

    return found(bootstrap, TOPICS)
