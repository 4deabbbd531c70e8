"""Messages as they travel: key, body and CloudEvents headers. Headers hold ids, kinds and times, never content.

What stands in the body of one about posts is `pipeline.kafka.bundles`' work.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from pipeline.topics import Topic

ENCRYPTED = "application/vnd.seinpost.hour-key"
JSON = "application/json"

MOST_BYTES = 1_000_000
"""Of a body: with key and headers it stays below the mebibyte that broker and client take. More is never published."""


class Place(NamedTuple):
    """One partition of one topic."""

    topic: str
    partition: int


@dataclass(frozen=True)
class Outgoing:
    """A message to publish. Without a `partition` it goes where its key says."""

    topic: Topic
    key: str
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    partition: int | None = None

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
