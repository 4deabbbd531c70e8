"""How much of the Kafka road is still under way: records nobody has analysed or taken yet."""

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from pipeline.store.connection import Database
from pipeline.topics import POSTS, SIGNALS
from pipeline.workers.analysis import GROUP as ANALYSE
from pipeline.workers.intake import GROUP as INTAKE
from tests.database import owner_connection


def waiting(bootstrap: str, database: Database) -> int:
    """Records between the end of each topic and what its worker has finished."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    try:
        ends = {
            topic: consumer.end_offsets([TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic) or ()])
            for topic in (POSTS.name, SIGNALS.name)
        }
    finally:
        consumer.close()
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        analysed = {place: found.offset for place, found in admin.list_group_offsets(ANALYSE)[ANALYSE].items()}
    finally:
        admin.close()
    with owner_connection(database) as owner:
        taken = {
            TopicPartition(topic, partition): offset
            for topic, partition, offset in owner.execute(
                "SELECT topic, partition, next_offset FROM consumer_offsets WHERE consumer_group = %s", (INTAKE,)
            ).fetchall()
        }
    return sum(end - analysed.get(place, 0) for place, end in ends[POSTS.name].items()) + sum(
        end - taken.get(place, 0) for place, end in ends[SIGNALS.name].items()
    )
