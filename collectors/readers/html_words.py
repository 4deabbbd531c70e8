"""The words of a piece of a page: line breaks where a reader sees them, pictures by their alt text, no markup.

It never follows a link and keeps no address.
"""

import re
from collections.abc import Collection

from collectors.readers.html_tree import Element, walk

_BLOCK_NAMES = """
address article aside blockquote br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr li main nav ol p pre section summary table tr ul
"""
_SILENT_NAMES = """
script style template head noscript svg iframe object select button textarea input audio video canvas
"""
_BLOCKS, _SILENT = frozenset(_BLOCK_NAMES.split()), frozenset(_SILENT_NAMES.split())
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[^\S\n]+")
_AROUND = re.compile(r" ?\n ?")
_LINES = re.compile(r"\n{3,}")


def words(element: Element, without: Collection[Element] = ()) -> str:
    """The words of an element, less those of the elements `without`. Walks without recursion, however deep it is."""
    parts: list[str] = []
    silent = set(without)
    in_pre = 0

    def say(text: str | None) -> None:
        if text:
            parts.append(text if in_pre else text.replace("\r", " ").replace("\n", " "))

    steps = walk(element)
    for event, node in steps:
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if node in silent or tag in _SILENT:
                steps.skip_subtree()
                continue
            if tag in _BLOCKS:
                parts.append("\n")
            elif tag in _CELLS:
                parts.append(" ")
            elif tag == "img":
                say(node.get("alt"))
            in_pre += tag == "pre"
            say(node.text)
            continue
        if event == "end" and node not in silent and tag not in _SILENT:
            in_pre -= tag == "pre"
            if tag in _BLOCKS and tag != "br":
                parts.append("\n")
        if node is not element:
            say(node.tail)
    return tidy("".join(parts))


def tidy(text: str) -> str:
    """Single spaces, no spaces around line breaks, at most one empty line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _LINES.sub("\n\n", _AROUND.sub("\n", _SPACES.sub(" ", text))).strip()


def joined(*parts: str) -> str:
    """Text parts under each other; one that another says already is left out."""
    said: list[str] = []
    for part in parts:
        if part and not any(part in one for one in said):
            said.append(part)
    return "\n\n".join(said)
