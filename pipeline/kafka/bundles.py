"""Records about posts as messages: what goes to one partition together travels together, a line of JSON each.

A message costs the client as much for one record as for fifty. One record alone is a bundle of one. The order of the
records of one post stays: its id says in which partition they are, and a bundle keeps the order it was given.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.kafka.messages import ENCRYPTED, Incoming, Outgoing, headers
from pipeline.topics import POSTS, SIGNALS, Topic
from signals.analysed import ANALYSED_RECORD, Analysed
from signals.ids import uuid8
from signals.post import POST_RECORD, Post, PostRemoved

MOST_RECORDS = 100
"""Of one bundle. A message with more lines is none of ours."""
MOST_TOGETHER = 48 * 1024
"""Bytes of a bundle of several, so that a dead letter holds it whole. A record that is larger travels alone."""
RECORDS = "ce_records"
"""Header: how many records, where it is more than one."""

_ALONE = {"post": "seinpost.post.v1", "removed": "seinpost.post-removed.v1", "analysed": "seinpost.analysed.v1"}
TOGETHER = {POSTS.name: "seinpost.posts.v1", SIGNALS.name: "seinpost.analysed-posts.v1"}
"""The CloudEvents type of a bundle of several, by topic."""


@dataclass(frozen=True)
class Piece:
    """One record, ready to travel."""

    post_id: UUID
    event_id: UUID
    kind: str
    seen_at: datetime
    body: bytes


def of_records(records: Iterable[Post | PostRemoved], keys: HourKeys, now: datetime) -> list[Outgoing]:
    """Collectors' records for the posts topic: a bundle for each partition they go to, or several."""
    together: dict[int, list[Piece]] = {}
    for record in records:
        piece = Piece(record.id, record.event_id, record.kind, record.seen_at, POST_RECORD.dump_json(record))
        together.setdefault(partition_of(record.id, POSTS), []).append(piece)
    return [
        message
        for partition, pieces in together.items()
        for message in _bundles(POSTS, partition, pieces, "collect", keys, now)
    ]


def piece_of(record: Analysed | PostRemoved) -> Piece:
    """An analysed record, ready to travel."""
    post_id = record.post_id if isinstance(record, Analysed) else record.id
    return Piece(post_id, record.event_id, record.kind, record.seen_at, ANALYSED_RECORD.dump_json(record))


def of_answers(pieces: Sequence[Piece], partition: int, keys: HourKeys, now: datetime) -> list[Outgoing]:
    """What came in one message of the posts topic, analysed: as a rule one message for the signals topic."""
    return _bundles(SIGNALS, partition, pieces, "analyse", keys, now)


def partition_of(post_id: UUID, topic: Topic) -> int:
    """Where a post's records go. Its id is a keyed hash, and so as evenly spread as a hash of it would be."""
    return post_id.int % topic.partitions


def told_records(message: Incoming) -> int:
    """How many records a message says it holds, for counters: between one and `MOST_RECORDS`, whoever wrote it."""
    told = message.header(RECORDS) or b""
    return min(max(int(told), 1), MOST_RECORDS) if told.isdigit() and len(told) < 6 else 1


def lines_of(body: bytes) -> list[bytes]:
    """The records in an opened body, unread. A body with more lines than a bundle may have is given back as it is."""
    if body.count(b"\n") >= MOST_RECORDS:
        return [body]
    return body.split(b"\n")


def _bundles(
    topic: Topic, partition: int, pieces: Iterable[Piece], step: str, keys: HourKeys, now: datetime
) -> list[Outgoing]:
    made: list[Outgoing] = []
    together: list[Piece] = []
    size = 0
    for piece in pieces:
        if together and (len(together) == MOST_RECORDS or size + len(piece.body) > MOST_TOGETHER):
            made.append(_bundle(topic, partition, together, step, keys, now))
            together, size = [], 0
        together.append(piece)
        size += len(piece.body) + 1
    if together:
        made.append(_bundle(topic, partition, together, step, keys, now))
    return made


def _bundle(
    topic: Topic, partition: int, pieces: Sequence[Piece], step: str, keys: HourKeys, now: datetime
) -> Outgoing:
    first = pieces[0]
    body = envelope.seal(b"\n".join(piece.body for piece in pieces), keys, now)
    seen_at = min(piece.seen_at for piece in pieces)
    if len(pieces) == 1:
        about = headers(first.event_id, _ALONE[first.kind], step, seen_at, ENCRYPTED)
    else:
        event_id = _event_of([piece.event_id for piece in pieces])
        about = (
            *headers(event_id, TOGETHER[topic.name], step, seen_at, ENCRYPTED),
            (RECORDS, str(len(pieces)).encode()),
        )
    return Outgoing(topic, str(first.post_id), body, about, partition)


def _event_of(events: Sequence[UUID]) -> UUID:
    """The id of a bundle of several: the same when, and only when, the same events come in the same order."""
    return uuid8(hashlib.sha256(b"".join(event.bytes for event in events)).digest())
