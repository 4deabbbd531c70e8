"""Words glued together are cut: '#NaSchoolVechten' by its capitals, '#naschoolvechten' where known words fill it.

Only hashtags, and what was drawn together from letters apart, are cut; compounds of ordinary text are left alone.
"""

import re
from functools import lru_cache

from nlp.normalising.aligned import Normalised, spread
from nlp.normalising.known import HIDDEN, KNOWN

_HASHTAG = re.compile(r"(?<![\w#&])#[A-Za-z]{6,60}(?!\w)")
_HUMPS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_LONGEST_WORD = 20
_FEWEST_LETTERS = 2.6
"""Mean letters a word that a cut must reach; below it nearly any run of letters falls into small words."""


def undo_gluing(made: Normalised) -> Normalised:
    """Cut glued hashtags in words; the sign stays before the first."""
    return spread(made, _HASHTAG, _cut_tag) if "#" in made.text else made


def _cut_tag(found: re.Match[str]) -> str | None:
    word = found.group()[1:]
    humps = _HUMPS.findall(word)
    if len(humps) > 1 and not word.isupper() and "".join(humps) == word and all(len(hump) > 1 for hump in humps[1:]):
        return "#" + " ".join(humps)
    pieces = cut(word)
    return None if pieces is None else "#" + pieces


@lru_cache(maxsize=4096)
def cut(word: str) -> str | None:
    """The word as known words with blanks between, the fewest that fill it; none where it is known itself."""
    small = word.lower()
    if small in KNOWN or len(small) > 60 or not small.isascii():
        return None
    best: list[tuple[float, tuple[int, ...]] | None] = [None] * (len(small) + 1)
    best[0] = (0.0, ())
    for end in range(1, len(small) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end):
            before, piece = best[start], small[start:end]
            if before is None or len(piece) < 2 or piece not in KNOWN:
                continue
            cost = before[0] + (1.5 if len(piece) == 2 else 1.0) - (0.2 if piece in HIDDEN else 0.0)
            found = best[end]
            if found is None or cost < found[0]:
                best[end] = (cost, (*before[1], end))
    whole = best[len(small)]
    if whole is None or len(small) / len(whole[1]) < _FEWEST_LETTERS:
        return None
    begins = (0, *whole[1][:-1])
    return " ".join(word[start:end] for start, end in zip(begins, whole[1], strict=True))
