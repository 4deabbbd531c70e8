"""A Bluesky post's text with its facets: shortened links in full, to be masked as links, and mentions marked.

Facets count UTF-8 bytes. One that does not fit the text is left out, and counted.
"""

from collections import Counter
from dataclasses import dataclass

from collectors.readers.lenient_json import Fields, fields, items, words
from collectors.readers.shown_links import MENTION, is_the_address
from signals.post import MAX_TEXT

_CUT = frozenset({"", "...", "…"})


@dataclass(frozen=True, slots=True, repr=False)
class Marked:
    """The text, and the tags that facets mark in it."""

    text: str
    tags: tuple[str, ...]

    def __repr__(self) -> str:
        return "Marked(…)"


def marked(text: str, facets: object, oddities: Counter[str]) -> Marked:
    """The text of a record with its facets worked in. The text must be encodable."""
    whole = text.encode()
    if len(text) > MAX_TEXT:
        return Marked(text, ())  # too long to become a post at all
    spans: list[tuple[int, int, str]] = []
    tags: list[str] = []
    for facet in items(facets):
        features = [fields(feature) for feature in items(fields(facet).get("features"))]
        tags += [tag for feature in features if (tag := words(feature.get("tag")))]
        span = _span(fields(facet).get("index"), len(whole))
        shown = None if span is None else _shown(whole, *span)
        if span is None or shown is None:
            oddities["facet_out_of_range"] += 1
        elif (instead := _instead(shown, features)) != shown:
            spans.append((*span, instead))
    parts: list[str] = []
    at = 0
    for start, end, instead in sorted(spans):
        if start < at:
            oddities["facets_overlap"] += 1
            continue
        parts += [whole[at:start].decode(), instead]
        at = end
    return Marked("".join((*parts, whole[at:].decode())), tuple(dict.fromkeys(tags)))


def _span(index: object, length: int) -> tuple[int, int] | None:
    start, end = fields(index).get("byteStart"), fields(index).get("byteEnd")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
        return None
    return start, end


def _shown(whole: bytes, start: int, end: int) -> str | None:
    """The words under a facet; None when it cuts a character, on either side."""
    if any(at < len(whole) and whole[at] & 0xC0 == 0x80 for at in (start, end)):
        return None
    return whole[start:end].decode()


def _instead(shown: str, features: list[Fields]) -> str:
    for feature in features:
        if words(feature.get("did")) and not shown.startswith("@"):
            return MENTION
        uri = words(feature.get("uri"))
        if uri and shown.strip() not in _CUT and is_the_address(shown, uri):
            return uri
    return shown
