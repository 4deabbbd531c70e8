"""Laying two rows of words along each other: where they run together, and what stands between the words alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_MATCH, _MISS = 3, -2
_DIAGONAL, _UP, _LEFT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Gap:
    """Words [start, end) of the first row that stand against words [other_start, other_end) of the second."""

    start: int
    end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words that are alike, as pairs in order, and the gaps between them. Before and after them is no gap."""

    pairs: tuple[tuple[int, int], ...]
    gaps: tuple[Gap, ...]


def align(likeness: Sequence[Sequence[int]]) -> Alignment:
    """The best overlap of two rows of words; what either has before and after it costs nothing.

    `likeness` has a row for each word of the first: 1 where a word of the second is the same word, else 0.
    """
    length, other_length = len(likeness), len(likeness[0])
    above = [0] * (other_length + 1)
    steps: list[bytearray] = []
    best, best_at = 0, (0, 0)
    for row, likes in enumerate(likeness):
        step, line, left = bytearray(other_length + 1), [0], 0
        for column, like in enumerate(likes):
            score, way = above[column] + (_MATCH if like else _MISS * 2), _DIAGONAL
            up = above[column + 1] + _MISS
            if up > score:
                score, way = up, _UP
            left += _MISS
            if left > score:
                score, way = left, _LEFT
            line.append(left := score)
            step[column + 1] = way
        ends = range(1, other_length + 1) if row == length - 1 else (other_length,)
        for column in ends:
            if line[column] > best:
                best, best_at = line[column], (row + 1, column)
        steps.append(step)
        above = line
    return _back(steps, best_at, likeness)


def _back(steps: list[bytearray], end: tuple[int, int], likeness: Sequence[Sequence[int]]) -> Alignment:
    row, column = end
    pairs: list[tuple[int, int]] = []
    while row > 0 and column > 0:
        step = steps[row - 1][column]
        if step == _DIAGONAL:
            row, column = row - 1, column - 1
            if likeness[row][column]:
                pairs.append((row, column))
        elif step == _UP:
            row -= 1
        else:
            column -= 1
    pairs.reverse()
    gaps = [
        Gap(one[0] + 1, two[0], one[1] + 1, two[1])
        for one, two in pairwise(pairs)
        if two[0] > one[0] + 1 or two[1] > one[1] + 1
    ]
    return Alignment(tuple(pairs), tuple(gaps))
