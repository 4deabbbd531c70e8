"""The relay: the outbox to its topics, in order and at least once; and the active settings to the settings topic.

It reads no signal and no post.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Connection, Engine

from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.messages import JSON, Outgoing, headers
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.settings_feed import KEY
from pipeline.kafka.topic_admin import require
from pipeline.store import outbox, settings
from pipeline.store.attempts import in_transaction
from pipeline.topic_access import RELAY
from pipeline.topics import DECISIONS, SETTINGS, TOPICS, Topic
from pipeline.watch.worker_watch import WorkerWatch
from pipeline.workers.patience import Stopping, patiently
from signals.settings_version import DetectionSettings

_AT_ONCE = 200
_LOOK_EVERY = 0.5
_BY_NAME = {topic.name: topic for topic in TOPICS}


class UnknownTopic(Exception):
    """The outbox names a topic that is not in the table."""


@dataclass
class Relay:
    """What one turn needs, and which settings were published last."""

    engine: Engine
    producer: RecordProducer
    shipped: DetectionSettings
    clock: Callable[[], datetime]
    published: str | None = None

    def turn(self) -> int:
        """Publish what waits; how many events that were."""
        self._follow_settings()
        return in_transaction(self.engine, self._outbox)

    def _outbox(self, connection: Connection) -> int:
        """Acknowledged first, marked as sent after: a crash between makes a repeat, which consumers drop by its id."""
        events = outbox.waiting(connection, _AT_ONCE)
        self.producer.publish(
            [
                Outgoing(
                    _topic(e.topic), e.key, e.body.encode(), headers(e.event_id, e.topic, "relay", e.created_at, JSON)
                )
                for e in events
            ]
        )
        outbox.sent(connection, [e.id for e in events], self.clock())
        return len(events)

    def _follow_settings(self) -> None:
        live = in_transaction(self.engine, settings.active) or self.shipped
        if live.version == self.published:
            return
        now = self.clock()
        event = uuid5(NAMESPACE_OID, f"{SETTINGS.name}/{live.version}")  # the same for a repeat
        about = headers(event, SETTINGS.name, "relay", now, JSON)
        self.producer.publish([Outgoing(SETTINGS, KEY, live.model_dump_json().encode(), about)])
        self.published = live.version


def _topic(name: str) -> Topic:
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownTopic(f"the outbox names {name!r}, which is no topic of ours; see pipeline/topics.py") from None


def run(
    bootstrap: Bootstrap,
    engine: Engine,
    shipped: DetectionSettings,
    clock: Callable[[], datetime],
    stop: threading.Event,
    watch: WorkerWatch | None = None,
) -> None:
    """Work until `stop` is set. `shipped` are the settings that hold where none were made active."""
    require(bootstrap, RELAY.topics)
    watch = watch or WorkerWatch("relay")
    watch.without_topics()
    producer = watch.producer(bootstrap, "seinpost-relay", [DECISIONS, SETTINGS])
    relay = Relay(engine, producer, shipped, clock)
    try:
        while not stop.is_set():
            if patiently(relay.turn, stop.wait, stop) == 0:
                stop.wait(_LOOK_EVERY)
    except Stopping:
        pass
    finally:
        producer.close()
