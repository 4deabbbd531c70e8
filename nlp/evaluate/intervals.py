"""Proportions and scores with a 95 % interval: Wilson's for counts, the bootstrap for everything else.

The bootstrap draws with a fixed seed, so the same rows give the same interval.
"""

from collections.abc import Callable
from math import exp, sqrt

import numpy as np
import numpy.typing as npt

from nlp.evaluate import proportions
from nlp.evaluate.proportions import Z95

Interval = dict[str, float]
Indexes = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
DRAWS = 400


def wilson(hits: float, of: int) -> Interval | None:
    """A proportion with Wilson's interval; None when there is nothing to count.

    Six decimals: one in a thousand is a bar, and a share just over it must not round down to it.
    """
    share = proportions.wilson(hits, of)
    if share is None:
        return None
    return {"value": round(share.value, 6), "low": round(share.low, 6), "high": round(share.high, 6)}


def bootstrap(rows: int, score: Callable[[Indexes], float | None]) -> Interval | None:
    """A score over all rows, with the middle 95 % of the same score over `DRAWS` random draws of the rows."""
    whole = score(np.arange(rows)) if rows else None
    if whole is None:
        return None
    chance = np.random.default_rng(20261122)
    drawn = [score(chance.integers(0, rows, rows)) for _ in range(DRAWS)]
    values = sorted(value for value in drawn if value is not None) or [whole]
    low, high = values[int(0.025 * len(values))], values[min(len(values) - 1, int(0.975 * len(values)))]
    return {"value": round(whole, 4), "low": round(min(low, whole), 4), "high": round(max(high, whole), 4)}


def ratio(hits: int, of: int, other_hits: int, other_of: int) -> Interval | None:
    """One share over another, with Katz's interval on the logarithm; None where either side has no hit."""
    if not hits or not other_hits:
        return None
    value = (hits / of) / (other_hits / other_of)
    spread = exp(Z95 * sqrt(1 / hits - 1 / of + 1 / other_hits - 1 / other_of))
    return {"value": round(value, 4), "low": round(value / spread, 4), "high": round(value * spread, 4)}


def f1(hits: float, found: float, wanted: float) -> float | None:
    """F1 from counts of right, given and wanted answers."""
    return 2 * hits / (found + wanted) if found + wanted else None


def recall_steps(labels: Flags, scores: Numbers) -> tuple[Numbers, Numbers]:
    """Recall and precision at every threshold, by rising recall; at least one label must be set."""
    order = np.argsort(-scores, kind="stable")
    sorted_scores, hits = scores[order], np.cumsum(labels[order])
    last = np.append(np.nonzero(np.diff(sorted_scores))[0], len(scores) - 1)
    return hits[last] / hits[-1], hits[last] / (last + 1)


def average_precision(labels: Flags, scores: Numbers) -> float | None:
    """Area under the precision-recall steps; rows of one score count as one step."""
    if not labels.any():
        return None
    recall, precision = recall_steps(labels, scores)
    return float(np.sum(np.diff(np.concatenate(([0.0], recall))) * precision))


def equal_count_bins(labels: Flags, scores: Numbers, bins: int = 5) -> list[tuple[Numbers, Numbers]]:
    """Labels and scores in bins of equal count, by score.

    Rows of one score share their mean label, so the order of the file moves nothing: the gate gives many one score.
    """
    order = np.argsort(scores, kind="stable")
    _, tied = np.unique(scores, return_inverse=True)
    shared = (np.bincount(tied, weights=labels) / np.bincount(tied))[tied]
    return [(shared[part], scores[part]) for part in np.array_split(order, bins) if len(part)]


def calibration_error(labels: Flags, scores: Numbers, bins: int = 5) -> float | None:
    """Expected calibration error over bins of equal count."""
    if not len(labels):
        return None
    parts = equal_count_bins(labels, scores, bins)
    return float(sum(abs(label.mean() - score.mean()) * len(label) for label, score in parts) / len(labels))


def macro_f1(wanted: Indexes, found: Indexes, classes: int, rows: Indexes) -> float | None:
    """Mean F1 over the classes that occur in the rows; classes are numbered, and -1 is none of them."""
    asked, given = wanted[rows], found[rows]
    right = np.bincount(asked[(asked == given) & (asked >= 0)], minlength=classes)
    wanted_count = np.bincount(asked[asked >= 0], minlength=classes)
    given_count = np.bincount(given[given >= 0], minlength=classes)
    there = wanted_count > 0
    if not there.any():
        return None
    return float((2 * right[there] / (wanted_count + given_count)[there]).mean())
