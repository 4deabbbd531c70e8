"""What a post says is in no log line at debug level, no trace and no metric, whatever becomes of the post."""

import json
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack

import pytest
from prometheus_client import generate_latest
from sqlalchemy import Engine

from pipeline.kafka.local_broker import LocalBroker
from pipeline.kafka.messages import Outgoing
from pipeline.key_folder import KeyFolder
from pipeline.store.connection import Database
from pipeline.topics import POSTS
from pipeline.watch.otel_traces import traces
from pipeline.watch.traces import Traces
from pipeline.workers.patience import patiently
from review_ui.metrics import Metrics
from review_ui.road_gauges import RoadGauges
from signals.post import Post, PostRemoved
from tests.canary.canaries import find_in_bytes
from tests.pipeline.watch.test_road_counts import web
from tests.pipeline.watch.test_traces import Kept
from tests.pipeline.watch.told import Told
from tests.pipeline.watch.watched_road import watched_road
from tests.road.invented import NOW, Maker
from tests.road.test_workers import THREAT, _message, _producer
from tests.whole_road.canary_texts import LINK, needles

__all__ = ["web"]

WORD = "qzwoord7"
"""In every text, as nothing that masking would take: a post's own words must not be told either."""
PLACE = "molencollege"


@pytest.mark.kafka
def test_no_word_of_a_post_is_in_logs_traces_or_metrics(
    database: Database, own_keys: KeyFolder, kafka_broker: LocalBroker, told_by_all: Told, web: Engine
) -> None:
    """Flagged, ordinary, removed, edited, breaking the analysis, and bytes that are no record at all."""
    kept = Kept()
    with ExitStack() as stack:

        def told(step: str) -> Traces:
            return stack.enter_context(traces(step, "test", kept, first=step == "collect"))

        with watched_road(kafka_broker.bootstrap, database, own_keys, traces=told) as road:
            posts = _posts(road.maker)
            patiently(lambda: road.sink.accept(posts, None), time.sleep, threading.Event())
            with _producer(kafka_broker) as producer:
                odd = _message(POSTS, WORD.encode())
                bad = [
                    _message(POSTS, f"{WORD} {PLACE} {LINK}".encode()),
                    Outgoing(POSTS, WORD, odd.value, (*odd.headers, (WORD, WORD.encode()))),
                ]
                patiently(lambda: producer.publish(bad), time.sleep, threading.Event())
            road.flow()
            metrics = Metrics()
            metrics.registry.register(RoadGauges(web, lambda: NOW))
            pages = road.page().encode() + generate_latest(metrics.registry)
            assert road.value("seinpost_worker_dead_letters_total", worker="analyse", reason="analysis_failed") == 1
            assert road.value("seinpost_worker_dead_letters_total", worker="analyse", reason="undecryptable") == 2
    spans = "\n".join(span.to_json() for span in kept.get_finished_spans()).encode()
    wanted = (WORD, PLACE, *needles())
    assert len(kept.get_finished_spans()) > 20
    assert len(told_by_all.records) > 100, "the libraries were not listened to"
    for name, said in (("logs", told_by_all.everything()), ("traces", spans), ("metrics", pages)):
        assert find_in_bytes(said, wanted) == [], name
        planted = said + json.dumps({"event": f"post {WORD}"}).encode()
        assert find_in_bytes(planted, wanted) != [], name


def _posts(maker: Maker) -> Sequence[Post | PostRemoved]:
    make = maker.post
    return [
        *(make(f"a{n}", f"{THREAT} {WORD} vanavond bij het {PLACE} {n}", sealed=True) for n in range(5)),
        *(make(f"b{n}", f"De bakker {WORD} {n}") for n in range(5)),
        make("a1", f"{THREAT} {WORD} toch morgen", version=2),
        make("c", f"kapotmaker {WORD}"),
        maker.removed("a2", 3),
    ]
