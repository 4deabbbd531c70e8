"""Fitting the gate: a linear model over hashed character n-grams, rounded to whole numbers.

Hard harmless posts count for little here: telling them apart is the encoder's work, and the gate that does not try
lets through less than half as many ordinary posts at the same misses.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from nlp.gate import BITS, Gate, indexes
from nlp.train.rows import Row, fold_of

STEPS = 4000.0
STRENGTH = 10.0
ACTIONABLE_WEIGHT = 3.0
HARD_HARMLESS_WEIGHT = 0.02
FOLDS = 3
MISSES = 0.01
"""Share of actionable posts that the gate may keep out, measured on posts it was not fitted on."""


def fit_gate(rows: Sequence[Row]) -> Gate:
    """Fit on labelled and ordinary rows; actionable rows weigh more, because a miss here is a miss for good."""
    matrix = features([row.text for row in rows])
    labels = np.array([row.actionable for row in rows])
    harmless = np.where([row.ordinary for row in rows], 1.0, HARD_HARMLESS_WEIGHT)
    weights = np.where(labels == 1, ACTIONABLE_WEIGHT, harmless)
    model = LogisticRegression(  # type: ignore[no-untyped-call]
        C=STRENGTH, max_iter=400, tol=1e-3, solver="liblinear"
    )
    model.fit(matrix, labels, sample_weight=weights)
    coefficients = model.coef_[0]
    unit = float(np.abs(coefficients).max()) / STEPS
    return Gate(np.round(coefficients / unit).astype(np.int16), unit, float(model.intercept_[0]))


def unseen(rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    """The probability of each row by a gate that was not fitted on its group."""
    folds = np.array([fold_of(f"gate {row.group}", FOLDS) for row in rows])
    chances = np.zeros(len(rows))
    for fold in range(FOLDS):
        gate = fit_gate([row for row, own in zip(rows, folds, strict=True) if own != fold])
        held = np.flatnonzero(folds == fold).tolist()
        chances[held] = gate.probabilities([rows[at].text for at in held])
    return chances


def opening_for(rows: Sequence[Row], chances: npt.NDArray[np.float64]) -> float:
    """The threshold that keeps out the allowed share of actionable posts."""
    actionable = np.array([row.actionable == 1 for row in rows])
    cut = float(np.quantile(chances[actionable], MISSES, method="lower"))
    return max(0.01, int(cut * 100) / 100)


def features(texts: Sequence[str]) -> csr_matrix:
    """Counts of hashed n-grams, each row divided by the root of its number of n-grams."""
    starts, columns, values = [0], [], []
    for text in texts:
        found = indexes(text[:1000])
        columns.append(found.astype(np.int64))
        values.append(np.full(len(found), 1.0 / max(1.0, float(len(found)) ** 0.5)))
        starts.append(starts[-1] + len(found))
    matrix = csr_matrix((np.concatenate(values), np.concatenate(columns), starts), shape=(len(texts), 2**BITS))
    matrix.sum_duplicates()
    return matrix
