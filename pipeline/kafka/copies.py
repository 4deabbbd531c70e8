"""How many brokers hold a topic, and spreading it over more. It never takes a copy away."""

import time

from kafka import KafkaAdminClient, TopicPartition

from pipeline.kafka.faults import BrokerAway
from pipeline.topics import Topic

_PATIENCE = 120.0
"""Seconds to wait until new copies have caught up."""


def fewest(admin: KafkaAdminClient, topic: Topic) -> int:
    """The copies of the partition that has the fewest."""
    return min(len(partition["replica_nodes"]) for partition in admin.describe_topics([topic.name])[0]["partitions"])


def spread(admin: KafkaAdminClient, topic: Topic, wanted: int) -> None:
    """Give every partition `wanted` copies, the ones it has first, and wait until they are there."""
    everyone = sorted(broker["broker_id"] for broker in admin.describe_cluster()["brokers"])
    plan: dict[TopicPartition, list[int]] = {}
    for partition in admin.describe_topics([topic.name])[0]["partitions"]:
        number, held = partition["partition_index"], list(partition["replica_nodes"])
        # Each partition starts at another broker, so that the new copies are shared out evenly.
        turned = everyone[number % len(everyone) :] + everyone[: number % len(everyone)]
        if len(held) < wanted:
            plan[TopicPartition(topic.name, number)] = (held + [b for b in turned if b not in held])[:wanted]
    refused = [error for error in admin.alter_partition_reassignments(plan).values() if error is not None]
    if refused:
        raise BrokerAway(f"Kafka does not spread {topic.name} ({refused[0].__name__}); try again")
    deadline = time.monotonic() + _PATIENCE
    while admin.list_partition_reassignments(list(plan)):
        if time.monotonic() > deadline:
            raise BrokerAway(f"{topic.name} is not spread over {wanted} brokers yet; run seinpost topics apply again")
        time.sleep(0.2)
