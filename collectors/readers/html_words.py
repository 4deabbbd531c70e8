"""The words of a piece of HTML: line breaks where a reader sees them, pictures by their alt text, no markup.

lxml reads it in time that grows with its length, whatever it holds. No link is followed and no address kept.
"""

import re
from collections.abc import Callable, Collection

from collectors.readers.html_tree import Element, fragment, walk

_BLOCK_NAMES = """
address article aside blockquote br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr li main nav ol p pre section summary table tr ul
"""
_SILENT_NAMES = """
script style template head noscript svg math iframe object select button textarea input audio video canvas
"""
_BLOCKS, _SILENT = frozenset(_BLOCK_NAMES.split()), frozenset(_SILENT_NAMES.split())
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[^\S\n]+")
_AROUND = re.compile(r" ?\n ?")
_LINES = re.compile(r"\n{3,}")

Instead = Callable[[Element], str | None]
"""What stands for an element and all in it; None when its own words do."""


def words_of(markup: str, instead: Instead | None = None) -> str:
    """The words of a fragment of HTML. Raises `html_tree.TooDeep`."""
    root = fragment(markup)
    return "" if root is None else words(root, instead=instead)


def words(element: Element, without: Collection[Element] = (), instead: Instead | None = None) -> str:
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
        mute = node in silent or tag in _SILENT or (tag == "title" and node is not element)
        if event == "start":
            if mute:
                steps.skip_subtree()
                continue
            if tag in _BLOCKS:
                parts.append("\n")
            elif tag in _CELLS:
                parts.append(" ")
            in_pre += tag == "pre"
            other = node.get("alt", "") if tag == "img" else instead(node) if instead else None
            if other is None:
                say(node.text)
            else:
                say(other)
                steps.skip_subtree()
            continue
        if event == "end" and not mute:
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


def joined(*parts: str | None) -> str:
    """Text parts under each other, each once and the empty ones left out."""
    return "\n\n".join(dict.fromkeys(part.strip() for part in parts if part and part.strip()))


def joined_once(*parts: str) -> str:
    """Text parts under each other, without those whose words stand in an earlier one."""
    said: list[str] = []
    for part in parts:
        if part and not any(part in one for one in said):
            said.append(part)
    return joined(*said)
