"""Two answers to the same rows held side by side: the difference of two shares, and whether chance explains it.

Bonett and Price (2012), 'Adjusted Wald confidence interval for a difference of binomial proportions based on paired
data', which does not shrink to nothing when the two never differ; McNemar's test in its exact form.
"""

from math import comb, sqrt

from nlp.evaluate.intervals import Flags, Interval
from nlp.evaluate.proportions import Z95


def share_difference(this: Flags, other: Flags) -> Interval | None:
    """The share marked in `this` less the share marked in `other`, row by row the same posts; None without rows."""
    rows = len(this)
    if not rows:
        return None
    more, fewer = int((this & ~other).sum()), int((~this & other).sum())
    up, down = (more + 1) / (rows + 2), (fewer + 1) / (rows + 2)
    half = Z95 * sqrt((up + down - (up - down) ** 2) / (rows + 2))
    value = (more - fewer) / rows
    return {
        "value": round(value, 6),
        "low": round(max(-1.0, min(value, up - down - half)), 6),
        "high": round(min(1.0, max(value, up - down + half)), 6),
    }


def mcnemar(more: int, fewer: int) -> float:
    """Two-sided exact p-value: how often a fair coin would split the changed rows as unevenly as this."""
    changed = more + fewer
    tail: int = sum(comb(changed, k) for k in range(min(more, fewer) + 1))
    return round(min(1.0, float(2 * tail / 2**changed)), 4)
