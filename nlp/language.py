"""The language of a text: Dutch, English, Dutch mixed with street language or English, or another.

For reporting only; it is never a reason to flag.
"""

import re
import tomllib
from pathlib import Path

from nlp.normalise import fold
from signals.label import Lang

_TABLE = tomllib.loads((Path(__file__).parent / "data" / "small_words.toml").read_text(encoding="utf-8"))
_DUTCH, _ENGLISH, _STREET, _OTHER, _SHARED = (
    frozenset(fold(_TABLE[name]).split()) for name in ("dutch", "english", "street", "other", "shared")
)
_KINDS = (_DUTCH - _SHARED, _ENGLISH - _SHARED, _STREET, _OTHER - _DUTCH - _ENGLISH)
"""The words that speak for each; a set answers for a whole text at once."""
_FAR = re.compile(r"[\u0370-\U0010ffff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\w+")


def language(folded: str) -> Lang:
    """The language of a folded text, from its small words; Dutch when nothing speaks."""
    words = _WORD.findall(folded)
    dutch, english, street, other = (sum(map(kind.__contains__, words)) for kind in _KINDS)
    foreign = 0 if folded.isascii() else sum(map(str.isalpha, _FAR.findall(folded)))
    if (
        foreign * 3 > len(folded)
        or (other > dutch + english and other >= 2)
        or (words and other and not dutch + english)
    ):
        return Lang.OTHER
    if english > dutch * 2 and english:
        return Lang.EN
    if dutch and (street or english >= 2):
        return Lang.MIXED
    if street and not dutch:
        return Lang.EN if english else Lang.MIXED
    return Lang.EN if english > dutch else Lang.NL
