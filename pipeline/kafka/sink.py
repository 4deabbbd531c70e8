"""Collectors' way onto the Kafka road: a batch on the posts topic, acknowledged whole, then the cursor."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine

from pipeline.envelope import HourKeys, KeysOfOneBatch
from pipeline.kafka.bundles import of_records
from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.producer import RecordProducer
from pipeline.kafka.topic_admin import require
from pipeline.store import cursors
from pipeline.store.attempts import in_transaction
from pipeline.topics import POSTS
from signals.ports import Cursor
from signals.post import Post, PostRemoved


class KafkaSink:
    """`PostSink`. A crash between acknowledgement and cursor makes a repeat, never a loss; repeats have equal ids."""

    def __init__(
        self,
        bootstrap: Bootstrap,
        keys: HourKeys,
        engine: Engine,
        clock: Callable[[], datetime],
        producer: RecordProducer | None = None,
    ) -> None:
        require(bootstrap, [POSTS])
        self._producer = producer or RecordProducer(bootstrap, "seinpost-collect")
        self._keys = keys
        self._engine = engine
        self._clock = clock

    def accept(self, batch: Sequence[Post | PostRemoved], cursor: Cursor | None) -> None:
        """Publish the batch, then save the cursor. Raises `NotPublished` or `DatabaseAway`: give the batch again."""
        now, keys = self._clock(), KeysOfOneBatch(self._keys)
        self._producer.publish(of_records(batch, keys, now))
        if cursor is not None:
            in_transaction(self._engine, lambda connection: cursors.save(connection, cursor))

    def close(self) -> None:
        """Let go of the connection."""
        self._producer.close()
