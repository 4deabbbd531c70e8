"""Plain text from a feed's HTML: words and line breaks, no markup, no scripts, no addresses."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "table", "blockquote", "section", "article", "hr"}) | {
    f"h{n}" for n in range(1, 7)
}
_SILENT = frozenset({"script", "style", "template", "head", "title", "noscript", "svg", "iframe", "object"})
_SPACES = re.compile(r"[ \t\f\v\u00a0]+")
_LINES = re.compile(r" *\n *(?:\n\s*)*")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # A line break in the source is only a space; the blocks make the lines.
            self.parts.append(data.replace("\r", " ").replace("\n", " "))


def plain(html: str) -> str:
    """The words of an HTML fragment."""
    words = _Words()
    words.feed(html)
    words.close()
    return _LINES.sub("\n", _SPACES.sub(" ", "".join(words.parts))).strip()
