"""Undo the ways a text is disguised and keep a map back, with a note of every rewrite.

It rewrites only what is plainly a disguise; it never decides what a text means.
"""

import unicodedata
from functools import lru_cache

from nlp.normalising.aligned import Disguise, Normalised, Undone, rewrite
from nlp.normalising.cases import undo_mixed_case
from nlp.normalising.characters import plain_characters
from nlp.normalising.glued import undo_gluing
from nlp.normalising.leet import undo_leet
from nlp.normalising.letters import undo_covering, undo_stretching, undo_turning
from nlp.normalising.mistyped import undo_mistyping
from nlp.normalising.spaced import undo_spacing

__all__ = ["Disguise", "Normalised", "Undone", "fold", "normalise", "rewrite"]

_STEPS = (
    undo_spacing,
    undo_leet,
    undo_mixed_case,
    undo_covering,
    undo_stretching,
    undo_turning,
    undo_mistyping,
    undo_gluing,
)


def normalise(text: str) -> Normalised:
    """Rewrite `text` to what a reader takes it for, with the map back. Linear in the length of the text."""
    made = plain_characters(text)
    for undo in _STEPS:
        made = undo(made)
    return made


def fold(text: str) -> str:
    """Lower case without accents, one character for each given one: the form that words and names are matched in."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    if character in "’‘`´":
        return "'"
    if character in "–—‐‑":
        return "-"
    return unicodedata.normalize("NFD", character.lower())[:1] or character
