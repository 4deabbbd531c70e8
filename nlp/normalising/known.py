"""The words that a rewrite may lead to: known words in general, and words that people disguise.

Only spelling is asked of them; what a word means here is the term list's business.
"""

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data"


def _words(name: str) -> frozenset[str]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


HIDDEN = _words("hidden_words.txt")
KNOWN = _words("known_words.txt") | HIDDEN

_VOWELS = str.maketrans("", "", "aeiou")


def _without_vowels() -> dict[str, str]:
    words: dict[str, list[str]] = defaultdict(list)
    for word in KNOWN:
        words[word[0] + word[1:].translate(_VOWELS)].append(word)
    return {
        bones: found[0]
        for bones, found in words.items()
        if len(bones) >= 4 and len(found) == 1 and found[0] in HIDDEN and bones not in KNOWN
    }


REVERSED = {word[::-1]: word for word in HIDDEN if len(word) >= 4 and word[::-1] not in KNOWN}
"""Words of four letters and more turned round; shorter ones are too often words or names themselves ('sem')."""
WITHOUT_VOWELS = _without_vowels()
"""The consonants of a word that people disguise, where no other known word has them; four at least, since
abbreviations are short."""


@lru_cache(maxsize=4096)
def closest(*spellings: str) -> str | None:
    """The first of the spellings (lower case) that is a word people disguise, else the first that is known at all."""
    for words in (HIDDEN, KNOWN):
        for spelling in spellings:
            if spelling in words:
                return spelling
    return None
