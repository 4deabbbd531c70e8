"""Words with strokes and stacked marks on their letters: which words are disguised so, and what letters are below.

Accents that a language writes ('één', 'coördinaat', 'Łódź'), vowel signs of other scripts and emoji forms are none.
"""

import re
import unicodedata
from functools import lru_cache

from nlp.normalising.known import HIDDEN, KNOWN

MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Marks that go on any letter; those of one script, such as Arabic vowel signs, are not among them."""
_ANY_MARK = re.compile(f"[{MARKS}]")
_ACCENTED = re.compile(f"[À-ÖØ-öø-ɏḀ-ỿ{MARKS}]")
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])+")
_OVERLAYS = frozenset("\u0334\u0335\u0336\u0337\u0338\u20d2\u20d3\u20d8\u20d9\u20da\u20e5\u20e6\u20ea\u20eb")
_WRITTEN = re.compile(r"[À-ſƠơƯưȘ-țẠ-ỹ]")
"""Letters with accents that European languages and Vietnamese write."""
_DUTCH = frozenset("\u0301\u0308")
_MOST_MARKS = 2
"""On one letter; more of them are written in no language."""
_LONGEST = 400
"""Characters, marks included; a longer run of letters is no word, and its marks go one letter at a time."""
_DRESSED = 3
"""So many accented letters, or accents of two kinds, in a known word that has none: a disguise."""


def marked_words(text: str) -> dict[int, tuple[int, int]]:
    """For every position in a word that marks disguise, the span of the word."""
    if not _ACCENTED.search(text):
        return {}
    made: dict[int, tuple[int, int]] = {}
    for found in _WORD.finditer(text):
        if not found.group().isascii() and len(found.group()) <= _LONGEST and _disguised(found.group()):
            made.update(dict.fromkeys(range(*found.span()), found.span()))
    return made


def without_marks(cluster: str) -> str:
    """The letter below its marks."""
    return unicodedata.normalize("NFD", cluster)[:1]


@lru_cache(maxsize=4096)
def _disguised(word: str) -> bool:
    """Whether a language would write the word so; the answer never depends on how its accents are coded."""
    letters: list[str] = []
    kinds: set[str] = set()
    dressed = 0
    for cluster in _clusters(unicodedata.normalize("NFD", word)):
        letter, marks = cluster[0], cluster[1:]
        letters.append(letter)
        if not marks:
            continue
        if len(marks) > _MOST_MARKS or not _OVERLAYS.isdisjoint(marks):
            return True
        if letter.isascii() and not _WRITTEN.match(unicodedata.normalize("NFC", letter + marks[0])):
            kinds.add("unwritten")
        kinds.update(marks)
        dressed += 1
    bare = "".join(letters).lower()
    if not kinds or not bare.isascii():
        return False
    if "unwritten" in kinds and _ANY_MARK.search(unicodedata.normalize("NFC", word)):
        return True
    if bare in HIDDEN and not kinds <= _DUTCH:
        return True
    return bare in KNOWN and (dressed >= _DRESSED or len(kinds) > 1 or "unwritten" in kinds)


def _clusters(decomposed: str) -> list[str]:
    made: list[str] = []
    for character in decomposed:
        if made and unicodedata.combining(character):
            made[-1] += character
        else:
            made.append(character)
    return made
