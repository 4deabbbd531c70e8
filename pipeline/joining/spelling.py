"""Whether two words are one word in other spelling: abbreviations, street spelling, dropped and turned letters.

Two different words that both exist are never taken for one another, however alike they look.
"""

import tomllib
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from nlp.normalising.known import KNOWN
from pipeline.joining.figures import same_figure

WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))

_SOUNDS = (
    ("sch", "sk"), ("cie", "sie"), ("sj", "s"), ("ck", "k"), ("ch", "g"), ("ph", "f"), ("qu", "kw"), ("x", "ks"),
    ("ij", "y"), ("ei", "y"), ("ou", "au"), ("dt", "t"), ("ce", "se"), ("ci", "si"), ("c", "k"), ("z", "s"), ("v", "f"),
)  # fmt: skip
_LONG = 8
"""Letters of a word that is so long that a cut-off one is still that word: 'scheikundelok'."""
_VOWELS = str.maketrans("", "", "aeiouy")


def words_of(text: str) -> frozenset[str]:
    """The words of a list in `words.toml`."""
    return frozenset(text.split())


def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(WORDS["spelling"]["groups"].strip().splitlines()):
        for word in line.split():
            found[word].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


GROUPS = _groups()
TELLING_TIME = words_of(WORDS["telling"]["time"])
TELLING_NO = words_of(WORDS["telling"]["no"])
_EXACT = TELLING_TIME | TELLING_NO | words_of(WORDS["telling"]["means"])


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Whether two folded words are spellings of one word."""
    if one == other or GROUPS.get(one, frozenset()) & GROUPS.get(other, frozenset()):
        return True
    if one[0].isdigit() and other[0].isdigit():
        return same_figure(one, other)
    if one[0].isdigit() or other[0].isdigit() or (one in _EXACT and other in _EXACT):
        return False
    if one in TELLING_TIME or other in TELLING_TIME:
        short, long = sorted((one, other), key=len)
        if short not in KNOWN and _time_meant(short) == long:
            return True
    sound, other_sound = _sound(one), _sound(other)
    if one in KNOWN and other in KNOWN:
        return _ending(one) == _ending(other) or _clipped(one, other)
    if sound == other_sound:
        return True
    return _misspelt(one, other, sound, other_sound)


def _misspelt(one: str, other: str, sound: str, other_sound: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < 3 or sound[0] != other_sound[0]:
        return False
    bones, other_bones = sound.translate(_VOWELS), other_sound.translate(_VOWELS)
    bare = len(bones) >= 2 and bones == other_bones
    if one not in KNOWN and other not in KNOWN:  # names, more often than not: only letters left out
        if len(short) >= _LONG and long.startswith(short) and long[len(short) :] not in KNOWN:
            return True
        return bare and len(sound) != len(other_sound) and len(short) >= 4
    if bare and (len(short) >= 4 or min(sound, other_sound, key=len) == bones):
        return True
    if short not in KNOWN and long.startswith(short) and len(long) >= len(short) + 2:
        return True
    close = DamerauLevenshtein.distance(sound, other_sound, score_cutoff=1) <= 1
    return close and min(len(sound), len(other_sound)) >= 5


def _clipped(one: str, other: str) -> bool:
    """'kom' for 'komt': a t or n less at the end."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 3 and long in (short + "t", short + "n") and long not in _EXACT and short not in _EXACT


@lru_cache(maxsize=65536)
def perhaps_alike(one: str, other: str) -> bool:
    """Whether one word may be a careless spelling of the other, for a word among others that are alike.

    At least one of the two is no known word, and none of them is a name, a number or a word that tells a fact.
    """
    short, long = sorted((one, other), key=len)
    if not (one.isalpha() and other.isalpha()) or {one, other} & _EXACT or (one in KNOWN and other in KNOWN):
        return False
    if one not in KNOWN and other not in KNOWN:
        return False
    if len(short) == 1:
        return long in _FUNCTION_WORDS and long.startswith(short)
    sound, other_sound = _sound(short), _sound(long)
    if short not in KNOWN and sound[0] == other_sound[0] and len(long) <= 3 * len(short) and _letters_of(short, long):
        return True
    least = max(len(sound), len(other_sound))
    return least >= 4 and DamerauLevenshtein.normalized_similarity(sound, other_sound) >= (
        0.7 if least < _LONG else 0.65
    )


@lru_cache(maxsize=4096)
def _time_meant(short: str) -> str | None:
    """The one word of time that these letters are left of: 'vnvd' is 'vanavond', but 'vnd' may be 'vandaag' too."""
    if len(short) < 3:
        return None
    meant = [word for word in TELLING_TIME if word[0] == short[0] and _letters_of(short, word)]
    return meant[0] if len(meant) == 1 and len(meant[0]) <= 3 * len(short) else None


def _letters_of(short: str, long: str) -> bool:
    """Whether a word is the other with letters left out."""
    letters = iter(long)
    return all(letter in letters for letter in short)


_FUNCTION_WORDS = words_of(
    "de dat die het hem hij bij ben dan daar een en er ik in je jij kan met mijn me naar om op of ook te uit van voor"
    " wat we wij was zijn ze zij zo the to you and in is of on for be"
)


@lru_cache(maxsize=16384)
def _sound(word: str) -> str:
    for spelt, sound in _SOUNDS:
        word = word.replace(spelt, sound)
    single = [c for at, c in enumerate(word) if at == 0 or c != word[at - 1]]
    return _ending("".join(single))


def _ending(word: str) -> str:
    """A word without the letters that are dropped at its end in writing: 'kome' for 'komen', 'doin' for 'doing'."""
    if len(word) > 4 and word.endswith("ing"):
        return word[:-1]
    if len(word) > 3 and word.endswith(("en", "dt", "bt")):
        return word[:-1]
    return word
