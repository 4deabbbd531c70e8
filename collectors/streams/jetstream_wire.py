"""Jetstream's wire format: from one frame to a post, a removal, or nothing. Pure; it opens no connection.

Handles, profiles, quoted and replied posts are never read: only the post's own words and the alt texts of its images.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import zstandard

from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Source

COLLECTION = "app.bsky.feed.post"
MAX_FRAME = 8 * 1024 * 1024
"""Longest frame in bytes, also after decompression."""

_HERE = "collectors/streams/jetstream_wire.py"
_MARK = COLLECTION.encode()
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_OTHER_KIND = re.compile(rb'\A\s*\{.*"kind"\s*:\s*"(account|identity|commit)".*\}\s*\Z', re.DOTALL)
_RKEY = re.compile(r"^[A-Za-z0-9._:~-]{1,512}$")
_DID = re.compile(r"^did:[a-z]+:[A-Za-z0-9._:%-]{1,240}$")
_MAX_TIME_US = 2**53
"""Later than any clock; a greater number is no moment."""

Record = dict[str, object]


@dataclass(frozen=True, slots=True, repr=False)
class Event:
    """What one frame said. `content` is None for what we do not take; `time_us` is None when it was not read.

    `account` says that it was about an account, `account_gone` that this account is deleted, taken down or suspended;
    `outside` that it was a post in a language that nobody asked for, `unknown` that its kind is new to us.
    """

    time_us: int | None
    content: UnmaskedPost | Gone | None
    account: bool = False
    account_gone: bool = False
    outside: bool = False
    unknown: bool = False


_NOTHING = Event(None, None)

_GONE = frozenset({"deleted", "takendown", "suspended"})
"""Why an account is away for others to see; the other reasons are about transport, or the account's own pause."""

LetsIn = Callable[[str | None], bool]
"""Whether a language hint is one that is asked for."""


class FrameReader:
    """Opens frames: JSON as it is, or one zstd frame each under the configured dictionary."""

    def __init__(self, dictionary: bytes | None) -> None:
        self._dictionary = None if dictionary is None else zstandard.ZstdCompressionDict(dictionary)

    def read(self, frame: bytes) -> bytes:
        """The JSON bytes of a frame. Raises `Refused` for one that does not open or grows too large."""
        if not frame.startswith(_ZSTD_MAGIC):
            return frame
        decompressor = zstandard.ZstdDecompressor(dict_data=self._dictionary, max_window_size=2 * MAX_FRAME)
        try:
            # A frame need not tell its size, and one that lies about it must not fill the memory.
            with decompressor.stream_reader(frame) as stream:
                opened = stream.read(MAX_FRAME + 1)
        except (zstandard.ZstdError, MemoryError):
            raise Refused(DeadReason.MALFORMED, "frame", _HERE) from None
        if len(opened) > MAX_FRAME:
            raise Refused(DeadReason.TOO_LARGE, "frame", _HERE)
        return opened


def event(raw: bytes, lets_in: LetsIn = lambda _: True) -> Event:
    """What a frame says. Raises `Refused` for one that is not in Jetstream's form.

    A new post in a language that nobody asked for, which is most of the stream, is left before it is built.
    """
    if _MARK not in raw:
        # Nothing about posts, which is most of an unfiltered stream: looked at, not parsed.
        kind = _OTHER_KIND.match(raw)
        if kind is not None and kind[1] != b"account":
            return _NOTHING
    try:
        whole = json.loads(raw.decode())
    except UnicodeDecodeError:
        raise Refused(DeadReason.INVALID_UTF8, "frame", _HERE) from None
    except (ValueError, RecursionError):
        raise Refused(DeadReason.MALFORMED, "frame", _HERE) from None
    if not isinstance(whole, dict):
        raise Refused(DeadReason.SCHEMA, "frame", _HERE)
    time_us = whole.get("time_us")
    if not isinstance(time_us, int) or isinstance(time_us, bool) or not 0 < time_us < _MAX_TIME_US:
        raise Refused(DeadReason.SCHEMA, "time_us", _HERE)
    kind = whole.get("kind")
    if kind != "commit":
        gone = kind == "account" and _account_gone(whole.get("account"))
        return Event(time_us, None, kind == "account", gone, unknown=kind not in ("account", "identity"))
    commit = whole.get("commit")
    if not isinstance(commit, dict):
        raise Refused(DeadReason.SCHEMA, "commit", _HERE)
    if commit.get("collection") != COLLECTION:
        return Event(time_us, None)
    if commit.get("operation") == "create" and _elsewhere(commit.get("record"), lets_in):
        return Event(time_us, None, outside=True)
    return Event(time_us, _commit(whole.get("did"), commit, time_us))


