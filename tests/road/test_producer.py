"""A broker that hangs: the batch counts as not published, in time, and nothing of it is sent behind our back."""

import errno
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from pipeline.kafka.faults import BrokerAway, NotPublished, named
from pipeline.kafka.local_broker import LocalBroker
from pipeline.kafka.messages import ENCRYPTED, Outgoing, headers
from pipeline.kafka.producer import RecordProducer
from pipeline.topics import POSTS, apply
from tests.patience import until
from tests.road.invented import NOW

pytestmark = pytest.mark.kafka


def _batch(count: int) -> list[Outgoing]:
    return [Outgoing(POSTS, str(uuid4()), b"x" * 200, headers(uuid4(), "t", "t", NOW, ENCRYPTED)) for _ in range(count)]


@contextmanager
def _hanging(broker: LocalBroker) -> Iterator[None]:
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(broker.pid, signal.SIGCONT)


def test_a_batch_that_a_hanging_broker_does_not_take_is_told_so_and_dropped(own_kafka_broker: LocalBroker) -> None:
    apply(own_kafka_broker.bootstrap)
    threads = threading.active_count()
    producer = RecordProducer(own_kafka_broker.bootstrap, "test")
    producer.publish(_batch(50))
    with _hanging(own_kafka_broker):
        began = time.monotonic()
        with pytest.raises(NotPublished):
            producer.publish(_batch(400))
        assert time.monotonic() - began < 10
        # Its thread would deliver the dropped batch after what is given again.
        until(lambda: threading.active_count() == threads, 15)
        producer.close()
    producer.publish(_batch(400))
    producer.close()


def test_an_error_of_the_network_that_the_client_passes_on_is_a_broker_that_is_away() -> None:
    with pytest.raises(BrokerAway, match="while reading"), named("reading"):
        raise OSError(errno.EHOSTUNREACH, "No route to host")
