"""The raw window of the Kafka road: the posts topic, looked back into."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.look_back import records_since
from pipeline.topics import POSTS
from signals.post import POST_RECORD, Post, PostRemoved


class KafkaRawWindow:
    """`RawWindow`: each record once, oldest first as it was published."""

    def __init__(self, bootstrap: Bootstrap, keys: HourKeys) -> None:
        self._bootstrap = bootstrap
        self._keys = keys

    def since(self, moment: datetime) -> Iterator[Post | PostRemoved]:
        """Records seen at or after `moment`; what cannot be opened or read is in the dead letters, not here."""
        given: set[UUID] = set()
        # Nothing is published before it was seen, so no record seen since `moment` has an older timestamp.
        for message in records_since(self._bootstrap, POSTS, int(moment.timestamp() * 1000)):
            try:
                record = POST_RECORD.validate_json(envelope.unseal(message.value, self._keys))
            except (ValueError, envelope.Undecryptable, envelope.HourKeyGone):
                continue
            if record.seen_at >= moment and record.event_id not in given:
                given.add(record.event_id)
                yield record
