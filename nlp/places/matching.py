"""Where names of the gazetteer stand in a text: written out, run together, hyphenated, or a letter off.

Says where a name could be; whether it is a place there is for `nlp.places.evidence` to weigh.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import ahocorasick_rs

from nlp.normalise import fold
from nlp.places.gazetteer import Alias
from nlp.places.spelling import Spellings
from nlp.places.words import Words

_PART = re.compile(r"[^\W_]+")
_LOOSE = re.compile(r"[ \-.'&/+_·]{0,3}\Z")
"""What may stand between the words of one name."""
_TIGHT = frozenset({"-", ".", "'", "_", "·"})
"""What may cut a word of a name in two."""
JOINED_FROM = 6
"""Names of fewer letters count as run together in a hashtag only."""
SPLIT_FROM = 8
"""Names of fewer letters are not looked for in two words."""
HASHTAG_FROM = 6
"""Names of fewer letters are not looked for at the head of a longer hashtag."""
HEAD_OF_HASHTAG = "at the head of a hashtag"
_ABBREVIATED = 4
"""A point after a longer word ends a sentence; after a shorter one it may abbreviate ('St. Antonius')."""
_AROUND = 4
"""So many words on either side of a misspelt one may belong to the name."""


@dataclass(frozen=True, slots=True)
class Match:
    """A name at [start, end) of the normalised text, its first and last word, and how it was written if oddly."""

    start: int
    end: int
    first: int
    last: int
    aliases: tuple[Alias, ...]
    how: str = ""


_Variant = tuple[frozenset[int], tuple[Alias, ...]]
"""Where names of the same letters have their gaps, and the names: 'adam' and "a'dam" are two variants."""


class Matcher:
    """One automaton over all names without their blanks, and an index of their letters for misspellings."""

    def __init__(self, names: Mapping[str, tuple[Alias, ...]]) -> None:
        squeezed: dict[str, dict[frozenset[int], tuple[Alias, ...]]] = {}
        spelt: set[str] = set()
        for text, aliases in names.items():
            parts = _PART.findall(fold(text))
            letters = "".join(parts)
            if len(letters) < 2:
                continue
            variants = squeezed.setdefault(letters, {})
            gaps = _boundaries(parts)
            variants[gaps] = variants.get(gaps, ()) + aliases
            spelt.update(parts)
            spelt.add(letters)
        self._names: list[tuple[_Variant, ...]] = [tuple(variants.items()) for variants in squeezed.values()]
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(squeezed), matchkind=ahocorasick_rs.MatchKind.Standard, implementation=None
        )
        self._spellings = Spellings(spelt)

    def find(self, words: Words) -> list[Match]:
        """Names as they are written."""
        return list(self._find(words.squeezed, words, 0))

    def find_misspelt(self, words: Words) -> list[Match]:
        """Names that hold one word that is a letter off, in digits, backwards or without its vowels."""
        found: list[Match] = []
        for index in self._spellings.doubtful(words.words):
            word = words.words[index]
            starred = words.ends[index] - words.starts[index] != len(word)
            for guess, how in self._spellings.guesses(word, starred=starred):
                low, high = max(0, index - _AROUND), min(len(words), index + _AROUND + 1)
                around = [*words.words[low:index], guess, *words.words[index + 1 : high]]
                shifted = Words(words.text, words.folded, words.starts[low:high], words.ends[low:high], around)
                found.extend(
                    replace(match, how=how)
                    for match in self._find(shifted.squeezed, shifted, low)
                    if match.first <= index <= match.last
                )
        return found

    def _find(self, squeezed: str, words: Words, shift: int) -> Iterator[Match]:
        begins, finishes = words.begins, words.finishes
        for number, start, end in self._automaton.find_matches_as_indexes(squeezed, overlapping=True):
            first, last = begins.get(start), finishes.get(end)
            if first is None:
                continue
            if last is None:
                yield from self._at_the_head_of_a_hashtag(words, number, first, end - start, shift)
                continue
            if _inside_something(words, first, last):
                continue
            fitting = [
                (how, aliases)
                for gaps, aliases in self._names[number]
                if (how := _fits(words, gaps, first, last, end - start)) is not None
            ]
            if fitting:
                how = min(how for how, _ in fitting)
                aliases = tuple(alias for other, named in fitting if other == how for alias in named)
                yield Match(words.starts[first], words.ends[last], first + shift, last + shift, aliases, how)

    def _at_the_head_of_a_hashtag(
        self, words: Words, number: int, first: int, length: int, shift: int
    ) -> Iterator[Match]:
        """'#poelenburgbijnacht': a name that a hashtag begins with and goes on after."""
        start = words.starts[first]
        if length < HASHTAG_FROM or length >= len(words.words[first]) or words.text[max(0, start - 1) : start] != "#":
            return
        for gaps, aliases in self._names[number]:
            if not gaps:
                yield Match(start, start + length, first + shift, first + shift, aliases, HEAD_OF_HASHTAG)


def _boundaries(parts: list[str]) -> frozenset[int]:
    at, gaps = 0, set()
    for part in parts[:-1]:
        at += len(part)
        gaps.add(at)
    return frozenset(gaps)


def _fits(words: Words, gaps: frozenset[int], first: int, last: int, length: int) -> str | None:
    """How the words of the text stand for a name with these gaps: empty when as usual, None when they do not."""
    at, seen = 0, 0
    split = False
    for index in range(first + 1, last + 1):
        at += len(words.words[index - 1])
        gap = words.gap(index)
        if at in gaps:
            seen += 1
            if not (_LOOSE.match(gap) or gap == ", ") or (". " in gap and len(words.words[index - 1]) > _ABBREVIATED):
                return None
        elif gap == "" or (gap in _TIGHT and not words.words[index].isdigit()):
            continue
        elif gap == " " and length >= SPLIT_FROM and min(at, length - at) >= 3 and len(words.words[index - 1]) >= 3:
            split = True
        else:
            return None
    if seen < len(gaps) and length < JOINED_FROM and not words.in_hashtag(first):
        return None
    return "written as two words" if split else ""


def _inside_something(words: Words, first: int, last: int) -> bool:
    """Whether the name is part of an address, a handle or a longer number."""
    folded, start, end = words.folded, words.starts[first], words.ends[last]
    before, after = folded[start - 1 : start], folded[end : end + 2]
    if before == "@" or (before == "/" and not folded[max(0, start - 2) : start - 1].isalpha()):
        return True
    return after[:1] == "-" and after[1:].isalnum() and folded[start:end].isdigit()
