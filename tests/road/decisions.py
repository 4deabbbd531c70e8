"""What other systems read from the decisions topic: every event once, in the order of the topic."""

import json
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from pipeline.topics import DECISIONS


def decisions_told(bootstrap: str) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Event id and body per key, repeats dropped by id as a consumer must."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap.split(","), auto_offset_reset="earliest", enable_auto_commit=False
    )
    partitions = [TopicPartition(DECISIONS.name, n) for n in range(DECISIONS.partitions)]
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
