"""The word lists that masking needs, read once from the package's own data when first asked for."""

import unicodedata
from functools import cache
from importlib.resources import files

_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "ß": "ss", "đ": "d", "æ": "ae", "’": "'"})


def fold(word: str) -> str:
    """A word as the lists write it: lower case, without accents."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    split = unicodedata.normalize("NFD", lowered.translate(_LETTERS))
    return "".join(c for c in split if not unicodedata.combining(c))


@cache
def word_list(name: str) -> frozenset[str]:
    """The lines of one list; where each comes from stands in `data/README.md`."""
    return frozenset(files("signals.masking.data").joinpath(name).read_text("utf-8").split("\n")) - {""}


@cache
def phrases_by_word(name: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases of one list, under each of their words."""
    by_word: dict[str, list[tuple[str, ...]]] = {}
    for line in word_list(name):
        phrase = tuple(line.split(" "))
        for word in set(phrase):
            by_word.setdefault(word, []).append(phrase)
    return {word: tuple(phrases) for word, phrases in by_word.items()}
