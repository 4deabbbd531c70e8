"""Choosing cut-offs: spans count as right when they touch, and a better cut-off is found where there is one."""

import numpy as np

from nlp.heads import FACTS
from nlp.train.choose import fact_cuts, overlap_f1


def bits(line: str) -> np.ndarray:
    return np.array([letter == "x" for letter in line])


def test_a_span_that_touches_a_marked_one_is_right_and_others_are_not() -> None:
    assert overlap_f1([bits("..xx...")], [bits("...xxx.")]) == 1.0
    assert overlap_f1([bits("xx...xx")], [bits("xx.....")]) == 2 / 3
    assert overlap_f1([bits("xx.....")], [bits(".....xx")]) == 0.0
    assert overlap_f1([bits(".......")], [bits(".......")]) == 0.0


def test_the_cut_of_each_fact_is_where_its_spans_fit_best() -> None:
    marks = np.zeros((6, len(FACTS)), np.float32)
    marks[2:4] = 1
    found = np.where(marks > 0, -1.4, -2.6).astype(np.float32)
    found[:, 1] += 3
    cuts = fact_cuts([found], [marks])
    assert all(-2.6 < cut <= -1.4 for number, cut in enumerate(cuts) if number != 1)
    assert 0.4 < cuts[1] <= 1.6
