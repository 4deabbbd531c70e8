"""The analysis worker's job as most would write it with another client: consume, decode, gate, produce, commit.

`python -m bench.road.plain WHEREABOUTS WAY`: WAY is `confluent` (librdkafka) or `faststream` (aiokafka). The same
records, envelope and gate as ours; no dead letters, no settings followed, no patience with faults.
"""

import asyncio
import json
import signal
import sys
import threading
from collections.abc import Sequence

from bench.road.analysers import gate_only
from bench.road.place import Whereabouts, now
from nlp.settings import default_settings
from pipeline.analysing import analyse_records
from pipeline.envelope import KeysOfOneBatch
from pipeline.kafka.messages import Incoming, Outgoing, Place
from pipeline.letters import ANALYSE
from pipeline.topics import POSTS
from pipeline.workers.analysis import BATCH, bundled
from pipeline.workers.opening import opened
from signals.post import POST_RECORD


class Job:
    """What is done with the bytes of a batch, whoever brings them."""

    def __init__(self, at: Whereabouts) -> None:
        self._keys = at.keys
        self._analyse = gate_only()
        self._settings = default_settings()

    def answers(self, values: Sequence[bytes]) -> list[Outgoing]:
        """Decrypt, decode, gate, encode, encrypt."""
        keys, moment = KeysOfOneBatch(self._keys), now()
        batch = [Incoming(Place(POSTS.name, 0), 0, 0, value) for value in values]
        come = opened(batch, POST_RECORD, ANALYSE, keys, moment)
        found, _ = analyse_records(come.records, self._analyse, self._settings)
        return bundled(batch, come.given, found, keys, moment)[0]


def confluent(at: Whereabouts, job: Job, stop: threading.Event) -> None:
    """confluent-kafka, in batches, idempotent, committed after the flush."""
    from confluent_kafka import Consumer, Producer

    consumer = Consumer(
        {
            "bootstrap.servers": at.bootstrap,
            "group.id": "bench-confluent",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    producer = Producer(
        {"bootstrap.servers": at.bootstrap, "enable.idempotence": True, "compression.type": "lz4", "linger.ms": 5}
    )
    consumer.subscribe([POSTS.name])
    print("ready", flush=True)
    while not stop.is_set():
        messages = [m for m in consumer.consume(BATCH, 0.1) if m.error() is None]
        if messages:
            for out in job.answers([m.value() for m in messages]):
                producer.produce(out.topic.name, out.value, out.key, headers=list(out.headers))
            if producer.flush(10):
                raise SystemExit("not everything was acknowledged")
            consumer.commit(asynchronous=False)
    consumer.close()


async def faststream(at: Whereabouts, job: Job, stop: threading.Event) -> None:
    """faststream on aiokafka: a batch subscriber that acknowledges after its answers are published."""
    from faststream import AckPolicy
    from faststream.kafka import KafkaBroker
    from faststream.kafka.message import KafkaMessage

    broker = KafkaBroker(at.bootstrap, enable_idempotence=True, acks="all", compression_type="lz4", linger_ms=5)

    async def raw(message: KafkaMessage) -> object:
        return message.body

    @broker.subscriber(
        POSTS.name,
        batch=True,
        max_records=BATCH,
        group_id="bench-faststream",
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        decoder=raw,
    )
    async def handle(values: list[bytes], message: KafkaMessage) -> None:
        waiting = [
            await broker.publish(
                out.value,
                out.topic.name,
                key=out.key.encode(),
                headers={name: value.decode() for name, value in out.headers},
                no_confirm=True,
            )
            for out in job.answers(values)
        ]
        await asyncio.gather(*waiting)
        await message.ack()

    await broker.start()
    print("ready", flush=True)
    await asyncio.to_thread(stop.wait)
    await broker.stop()


def main(whereabouts: str, way: str) -> None:
    """Work until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    at = Whereabouts(**json.loads(whereabouts))
    job = Job(at)
    if way == "confluent":
        confluent(at, job, stop)
    else:
        asyncio.run(faststream(at, job, stop))


if __name__ == "__main__":
    main(*sys.argv[1:])
