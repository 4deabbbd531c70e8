"""Messages as they travel: key, body and CloudEvents headers. Headers hold ids, kinds and times, never content."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from pipeline import envelope
from pipeline.envelope import HourKeys
from pipeline.topics import POSTS, SIGNALS, Topic
from signals.analysed import ANALYSED_RECORD, Analysed
from signals.post import POST_RECORD, Post, PostRemoved

ENCRYPTED = "application/vnd.seinpost.hour-key"
JSON = "application/json"

MOST_BYTES = 1_000_000
"""Of a body: with key and headers it stays below the mebibyte that broker and client take. More is never published."""

_KINDS = {
    "post": "seinpost.post.v1",
    "removed": "seinpost.post-removed.v1",
    "analysed": "seinpost.analysed.v1",
}


class Place(NamedTuple):
    """One partition of one topic."""

    topic: str
    partition: int


@dataclass(frozen=True)
class Outgoing:
    """A message to publish."""

    topic: Topic
    key: str
    value: bytes
    headers: tuple[tuple[str, bytes], ...]

    def header(self, name: str) -> bytes | None:
        """The value of a header; None when it is not there."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True)
class Incoming:
    """A message as it was read, nothing parsed."""

    place: Place
    offset: int
    timestamp_ms: int
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()

    def header(self, name: str) -> bytes | None:
        """The value of a header; None when it is not there. Anyone may have written it: trust no form of it."""
        return next((value for key, value in self.headers if key == name), None)


def headers(event_id: UUID, kind: str, step: str, moment: datetime, content_type: str) -> tuple[tuple[str, bytes], ...]:
    """CloudEvents 1.0, binary mode."""
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", str(event_id).encode()),
        ("ce_source", f"seinpost/{step}".encode()),
        ("ce_type", kind.encode()),
        ("ce_time", moment.astimezone(UTC).isoformat().encode()),
        ("content-type", content_type.encode()),
    )


def of_post(record: Post | PostRemoved, keys: HourKeys, now: datetime) -> Outgoing:
    """A collector's record for the posts topic."""
    body = envelope.seal(POST_RECORD.dump_json(record), keys, now)
    about = headers(record.event_id, _KINDS[record.kind], "collect", record.seen_at, ENCRYPTED)
    return Outgoing(POSTS, str(record.id), body, about)


def of_analysed(record: Analysed | PostRemoved, keys: HourKeys, now: datetime) -> Outgoing:
    """An analysed record for the signals topic."""
    body = envelope.seal(ANALYSED_RECORD.dump_json(record), keys, now)
    post_id = record.post_id if isinstance(record, Analysed) else record.id
    about = headers(record.event_id, _KINDS[record.kind], "analyse", record.seen_at, ENCRYPTED)
    return Outgoing(SIGNALS, str(post_id), body, about)
