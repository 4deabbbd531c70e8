"""The raw window of the Kafka road: the posts topic, looked back into."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.kafka.bundles import lines_of
from pipeline.kafka.connection import Bootstrap
from pipeline.kafka.look_back import records_since
from pipeline.kafka.messages import Incoming
from pipeline.topics import POSTS
from signals.post import POST_RECORD, Post, PostRemoved

REMEMBERED = 200_000
"""Ids of records that are remembered: minutes of the busiest stream, and a producer repeats within seconds."""


class KafkaRawWindow:
    """`RawWindow`: each record once, oldest first as it was published.

    A repeat is dropped when it comes within `REMEMBERED` records of the first: memory must not grow with the window.
    """

    def __init__(self, bootstrap: Bootstrap, keys: HourKeys) -> None:
        self._bootstrap = bootstrap
        self._keys = keys

    def since(self, moment: datetime) -> Iterator[Post | PostRemoved]:
        """Records seen at or after `moment`; what cannot be opened or read is in the dead letters, not here."""
        given: OrderedDict[UUID, None] = OrderedDict()  # oldest first, and quick to let go of
        # Nothing is published before it was seen, so no record seen since `moment` has an older timestamp.
        for message in records_since(self._bootstrap, POSTS, int(moment.timestamp() * 1000)):
            for record in self._records(message):
                if record.seen_at >= moment and record.event_id not in given:
                    given[record.event_id] = None
                    if len(given) > REMEMBERED:
                        given.popitem(last=False)
                    yield record

    def _records(self, message: Incoming) -> Iterator[Post | PostRemoved]:
        try:
            lines = lines_of(envelope.unseal(message.value, self._keys))
        except (envelope.Undecryptable, envelope.HourKeyGone):
            return
        for line in lines:
            with suppress(ValueError):
                yield POST_RECORD.validate_json(line)
