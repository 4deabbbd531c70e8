"""The words in a Mastodon post's HTML: links whole, mentions marked, quoted links left out."""

import re
from collections.abc import Set

from collectors.readers.html_tree import Element, TooDeep, classes
from collectors.readers.html_words import words_of
from collectors.readers.lenient_json import encodable
from collectors.readers.shown_links import MENTION, is_the_address
from collectors.refused import Refused
from signals.dead_letter import DeadReason

MOST_HTML = 500_000
"""Longest HTML in characters; 25 times the longest post that is kept."""

_HERE = "collectors/readers/mastodon/words.py"
_QUOTE = "quote-inline"
"""The class of the line «RE: address» that stands for a quoted post where quotes are not shown."""
_BREAKS = re.compile(r"\s+")


def plain(html: str, mentioned: Set[str] = frozenset()) -> str:
    """The words of sanitised HTML; `mentioned` are addresses of profiles that the post mentions. Raises `Refused`."""
    if len(html) > MOST_HTML:
        raise Refused(DeadReason.TOO_LARGE, "content", _HERE)
    if not encodable(html):
        raise Refused(DeadReason.INVALID_UTF8, "content", _HERE)
    try:
        return words_of(html, lambda element: _instead(element, mentioned))
    except TooDeep:
        raise Refused(DeadReason.MALFORMED, "content", _HERE) from None


def _instead(element: Element, mentioned: Set[str]) -> str | None:
    """What stands for this element and all in it; None when its own words do."""
    if _QUOTE in classes(element):
        return ""
    return _link(element, mentioned) if element.tag == "a" else None


def _link(element: Element, mentioned: Set[str]) -> str:
    # The pieces of a shortened link stand in elements of their own, and belong together without a space.
    shown = _BREAKS.sub(" ", "".join(str(piece) for piece in element.itertext()))
    href = element.get("href", "").strip()
    bare = shown.strip()
    if bare.startswith("#") or "hashtag" in classes(element):
        return shown
    if "mention" in classes(element) or (href and href in mentioned):
        return shown if bare.startswith("@") else MENTION
    if href.startswith(("http://", "https://")) and is_the_address(bare, href):
        return shown.replace(bare, href) if bare else href
    return shown
