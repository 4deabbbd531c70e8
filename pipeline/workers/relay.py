"""The relay: the outbox to its topics, in order and at least once; and the active settings to the settings topic.

It reads no signal and no post. A topic that takes nothing holds up no other.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import NAMESPACE_OID, uuid5

import structlog
from sqlalchemy import Connection, Engine

from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.faults import NotPublished
from pipeline.kafka.messages import JSON, Outgoing, headers
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.settings_feed import KEY
from pipeline.kafka.topic_admin import require
from pipeline.store import outbox, settings
from pipeline.store.attempts import in_transaction
from pipeline.topic_access import RELAY
from pipeline.topics import DECISION_KIND, DECISIONS, DECISIONS_PREFIX, SETTINGS, Topic, decisions
from pipeline.watch.worker_watch import WorkerWatch
from pipeline.workers.patience import Stopping, patiently
from signals.settings_version import DetectionSettings

_AT_ONCE = 200
_LOOK_EVERY = 0.5

log = structlog.get_logger()


class UnknownTopic(Exception):
    """The outbox names a topic that is none of a partner's system."""


@dataclass
class Relay:
    """What one turn needs, and which settings were published last."""

    engine: Engine
    producer: RecordProducer
    shipped: DetectionSettings
    clock: Callable[[], datetime]
    published: str | None = None

    def turn(self) -> int:
        """Publish what waits, topic by topic; how many events that were. Raises after all had their turn."""
        self._follow_settings()
        told, stuck = 0, None
        for name in in_transaction(self.engine, outbox.topics):
            topic = _topic(name)
            try:
                told += in_transaction(self.engine, partial(self._outbox, topic))
            except NotPublished as fault:  # such as a topic that was not made yet
                stuck = fault
        if stuck is not None:
            raise stuck
        return told

    def _outbox(self, topic: Topic, connection: Connection) -> int:
        """Acknowledged first, marked as sent after: a crash between makes a repeat, which consumers drop by its id."""
        events = outbox.waiting(connection, topic.name, _AT_ONCE)
        self.producer.publish(
            [
                Outgoing(topic, e.key, e.body.encode(), headers(e.event_id, DECISION_KIND, "relay", e.created_at, JSON))
                for e in events
                if e.still_told
            ]
        )
        for e in events:
            if not e.still_told:
                log.info("decision_withheld", decision=str(e.event_id))
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
    topic = decisions(name.removeprefix(DECISIONS_PREFIX).removesuffix(".v2"))
    if topic.name != name:
        raise UnknownTopic(f"the outbox names {name!r}, which is no topic of a partner's; see pipeline/topics.py")
    return topic


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
