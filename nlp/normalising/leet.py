"""Digits and signs that stand for letters: 'm3s', '5teken', 'wapen$', 'pist00l'.

Codes, numbers with a unit, classes ('h4a'), models ('A4', 'M3') and prices keep their digits.
"""

import re
from itertools import islice, product

from nlp.normalising.aligned import Disguise, Normalised, rewrite
from nlp.normalising.characters import LETTER
from nlp.normalising.known import HIDDEN, KNOWN, closest

_LETTERS: dict[str, str] = {
    "0": "o",
    "1": "il",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "@": "a",
    "$": "s",
    "!": "il",
    "|": "li",
    "€": "e",
    "2": "z",
    "6": "gb",
    "9": "g",
    "+": "t",
}
_SIGN = "01345@$!|€78269+"
_ANY = re.compile(r"[01345@$!|€78269+]")
_WORD = re.compile(rf"(?<![\w\[@.,:€$+\-/])[{LETTER}{_SIGN}]{{3,50}}(?![\w\]])")
_BESIDE = re.compile(rf"[{_SIGN}](?:(?=[{LETTER}])|(?<=[{LETTER}][01345@$€78269|]))")
_RUN = re.compile(rf"[{_SIGN}]+")
_INNER = re.compile(rf"(?<=[{LETTER}])[{_SIGN}]{{1,2}}(?=[{LETTER}])")
_ALWAYS = frozenset("01345$€")
"""Signs that are read as letters inside a word even where the word is not known; '7' is a letter in Arabic chat."""
_CODE = re.compile(r"[a-z]{1,5}\d{1,2}[a-z]?|[a-z]{1,2}\d[a-z]{0,2}\d?|\d+[a-z]{1,2}|[a-z]\d(?:tjes?|s)")
_ARABIC = re.compile(r"3[aiou]|[aiou]3")
"""In Arabic chat a '3' beside a vowel is a letter of its own."""
_UNIT_WORDS = """
uur uurs min minuten keer euro euros jaar jaren dag dagen week weken man mensen x km cm kg gram punten sterren ste
de e gb mb voor tegen en op of pers days years hours times k m
"""
_UNITS = frozenset(_UNIT_WORDS.split())
_MOST_SIGNS = 6
_MOST_READINGS = 16
_SHORTEST_UNKNOWN, _LONGEST_UNKNOWN = 5, 12


def undo_leet(made: Normalised) -> Normalised:
    """Write letters where digits and signs stand for them."""
    return rewrite(made, _WORD, _plain, Disguise.LEET) if _BESIDE.search(made.text) else made


def _plain(found: re.Match[str]) -> str | None:
    word = found.group()
    tail = ""
    while word and word[-1] in "!+|":
        word, tail = word[:-1], word[-1] + tail
    signs = _ANY.findall(word)
    if not signs or len(signs) > _MOST_SIGNS or len(signs) == len(word):
        return None
    small = word.lower()
    match = closest(*_readings(small))
    if len(signs) * 2 > len(word) + 1 and match not in HIDDEN:
        return None
    if match and len(match) == len(word) and _fits(small, match):
        return _in_case(word, match) + tail
    inner = [sign for run in _INNER.findall(word) for sign in run]
    if (
        not inner
        or not set(inner) <= _ALWAYS
        or not _SHORTEST_UNKNOWN <= len(word) <= _LONGEST_UNKNOWN
        or not word[0].isalpha()
    ):
        return None
    if (
        _CODE.fullmatch(small)
        or _ARABIC.search(small)
        or any(len(part) > 2 and part in KNOWN for part in _RUN.split(small))
    ):
        return None
    made = _INNER.sub(lambda run: "".join(_LETTERS[sign][0] for sign in run.group()), word)
    return re.sub(r"[034@$€]+$", lambda run: "".join(_LETTERS[sign][0] for sign in run.group()), made) + tail


def _readings(small: str) -> list[str]:
    choices = [_LETTERS.get(character, character) for character in small]
    return ["".join(letters) for letters in islice(product(*choices), _MOST_READINGS)]


def _fits(small: str, match: str) -> bool:
    """Whether the match is likelier than the harmless reading: a number and its unit, a word and its number, a code."""
    inner = _INNER.search(small)
    if match in HIDDEN and inner:
        return True
    bare = small.strip(_SIGN)
    if small[0] in _SIGN and bare in _UNITS:
        return False
    if len(match) < 4:
        return inner is not None and _CODE.fullmatch(small) is None
    if inner:
        return not any(len(part) > 3 and part in KNOWN for part in _RUN.split(small)) or match in HIDDEN
    return match in HIDDEN or bare not in KNOWN


def _in_case(word: str, match: str) -> str:
    letters = [character for character in word if character.isalpha()]
    if letters and all(letter.isupper() for letter in letters) and len(letters) > 1:
        return match.upper()
    return "".join(old if old.isalpha() else new for old, new in zip(word, match, strict=True))
