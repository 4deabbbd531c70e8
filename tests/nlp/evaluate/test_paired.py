"""Differences between two answers to the same rows."""

import numpy as np
import pytest

from nlp.evaluate.intervals import ratio
from nlp.evaluate.paired import mcnemar, share_difference


def marks(*parts: tuple[bool, int]) -> np.ndarray:
    return np.array([value for value, times in parts for _ in range(times)], bool)


def test_two_models_that_never_differ_may_still_differ_a_little() -> None:
    same = np.zeros(300, bool)
    found = share_difference(same, same)
    assert found is not None
    assert found["value"] == 0
    assert found["low"] == pytest.approx(-0.0092, abs=1e-4)
    assert found["high"] == pytest.approx(0.0092, abs=1e-4)


def test_a_hundred_rows_with_twelve_more_and_four_fewer_flags_differ_by_eight_points() -> None:
    this = marks((True, 12), (False, 4), (False, 84))
    other = marks((False, 12), (True, 4), (False, 84))
    found = share_difference(this, other)
    assert found is not None
    assert found["value"] == 0.08
    # By hand: (13/102 - 5/102) and 1.96 times the root of (18/102 - (8/102)^2) / 102.
    assert found["low"] == pytest.approx(-0.0017, abs=2e-4)
    assert found["high"] == pytest.approx(0.1585, abs=2e-4)


def test_without_rows_there_is_no_difference() -> None:
    assert share_difference(np.zeros(0, bool), np.zeros(0, bool)) is None


@pytest.mark.parametrize(("more", "fewer", "p"), [(0, 0, 1.0), (5, 5, 1.0), (6, 0, 0.0312), (1, 9, 0.0215)])
def test_mcnemar_is_a_fair_coin_over_the_changed_rows(more: int, fewer: int, p: float) -> None:
    assert mcnemar(more, fewer) == pytest.approx(p, abs=1e-4)


def test_a_ratio_needs_a_hit_on_both_sides_and_has_an_interval() -> None:
    assert ratio(0, 10, 5, 10) is None
    found = ratio(20, 100, 10, 100)
    assert found is not None
    assert found["value"] == 2.0
    assert found["low"] < 1 < 2 < found["high"]
