"""On a broker that checks permissions each process can do its own and nothing else, and what differs is mended."""

import threading
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourceType,
)
from kafka.errors import AuthorizationError, KafkaError, TopicAuthorizationFailedError
from sqlalchemy import Engine

from pipeline.kafka.connection import Brokers, client_settings
from pipeline.kafka.dead_letters import KafkaDeadLetters
from pipeline.kafka.faults import BrokerRefuses, TopicsMissing
from pipeline.kafka.permissions import _as_filter
from pipeline.kafka.raw_window import KafkaRawWindow
from pipeline.kafka.sink import KafkaSink
from pipeline.kafka.topic_admin import apply, drift
from pipeline.key_folder import KeyFolder
from pipeline.letters import letter
from pipeline.store.connection import Database
from pipeline.topic_access import (
    ANALYSE,
    COLLECT,
    DOCTOR,
    INTAKE,
    PROCESSES,
    RELAY,
    REPLAY,
    SERVE,
    Process,
    grants,
)
from pipeline.topics import POSTS, SIGNALS, TOPICS, System, Topic, decisions
from pipeline.topics import SETTINGS as SETTINGS_TOPIC
from pipeline.workers import analysis, intake, relay
from signals.dead_letter import DeadReason
from signals.post import Source
from tests.patience import until
from tests.pipeline.kafka.secured_broker import Secured, give_password
from tests.road.books import Books
from tests.road.invented import NOW, SETTINGS, Maker, add_order, analyse
from tests.road.kafka_road import running
from tests.road.roads import now

pytestmark = pytest.mark.kafka


def test_the_table_gives_no_process_a_topic_that_it_does_not_need() -> None:
    assert {process.name: (len(process.reads), len(process.writes)) for process in PROCESSES} == {
        "collect": (0, 2),
        "analyse": (2, 2),
        "intake": (3, 1),
        "relay": (0, 1),
        "serve": (0, 1),
        "replay": (1, 0),
        "doctor": (0, 0),
    }
    assert not any(grant.name == "*" for grant in grants())


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_each_process_can_do_its_own_and_is_refused_the_rest(secured: Secured, process: Process) -> None:
    assert _writable(secured.administrator) == {topic.name for topic in TOPICS}  # so that there is something to read
    there = secured.by_password(process.login)
    assert _writable(there) == {topic.name for topic in process.writes}
    assert _readable(there, process.reads) == {topic.name for topic in process.reads}
    groups = {each.group for each in PROCESSES if each.group is not None}
    assert _joinable(there, groups) == ({process.group} if process.group else set())


def _writable(there: Brokers) -> set[str]:
    return _true_of([topic.name for topic in TOPICS], lambda name: _allowed(lambda: _write(there, name)))


def _write(there: Brokers, topic: str) -> None:
    """By a client of its own: one that was refused a topic is refused the next as well."""
    producer = KafkaProducer(**client_settings(there), acks="all", max_block_ms=20_000)
    try:
        producer.send(topic, b"x", b"k", partition=0).get(20)
    finally:
        producer.close(timeout=1)


def _readable(there: Brokers, own: Iterable[Topic]) -> set[str]:
    mine = {topic.name for topic in own}
    return _true_of([topic.name for topic in TOPICS], lambda name: _comes(there, name, 30 if name in mine else 3))


def _comes(there: Brokers, topic: str, seconds: float) -> bool:
    """Whether a record comes; there is one in every topic. A refused client sometimes hears nothing at all."""
    consumer = KafkaConsumer(**client_settings(there), enable_auto_commit=False)
    until = time.monotonic() + seconds
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek(partition, 0)
        while time.monotonic() < until:
            if consumer.poll(timeout_ms=500):
                return True
    except AuthorizationError:
        return False
    finally:
        consumer.close(autocommit=False)
    return False


def _joinable(there: Brokers, groups: set[str]) -> set[str]:
    return _true_of(groups, lambda group: _allowed(lambda: _commit(there, group)))


