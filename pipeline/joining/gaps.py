"""What stands between the words that two posts have in common: other spelling and little words, or something new.

Numbers, times, weapons, denials and places are never taken for careless spelling.
"""

from collections.abc import Sequence
from functools import lru_cache

from nlp.normalising.known import KNOWN
from pipeline.joining.alignment import Gap
from pipeline.joining.placed import Placed
from pipeline.joining.spelling import TELLING_NO, WORDS, alike, perhaps_alike, words_of

MOST_CARELESS = 3
"""Words in a row that may be spelt carelessly."""
MOST_IN_A_GAP = 16
MOST_GLUED = 4

_LITTLE = words_of(WORDS["little"]["words"])
_MEANS = words_of(WORDS["telling"]["means"])


def nothing_new(one: Placed, other: Placed, gap: Gap) -> bool:
    """Whether the words of a gap say the same in both posts."""
    left, other_left = _left(one, gap.start, gap.end), _left(other, gap.other_start, gap.other_end)
    if not left or not other_left:
        return all(said in _LITTLE for said, _ in left + other_left)
    return max(len(left), len(other_left)) <= MOST_IN_A_GAP and _says_as_much(tuple(left), tuple(other_left))


def _left(of: Placed, start: int, end: int) -> list[tuple[str, bool]]:
    """The words of one side, each with whether it stands in a place."""
    return [(of.words[at].said, of.places[at] is not None) for at in range(start, end)]


@lru_cache(maxsize=4096)
def _says_as_much(one: tuple[tuple[str, bool], ...], other: tuple[tuple[str, bool], ...]) -> bool:
    """Whether one row of words reads as the other, from left to right: dropped, respelt, glued or as initials."""
    said, other_said = [word for word, _ in one], [word for word, _ in other]
    reached: list[dict[int, int]] = [{} for _ in range(len(one) + 1)]  # how far in the other, with how few careless
    reached[0][0] = 0
    for at in range(len(one) + 1):
        for other_at in range(len(other) + 1):
            careless = reached[at].get(other_at)
            if careless is None:
                continue
            for step, other_step, cost in _steps(said, other_said, at, other_at, one, other):
                total = careless + cost
                if total <= MOST_CARELESS and total < reached[at + step].get(other_at + other_step, MOST_CARELESS + 1):
                    reached[at + step][other_at + other_step] = total
    return len(other) in reached[len(one)]


def _steps(
    said: Sequence[str],
    other_said: Sequence[str],
    at: int,
    other_at: int,
    one: Sequence[tuple[str, bool]],
    other: Sequence[tuple[str, bool]],
) -> list[tuple[int, int, int]]:
    found = []
    more, other_more = at < len(said), other_at < len(other_said)
    if more and said[at] in _LITTLE:
        found.append((1, 0, 0))
    if other_more and other_said[other_at] in _LITTLE:
        found.append((0, 1, 0))
    if not (more and other_more):
        return found
    if alike(said[at], other_said[other_at]):
        found.append((1, 1, 0))
    elif not any(in_place for _, in_place in (*one, *other)) and perhaps_alike(said[at], other_said[other_at]):
        found.append((1, 1, 1))
    for count in range(2, 1 + min(MOST_GLUED, len(said) - at)):
        if _glued(said[at : at + count], other_said[other_at]):
            found += [(count, 1, 0)]
    for count in range(2, 1 + min(MOST_GLUED, len(other_said) - other_at)):
        if _glued(other_said[other_at : other_at + count], said[at]):
            found += [(1, count, 0)]
    for count in range(2, 7):
        for step, other_step in ((1, count), (count, count), (count, 1)):
            short, long = said[at : at + step], other_said[other_at : other_at + other_step]
            if len(short) == step and len(long) == other_step and (_initials(short, long) or _initials(long, short)):
                found.append((step, other_step, 0))
    return found


def _glued(parts: Sequence[str], whole: str) -> bool:
    """'tussen meer' and 'tussenmeer', 'is het' and 'ist': the same letters, written as one word."""
    return alike("".join(parts), whole) or ("het" in parts and "".join(parts).replace("het", "t") == whole)


def _initials(short: Sequence[str], long: Sequence[str]) -> bool:
    """'rn' for 'right now', 'p s' for 'per stuk': no word itself, and never for a weapon or a short denial."""
    letters = "".join(short)
    if len(letters) != len(long) or len(long) < 2 or letters != "".join(word[0] for word in long):
        return False
    if len(short) == 1 and len(long) == 2 and letters in KNOWN:
        return False
    never = _MEANS if len(long) > 2 else _MEANS | TELLING_NO
    return letters.isalpha() and not never & set(long)
