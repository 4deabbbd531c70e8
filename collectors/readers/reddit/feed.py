"""Reddit's Atom feeds as posts. Pure; the feed writes authors into titles and bodies, and they are cut off here."""

import re
from datetime import datetime

from collectors.moments import moment
from collectors.readers.found import Found
from collectors.readers.html_tree import TooDeep
from collectors.readers.html_words import joined, words_of
from collectors.readers.reddit.atom import Entry, entries
from collectors.readers.reddit.calls import FULLNAME
from collectors.readers.reddit.thing import thing_gone
from collectors.readers.versions import digest
from collectors.unmasked import UnmaskedPost
from signals.post import Source

MOST_ENTRIES = 1000
_NAME = re.compile(r"(t[13]_[0-9a-z]{1,13})/?$")
_BODY = re.compile(r"<div class=[\"']md[\"']>")
_SIGNED = re.compile(r"<!--\s{0,9}SC_ON\s{0,9}-->|submitted by(?:&#32;|\s){0,9}<a href=", re.IGNORECASE)
_GONE = re.compile(r"^\[\s*(?:deleted|removed)(?:\s+by\s.{0,200})?\s*\]$", re.IGNORECASE)


def read_feed(body: bytes, seen_at: datetime, found: Found) -> bool:
    """Read a feed's entries into what is found; False when these bytes are no feed."""
    told = entries(body, MOST_ENTRIES)
    for entry in told or ():
        _read_entry(entry, found, seen_at)
    return told is not None


def _read_entry(entry: Entry, found: Found, seen_at: datetime) -> None:
    found.items += 1
    told = _NAME.search(entry.id)
    name = told[1] if told else ""
    if not FULLNAME.match(name):
        found.oddities["no_id"] += 1
        return
    try:
        words = _own_words(entry.content)
    except TooDeep:
        found.oddities["too_deep"] += 1
        return
    # A comment's title is "/u/… on …": a name, and words of someone else.
    title = entry.title if name.startswith("t3_") else ""
    if _GONE.match(words) or _GONE.match(title):
        found.oddities["removed"] += 1
        found.gone.append(thing_gone(name, seen_at))
        return
    text = joined(title, words)
    if not text:
        found.oddities["no_text"] += 1
        return
    found.posts.append(
        UnmaskedPost(
            source=Source.REDDIT_POST,
            native_id=name,
            version=digest(text),
            revision=0,
            text=text,
            posted_at=moment(entry.published),
            link=entry.link if "/comments/" in entry.link and "/user/" not in entry.link else None,
        )
    )
    found.note(moment(entry.published))


def _own_words(markup: str) -> str:
    """What the author wrote; around it the feed writes a picture, a name and two links."""
    start = _BODY.search(markup)
    if start is None:
        return ""
    signed = list(_SIGNED.finditer(markup, start.end()))
    # The author may have written these words too: the feed's own stand last, or end in its own mark.
    ends = [one for one in signed if one[0].startswith("<!--")] or signed
    return words_of(markup[start.start() : ends[-1].start() if ends else len(markup)])
