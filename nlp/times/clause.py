"""The words around a time expression: whether they tell of what was, of what comes, or of what always happens.

Looks no further than the clause: from comma, full stop or conjunction to the next.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from nlp.times.scan import Token
from nlp.times.table import words

REACH: Final = 14
"""Tokens looked at on either side."""

_BORDERS = words("clause", "borders")
_WAS = words("clause", "was")
_HAVE = words("clause", "have")
_DONE = re.compile(
    r"(?:op|aan|af|mee|uit|neer|over|in|door|om|toe|weg|terug|dood|plat|rond|voor|achter|binnen|los|vast|lek|kapot)?"
    r"ge[a-z]{3,}(?:d|t|en)\Z|(?:ver|ont)[a-z]{3,}[dt]\Z|be(?:dreigd|roofd|stolen|schoten|keken|taald|land)\Z"
)
_NOT_DONE = words("clause", "not_done")
_WILL = words("clause", "will")
_SUBJECTS = words("clause", "subjects")
_NO_VERB = words("clause", "no_verb")
_ALWAYS = words("clause", "always")


@dataclass(frozen=True, slots=True)
class Clause:
    """What the words around tell. `past` never where a word of coming stands in the same clause."""

    past: bool
    coming: bool
    habit: bool


def clause(tokens: Sequence[Token], first: int, last: int) -> Clause:
    """The clause around tokens [first, last)."""
    left, right = first, last
    while left > 0 and first - left < REACH and not _border(tokens[left - 1]):
        left -= 1
    while right < len(tokens) and right - last < REACH and not _border(tokens[right]):
        right += 1
    words = [token.word for token in (*tokens[left:first], *tokens[last:right])]
    coming = not _WILL.isdisjoint(words)
    past = _told(words) or not _WAS.isdisjoint(words) or (not _HAVE.isdisjoint(words) and any(map(_done, words)))
    past = past or (bool(words) and right > last and _done(words[-1]))
    habit = not _ALWAYS.isdisjoint(words)
    return Clause(past=past and not coming, coming=coming, habit=habit)


def _told(words: Sequence[str]) -> bool:
    """'hij belde', 'fietste ze', 'they jumped': a weak verb in the past beside its subject."""
    for first, second in pairwise(words):
        if first in _SUBJECTS and len(second) > 4 and second.endswith(("te", "de", "ed")) and second not in _NO_VERB:
            return True
        if second in _SUBJECTS and len(first) > 4 and first.endswith(("te", "de")) and first not in _NO_VERB:
            return True
    return False


def _border(token: Token) -> bool:
    return token.kind in {"stop", "comma"} or token.word in _BORDERS


def _done(word: str) -> bool:
    return word not in _NOT_DONE and _DONE.match(word) is not None