def _commit(there: Brokers, group: str) -> None:
    consumer = KafkaConsumer(**client_settings(there), group_id=group, enable_auto_commit=False)
    try:
        partition = TopicPartition(POSTS.name, 0)
        consumer.assign([partition])
        consumer.commit({partition: OffsetAndMetadata(0, "", -1)}, timeout_ms=5_000)
    except TopicAuthorizationFailedError:
        return  # the group let it in; the topic did not
    finally:
        consumer.close(autocommit=False)


def _true_of(names: Collection[str], holds: Callable[[str], bool]) -> set[str]:
    """Each by a client of its own, all at once: what is refused is waited for."""
    with ThreadPoolExecutor(len(names)) as all_at_once:
        return {name for name, held in zip(names, all_at_once.map(holds, names), strict=True) if held}


def _allowed(action: Callable[[], object]) -> bool:
    try:
        action()
    except AuthorizationError:
        return False
    except KafkaError as error:
        # What the client makes of the same refusal where it asks for a producer's id.
        if "ClusterAuthorizationFailedError" not in str(error):
            raise
        return False
    return True


def test_a_system_reads_its_own_topic_while_its_agreement_says_so_and_nobody_reads_it_by_default(
    secured: Secured,
) -> None:
    one, other = System("basisteam", True), System("jeugdteam", True)
    for login in (one.login, other.login):
        give_password(secured, login)
    assert f"created {one.topic.name}" in apply(secured.administrator, TOPICS, [one._replace(reads=False), other])
    lookout = secured.by_password(DOCTOR.login)
    until(lambda: drift(lookout, TOPICS, [one._replace(reads=False), other]) == [])
    for system in (one, other):
        _write(secured.by_password(RELAY.login), system.topic.name)
    assert not _comes(secured.by_password(one.login), one.topic.name, 3), "nobody reads by default"
    missing = drift(lookout, TOPICS, [one, other])
    assert [line.split(";")[0] for line in missing] == [
        f"missing permission: User:basisteam may read group {one.login}",
        f"missing permission: User:basisteam may read topic {one.topic.name}",
    ]
    apply(secured.administrator, TOPICS, [one, other])
    there = secured.by_password(one.login)
    assert _comes(there, one.topic.name, 30)
    assert _joinable(there, {one.login, other.login, "seinpost-intake"}) == {one.login}
    for closed in (other.topic.name, POSTS.name, SETTINGS_TOPIC.name):
        assert not _comes(there, closed, 3), closed
    assert not _allowed(lambda: _write(there, one.topic.name))
    assert drift(lookout, TOPICS) == [], "what a system may is no stranger's, also where nobody asked for the systems"
    taken = apply(secured.administrator, TOPICS, [one._replace(reads=False), other])
    assert sorted(taken) == [
        f"took away: User:basisteam may read group {one.login}",
        f"took away: User:basisteam may read topic {one.topic.name}",
    ]
    assert not _comes(there, one.topic.name, 3)
    assert _comes(secured.by_password(other.login), other.topic.name, 30)


def test_the_whole_road_runs_with_a_log_in_of_its_own_for_each_process(
    secured: Secured, database: Database, own_keys: KeyFolder, books: Books, road: Engine
) -> None:
    maker = Maker(own_keys.id_key(), add_order(database))
    collect, send = database.engine_for("seinpost_collect"), database.engine_for("seinpost_relay")

    def as_(process: Process) -> Brokers:
        return secured.by_password(process.login)

    with (
        running(lambda stop: relay.run(secured.by_certificate(RELAY.login), send, SETTINGS, now, stop)),
        running(lambda stop: analysis.run(as_(ANALYSE), own_keys, analyse, now, stop)),
        running(lambda stop: intake.run(as_(INTAKE), road, own_keys, own_keys.id_key(), now, stop)),
    ):
        sink = KafkaSink(as_(COLLECT), own_keys, collect, now)
        sink.accept([maker.post("a", "ik ga je steken"), maker.post("b", "gewoon een bericht")], None)
        sink.close()
        tips = KafkaSink(as_(SERVE), own_keys, collect, now)
        tips.accept([maker.post("c", "een waarneming op het plein", source=Source.OBSERVATION)], None)
        tips.close()
        letters = KafkaDeadLetters(as_(COLLECT), own_keys)
        letters.park(letter(b"half", DeadReason.MALFORMED, "import", "export", now()))
        letters.close()
        until(lambda: books.one("SELECT count(*) FROM signals") == 2, 120)
        until(lambda: books.one("SELECT count(*) FROM dead_letters WHERE step = 'import'") == 1, 60)
    window = KafkaRawWindow(as_(REPLAY), own_keys)
    assert {r.id for r in window.since(NOW)} >= {maker.post(native, "x").id for native in ("a", "b")}
    for engine in (collect, send):
        engine.dispose()


