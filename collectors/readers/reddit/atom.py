"""The entries of an Atom feed, without their authors. lxml reads it; no entity and no address is opened."""

from dataclasses import dataclass
from typing import cast

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from collectors.readers.html_tree import Element

_ATOM = "{http://www.w3.org/2005/Atom}"


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
