"""What a worker counts, for Prometheus. Labels are a worker's kind, a topic or a reason code; never an id or a text.

Every series is there from the start, so that a monitor can tell "none yet" from "not measured".
"""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from pipeline.topics import DECISIONS, DECISIONS_PREFIX, POSTS, POSTS_DEAD, SIGNALS, SIGNALS_DEAD, TOPICS, Topic
from signals.dead_letter import DeadReason

_BATCH = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_AGE = (0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60, 300, 3600)
DEAD_TOPICS = frozenset({POSTS_DEAD.name, SIGNALS_DEAD.name})
AGED_TOPICS = frozenset({POSTS.name, SIGNALS.name})
_TOPICS = frozenset(topic.name for topic in TOPICS)
OTHER = "other"


class Meter:
    """The counters of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        worker, topic = ["worker"], ["worker", "topic"]
        self._records = Counter("seinpost_worker_records_total", "Records handled.", topic, registry=registry)
        self._published = Counter("seinpost_worker_published_total", "Records published.", topic, registry=registry)
        self._dead = Counter(
            "seinpost_worker_dead_letters_total", "Records set aside.", ["worker", "reason"], registry=registry
        )
        self._breaker = Gauge(
            "seinpost_worker_breaker_open",
            "1 while the worker waits because it would set most records aside, else 0.",
            worker,
            registry=registry,
        )
        self._anew = Counter(
            "seinpost_worker_consumer_restarts_total", "Stuck consumers that joined anew.", worker, registry=registry
        )
        self._batch = Histogram(
            "seinpost_worker_batch_seconds", "Time a batch took.", worker, registry=registry, buckets=_BATCH
        )
        self._age = Histogram(
            "seinpost_worker_post_age_seconds",
            "From a post being seen to this worker being done with it.",
            worker,
            registry=registry,
            buckets=_AGE,
        )
        self._since_turn = Gauge(
            "seinpost_worker_since_turn_seconds", "Since the worker last took a turn.", worker, registry=registry
        )
        self._since_progress = Gauge(
            "seinpost_worker_since_progress_seconds", "Since records were last handled.", worker, registry=registry
        )
        self._partitions = Gauge("seinpost_worker_partitions", "Partitions held.", topic, registry=registry)
        self._lag = Gauge("seinpost_worker_lag_records", "Messages waiting to be handled.", topic, registry=registry)
        self._still = Gauge(
            "seinpost_worker_lag_still_seconds", "Longest lag without any movement.", topic, registry=registry
        )
        self._broker = Gauge(
            "seinpost_worker_broker_answers", "1 when the broker answers, else 0.", worker, registry=registry
        )

    def introduce(self, worker: str, reads: Iterable[Topic], writes: Iterable[Topic]) -> None:
        """Bring every series of a worker into being, at zero."""
        for topic in reads:
            for each in (self._records, self._partitions, self._lag, self._still):
                each.labels(worker, topic.name)
        if any(topic.name in AGED_TOPICS for topic in reads):
            self._age.labels(worker)
        for topic in writes:
            self._published.labels(worker, topic.name)
        if any(topic.name in DEAD_TOPICS for topic in writes):
            for reason in DeadReason:
                self._dead.labels(worker, reason.value)
            self._breaker.labels(worker)
        if reads:
            self._anew.labels(worker)
            self._broker.labels(worker).set(1)
        self._batch.labels(worker)

    def heart(self, worker: str, since_turn: Callable[[], float], since_progress: Callable[[], float]) -> None:
        """How to find the heartbeat, asked anew at every look."""
        self._since_turn.labels(worker).set_function(since_turn)
        self._since_progress.labels(worker).set_function(since_progress)

    def handled(self, worker: str, topic: str, records: int) -> None:
        """Count records of a topic."""
        self._records.labels(worker, _known(topic)).inc(records)

    def took(self, worker: str, seconds: float) -> None:
        """A batch took so long."""
        self._batch.labels(worker).observe(seconds)

    def aged(self, worker: str, seconds: float) -> None:
        """A post was so old when the worker was done with it."""
        self._age.labels(worker).observe(max(0.0, seconds))

    def published(self, worker: str, topic: str, reason: bytes | None) -> None:
        """Count a record that went out, and for a dead letter its reason."""
        self._published.labels(worker, _known(topic)).inc()
        if topic in DEAD_TOPICS:
            self._dead.labels(worker, _reason(reason)).inc()

    def breaker(self, worker: str, is_open: bool) -> None:
        """Whether the worker waits because it would set most aside."""
        self._breaker.labels(worker).set(is_open)

    def joined_anew(self, worker: str) -> None:
        """Count a stuck consumer."""
        self._anew.labels(worker).inc()

    def broker_answers(self, worker: str, answers: bool) -> None:
        """Whether the broker answered the last question."""
        self._broker.labels(worker).set(answers)

    def stands(self, worker: str, topic: str, partitions: int, lag: int, still: float) -> None:
        """How a worker stands with one topic."""
        self._partitions.labels(worker, _known(topic)).set(partitions)
        self._lag.labels(worker, _known(topic)).set(lag)
        self._still.labels(worker, _known(topic)).set(still)


def _known(topic: str) -> str:
    if topic.startswith(DECISIONS_PREFIX):
        return DECISIONS.name  # one series for all partners' systems: how much each hears is nobody's business
    return topic if topic in _TOPICS else OTHER


def _reason(reason: bytes | None) -> str:
    """One of our codes: a label never takes words from a message."""
    try:
        return DeadReason((reason or b"").decode()).value
    except ValueError:
        return OTHER
