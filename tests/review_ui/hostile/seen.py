"""What stands on a page: its elements, the words of others (in `bdi` or a field), and the product's own words.

Filled from HTML by Python's parser here and from a real browser's document by `looking`; judged the same way.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

_EMPTY = frozenset(
    {"meta", "link", "input", "br", "hr", "img", "source", "wbr", "area", "base", "col", "embed", "track"}
)
_OTHERS = frozenset({"bdi", "textarea"})
_NO_WORDS = frozenset({"script", "style"})

HIDING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that show nothing, turn what follows round, or steer a terminal. None may reach a reader as it is."""


@dataclass
class Seen:
    """One page, taken apart. An element is its name with its attributes."""

    elements: set[str] = field(default_factory=set)
    others: list[str] = field(default_factory=list)
    own: str = ""

    @property
    def own_words(self) -> set[str]:
        """The words that are the product's own."""
        return {word for word in re.split(r"[\W\d_]+", self.own) if word}


def read(page: str) -> Seen:
    """A page of HTML, taken apart."""
    parser = _Reader()
    parser.feed(page)
    parser.close()
    return parser.seen


def visible(text: str) -> str:
    """What of a text must be seen whatever is shown around it: letters, figures, punctuation and signs."""
    return "".join(filter(_is_visible, text))


@cache
def _is_visible(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNPS" and char != "␣" and not HIDING.match(char)


@cache
def _is_accent(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me")


def faults(seen: Seen, ordinary: Seen, shown: Iterable[str], promised: Iterable[str]) -> list[str]:
    """What is wrong with a page that shows these texts, beside the same page with an ordinary text."""
    given = {visible(text) for text in shown} | {visible(text) for text in ordinary.others}
    found = [f"an element of its own: {element}" for element in sorted(seen.elements - ordinary.elements)]
    found += [f"words outside: {word}" for word in sorted(seen.own_words - ordinary.own_words)]
    there = {visible(words) for words in seen.others}
    for words in there - given:
        if not any(words.strip("…") in whole for whole in given):
            found.append(f"words that nobody wrote: {words[:80]!a}")
    missing = [text for text in promised if visible(text) not in there]
    found += [f"not shown as it was given: {text[:80]!a}" for text in missing]
    for words in seen.others:
        if hiding := HIDING.search(words):
            found.append(f"a hiding character: {hiding.group()!a}")
        if _piled(words):
            found.append("more than three accents on one letter")
    return found


def _piled(words: str) -> bool:
    stack = 0
    for char in words:
        stack = stack + 1 if _is_accent(char) else 0
        if stack > 3:
            return True
    return False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Seen()
        self._open: list[str] = []
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.elements.add(element(tag, {name: value or "" for name, value in attrs}))
        if tag in _EMPTY:
            return
        if tag in _OTHERS and not _OTHERS & {*self._open}:
            self._words = []
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        if tag in _OTHERS and not _OTHERS & {*self._open}:
            self.seen.others.append("".join(self._words))

    def handle_data(self, data: str) -> None:
        if _OTHERS & {*self._open}:
            if "small" not in self._open:  # the product's own word behind a mark
                self._words.append(data)
        elif not _NO_WORDS & {*self._open}:
            self.seen.own += f"{data} "

    def handle_comment(self, data: str) -> None:
        self.seen.elements.add(f"<!-- {data[:80]} -->")


def element(tag: str, attributes: dict[str, str]) -> str:
    """An element's name with its attributes in order."""
    return f"<{tag.lower()} {' '.join(f'{name}={value!r}' for name, value in sorted(attributes.items()))}>"