def test_a_worker_with_the_log_in_of_another_ends_with_one_line(secured: Secured, own_keys: KeyFolder) -> None:
    with pytest.raises((BrokerRefuses, TopicsMissing), match="seinpost topics apply") as refused:
        analysis.run(secured.by_password(RELAY.login), own_keys, analyse, now, threading.Event())
    assert "\n" not in str(refused.value)


def test_what_differs_is_found_and_mended_and_what_others_were_given_is_told(secured: Secured) -> None:
    topic = ResourcePattern(ResourceType.TOPIC, POSTS.name)
    lost = ACL("User:seinpost-analyse", "*", ACLOperation.READ, ACLPermissionType.ALLOW, topic)
    much = ACL("User:seinpost-serve", "*", ACLOperation.READ, ACLPermissionType.ALLOW, topic)
    stranger = ACL("User:visitor", "*", ACLOperation.READ, ACLPermissionType.ALLOW, topic)
    of_a_system = ResourcePattern(ResourceType.TOPIC, decisions("other-system").name)
    meant = ACL("User:other-system", "*", ACLOperation.READ, ACLPermissionType.ALLOW, of_a_system)
    curious = ACL("User:visitor", "*", ACLOperation.READ, ACLPermissionType.ALLOW, of_a_system)
    admin = KafkaAdminClient(**client_settings(secured.administrator))
    try:
        admin.delete_acls([_as_filter(lost)])
        admin.create_acls([much, stranger, meant, curious])
        lookout = secured.by_password(DOCTOR.login)
        until(lambda: len(drift(lookout, TOPICS)) == 4)
        lines = "\n".join(drift(lookout, TOPICS))
        assert f"missing permission: User:seinpost-analyse may read topic {POSTS.name}" in lines
        assert f"permission too much: User:seinpost-serve may read topic {POSTS.name}" in lines
        assert f"others can use our topics: User:visitor may read topic {POSTS.name}" in lines
        assert f"User:visitor may read topic {decisions('other-system').name}" in lines
        assert len(apply(secured.administrator, TOPICS)) == 2
        until(lambda: len(drift(lookout, TOPICS)) == 2)
        assert all("User:visitor" in line for line in drift(lookout, TOPICS))
    finally:
        admin.delete_acls([_as_filter(acl) for acl in (stranger, meant, curious)])
        admin.close()


def test_copies_in_step_that_differ_are_found_and_mended(secured: Secured) -> None:
    admin = KafkaAdminClient(**client_settings(secured.administrator))
    wrong = ConfigResource(ConfigResourceType.TOPIC, SIGNALS.name, configs={"min.insync.replicas": "3"})
    admin.alter_configs([wrong])
    admin.close()
    lookout = secured.by_password(DOCTOR.login)
    until(lambda: any("min.insync.replicas is 3, not 1" in line for line in drift(lookout, TOPICS)))
    apply(secured.administrator, TOPICS)
    until(lambda: drift(lookout, TOPICS) == [])


def test_only_the_administrator_may_give_permissions(secured: Secured) -> None:
    with pytest.raises(BrokerRefuses, match="does not allow"):
        apply(secured.by_password(COLLECT.login), [Topic("seinpost.mine.v1", 1)])
