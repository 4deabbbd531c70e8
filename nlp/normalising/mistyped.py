"""Words that people disguise by swapping two neighbouring letters or dropping one vowel: 'setken', 'pistol', 'vechtn'.

Only where one such word fits and the spelling is no known word; whether a mistake was meant does not matter here.
"""

import re
from collections import defaultdict

from nlp.normalising.aligned import Disguise, Normalised, rewrite
from nlp.normalising.characters import LETTER
from nlp.normalising.known import HIDDEN, KNOWN, REVERSED, WITHOUT_VOWELS

_WORD = re.compile(rf"(?<![\w@\[.'’\-])[{LETTER}]{{4,20}}(?![\w'’\-\]]|\.\w)")
_SHORTEST = 5
"""Letters of a word that is looked for; shorter ones are one slip away from too many others."""


def _spellings() -> dict[str, str]:
    made: defaultdict[str, set[str]] = defaultdict(set)
    for word in HIDDEN:
        if len(word) < _SHORTEST:
            continue
        for at in range(1, len(word)):
            before, after = word[: at - 1], word[at + 1 :]
            made[before + word[at] + word[at - 1] + after].add(word)
            if word[at] in "aeiou" and len(word) > _SHORTEST:
                made[word[:at] + after].add(word)
    return {
        spelling: words.pop()
        for spelling, words in made.items()
        if len(words) == 1 and spelling not in KNOWN and spelling not in REVERSED and spelling not in WITHOUT_VOWELS
    }


MISTYPED = _spellings()
_TOUCHED = frozenset(
    before + spelling + after
    for spelling in MISTYPED
    for before in ("", "#")
    for after in ("", ".", ",", "!", "?", "...", ":", ")")
)
"""The spellings to look for, with what may touch them: looking them up is quicker than cutting words out."""


def undo_mistyping(made: Normalised) -> Normalised:
    """Put back the letters of words that people disguise."""
    if _TOUCHED.isdisjoint(made.text.lower().split()):
        return made
    return rewrite(made, _WORD, _repaired, Disguise.MISTYPED)


def _repaired(found: re.Match[str]) -> str | None:
    """The word behind a spelling, in its case."""
    word = found.group()
    meant = MISTYPED.get(word.lower())
    if meant is None or word.islower():
        return meant
    return meant.upper() if word.isupper() else meant.capitalize()
