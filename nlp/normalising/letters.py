"""Letters stretched, covered, left out or in the wrong order: 'messss', 'm*s', 'stkn', 'negnals'.

Covered, missing and turned letters come back only where the outcome is a word that people disguise, or a known one.
"""

import re
from collections import defaultdict
from functools import lru_cache
from itertools import product

from nlp.normalising.aligned import Disguise, Normalised, rewrite
from nlp.normalising.characters import LETTER
from nlp.normalising.known import HIDDEN, KNOWN, REVERSED, WITHOUT_VOWELS, closest

_STRETCHED = re.compile(rf"\b[{LETTER}]*?([{LETTER}])\1{{2,}}[{LETTER}]*")
_RUN = re.compile(rf"([{LETTER}])\1{{2,}}")
_TRIPLE = re.compile(rf"([{LETTER}])\1\1")
_STARRED = re.compile(rf"(?<![\w*\[@])[{LETTER}]{{1,20}}(?:[*∗⁎✱#]{{1,4}}[{LETTER}]{{1,20}}){{1,3}}(?![\w*\]])")
_STARS = "*∗⁎✱#"
_ANY_STAR = re.compile(f"[{_STARS}]")
_WORD = re.compile(rf"(?<![\w@#\[.'’\-])[{LETTER}]{{4,20}}(?![\w'’\-]|\.\w)")
_MOST_RUNS = 3


def undo_stretching(made: Normalised) -> Normalised:
    """Bring three and more of the same letter back to one or two, whichever gives a known word."""
    if not _TRIPLE.search(made.text):
        return made
    return rewrite(made, _STRETCHED, lambda found: _unstretched(found.group()), Disguise.STRETCHED)


@lru_cache(maxsize=4096)
def _unstretched(word: str) -> str:
    runs = _RUN.findall(word)
    usual = _RUN.sub(lambda run: run.group(1) * (2 if run.group(1).lower() in "aeiou" else 1), word)
    if len(runs) > _MOST_RUNS:
        return usual
    choices: list[str] = []
    for counts in product((2, 1), repeat=len(runs)):
        left = iter(counts)
        choices.append(_RUN.sub(lambda run, left=left: run.group(1) * next(left), word))  # type: ignore[misc]
    match = closest(*(choice.lower() for choice in choices))
    return next((choice for choice in choices if choice.lower() == match), usual)


def undo_covering(made: Normalised) -> Normalised:
    """Fill in letters that a star covers."""
    if not _ANY_STAR.search(made.text):
        return made
    return rewrite(made, _STARRED, lambda found: _uncovered(found.group().lower()), Disguise.STARRED)


@lru_cache(maxsize=1024)
def _uncovered(small: str) -> str | None:
    """The word behind the stars: they stand for vowels first, for any letter where no word with vowels fits."""
    without = "".join(letter for letter in small if letter not in _STARS)
    if without in HIDDEN:
        return without
    for letters, words in (("aeiouy", HIDDEN), ("aeiouy", KNOWN), ("a-z", KNOWN)):
        pattern = re.compile("".join(f"[{letters}]" if letter in _STARS else re.escape(letter) for letter in small))
        fitting = [word for word in _by_length(words)[len(small)] if pattern.fullmatch(word)]
        if len(fitting) == 1:
            return fitting[0]
    return without if without in KNOWN and len(without) > 3 else None


@lru_cache(maxsize=2)
def _by_length(words: frozenset[str]) -> dict[int, list[str]]:
    made: dict[int, list[str]] = defaultdict(list)
    for word in sorted(words):
        made[len(word)].append(word)
    return made


def undo_turning(made: Normalised) -> Normalised:
    """Turn words round that were written backwards, and put back the vowels of words that lack all but the first."""
    if _TURNED.isdisjoint(made.text.lower().split()):
        return made
    made = rewrite(made, _WORD, lambda found: REVERSED.get(_one_case(found.group())), Disguise.REVERSED)
    return rewrite(made, _WORD, lambda found: WITHOUT_VOWELS.get(_one_case(found.group())), Disguise.SHORTENED)


_TURNED = frozenset(
    before + word + after
    for word in (*REVERSED, *WITHOUT_VOWELS)
    for before in ("", "#", '"', "(")
    for after in ("", ".", ",", "!", "?", ":", "...", '"', ")")
)
"""The spellings to look for, with what may touch them: looking them up is quicker than cutting words out."""


def _one_case(word: str) -> str:
    """Small letters of a word; of one with a capital at its head, which may be a name, nothing."""
    return "" if word[0].isupper() and not word.isupper() else word.lower()
