"""Intervals of proportions, unrounded. Pure, and without numpy: a page that shows one share needs no arrays."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959964
"""The standard normal's 97.5 % point: intervals here hold the true value 95 times in 100."""


@dataclass(frozen=True)
class Proportion:
    """A share with its 95 % interval, and how many it rests on."""

    value: float
    low: float
    high: float
    of: float


def wilson(hits: float, of: float, z: float = Z95) -> Proportion | None:
    """Wilson's score interval (Wilson 1927, J. Am. Stat. Assoc. 22:209-212); None where there is nothing to count.

    `hits` and `of` may be fractions: effective numbers of a weighted sample.
    """
    if of <= 0:
        return None
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Proportion(
        share, 0.0 if hits == 0 else max(0.0, middle - half), 1.0 if hits == of else min(1.0, middle + half), of
    )
