"""The words in the markup that YouTube and Reddit put around a text, and the entries of an Atom feed. Pure.

lxml reads both in time that grows with their length, whatever they hold; it opens no entity and no address.
"""

from dataclasses import dataclass
from typing import cast

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from collectors.readers.html_tree import Element
from collectors.readers.html_words import words

_ATOM = "{http://www.w3.org/2005/Atom}"


class TooDeep(Exception):
    """Markup nested deeper than is read; half a text could say something else than the whole."""


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """What is read of an Atom entry; nothing where it tells nothing. Its author is not read."""

    id: str
    title: str
    content: str
    link: str
    published: str

    def __repr__(self) -> str:
        return "Entry(…)"


def words_of(markup: str) -> str:
    """The words of a piece of HTML. Raises `TooDeep`."""
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    whole = f"<html><body><div>{markup}</div></body></html>".replace("\0", "").encode("utf-8", "replace")
    root = etree.fromstring(whole, parser)
    if any("depth" in fault.message for fault in parser.error_log):
        raise TooDeep
    return "" if root is None else words(cast("Element", root))


def entries(body: bytes, most: int) -> list[Entry] | None:
    """The entries of an Atom feed, or None for bytes that are none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or root.tag != f"{_ATOM}feed":
        return None
    return [_entry(cast("Element", one)) for one in root.findall(f"{_ATOM}entry")[:most]]


def _entry(entry: Element) -> Entry:
    told: dict[str, str] = {}
    link = ""
    for part in cast("list[Element]", entry):
        name = part.tag.removeprefix(_ATOM) if isinstance(part.tag, str) else ""
        if name == "link":
            link = link or part.get("href")
        elif name in ("id", "title", "content", "published", "updated"):
            told.setdefault(name, part.text or "")
    published = told.get("published") or told.get("updated") or ""
    return Entry(told.get("id", "").strip(), told.get("title", "").strip(), told.get("content", ""), link, published)
