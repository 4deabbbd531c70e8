"""Which known words a misspelt or disguised word may stand for: one letter off, in digits, backwards, without vowels.

An index of deletions (the method of SymSpell, Garbe 2012): two words one edit apart share a word with one letter
deleted. It only guesses; a guess counts when a whole name comes of it and the context supports that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

from rapidfuzz.distance import OSA

SHORTEST, LONGEST = 5, 28
"""Letters of the words that are guessed at: shorter ones have too many neighbours."""
_MOST = 4
_REMEMBERED = 32_768
"""So many words without a guess are kept in mind: most words of a post are the most frequent of the language."""
_VOWELS = re.compile("ij|[aeiouy]")
_DIGITS = str.maketrans("013457", "oieast")
_CONFUSABLE = Path(__file__).parent.parent / "data" / "ordinary_neighbours.txt"

DIGITS, NO_VOWELS, BACKWARDS = "with digits for letters", "without its vowels", "written backwards"
STARRED, ONE_OFF = "with a letter left out", "one letter off"

Guess = tuple[str, str]
"""A known word and how the text wrote it."""


class Spellings:
    """The neighbours of a fixed set of words."""

    def __init__(self, known: Iterable[str], ordinary: frozenset[str] | None = None) -> None:
        self._known = frozenset(known)
        self._ordinary = _ordinary_neighbours() if ordinary is None else ordinary
        self._plain: set[str] = set()
        self._shorter: dict[str, str | list[str]] = {}
        self._skeletons: dict[str, str] = {}
        for word in sorted(self._known):
            if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
                continue
            for shorter in (word, *_deletions(word)):
                known_as = self._shorter.get(shorter)
                if known_as is None:
                    self._shorter[shorter] = word
                elif isinstance(known_as, str):
                    self._shorter[shorter] = [known_as, word]
                else:
                    known_as.append(word)
            if len(word) <= 12:
                self._skeletons.setdefault(_VOWELS.sub("", word), word)

    def doubtful(self, words: Sequence[str]) -> list[int]:
        """Where words stand that may be another word misspelt; nearly all words of a post are none."""
        plain = self._plain
        if len(plain) > _REMEMBERED:
            plain.clear()
        found: list[int] = []
        for index, word in enumerate(words):
            if word in plain:
                continue
            if self.guesses(word):
                found.append(index)
            else:
                plain.add(word)
        return found

    def guesses(self, word: str, *, starred: bool = False) -> tuple[Guess, ...]:
        """Known words that a word of a text may stand for, nearest first; none for a known or an ordinary word."""
        if not SHORTEST - 1 <= len(word) <= LONGEST or word in self._known or word in self._ordinary:
            return ()
        return tuple(islice(self._guesses(word, starred=starred), _MOST))

    def _guesses(self, word: str, *, starred: bool) -> Iterator[Guess]:
        if not word.isalpha():
            plain = word.translate(_DIGITS)
            if plain.isalpha() and plain in self._known:
                yield plain, DIGITS
                return
        if not re.search("[aeiou]", word) and word.isalpha():
            whole = self._skeletons.get(_VOWELS.sub("", word))
            if whole:
                yield whole, NO_VOWELS
            return
        if len(word) < SHORTEST:
            return
        if word[::-1] in self._known:
            yield word[::-1], BACKWARDS
        for other in self._near(word):
            yield other, STARRED if starred else ONE_OFF

    def _near(self, word: str) -> list[str]:
        found: set[str] = set()
        for shorter in (word, *_deletions(word)):
            known_as = self._shorter.get(shorter)
            if known_as is not None:
                found.update([known_as] if isinstance(known_as, str) else known_as)
        near = [other for other in found if other[0] == word[0] and OSA.distance(word, other, score_cutoff=1) <= 1]
        return sorted(near, key=lambda other: (abs(len(other) - len(word)), other))


def _deletions(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


@lru_cache(maxsize=1)
def _ordinary_neighbours() -> frozenset[str]:
    """Ordinary words that are one letter off a word of a name, and are not misspellings of it."""
    return frozenset(_CONFUSABLE.read_text(encoding="utf-8").split())
