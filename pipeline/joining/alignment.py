"""Laying two rows of words along each other: where they run together, and what stands between the words alike."""

from collections.abc import Callable
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


def align(length: int, other_length: int, alike: Callable[[int, int], bool]) -> Alignment:
    """The best overlap of two rows of so many words; what either has before and after it costs nothing."""
    above = [0] * (other_length + 1)
    steps: list[bytearray] = []
    best, best_at = 0, (0, 0)
    for row in range(length):
        step = bytearray(other_length + 1)
        line = [0] * (other_length + 1)
        for column in range(other_length):
            beside = above[column] + (_MATCH if alike(row, column) else _MISS * 2)
            up, left = above[column + 1] + _MISS, line[column] + _MISS
            score = max(beside, up, left)
            line[column + 1] = score
            step[column + 1] = _DIAGONAL if score == beside else _UP if score == up else _LEFT
            if (row == length - 1 or column == other_length - 1) and score > best:
                best, best_at = score, (row + 1, column + 1)
        steps.append(step)
        above = line
    return _back(steps, best_at, alike)


def _back(steps: list[bytearray], end: tuple[int, int], alike: Callable[[int, int], bool]) -> Alignment:
    row, column = end
    pairs: list[tuple[int, int]] = []
    while row > 0 and column > 0:
        step = steps[row - 1][column]
        if step == _DIAGONAL:
            row, column = row - 1, column - 1
            if alike(row, column):
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
