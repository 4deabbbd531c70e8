"""Choosing what turns numbers into answers: calibration, thresholds, cut-offs; on posts held out of training."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from nlp.calibration import REFERENCE_SHARE, Calibration
from nlp.evaluate.intervals import average_precision
from nlp.heads import ACTIONABLE
from nlp.train.rows import Row

Floats = npt.NDArray[np.float32]
FALSE_ON_ORDINARY = 0.001
"""Share of ordinary posts that may be flagged."""


def calibrate(outputs: Floats, rows: Sequence[Row]) -> Calibration:
    """Platt scaling, moved from the share of actionable posts among the rows to the reference share."""
    labels = np.array([row.actionable for row in rows])
    model = LogisticRegression(C=1e6)  # type: ignore[no-untyped-call]
    model.fit(outputs[:, [ACTIONABLE]], labels)
    share = float(labels.mean())
    moved = float(np.log(REFERENCE_SHARE / (1 - REFERENCE_SHARE)) - np.log(share / (1 - share)))
    return Calibration(slope=round(float(model.coef_[0, 0]), 4), offset=round(float(model.intercept_[0]) + moved, 4))


def threshold(
    calibration: Calibration, outputs: Floats, rows: Sequence[Row], ordinary: Floats, ordinary_posts: int
) -> float:
    """The score of best F1 among those that flag at most the allowed share of ordinary posts.

    `ordinary` holds the outputs of the ordinary posts that passed the gate; `ordinary_posts` counts all of them.
    """
    scores = np.array([calibration.score(float(logit)) for logit in outputs[:, ACTIONABLE]])
    labels = np.array([bool(row.actionable) for row in rows])
    harmless = np.array([calibration.score(float(logit)) for logit in ordinary[:, ACTIONABLE]])
    candidates = [round(0.3 + 0.01 * step, 2) for step in range(66)]
    # Laplace's rule of succession: few posts are flagged, and one more than was seen may be expected.
    most = FALSE_ON_ORDINARY * (ordinary_posts + 2) - 1
    allowed = [cut for cut in candidates if (harmless >= cut).sum() <= most] or [candidates[-1]]
    return max(allowed, key=lambda cut: (_f1(scores >= cut, labels), -cut))


def _f1(found: npt.NDArray[np.bool_], wanted: npt.NDArray[np.bool_]) -> float:
    both = int((found & wanted).sum())
    total = int(found.sum() + wanted.sum())
    return 2 * both / total if total else 0.0


def held_average_precision(logits: Floats, rows: Sequence[Row]) -> float | None:
    """Average precision on the held-out rows."""
    labels = np.array([bool(row.actionable) for row in rows])
    found = average_precision(labels, logits.astype(np.float64))
    return None if found is None else round(found, 4)
