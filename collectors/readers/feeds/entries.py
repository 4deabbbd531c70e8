"""Reads the bytes of an RSS or Atom feed into posts and removals. Pure; it fetches nothing and keeps no author."""

import calendar
import contextlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin
from xml.parsers import expat

import feedparser

from collectors.moments import microseconds
from collectors.readers.html_tree import TooDeep
from collectors.readers.html_words import words_of
from collectors.readers.reader import SetAside
from collectors.readers.versions import digest
from collectors.refused import Refused
from collectors.unmasked import Gone, UnmaskedPost
from signals.dead_letter import DeadReason
from signals.post import Source

_HERE = "collectors/readers/feeds/entries.py"
_TOMBSTONE = "http://purl.org/atompub/tombstones/1.0 deleted-entry"
_EMPTY_LINES = re.compile(r"\n{2,}")
MAX_ENTRIES = 1000
"""More entries than a feed ever shows at once; a longer one is cut there, newest first as feeds are written."""


class NotAFeed(Exception):
    """The bytes hold no feed that can be read."""


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One entry: the post with its own moment of change (microseconds), or None where the feed tells none."""

    post: UnmaskedPost
    changed_us: int | None


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """What a feed says: its entries, what it says is deleted, and how long it asks to be left alone (seconds).

    `set_aside` are entries whose markup cannot be read.
    """

    entries: tuple[Entry, ...]
    gone: tuple[Gone, ...]
    ttl: int | None
    set_aside: tuple[SetAside, ...] = ()


def read(body: bytes, feed_address: str, content_type: str, seen_at: datetime) -> Reading:
    """The entries of a feed. Raises `NotAFeed` when there is nothing to read in it."""
    parsed = feedparser.parse(  # type: ignore[attr-defined, no-untyped-call]  # ships no types
        body, response_headers={"content-type": content_type, "content-location": feed_address}, sanitize_html=True
    )
    gone = tuple(_tombstones(body, feed_address, seen_at)) if b"deleted-entry" in body else ()
    if not parsed.get("version") and not parsed.entries and not gone:
        raise NotAFeed("the address answers with something that is no RSS or Atom feed")
    lang = str(parsed.feed.get("language", "") or "") or None
    entries, aside = [], []
    for one in parsed.entries[:MAX_ENTRIES]:
        try:
            entry = _entry(one, feed_address, lang)
        except TooDeep:
            aside.append(SetAside(Refused(DeadReason.MALFORMED, "content", _HERE), b""))
            continue
        if entry is not None:
            entries.append(entry)
    return Reading(tuple(entries), gone, _ttl(parsed.feed.get("ttl")), tuple(aside))


def native_id(feed_address: str, entry_id: str) -> str:
    """The entry's id within its feed, for ids repeat across feeds. A relative one is resolved, as feedparser may do."""
    with contextlib.suppress(ValueError):  # it only looked like an address
        entry_id = urljoin(feed_address, entry_id)
    return f"{feed_address}#{entry_id}"


def _entry(entry: Mapping[str, object], feed_address: str, lang: str | None) -> Entry | None:
    title = _plain(entry.get("title"), entry.get("title_detail"))
    body = _body(entry)
    text = body if body.startswith(title) else f"{title}\n\n{body}" if body else title
    if not text:
        return None
    link = str(entry.get("link") or "")
    published, updated = _moment(entry.get("published_parsed")), _moment(entry.get("updated_parsed"))
    own_id = str(entry.get("id") or link or digest(title, str(entry.get("published", ""))))
    changed = updated or published
    return Entry(
        UnmaskedPost(
            source=Source.FEED_ENTRY,
            native_id=native_id(feed_address, own_id),
            version=digest(text, str(entry.get("updated", ""))),
            revision=0,
            text=text,
            posted_at=published or updated,
            link=link or None,
            lang=lang,
        ),
        None if changed is None else microseconds(changed),
    )


def _body(entry: Mapping[str, object]) -> str:
    contents = entry.get("content")
    if isinstance(contents, list) and contents and isinstance(contents[0], Mapping):
        return _plain(contents[0].get("value"), contents[0])
    return _plain(entry.get("summary"), entry.get("summary_detail"))


def _plain(value: object, detail: object) -> str:
    """The words of a title or body; markup goes only where the feed says that there is some."""
    text = value if isinstance(value, str) else ""
    kind = detail.get("type") if isinstance(detail, Mapping) else None
    return text.strip() if kind == "text/plain" else _EMPTY_LINES.sub("\n", words_of(text))


def _moment(parsed: object) -> datetime | None:
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _ttl(minutes: object) -> int | None:
    text = str(minutes or "")
    return min(int(text), 24 * 60) * 60 if text.isascii() and text.isdigit() and len(text) < 9 else None


def _tombstones(body: bytes, feed_address: str, seen_at: datetime) -> list[Gone]:
    """Entries that the feed says are deleted (RFC 6721). expat opens no external entity and bounds internal ones."""
    found: list[Gone] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == _TOMBSTONE and attributes.get("ref") and len(found) < MAX_ENTRIES:
            found.append(_gone(feed_address, attributes["ref"], attributes.get("when", ""), seen_at))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        return found  # what stood before the fault counts
    return found


def _gone(feed_address: str, ref: str, when: str, seen_at: datetime) -> Gone:
    try:
        moment = datetime.fromisoformat(when).astimezone(UTC)
    except (ValueError, OverflowError):
        moment = seen_at
    revision = microseconds(min(moment, seen_at))
    return Gone(Source.FEED_ENTRY, native_id(feed_address, ref), f"removed:{when or 'unknown'}"[:200], max(revision, 0))
