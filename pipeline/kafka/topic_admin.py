"""Creates, corrects and checks topics on a broker against the table of `pipeline.topics`. It deletes none."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from pipeline.kafka.faults import TopicsMissing, named
from pipeline.topics import Topic

_PRODUCTION_COPIES = 3


@contextmanager
def _admin(bootstrap: str) -> Iterator[KafkaAdminClient]:
    with named("asking about topics"):
        client = KafkaAdminClient(bootstrap_servers=bootstrap.split(","), bootstrap_timeout_ms=10_000)
        try:
            yield client
        finally:
            client.close()


def apply(bootstrap: str, topics: Sequence[Topic]) -> list[str]:
    """Create missing topics and set configs that differ. Three copies where there are three brokers or more."""
    done: list[str] = []
    with _admin(bootstrap) as admin:
        present = set(admin.list_topics())
        copies = min(_PRODUCTION_COPIES, len(admin.describe_cluster()["brokers"]))
        missing = [t for t in topics if t.name not in present]
        if missing:
            admin.create_topics(
                {
                    t.name: {
                        "num_partitions": t.partitions,
                        "replication_factor": copies,
                        "configs": _configs(t, copies),
                    }
                    for t in missing
                },
                wait_for_metadata=True,
            )
            done += [f"created {t.name}" for t in missing]
        for topic in topics:
            wrong = _wrong_configs(admin, topic) if topic.name in present else {}
            if wrong:
                admin.alter_configs(
                    [ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=_configs(topic, copies))]
                )
                done.append(f"corrected {topic.name}: {', '.join(sorted(wrong))}")
    return done


def drift(bootstrap: str, topics: Sequence[Topic]) -> list[str]:
    """What differs, one line each."""
    found: list[str] = []
    with _admin(bootstrap) as admin:
        present = set(admin.list_topics())
        for topic in topics:
            if topic.name not in present:
                found.append(f"{topic.name} is missing; run seinpost topics apply")
                continue
            partitions = len(admin.describe_topics([topic.name])[0]["partitions"])
            if partitions != topic.partitions:
                found.append(
                    f"{topic.name} has {partitions} partitions, not {topic.partitions}; these cannot be changed:"
                    " it takes a new topic version"
                )
            found += [
                f"{topic.name}: {key} is {value or 'not set'}, not {topic.configs[key]}; run seinpost topics apply"
                for key, value in sorted(_wrong_configs(admin, topic).items())
            ]
    return found


def require(bootstrap: str, topics: Sequence[Topic]) -> None:
    """Raise unless the broker answers and has these topics: nothing starts half."""
    with _admin(bootstrap) as admin:
        present = set(admin.list_topics())
    missing = [t.name for t in topics if t.name not in present]
    if missing:
        raise TopicsMissing(f"Kafka lacks {', '.join(missing)}; run seinpost topics apply")


def _configs(topic: Topic, copies: int) -> dict[str, str]:
    return {**topic.configs, "min.insync.replicas": "2" if copies >= _PRODUCTION_COPIES else "1"}


def _wrong_configs(admin: KafkaAdminClient, topic: Topic) -> dict[str, str]:
    """Config keys whose value on the broker differs, with that value."""
    asked = ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=dict.fromkeys(topic.configs))
    answer = admin.describe_configs([asked], config_filter="all")
    (configs,) = [found for of_kind in answer.values() for name, found in of_kind.items() if name == topic.name]
    values = {key: str(configs.get(key, {}).get("value") or "") for key in topic.configs}
    return {key: value for key, value in values.items() if value != topic.configs[key]}
