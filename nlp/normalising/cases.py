"""Words with capitals among their small letters, as in 'sTeKeN', are written small.

Names and signs such as 'iPhone', 'McDonald's', 'WhatsApp', 'PvdA' and words all in capitals keep them, but where the
whole text jumps between the two: there a capital says nothing.
"""

import re

from nlp.normalising.aligned import Disguise, Normalised, rewrite
from nlp.normalising.characters import LETTER
from nlp.normalising.known import HIDDEN, KNOWN

_RISE = re.compile(r"[a-z][A-Z]")
_SUSPECT = re.compile(r"[a-z][A-Z](?:(?![a-z]{2})|(?<![A-Za-z]...))")
"""A capital after a small letter, not as in 'WhatsApp': no two small letters after it, or at most two before it."""
_WORD = re.compile(rf"(?<![\w@\[/=])#?[{LETTER}]{{2,60}}(?!\w)")
_HUMPS = re.compile(rf"[{LETTER}](?:(?![A-ZÀ-ÖØ-Þ])[{LETTER}])*")
_CAMEL = re.compile(r"(?:[A-Z]?[a-z]+)(?:[A-Z][a-z]+)+|[a-z][A-Z][a-z]+")
_FEWEST_WILD = 3
_WILD_SHARE = 3
"""A text jumps between capitals and small letters where one word in so many does."""


def undo_mixed_case(made: Normalised) -> Normalised:
    """Write words small that mix capitals and small letters oddly."""
    if not _SUSPECT.search(made.text):
        return made
    words = [found.group() for found in _WORD.finditer(made.text)]
    wild = sum(map(_wild, words))
    everywhere = wild >= _FEWEST_WILD and wild * _WILD_SHARE >= len(words)
    if not wild and not any(_odd(word) and word.lower() in HIDDEN for word in words):
        return made
    return rewrite(made, _WORD, lambda found: _small(found.group(), everywhere=everywhere), Disguise.MIXED_CASE)


def _small(word: str, *, everywhere: bool) -> str | None:
    small = word.lower()
    if not _odd(word):
        return None
    if everywhere or small in HIDDEN:
        return small
    if not _wild(word):
        return None
    return small if small in KNOWN or len(_RISE.findall(word)) > 1 else None


def _odd(word: str) -> bool:
    """Neither small, nor large, nor with a capital at its head; the Dutch IJ is one letter."""
    word = word.lstrip("#")
    if word.startswith("IJ"):
        word = word[1:]
    return not (word.islower() or word.isupper() or word[1:].islower() or len(word) < 2)


def _wild(word: str) -> bool:
    """Odd, and not as names are written either: humps of one letter, or nothing but humps of two."""
    word = word.lstrip("#")
    if not _odd(word):
        return False
    humps = _HUMPS.findall(word)
    if _CAMEL.fullmatch(word):
        return len(humps) > 2 and sum(map(len, humps)) <= 2 * len(humps)
    return True
