"""Reddit's Atom feeds as posts. Pure; the feed writes authors into titles and bodies, and they are cut off here."""

import re
from datetime import datetime
from xml.sax import SAXException

import feedparser

from collectors.readers.reddit_calls import FULLNAME
from collectors.readers.reddit_thing import thing_gone
from collectors.readers.youtube_reddit_json import Found, digest, items, joined, moment, record
from collectors.spiders.html_text import plain
from collectors.unmasked import UnmaskedPost
from signals.post import Source

MOST_ENTRIES = 1000
_NAME = re.compile(r"(t[13]_[0-9a-z]{1,13})/?$")
_BODY = re.compile(r"<div class=[\"']md[\"']>")
_SIGNED = re.compile(r"<!--\s*SC_ON\s*-->|(?:&#32;|\s)*submitted by(?:&#32;|\s)*<a href=", re.IGNORECASE)
_GONE = re.compile(r"^\[\s*(?:deleted|removed)(?:\s+by\s.{0,200})?\s*\]$", re.IGNORECASE)


def read_feed(body: bytes, seen_at: datetime, found: Found) -> bool:
    """Read a feed's entries into what is found; False when these bytes are no feed."""
    try:
        parsed = feedparser.parse(  # type: ignore[attr-defined, no-untyped-call]  # ships no types
            body,
            response_headers={"content-type": "application/atom+xml"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (SAXException, ValueError, LookupError, RecursionError):
        return False
    if not parsed.get("version") and not parsed.entries:
        return False
    for entry in parsed.entries[:MOST_ENTRIES]:
        _read_entry(dict(entry), found, seen_at)
    return True


def _read_entry(entry: dict[str, object], found: Found, seen_at: datetime) -> None:
    found.items += 1
    told = _NAME.search(str(entry.get("id") or ""))
    name = told[1] if told else ""
    if not FULLNAME.match(name):
        found.oddities["no_id"] += 1
        return
    contents = items(entry.get("content"))
    markup = record(contents[0]).get("value") if contents else entry.get("summary")
    words = _own_words(markup if isinstance(markup, str) else "")
    # A comment's title is "/u/… on …": a name, and words of someone else.
    title = str(entry.get("title") or "").strip() if name.startswith("t3_") else ""
    if _GONE.match(words) or _GONE.match(title):
        found.oddities["removed"] += 1
        found.gone.append(thing_gone(name, seen_at))
        return
    text = joined(title, words)
    if not text:
        found.oddities["no_text"] += 1
        return
    link = str(entry.get("link") or "")
    published = str(entry.get("published") or entry.get("updated") or "")
    found.posts.append(
        UnmaskedPost(
            source=Source.REDDIT_POST,
            native_id=name,
            version=digest(text),
            revision=0,
            text=text,
            posted_at=moment(published),
            link=link if "/comments/" in link and "/user/" not in link else None,
        )
    )
    found.note(moment(published))


def _own_words(markup: str) -> str:
    """What the author wrote; around it the feed writes a picture, a name and two links."""
    start = _BODY.search(markup)
    if start is None:
        return ""
    signed = list(_SIGNED.finditer(markup, start.end()))
    # The author may have written these words too: the feed's own stand last, or end in its own mark.
    ends = [one for one in signed if one[0].startswith("<!--")] or signed
    return plain(markup[start.start() : ends[-1].start() if ends else len(markup)])
