"""What may stand around a text that somebody passes on: a frame before it, credits after it, or an end cut off.

Everything else that one of two posts has more may be a new fact, a denial or a call: then they do not say the same.
"""

import re
from collections.abc import Sequence

from nlp.normalising.known import KNOWN
from pipeline.joining.placed import Placed
from pipeline.joining.spelling import GROUPS, TELLING_NO, TELLING_TIME, WORDS, words_of
from pipeline.joining.wording import Word

MOST_BEFORE = 24
MOST_AFTER = 14
MOST_OPEN_AFTER = 7
LEAST_BEFORE_A_MARKED_CUT = 4
LEAST_BEFORE_A_CUT = 10
"""Words that must be there before a text counts as cut off: with an ellipsis or inside a word, or in mid-sentence."""

_BEFORE = words_of(WORDS["passing_on"]["before"])
_AFTER = words_of(WORDS["passing_on"]["after"])
_CREDIT = words_of(WORDS["passing_on"]["credit"])
_SOURCES = words_of(WORDS["passing_on"]["sources"])
_KINDS_OF_SOURCE = ("app", "groep", "kanaal", "bericht", "story", "pagina")
_FAREWELL = words_of(WORDS["passing_on"]["farewell"])
_DENIAL = words_of(WORDS["telling"]["denial"])
_CALLS = words_of(WORDS["telling"]["calls"])
_OLD = words_of(WORDS["telling"]["old"])
_AIMED = words_of(WORDS["passing_on"]["aimed"])
_SUBJECT = words_of(WORDS["passing_on"]["subject"])
_MEANS = words_of(WORDS["telling"]["means"])
_DAYS = {number for word in TELLING_TIME for number in GROUPS.get(word, ())}
_AMBIGUOUS = frozenset({"zo", "do", "ma", "di", "to", "a", "h", "u"})
"""Also ordinary words."""
_LONG_TIMES = tuple(word for word in TELLING_TIME if len(word) >= 5 and word not in WORDS["passing_on"]["weak"].split())
_WHEN = words_of(WORDS["passing_on"]["when"])
_WEAK = words_of(WORDS["passing_on"]["weak"])
_GATHERING = words_of(WORDS["passing_on"]["gathering"])
_FOLLOW = frozenset({("volg", "ons"), ("follow", "us")})
_MODEST = tuple(tuple(phrase.split()) for phrase in WORDS["passing_on"]["modest"])

_NEVER_LAST = words_of(WORDS["cut_off"]["after"])
_ENDS = re.compile(r"[.!?:;,>\"“”„'‘’»\n(){}…|/-]|\u2014")
_OPENS = re.compile(r"[:>|\]\"“„‘«\n]|(?<!\w)'")
_ENDED = re.compile(r"[.!?)\"”’]\s*$")


def tells(word: Word) -> bool:
    """Whether a word alone may make a text say something else: a number, a mask, a time, a weapon, a denial."""
    said = word.said
    if said in _WEAK:
        return False
    return (
        said[0].isdigit()
        or said[0] == "["
        or said in TELLING_TIME
        or any(said.startswith(word) for word in _LONG_TIMES)
        or said in _MEANS
        or (said not in _AMBIGUOUS and bool(_DAYS & GROUPS.get(said, frozenset())))
    )


def is_frame(of: Placed, until: int) -> bool:
    """Whether the words before `until` only say where a text was found."""
    words = _without_modesty(of.words[:until])
    if not words:
        return True
    if until > MOST_BEFORE or of.names_a_place(0, until) or any(_no_frame(w) for w in words):
        return False
    border = of.wording.between(until, until)
    if any(w.said in _BEFORE for w in words):
        return len(words) <= 2 or "\n" in border or bool(border.strip(" \t,"))
    return _OPENS.search(border) is not None and not any(_adds(w) for w in words)


def _without_modesty(words: Sequence[Word]) -> list[Word]:
    """The words without 'not mine' and 'no idea who wrote it', which deny nothing of what follows."""
    left = list(words)
    for phrase in _MODEST:
        said = [w.said for w in left]
        for at in range(len(said) - len(phrase), -1, -1):
            if tuple(said[at : at + len(phrase)]) == phrase:
                del left[at : at + len(phrase)]
    return left


def _adds(word: Word) -> bool:
    """Whether a word may name somebody or something: one nobody knows, a number, what it is about, who is spoken to."""
    said = word.said
    return said in _AIMED or said in _SUBJECT or tells(word) or not (said in KNOWN or said in GROUPS)


def _no_frame(word: Word) -> bool:
    said = word.said
    if said in _BEFORE:
        return False
    fact = tells(word) and said not in _WHEN and not said.isdigit()
    return fact or said in TELLING_NO or said in _GATHERING or said in _OLD or said in _DENIAL


def is_ending(of: Placed, start: int) -> bool:
    """Whether the words from `start` on only credit, sign or pass on what stands before them."""
    words = _without_modesty(of.words[start:])
    if not words:
        return True
    if len(words) > MOST_AFTER or of.names_a_place(start):
        return False
    if all(w.said in _AFTER or (w.said.isdigit() and at > 0) for at, w in enumerate(words)):
        return True
    if len(words) > MOST_OPEN_AFTER or any(_no_ending(w) for w in words):
        return False
    if (
        words[0].said in _CREDIT
        or tuple(w.said for w in words[:2]) in _FOLLOW
        or any(w.said in _FAREWELL for w in words[:3])
    ):
        return True
    apart = _ENDS.search(of.wording.between(start, start)) is not None
    sources = [_is_source(w.said) for w in words]
    return (
        apart
        and any(sources)
        and not any(_adds(w) for w, source in zip(words, sources, strict=True) if not source and w.said not in _BEFORE)
    )


def _is_source(said: str) -> bool:
    """'groepsapp' and 'nieuwskanaal' too."""
    return said in _SOURCES or (len(said) > 5 and said.endswith(_KINDS_OF_SOURCE))


def _no_ending(word: Word) -> bool:
    said = word.said
    return (
        tells(word) or said in TELLING_NO or said in _CALLS or said in _DENIAL or (said in _OLD and said not in _CREDIT)
    )


def is_cut(short: Placed, until: int, of: Placed, start: int, inside_a_word: bool) -> bool:
    """Whether `short` stops at word `until` because its end was cut off, and no fact went with it.

    `of` is the longer text and `start` its first word that is missing, or that is missing in part.
    """
    words = of.words[start:]
    told = {w.said for w in of.words[:start]}
    if of.names_a_place(start) or any(tells(w) and w.said not in told for w in words):
        return False
    border = short.wording.between(until, until)
    marked = "…" in border or ".." in border
    if marked or (inside_a_word and (len(words) > 1 or short.words[until - 1].said not in KNOWN)):
        return start >= LEAST_BEFORE_A_MARKED_CUT
    if any(w.said in _DENIAL or w.said in _CALLS for w in words):
        return False
    if _ENDS.search(of.wording.between(start, start)) or _ENDED.search(border):
        return False
    if short.words[until - 1].said not in _NEVER_LAST:
        return False
    return start >= LEAST_BEFORE_A_CUT and len(words) <= max(4, start // 2)
