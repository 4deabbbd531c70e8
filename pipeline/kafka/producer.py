"""Publishing with nothing left in the dark: a batch is acknowledged whole, or the caller hears that it was not."""

import time
from collections.abc import Sequence
from contextlib import suppress

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from pipeline.kafka.connection import Bootstrap, client_settings
from pipeline.kafka.connection_trouble import reaching
from pipeline.kafka.faults import NotPublished
from pipeline.kafka.messages import Outgoing

_PATIENCE = 6.0
"""Seconds until a batch counts as not published. Below the 10 s in which a worker must be able to stop."""
_LET_GO = 1.0
"""Seconds for the client's thread to end once it was told to drop what it holds."""


class RecordProducer:
    """An idempotent producer: acknowledged by all copies, in order per key. Not for use by two threads."""

    def __init__(self, bootstrap: Bootstrap, client_id: str) -> None:
        self._bootstrap = bootstrap
        self._client_id = client_id
        self._producer: KafkaProducer | None = self._connected()

    def _connected(self) -> KafkaProducer:
        with reaching(self._bootstrap, "connecting a producer"):
            return KafkaProducer(
                **client_settings(self._bootstrap),
                client_id=self._client_id,
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                linger_ms=5,
                batch_size=131_072,
                request_timeout_ms=4_000,
                delivery_timeout_ms=5_500,
                max_block_ms=4_000,
                bootstrap_timeout_ms=5_000,
                allow_auto_create_topics=False,
            )

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish all, in order per key, and wait for every acknowledgement.

        Raises `NotPublished` or `BrokerAway`: give the whole batch again.
        """
        if self._producer is None:
            self._producer = self._connected()
        deadline = time.monotonic() + _PATIENCE
        fault: KafkaError | OSError | None = None
        waiting = []
        try:
            waiting = [
                self._producer.send(
                    m.topic.name,
                    value=m.value,
                    key=m.key.encode(),
                    headers=list(m.headers),
                    partition=m.partition,
                )
                for m in messages
            ]
        except (KafkaError, OSError) as error:
            fault = error
        for future in waiting if fault is None else []:
            try:
                future.get(timeout=max(0.0, deadline - time.monotonic()))
            except (KafkaError, OSError) as error:
                fault = fault or error
        if fault is not None:
            self.close()  # what it still held must not come after what is given again
            raise NotPublished(
                f"Kafka did not acknowledge a batch of {len(messages)} ({type(fault).__name__}); it is given again"
            )

    def close(self) -> None:
        """Let go of the connections; nothing is waiting, for `publish` waits itself."""
        producer, self._producer = self._producer, None
        if producer is not None:
            _let_go(producer)


def _let_go(producer: KafkaProducer) -> None:
    """Close now. With a batch under way the client's own `close` gives up, and its thread goes on sending it."""
    try:
        producer.close(timeout=0)
    except KafkaTimeoutError:
        producer._sender.force_close()  # the client has no public way to stop its thread without waiting
        producer._sender.join(_LET_GO)
        with suppress(KafkaTimeoutError):
            producer.close(timeout=0)
