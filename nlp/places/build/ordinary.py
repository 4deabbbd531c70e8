"""Which names are ordinary words, too: by word frequencies and a list of towns. Needs `wordfreq`: for building only."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from wordfreq import zipf_frequency  # type: ignore[import-not-found, unused-ignore]  # only where this is run

from nlp.places.aliases import Made
from nlp.places.entry import Alias, Entry
from nlp.places.school_words import KINDS, SHORTENED
from signals.masking.word_lists import fold, word_list
from signals.place import PlaceKind

ORDINARY_FROM = 3.3
"""Words at least this frequent in Dutch or English (Zipf scale) are places only with support from their context."""
KNOWN_FROM = 3.0
"""Once in a million words: from here a school's name without its kind is a known word or person, such as calvijn."""
MOST_TOWNS = 5
"""A name that schools in more towns share says little."""
AS_PUBLISHED = ("as published", "name in the exam file", "everyday name")
_TOO_FREQUENT = 4.6
_INITIALS_BELOW = 3.0
_LARGE_TOWNS = frozenset({"best", "echt", "bergen", "huizen", "houten", "putten"})
"""Towns so large that they are worth the trouble with their name."""
_EVERYDAY_FROM = 5.3
"""Two hundred times in a million words: with a kind of school such a word is no name: mijn school, high school."""
_COMMON_FROM = 3.8
ORDINARY_TOWNS = frozenset(
    (Path(__file__).parents[2] / "data" / "ordinary_towns.txt").read_text(encoding="utf-8").split()
)
"""Towns whose name is an ordinary word, too."""


class Names:
    """The names that entries get by rule; remembers those of towns and areas, which no school gets."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self.made: dict[tuple[str, str], Alias] = {}

    def add(self, made: Made, identifier: str, place: PlaceKind) -> None:
        """Give an entry a name, unless that word is too ordinary or belongs to a town."""
        text = re.sub(r"\s+", " ", made.text).strip().lower()
        if len(text) < 2 or _too_ordinary(text, made, place):
            return
        if place is PlaceKind.SCHOOL and made.kind != "primary" and text in self._taken:
            return
        if place is PlaceKind.CITY:
            self._taken.add(text)
        ordinary = made.weak or _ordinary(text, made, place)
        self.made.setdefault((text, identifier), Alias(text, identifier, made.kind, ordinary, made.rule))


def shared_marked(aliases: Iterable[Alias], entries: Iterable[Entry]) -> Iterator[Alias]:
    """The names, those of schools in more than five towns marked; one that a rule made needs support from context."""
    town = {entry.id: entry.municipality for entry in entries if entry.kind is PlaceKind.SCHOOL}
    towns: dict[str, set[str]] = {}
    named = list(aliases)
    for alias in named:
        if alias.id in town and alias.kind != "primary":
            towns.setdefault(alias.text, set()).add(town[alias.id])
    for alias in named:
        shared = len(towns.get(alias.text, ()))
        if shared <= MOST_TOWNS or alias.id not in town or alias.kind == "primary":
            yield alias
        else:
            ordinary = alias.ordinary or (alias.kind == "short" and not alias.rule.startswith(AS_PUBLISHED))
            yield replace(alias, ordinary=ordinary, rule=f"{alias.rule}; shared by {shared} towns")


def frequency(word: str) -> float:
    """How frequent a word is in Dutch or English, whichever is more (Zipf scale)."""
    return float(max(zipf_frequency(word, "nl"), zipf_frequency(word, "en")))


def _too_ordinary(text: str, made: Made, place: PlaceKind) -> bool:
    """Words so frequent that no context makes them this place often enough to be worth the false ones."""
    if made.kind == "primary" or " " in text or text.isdigit():
        return False
    if made.rule.endswith("initials"):
        return frequency(text) >= _INITIALS_BELOW
    too_frequent = frequency(text) >= _TOO_FREQUENT
    return too_frequent and (place is PlaceKind.SCHOOL or (text in ORDINARY_TOWNS and text not in _LARGE_TOWNS))


def _ordinary(text: str, made: Made, place: PlaceKind) -> bool:
    if made.kind == "primary" or text.isdigit():
        return True
    if place is PlaceKind.SCHOOL and _says_little(text, made.rule):
        return True
    if re.match(r"(?:de|het|'?t) \S+$", text):
        return frequency(text.split()[-1]) >= ORDINARY_FROM
    if " " in text or "-" in text:
        return False
    if place is PlaceKind.CITY:
        return text in ORDINARY_TOWNS or (len(text) < 4 and text not in {"oss", "ede", "urk"})
    return len(text) < 4 or frequency(text) >= ORDINARY_FROM


def _says_little(text: str, rule: str) -> bool:
    """A school's name of everyday words only, somebody's name, or one known to all: mijn school, dominicus, calvijn."""
    words = [word for word in re.split(r"[ .-]+", text) if word not in {"de", "het", "'t"}]
    own = [word for word in words if word not in KINDS and word not in SHORTENED]
    if len(text.split()) == 2 and all(frequency(word) >= _EVERYDAY_FROM for word in own):
        return True
    if len(own) < len(words):
        return False
    if len(words) == 1:
        people = ("first_names", "surnames")
        named = any(fold(text) in word_list(f"{names}.txt") for names in people)
        return named or ("dropped" in rule and frequency(text) >= KNOWN_FROM)
    if rule not in AS_PUBLISHED and all(frequency(word) >= _COMMON_FROM for word in words):
        return True
    return "dropped" in rule and _somebody_known(words)


def _somebody_known(words: Sequence[str]) -> bool:
    first, last = fold(words[0]), fold(words[-1])
    given = len(first) == 1 or any(first in word_list(f"first_names{kind}.txt") for kind in ("", "_ordinary"))
    family = any(last in word_list(f"surnames{kind}.txt") for kind in ("", "_with_prefix"))
    return given and family and frequency(last) >= KNOWN_FROM
