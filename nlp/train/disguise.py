"""Disguised copies of training posts, so that the encoder knows what evasive spelling looks like after normalising.

Makes text worse for training only; undoing disguises when posts are analysed is `nlp.normalise`'s work.
"""

import random
import re
from collections.abc import Callable
from dataclasses import replace

from nlp.encoder_text import encoder_text
from nlp.train.rows import Row

MOST_WORDS = 3
_WORD = re.compile(r"(?<![\w\[@])[A-Za-z]{3,}(?![\w\]])")
_DIGITS = str.maketrans("aeiost", "431057")
_SIGNS = str.maketrans("aeiosl", "@€!0$|")
_CYRILLIC = str.maketrans("aceopxy", "асеорху")
_SOUNDS = (("sch", "sg"), ("ch", "g"), ("ee", "e"), ("aa", "a"), ("oo", "o"), ("ij", "y"), ("z", "s"), ("v", "f"))


def disguised(row: Row, chance: random.Random) -> Row:
    """The row with one to three of its words disguised and then normalised; an actionable one loses its fact marks."""
    words = list(_WORD.finditer(row.text))
    if not words:
        return row
    chosen = {found.start() for found in chance.sample(words, min(len(words), chance.randint(1, MOST_WORDS)))}
    style = chance.choice(_STYLES)
    text = _WORD.sub(lambda found: style(found.group(), chance) if found.start() in chosen else found.group(), row.text)
    clean = encoder_text(text).text
    facts = None if row.actionable or row.facts is None else tuple(bytes(len(clean)) for _ in row.facts)
    return replace(row, text=clean, facts=facts)


def _digits(word: str, _chance: random.Random) -> str:
    return word.translate(_DIGITS)


def _signs(word: str, _chance: random.Random) -> str:
    return word.translate(_SIGNS)


def _cyrillic(word: str, _chance: random.Random) -> str:
    return word.translate(_CYRILLIC)


def _apart(word: str, chance: random.Random) -> str:
    return chance.choice(" .-_*").join(word)


def _stretched(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randint(3, 5) + word[at + 1 :]


def _starred(word: str, chance: random.Random) -> str:
    vowels = [at for at, letter in enumerate(word) if letter.lower() in "aeiou"]
    if not vowels:
        return word
    at = chance.choice(vowels)
    return word[:at] + "*" + word[at + 1 :]


def _without_vowels(word: str, _chance: random.Random) -> str:
    return word[0] + re.sub("[aeiouAEIOU]", "", word[1:])


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _by_sound(word: str, _chance: random.Random) -> str:
    for written, heard in _SOUNDS:
        if written in word:
            return word.replace(written, heard)
    return word


_STYLES: tuple[Callable[[str, random.Random], str], ...] = (
    _digits,
    _signs,
    _cyrillic,
    _apart,
    _stretched,
    _starred,
    _without_vowels,
    _mistyped,
    _by_sound,
)
