"""The one place that touches lxml, which ships no types: fragments, elements, CSS selectors made once, and a walk.

It knows no site and no meaning.
"""

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from lxml import etree  # type: ignore[import-untyped]
from lxml.cssselect import CSSSelector  # type: ignore[import-untyped]

_FRAMES = re.compile(r"</?(?:html|body)\b[^<>]*>", re.IGNORECASE)


class TooDeep(Exception):
    """Markup nested deeper than is read; half a text could say something else than the whole."""


class Element(Protocol):
    """What is used of an lxml element. The tag of a comment is not a string."""

    tag: object
    text: str | None
    tail: str | None

    def get(self, key: str, default: str = "") -> str:
        """An attribute."""

    def getparent(self) -> "Element | None":
        """The element around this one."""

    def itertext(self) -> Iterator[str]:
        """All text inside."""


class Walk(Protocol):
    """A walk over an element: (`start` | `end` | `comment` | `pi`, element), without recursion."""

    def __iter__(self) -> Iterator[tuple[str, Element]]:
        """The events in order."""

    def skip_subtree(self) -> None:
        """Go past what the element just started holds; its end comes still."""


def fragment(markup: str) -> Element | None:
    """A piece of HTML, in time that grows with its length, whatever it holds. Raises `TooDeep`."""
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    # What stands behind a page's end would be lost, so a fragment has no end of its own.
    within = _FRAMES.sub("\n", markup.replace("\0", "")).encode("utf-8", "replace")
    root: Element | None = etree.fromstring(b"<html><body>" + within + b"</body></html>", parser)
    if any("depth" in fault.message for fault in parser.error_log):
        raise TooDeep
    return root


def css(selector: str) -> Callable[[Element], list[Element]]:
    """Finds what a selector finds inside an element, in the order of the page."""
    made: Callable[[Element], list[Element]] = CSSSelector(selector, translator="html")
    return made


def walk(element: Element) -> Walk:
    """A walk over everything in an element."""
    made: Walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    return made


def classes(element: Element) -> list[str]:
    """The classes of an element."""
    return element.get("class", "").split()


def markup(element: Element) -> bytes:
    """The element's own bytes."""
    made: bytes = etree.tostring(element, encoding="utf-8", with_tail=False, method="html")
    return made


def is_element(found: object) -> bool:
    """Whether this is an element of a page, not the words of a JSON answer."""
    return isinstance(found, etree._Element)