def _account_gone(account: object) -> bool:
    """Whether the account's posts may be gone with it. Which account it is, is not read: nothing is kept by account."""
    return isinstance(account, dict) and account.get("active") is False and account.get("status") in _GONE


def _elsewhere(record: object, lets_in: LetsIn) -> bool:
    """Whether this is a readable post whose first language is not asked for. What is not readable is set aside."""
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return False
    langs = record.get("langs")
    return isinstance(langs, list) and bool(langs) and isinstance(langs[0], str) and not lets_in(langs[0])


def _commit(did: object, commit: Record, time_us: int) -> UnmaskedPost | Gone | None:
    if not isinstance(did, str) or not _DID.match(did):
        raise Refused(DeadReason.SCHEMA, "did", _HERE)
    rkey = commit.get("rkey")
    if not isinstance(rkey, str) or not _RKEY.match(rkey):
        raise Refused(DeadReason.SCHEMA, "commit.rkey", _HERE)
    native_id = f"{did}/{COLLECTION}/{rkey}"
    rev = commit.get("rev")
    version = rev if isinstance(rev, str) and rev else str(time_us)
    operation = commit.get("operation")
    if operation == "delete":
        return Gone(Source.BLUESKY_POST, native_id, f"removed:{version}", time_us)
    if operation not in ("create", "update"):
        raise Refused(DeadReason.SCHEMA, "commit.operation", _HERE)
    record = commit.get("record")
    if not isinstance(record, dict):
        raise Refused(DeadReason.SCHEMA, "commit.record", _HERE)
    words = record.get("text")
    if not isinstance(words, str):
        raise Refused(DeadReason.SCHEMA, "commit.record.text", _HERE)
    text = "\n\n".join(part for part in (words.strip(), *_alt_texts(record.get("embed"))) if part)
    if not text:
        # A picture without words. An edit that takes the words away takes the post away, as far as we can read.
        gone = operation == "update"
        return Gone(Source.BLUESKY_POST, native_id, f"removed:{version}", time_us) if gone else None
    return UnmaskedPost(
        source=Source.BLUESKY_POST,
        native_id=native_id,
        version=version,
        revision=time_us,
        text=text,
        posted_at=_moment(record.get("createdAt")),
        link=f"https://bsky.app/profile/{did}/post/{rkey}",
        lang=next(iter(_strings(record.get("langs"))), None),
        edited=operation == "update",
        hashtags=(*_strings(record.get("tags")), *_facet_tags(record.get("facets"))),
    )


def _alt_texts(embed: object) -> list[str]:
    """The alt texts of the post's own images and video; a quoted post in the same embed is someone else's."""
    if not isinstance(embed, dict):
        return []
    media = embed.get("media")
    own = media if isinstance(media, dict) else embed
    found = [own.get("alt")] if own.get("$type") == "app.bsky.embed.video" else []
    found += [image.get("alt") for image in _items(own.get("images")) if isinstance(image, dict)]
    return [alt.strip() for alt in found if isinstance(alt, str) and alt.strip()]


def _facet_tags(facets: object) -> list[str]:
    features = [f for facet in _items(facets) if isinstance(facet, dict) for f in _items(facet.get("features"))]
    return [tag for f in features if isinstance(f, dict) and isinstance(tag := f.get("tag"), str)]


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    return [item for item in _items(value) if isinstance(item, str)]


def _moment(written: object) -> datetime | None:
    """The moment the author's device wrote; it may be wrong, or no moment at all."""
    if not isinstance(written, str) or len(written) > 64:
        return None
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
