"""What a partner's system reads from its topic: every event once, in order. And what waits in the outbox to be told."""

import json
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid5

from kafka import KafkaConsumer, TopicPartition
from psycopg import OperationalError

from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.topic_admin import apply
from pipeline.store.connection import Database
from pipeline.topics import decisions
from tests.database import owner_connection

_SIGNAL = UUID("00000000-0000-4000-8000-00000000000d")
REFERENCES = 10


def leave_for(system: str, bootstrap: Bootstrap, database: Database, count: int) -> None:
    """A system with a topic, and decisions in the outbox for it, as the dispatcher's would be, of some references."""
    apply(bootstrap, [decisions(system)])
    with owner_connection(database) as owner:
        for number in range(count):
            key = str(number % REFERENCES)
            owner.execute(
                "INSERT INTO outbox (event_id, topic, key, body) VALUES (%s, %s, %s, %s)",
                (
                    uuid5(_SIGNAL, f"{system}/{number}"),
                    decisions(system).name,
                    key,
                    json.dumps({"id": key, "step": number}),
                ),
            )


def leave_one(system: str, database: Database) -> None:
    """One more, while everything breaks: it is there or it is not, whatever the answer was."""
    with suppress(OperationalError), owner_connection(database) as owner:
        owner.execute(
            "INSERT INTO outbox (event_id, topic, key, body) VALUES (gen_random_uuid(), %s, 'storm', '{}')",
            (decisions(system).name,),
        )


def in_order(count: int) -> dict[str, list[int]]:
    """The steps that `leave_for` left, by reference."""
    return {str(key): list(range(key, count, REFERENCES)) for key in range(REFERENCES)}


def decisions_told(system: str, bootstrap: str) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Event id and body per key, repeats dropped by id as a consumer must."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap.split(","), auto_offset_reset="earliest", enable_auto_commit=False
    )
    topic = decisions(system)
    partitions = [TopicPartition(topic.name, n) for n in range(topic.partitions)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    seen: set[str] = set()
    told: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    while any(consumer.position(p) < ends[p] for p in partitions):
        for records in consumer.poll(timeout_ms=500).values():
            for record in records:
                event = dict(record.headers)["ce_id"].decode()
                if event not in seen:
                    seen.add(event)
                    told.setdefault(record.key.decode(), []).append((event, json.loads(record.value)))
    consumer.close()
    return told
