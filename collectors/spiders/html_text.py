"""Plain text from a feed's HTML: words and line breaks, no markup, no scripts, no addresses.

lxml reads it in time that grows with its length, however broken it is; a walk without recursion takes the words out.
"""

import re

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from collectors.readers.html_tree import Element, walk

MOST_HTML = 500_000
"""Characters of HTML that are read; the longest post that is kept has 25 times fewer."""

_BLOCKS = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "table", "blockquote", "section", "article", "hr"}) | {
    f"h{n}" for n in range(1, 7)
}
_SILENT = frozenset({"script", "style", "template", "head", "title", "noscript", "svg", "iframe", "object"})
_FRAMES = re.compile(r"</?(?:html|body)\b[^<>]*>", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\f\v\u00a0]+")
_LINES = re.compile(r" *\n[ \n]*")


def plain(html: str) -> str:
    """The words of an HTML fragment; what stands behind `MOST_HTML` characters is not read."""
    # What stands behind a page's end would be lost, so a fragment has no end of its own.
    within = _FRAMES.sub("\n", html[:MOST_HTML].replace("\0", ""))
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, huge_tree=True)
    root = etree.fromstring(b"<html><body>" + within.encode("utf-8", "replace") + b"</body></html>", parser)
    return "" if root is None else _tidy("".join(_pieces(root)))


def _pieces(root: Element) -> list[str]:
    parts: list[str] = []
    steps = walk(root)
    for event, node in steps:
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start" and tag in _SILENT:
            steps.skip_subtree()
            continue
        if tag in _BLOCKS:
            parts.append("\n")
        # A line break in the source is only a space; the blocks make the lines.
        said = node.text if event == "start" else node.tail
        if said:
            parts.append(said.replace("\r", " ").replace("\n", " "))
    return parts


def _tidy(text: str) -> str:
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
