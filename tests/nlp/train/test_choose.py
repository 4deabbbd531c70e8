"""Choosing the threshold on held-out posts: of those that leave ordinary posts alone, the one that finds most."""

import numpy as np

from nlp.calibration import REFERENCE_SHARE, Calibration
from nlp.heads import ACTIONABLE, POST_OUTPUTS
from nlp.train.choose import calibrate, threshold
from nlp.train.rows import Row

PLAIN = Calibration(slope=1.0, offset=0.0)


def outputs(logits: list[float]) -> np.ndarray:
    made = np.zeros((len(logits), POST_OUTPUTS), np.float32)
    made[:, ACTIONABLE] = logits
    return made


def rows(labels: list[int]) -> list[Row]:
    return [Row(str(at), "x", str(at), label, 0, 0, 0, None, ordinary=False) for at, label in enumerate(labels)]


def test_without_flagged_ordinary_posts_the_best_f1_decides() -> None:
    cut = threshold(PLAIN, outputs([2, 1, 0.5, -0.4, -3]), rows([1, 1, 1, 0, 0]), outputs([-4.0]), 1000)
    assert 0.4 < cut <= 0.62


def test_ordinary_posts_that_would_be_flagged_raise_it() -> None:
    ordinary = outputs([0.8, 0.8, -2])
    cut = threshold(PLAIN, outputs([2, 1, 0.5, -0.4, -3]), rows([1, 1, 1, 0, 0]), ordinary, 1000)
    assert 0.69 < cut <= 0.73


def test_calibrated_scores_stand_for_the_reference_share() -> None:
    logits = np.random.default_rng(3).normal(size=4000)
    labels = (np.random.default_rng(4).random(4000) < 1 / (1 + np.exp(-2 * logits + 1))).astype(int)
    made = calibrate(outputs(list(logits)), rows(list(labels)))
    assert 1.7 < made.slope < 2.3
    moved = np.log(REFERENCE_SHARE / (1 - REFERENCE_SHARE)) - np.log(labels.mean() / (1 - labels.mean()))
    assert abs(made.offset - (-1 + moved)) < 0.25
