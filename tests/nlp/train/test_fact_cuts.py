"""Cut-offs of the facts: spans count as right when they touch, and a better cut-off is found where there is one."""

from dataclasses import replace

import numpy as np

from nlp.heads import FACTS, POST_OUTPUTS
from nlp.train.fact_cuts import fact_cuts, marked, overlap_f1
from nlp.train.rows import Row
from signals.analysis import Fact

TEXT = "wij slopen dat raam daar met stokken vol verf"
MEANS = (TEXT.index("stokken"), TEXT.index("stokken") + 7)


def test_a_span_that_touches_a_marked_one_is_right_and_others_are_not() -> None:
    assert overlap_f1([([(2, 4)], [(3, 6)])]) == 1.0
    assert overlap_f1([([(0, 2), (5, 7)], [(0, 2)])]) == 2 / 3
    assert overlap_f1([([(0, 2)], [(5, 7)])]) == 0.0
    assert overlap_f1([([], [])]) == 0.0


def test_the_cut_of_a_fact_is_where_its_spans_fit_best() -> None:
    words = [(found, found + len(word)) for word in TEXT.split() if (found := TEXT.index(word)) >= 0]
    column = FACTS.index(Fact.MEANS)
    line = bytes(MEANS[0]) + bytes([1]) * (MEANS[1] - MEANS[0]) + bytes(len(TEXT) - MEANS[1])
    row = Row("x", TEXT, "x", 1, 0, 0, 0, tuple(bytes(len(TEXT)) for _ in FACTS), ordinary=False)
    row = replace(row, facts=tuple(line if number == column else bytes(len(TEXT)) for number in range(len(FACTS))))
    tokens = np.full((len(words), len(FACTS)), -9.0, np.float32)
    tokens[:, column] = -2.0
    tokens[words.index(MEANS), column] = 2.5
    post = marked(row, tokens, words, np.zeros(POST_OUTPUTS, np.float32))
    assert post.wanted(Fact.MEANS) == [MEANS]
    assert -1.0 <= fact_cuts([post])[column] <= 1.0
