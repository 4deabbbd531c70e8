"""Records about posts travel together and arrive as they were: all of them, in order for each post, within bounds."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import cast
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import envelope
from pipeline.kafka.bundles import (
    MOST_RECORDS,
    MOST_TOGETHER,
    RECORDS,
    TOGETHER,
    lines_of,
    of_records,
    partition_of,
    told_records,
)
from pipeline.kafka.messages import Incoming, Outgoing, Place
from pipeline.kafka.producer import RecordProducer
from pipeline.key_folder import KeyFolder
from pipeline.topics import POSTS, POSTS_DEAD, SIGNALS
from pipeline.workers.analysis import Analyst
from pipeline.workers.breaker import TooManyLetters
from signals.post import POST_RECORD, Post, PostRemoved
from tests.road.invented import NOW, SETTINGS, Maker, analyse


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFolder:
    return KeyFolder(tmp_path_factory.mktemp("keys"))


def read(message: Outgoing, keys: KeyFolder) -> list[Post | PostRemoved]:
    return [POST_RECORD.validate_json(line) for line in lines_of(envelope.unseal(message.value, keys))]


def incoming(message: Outgoing) -> Incoming:
    return Incoming(Place(message.topic.name, message.partition or 0), 0, 0, message.value, message.headers)


def records(keys: KeyFolder, texts: Sequence[str]) -> list[Post | PostRemoved]:
    maker = Maker(keys.id_key(), UUID(int=1))
    made: list[Post | PostRemoved] = []
    for number, text in enumerate(texts):
        # Every third post is told a second time, as gone.
        made.append(maker.post(f"p{number}", text))
        if number % 3 == 0:
            made.append(maker.removed(f"p{number}", 2))
    return made


@given(texts=st.lists(st.text(min_size=1, max_size=200).filter(str.strip), max_size=150))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_records_arrive_once_and_those_of_one_post_in_their_order(keys: KeyFolder, texts: list[str]) -> None:
    given_out = records(keys, texts)
    messages = of_records(given_out, keys, NOW)
    arrived = [record for message in messages for record in read(message, keys)]
    assert sorted(arrived, key=lambda r: r.event_id) == sorted(given_out, key=lambda r: r.event_id)
    for post in {record.id for record in given_out}:
        assert [r for r in arrived if r.id == post] == [r for r in given_out if r.id == post]
    for message in messages:
        assert {partition_of(record.id, POSTS) for record in read(message, keys)} == {message.partition}


def test_a_bundle_stays_within_its_bounds_and_a_large_record_travels_alone(keys: KeyFolder) -> None:
    given_out = records(keys, ["kort"] * 3_000 + ["w" * 20_000] * 12)
    messages = of_records(given_out, keys, NOW)
    sizes = [len(read(message, keys)) for message in messages]
    assert sum(sizes) == len(given_out)
    assert max(sizes) == MOST_RECORDS
    for message, size in zip(messages, sizes, strict=True):
        assert size == 1 or len(envelope.unseal(message.value, keys)) <= MOST_TOGETHER


def test_one_record_alone_says_what_it_is_and_several_say_how_many(keys: KeyFolder) -> None:
    (alone,) = of_records(records(keys, ["een"])[:1], keys, NOW)
    assert (alone.header("ce_type"), alone.header(RECORDS)) == (b"seinpost.post.v1", None)
    assert told_records(incoming(alone)) == 1
    together = max(of_records(records(keys, ["kort"] * 200), keys, NOW), key=lambda m: len(read(m, keys)))
    assert together.header("ce_type") == TOGETHER[POSTS.name].encode()
    assert told_records(incoming(together)) == len(read(together, keys))


def test_a_repeat_has_the_same_id_and_other_events_another(keys: KeyFolder) -> None:
    given_out = records(keys, ["kort"] * 40)
    once, again = (of_records(given_out, keys, NOW) for _ in range(2))
    assert [m.header("ce_id") for m in once] == [m.header("ce_id") for m in again]
    fewer = of_records(given_out[:-1], keys, NOW)
    assert {m.header("ce_id") for m in fewer} != {m.header("ce_id") for m in once}


@pytest.mark.parametrize("told", [b"", b"0", b"-3", b"x", b"1e9", b"999999999999", "٣".encode()])
def test_what_a_stranger_says_of_a_number_is_believed_within_bounds_only(told: bytes) -> None:
    assert 1 <= told_records(Incoming(Place(POSTS.name, 0), 0, 0, b"", ((RECORDS, told),))) <= MOST_RECORDS


def test_a_body_of_more_lines_than_a_bundle_has_is_one_thing_that_is_no_record() -> None:
    assert len(lines_of(b"\n" * (MOST_RECORDS - 1))) == MOST_RECORDS
    for much in (b"\n" * MOST_RECORDS, b"\n" * 1_000_000):
        assert lines_of(much) == [much]


def test_posts_are_spread_evenly_over_the_partitions() -> None:
    ids = Random(20261123)
    found = [partition_of(UUID(int=ids.getrandbits(128)), POSTS) for _ in range(12_000)]
    counts = [found.count(partition) for partition in range(POSTS.partitions)]
    assert min(counts) > 800
    assert max(counts) < 1_200


def test_the_keys_of_an_installation_open_what_it_sealed_only(keys: KeyFolder, tmp_path: Path) -> None:
    (message, *_) = of_records(records(keys, ["een", "twee"]), keys, NOW)
    other = KeyFolder(tmp_path / "other")
    other.hour_key(NOW)
    with pytest.raises(envelope.Undecryptable):
        envelope.unseal(message.value, other)


class Kept:
    """A producer that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[Outgoing] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Keep them."""
        self.messages += messages


def test_two_bundles_that_do_not_open_are_as_many_records_as_they_say_to_the_breaker(
    keys: KeyFolder, tmp_path: Path
) -> None:
    other = KeyFolder(tmp_path / "other")
    other.hour_key(NOW)
    messages = of_records(records(keys, ["kort"] * 900), keys, NOW)
    batch = [incoming(message) for message in messages if told_records(incoming(message)) > 60][:2]
    kept = Kept()
    worker = Analyst(cast(RecordProducer, kept), other, analyse, lambda: NOW)
    worker.handle(batch[:1], SETTINGS)
    assert [message.topic for message in kept.messages] == [POSTS_DEAD]
    with pytest.raises(TooManyLetters):
        worker.handle(batch[1:], SETTINGS)
    assert len(kept.messages) == 1


def test_a_line_that_is_no_record_lies_aside_and_those_beside_it_go_on(keys: KeyFolder) -> None:
    lines = [POST_RECORD.dump_json(record) for record in records(keys, ["steken een", "steken twee"])]
    lines.insert(1, b'{"kind": "post"}')
    sealed = envelope.seal(b"\n".join(lines), keys, NOW)
    kept = Kept()
    worker = Analyst(cast(RecordProducer, kept), keys, analyse, lambda: NOW)
    worker.handle([Incoming(Place(POSTS.name, 7), 0, 0, sealed)], SETTINGS)
    (dead, answers) = kept.messages
    assert (dead.topic, dead.header("reason")) == (POSTS_DEAD, b"schema")
    assert (answers.topic, answers.partition) == (SIGNALS, 7)
    assert len(lines_of(envelope.unseal(answers.value, keys))) == len(lines) - 1
