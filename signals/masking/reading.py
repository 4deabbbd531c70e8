"""How the finders see a text: hidden characters gone, look-alikes plain, masked stretches blanked out, with a way back.

It finds nothing itself. A blank never matches a pattern, so what is masked once stays masked the same way.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable
from functools import lru_cache

from signals.masking.token import Found

BLANK = "\ue000"
"""Stands for every character that is masked. It is no letter, digit or space, and no post may bring its own."""

GAP = rf"[^\w{BLANK}]"
"""A character between words that is not a blank, for use in patterns."""

_STABLE = re.compile(
    r"\[(?:@|link|telefoon|e-mail|iban|kenteken|nr|naam)\]|(?<![\w@])@user(?![\w@-]|\.\w)|<url>", re.IGNORECASE
)
_HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20f0"
    "\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\u0300-\u036f\U0001bca0-\U0001bca3\U000e0000-\U000e0fff" + BLANK
)
_PLAIN = {
    **dict.fromkeys("‐‑‒–—―−﹘⁃", "-"),
    **dict.fromkeys("⁄∕⧸╱", "/"),
    **dict.fromkeys("․‧∙•·。｡", "."),
    **dict.fromkeys("∶ː꞉", ":"),
    **dict.fromkeys("‘’ʼ′`´", "'"),
    "\u2028": "\n",
    "\u2029": "\n",
}
_NOT_PLAIN = re.compile(f"[{_HIDDEN}{''.join(map(re.escape, _PLAIN))}]|(?![0-9])\\d")
_IS_HIDDEN = re.compile(f"[{_HIDDEN}]")


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One character as the finders read it: nothing, itself, or its plain form."""
    if character < "\x80":
        return character
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else _PLAIN.get(c, c)
        for c in unicodedata.normalize("NFKC", character)
        if not _IS_HIDDEN.match(c)
    )


def digits(buffer: str) -> int:
    """How many digits a reading holds: the cheapest way to know that a number cannot be there."""
    return sum(map(buffer.count, "0123456789"))


class Reading:
    """A text being masked. `buffer` is what the finders see; `origin[i]` is where its i-th character stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Found] = []
        self.buffer, self._origin = _read(text)
        if "[" in self.buffer or "@" in self.buffer or "<" in self.buffer:
            self.buffer = _STABLE.sub(lambda m: BLANK * len(m[0]), self.buffer)

    def blank(self, found: Iterable[Found]) -> None:
        """Note what was found, in order of place, and blank it out."""
        pieces: list[str] = []
        done = 0
        for stretch in found:
            if stretch.start < done or stretch.start >= stretch.end:
                continue
            pieces += (self.buffer[done : stretch.start], BLANK * (stretch.end - stretch.start))
            done = stretch.end
            self.found.append(stretch)
        if pieces:
            self.buffer = "".join((*pieces, self.buffer[done:]))

    def stretches(self) -> list[Found]:
        """Everything found so far as spans of the text itself, in order."""
        ordered = sorted(self.found)
        origin = self._origin
        if origin is None:
            return ordered
        # A stretch takes the hidden characters behind it along, so that nothing of it stays.
        ends = (*origin, len(self.text))
        return [Found(origin[f.start], ends[f.end], f.token) for f in ordered]


def _read(text: str) -> "tuple[str, array[int] | None]":
    # Most posts are plain: the two quick looks save the walk over every character.
    if text.isascii() or (_NOT_PLAIN.search(text) is None and unicodedata.is_normalized("NFKC", text)):
        return text, None
    pieces: list[str] = []
    origin = array("q")
    for place, character in enumerate(text):
        plain = _plain(character)
        pieces.append(plain)
        origin.extend([place] * len(plain))
    return "".join(pieces), origin
