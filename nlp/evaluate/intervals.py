"""Proportions and scores with a 95 % interval: Wilson's for counts, the bootstrap for everything else.

The bootstrap draws with a fixed seed, so the same rows give the same interval.
"""

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
import numpy.typing as npt

Interval = dict[str, float]
Indexes = npt.NDArray[np.intp]
Z = 1.959964
DRAWS = 400


def wilson(hits: int, of: int) -> Interval | None:
    """A proportion with Wilson's interval; None when there is nothing to count."""
    if of == 0:
        return None
    share = hits / of
    centre = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return {
        "value": round(share, 4),
        "low": round(max(0.0, centre - half), 4),
        "high": round(min(1.0, centre + half), 4),
    }


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


def f1(hits: float, found: float, wanted: float) -> float | None:
    """F1 from counts of right, given and wanted answers."""
    return 2 * hits / (found + wanted) if found + wanted else None


def average_precision(labels: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64]) -> float | None:
    """Area under the precision-recall steps; rows of one score count as one step."""
    if not labels.any():
        return None
    order = np.argsort(-scores, kind="stable")
    sorted_scores, hits = scores[order], np.cumsum(labels[order])
    last = np.append(np.nonzero(np.diff(sorted_scores))[0], len(scores) - 1)
    precision, recall = hits[last] / (last + 1), hits[last] / hits[-1]
    return float(np.sum(np.diff(np.concatenate(([0.0], recall))) * precision))


def calibration_error(labels: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64], bins: int = 5) -> float | None:
    """Expected calibration error over bins of equal count."""
    if not len(labels):
        return None
    order = np.argsort(scores, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(abs(labels[p].mean() - scores[p].mean()) * len(p) for p in parts) / len(labels))


def macro_f1(wanted: Sequence[str], found: Sequence[str], classes: Sequence[str], rows: Indexes) -> float | None:
    """Mean F1 over the classes that occur in the rows."""
    scores: list[float] = []
    for name in classes:
        given = sum(found[i] == name for i in rows)
        asked = sum(wanted[i] == name for i in rows)
        right = sum(found[i] == name and wanted[i] == name for i in rows)
        score = f1(right, given, asked) if asked else None
        if score is not None:
            scores.append(score)
    return sum(scores) / len(scores) if scores else None
