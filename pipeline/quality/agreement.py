"""Krippendorff's alpha for nominal labels, with an interval: do readers who cannot see each other judge alike?

Formula: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), from the table of coincidences.
Pure: the random source is passed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Label = str | None
"""One reader's label of one unit; None where that reader gave none."""
Pattern = tuple[Label, ...]
Patterns = Mapping[Pattern, int]
"""How often readers labelled a unit in this way; units with fewer than two labels say nothing and may be there."""

RELIABLE, TENTATIVE = 0.8, 2 / 3
"""Krippendorff's own bounds: from 0.8 one may build on it; between two thirds and 0.8 only tentatively."""
RESAMPLES = 1000


@dataclass(frozen=True)
class Agreement:
    """Alpha with its 95 % interval over `units` units with two labels or more.

    `alpha` is None where it says nothing: nobody read twice, or every label is the same, so that chance explains all.
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int


def alpha_of(units: Sequence[Sequence[Label]]) -> float | None:
    """Alpha of units given one by one, each with the labels of its readers."""
    patterns: dict[Pattern, int] = {}
    for unit in units:
        patterns[tuple(unit)] = patterns.get(tuple(unit), 0) + 1
    return agreement(patterns, None).alpha


def agreement(patterns: Patterns, random: np.random.Generator | None) -> Agreement:
    """Alpha, and its percentile interval by drawing units again with replacement.

    That bootstrap is the one that Zapf et al. (2016, BMC Med. Res. Methodol. 16:93) recommend for nominal labels.
    Without a random source there is no interval.
    """
    pairable = {p: n for p, n in patterns.items() if n > 0 and sum(label is not None for label in p) > 1}
    number = sum(pairable.values())
    if not number:
        return Agreement(None, None, None, 0)
    tables = np.stack([_coincidences(pattern, _labels(pairable)) for pattern in pairable])
    counts = np.array(list(pairable.values()), dtype=np.float64)
    alpha = _alphas(counts[None, :], tables)[0]
    if np.isnan(alpha):
        return Agreement(None, None, None, number)
    if random is None or number < 2:
        return Agreement(float(alpha), None, None, number)
    drawn = random.multinomial(number, counts / number, size=RESAMPLES).astype(np.float64)
    found = _alphas(drawn, tables)
    found = np.where(np.isnan(found), 1.0, found)  # a draw in which all say the same is full agreement
    low, high = np.percentile(found, [2.5, 97.5])
    return Agreement(float(alpha), float(low), float(high), number)


def _labels(patterns: Patterns) -> list[str]:
    return sorted({label for pattern in patterns for label in pattern if label is not None})


def _coincidences(pattern: Pattern, labels: list[str]) -> "np.ndarray":
    """A unit's share in the table of coincidences: every ordered pair of its m labels counts 1 / (m - 1)."""
    given = [labels.index(label) for label in pattern if label is not None]
    table = np.zeros((len(labels), len(labels)))
    for i, one in enumerate(given):
        for j, other in enumerate(given):
            if i != j:
                table[one, other] += 1 / (len(given) - 1)
    return table


def _alphas(counts: "np.ndarray", tables: "np.ndarray") -> "np.ndarray":
    """Alpha for each row of counts over the patterns; NaN where no disagreement could be expected."""
    of_label = counts @ tables.sum(axis=2)  # summed first: the bootstrap asks a thousand times
    values = of_label.sum(axis=1)
    observed = values - counts @ np.trace(tables, axis1=1, axis2=2)
    expected = values**2 - (of_label**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 1e-9, 1 - (values - 1) * observed / expected, np.nan)
