"""Ordinary words that are one letter off a word of some name: the linker must not take them for misspellings.

Usage: python -m nlp.places.build.neighbours NAMES_CSV TARGET.
Run after the gazetteer's names changed; needs `wordfreq`.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from wordfreq import top_n_list  # type: ignore[import-not-found, unused-ignore]  # only where this is run

from nlp.normalise import fold
from nlp.places.spelling import LONGEST, SHORTEST, Spellings

MOST_FREQUENT = {"nl": 150_000, "en": 100_000, "de": 15_000, "fr": 15_000, "tr": 10_000, "es": 15_000}
"""How many of the most frequent words of each language count as ordinary."""


def neighbours(names: Path) -> list[str]:
    """The ordinary words, sorted."""
    spelt: set[str] = set()
    with names.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts = re.findall(r"[^\W_]+", fold(row["alias"]))
            spelt.update([*parts, "".join(parts)])
    spellings = Spellings(spelt, frozenset())
    words = {fold(word) for language, most in MOST_FREQUENT.items() for word in top_n_list(language, most)}
    words.update(_street_words(names.parent))
    return sorted(
        word for word in words if SHORTEST <= len(word) <= LONGEST and word.isalpha() and spellings.guesses(word)
    )


def _street_words(data: Path) -> Iterator[str]:
    """Words of street language, which the frequency lists lack."""
    with (data / "terms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from re.findall(r"[^\W_]+", fold(row["term"]))
    yield from re.findall(r"[^\W_]+", fold((data / "small_words.toml").read_text(encoding="utf-8")))


if __name__ == "__main__":
    found = neighbours(Path(sys.argv[1]))
    Path(sys.argv[2]).write_text("\n".join(found) + "\n", encoding="utf-8")
