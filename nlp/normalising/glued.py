"""Words glued together are cut: '#NaSchoolVechten' by its capitals, '#naschoolvechten' where known words fill it.

Only hashtags, and what was drawn together from letters apart, are cut; compounds of ordinary text are left alone.
"""

import re
from functools import lru_cache

from nlp.normalising.aligned import Normalised, spread
from nlp.normalising.known import HIDDEN, KNOWN

_LARGE, _SMALL = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_HASHTAG = re.compile(rf"(?<![\w#&])#[{_LARGE}{_SMALL}]{{4,80}}(?!\w)")
_HUMPS = re.compile(rf"[{_LARGE}]+(?=[{_LARGE}][{_SMALL}])|[{_LARGE}]?[{_SMALL}]+|[{_LARGE}]+")
_SHORTEST_TAG = 6
"""Letters of a tag without capitals that is cut."""
_LONGEST, _LONGEST_WORD = 80, 20
_FEWEST_LETTERS = 2.6
"""Mean letters a word that a cut must reach; below it nearly any run of letters falls into small words."""


_UNKNOWN_COST, _LETTER_COST = 2.0, 0.25
_SHORTEST_UNKNOWN = 4
"""Letters of a word that is not known; a cut may leave one, beside two known words or one that people disguise."""


def undo_gluing(made: Normalised) -> Normalised:
    """Cut glued hashtags in words; the sign goes, because they are read as running text then."""
    return spread(made, _HASHTAG, lambda found: _cut_tag(found.group())) if "#" in made.text else made


@lru_cache(maxsize=4096)
def _cut_tag(tag: str) -> str | None:
    word = tag[1:]
    humps = _HUMPS.findall(word)
    if len(humps) > 1 and not word.isupper() and "".join(humps) == word and all(len(hump) > 1 for hump in humps[1:]):
        # Capitals mark where words begin; only what is not known may be a name and need its own.
        return " ".join([humps[0], *(hump.lower() if hump.lower() in KNOWN else hump for hump in humps[1:])])
    return cut(word, names=True) if len(word) >= _SHORTEST_TAG else None


@lru_cache(maxsize=4096)
def cut(word: str, *, names: bool = False) -> str | None:
    """The word as known words with blanks between, the fewest that fill it; none where it is known itself.

    With `names`, one of the words need not be known.
    """
    small = word.lower()
    if small in KNOWN or len(small) > _LONGEST:
        return None
    ends = _filled(small, unknown=0) or (_filled(small, unknown=1) if names else None)
    if ends is None:
        return None
    pieces = [word[start:end] for start, end in zip((0, *ends), ends, strict=False)]
    return " ".join(pieces)


def _filled(small: str, *, unknown: int) -> tuple[int, ...] | None:
    """Where the words end that fill a run of letters at the least cost, at most so many of them not known."""
    best: list[list[tuple[float, tuple[int, ...]] | None]] = [[None] * (len(small) + 1) for _ in range(unknown + 1)]
    best[0][0] = (0.0, ())
    for end in range(1, len(small) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end):
            piece = small[start:end]
            known = len(piece) >= 2 and piece in KNOWN
            if not known and (not unknown or len(piece) < _SHORTEST_UNKNOWN):
                continue
            for used in range(unknown + 1 if known else unknown):
                before = best[used][start]
                if before is None:
                    continue
                line = best[used if known else used + 1]
                cost = before[0] + _cost(piece, known=known)
                found = line[end]
                if found is None or cost < found[0]:
                    line[end] = (cost, (*before[1], end))
    whole = best[unknown][len(small)]
    if whole is None or len(small) / len(whole[1]) < _FEWEST_LETTERS:
        return None
    words = [small[start:end] for start, end in zip((0, *whole[1]), whole[1], strict=False)]
    return whole[1] if not unknown or len(words) > 2 or not HIDDEN.isdisjoint(words) else None


def _cost(piece: str, *, known: bool) -> float:
    """What a word adds: little ones more, because any run of letters falls into them; unknown ones by their length."""
    if not known:
        return _UNKNOWN_COST + _LETTER_COST * len(piece)
    return (1.5 if len(piece) == 2 else 1.0) - (0.2 if piece in HIDDEN else 0.0)
