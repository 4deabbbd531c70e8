"""Creates, corrects and checks topics and permissions on the brokers against our tables. It deletes no topic."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from pipeline.kafka import copies, permissions
from pipeline.kafka.connection import Bootstrap, brokers, client_settings
from pipeline.kafka.connection_trouble import reaching
from pipeline.kafka.faults import TopicsMissing, named
from pipeline.topics import System, Topic

_PRODUCTION_COPIES = 3
_RUN_APPLY = "run seinpost topics apply"


@contextmanager
def _admin(bootstrap: Bootstrap) -> Iterator[KafkaAdminClient]:
    with reaching(bootstrap, "asking about topics"):
        client = KafkaAdminClient(**client_settings(bootstrap), bootstrap_timeout_ms=10_000)
    with named("asking about topics"):
        try:
            yield client
        finally:
            client.close()


def apply(bootstrap: Bootstrap, topics: Sequence[Topic], systems: Sequence[System] | None = None) -> list[str]:
    """Create missing topics, set what differs, and give every process its permissions; what was done, one line each.

    Three copies where there are three brokers or more, and permissions where the brokers check any. The topics of
    partners' systems are made with the others where `systems` names them all.
    """
    done: list[str] = []
    topics = [*topics, *(system.topic for system in systems or ())]
    with _admin(bootstrap) as admin:
        present = set(admin.list_topics())
        wanted = _copies(admin)
        missing = [t for t in topics if t.name not in present]
        if missing:
            admin.create_topics(
                {
                    t.name: {
                        "num_partitions": t.partitions,
                        "replication_factor": wanted,
                        "configs": _configs(t, wanted),
                    }
                    for t in missing
                },
                wait_for_metadata=True,
            )
            done += [f"created {t.name}" for t in missing]
        for topic in topics:
            if topic.name not in present:
                continue
            # Copies first: a topic that must have two in step and has one takes no record.
            if copies.fewest(admin, topic) < wanted:
                copies.spread(admin, topic, wanted)
                done.append(f"spread {topic.name} over {wanted} brokers")
            wrong = _wrong_configs(admin, topic, wanted)
            if wrong:
                resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=_configs(topic, wanted))
                admin.alter_configs([resource])
                done.append(f"corrected {topic.name}: {', '.join(sorted(wrong))}")
        differing = permissions.difference(admin, systems)
        if differing is not None:
            done += permissions.mend(admin, differing, systems)
    return done


def drift(bootstrap: Bootstrap, topics: Sequence[Topic], systems: Sequence[System] | None = None) -> list[str]:
    """What differs, one line each."""
    found: list[str] = []
    topics = [*topics, *(system.topic for system in systems or ())]
    with _admin(bootstrap) as admin:
        present = set(admin.list_topics())
        wanted = _copies(admin)
        for topic in topics:
            if topic.name not in present:
                found.append(f"{topic.name} is missing; {_RUN_APPLY}")
                continue
            partitions = len(admin.describe_topics([topic.name])[0]["partitions"])
            if partitions != topic.partitions:
                found.append(
                    f"{topic.name} has {partitions} partitions, not {topic.partitions}; these cannot be changed:"
                    " it takes a new topic version"
                )
            fewest = copies.fewest(admin, topic)
            if fewest < wanted:
                found.append(f"{topic.name} has {fewest} copies, not {wanted}; {_RUN_APPLY}")
            expected = _configs(topic, wanted)
            found += [
                f"{topic.name}: {key} is {value or 'not set'}, not {expected[key]}; {_RUN_APPLY}"
                for key, value in sorted(_wrong_configs(admin, topic, wanted).items())
            ]
        differing = permissions.difference(admin, systems)
    if differing is not None:
        found += permissions.as_lines(differing)
    elif brokers(bootstrap).known_as:
        found.append("the brokers check no permissions: set authorizer.class.name there, then " + _RUN_APPLY)
    return found


def require(bootstrap: Bootstrap, topics: Sequence[Topic]) -> None:
    """Raise unless the broker answers and has these topics: nothing starts half."""
    with _admin(bootstrap) as admin:
        present = set(admin.list_topics())
    missing = [t.name for t in topics if t.name not in present]
    if missing:
        raise TopicsMissing(
            f"Kafka lacks {', '.join(missing)}, or does not let this process see them; run seinpost topics apply"
        )


def _copies(admin: KafkaAdminClient) -> int:
    return min(_PRODUCTION_COPIES, len(admin.describe_cluster()["brokers"]))


def _configs(topic: Topic, wanted_copies: int) -> dict[str, str]:
    return {**topic.configs, "min.insync.replicas": "2" if wanted_copies >= _PRODUCTION_COPIES else "1"}


def _wrong_configs(admin: KafkaAdminClient, topic: Topic, wanted_copies: int) -> dict[str, str]:
    """Config keys whose value on the broker differs, with that value."""
    expected = _configs(topic, wanted_copies)
    asked = ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=dict.fromkeys(expected))
    answer = admin.describe_configs([asked], config_filter="all")
    (configs,) = [found for of_kind in answer.values() for name, found in of_kind.items() if name == topic.name]
    values = {key: str(configs.get(key, {}).get("value") or "") for key in expected}
    return {key: value for key, value in values.items() if value != expected[key]}
