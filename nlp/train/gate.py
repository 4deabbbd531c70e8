"""Fitting the gate: a linear model over hashed character n-grams, rounded to whole numbers."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from nlp.gate import BITS, Gate, indexes
from nlp.train.rows import Row

STEPS = 4000.0


def fit_gate(rows: Sequence[Row], *, strength: float = 1.0) -> Gate:
    """Fit on labelled and ordinary rows; actionable rows weigh more, because a miss here is a miss for good."""
    matrix = features([row.text for row in rows])
    labels = np.array([row.actionable for row in rows])
    weights = np.where(labels == 1, 3.0, 1.0)
    model = LogisticRegression(  # type: ignore[no-untyped-call]
        C=strength, max_iter=400, solver="liblinear"
    )
    model.fit(matrix, labels, sample_weight=weights)
    coefficients = model.coef_[0]
    unit = float(np.abs(coefficients).max()) / STEPS
    return Gate(np.round(coefficients / unit).astype(np.int16), unit, float(model.intercept_[0]))


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
