"""Many texts at once are answered as each alone: the gate's scores to the bit, the encoder's in the order given."""

from typing import cast

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import encoding
from nlp.encoder import Encoded, Encoder
from nlp.encoding import Encoding
from nlp.gate import BITS, LONGEST, Gate, indexes
from nlp.heads import probability

GATE = Gate(np.random.default_rng(5).integers(-4000, 4000, 2**BITS, dtype=np.int16), 0.002, -0.3)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_the_gate_scores_a_text_the_same_whatever_stands_beside_it(texts: list[str]) -> None:
    assert GATE.probabilities(texts) == [GATE.probability(text) for text in texts]


@given(st.text(max_size=60))
def test_the_gates_score_is_that_of_the_features_it_was_fitted_on(text: str) -> None:
    found = indexes(text)
    total = int(GATE.weights[found].sum(dtype=np.int64))
    assert GATE.probability(text) == probability(total * GATE.unit / float(len(found)) ** 0.5 + GATE.offset)


def test_a_long_text_scores_as_the_highest_of_its_pieces() -> None:
    text = "".join(chr(97 + at % 26) for at in range(3 * LONGEST + 7))
    pieces = [text[at : at + LONGEST] for at in range(0, len(text), LONGEST)]
    assert GATE.probability(text) == max(GATE.probabilities(pieces))


class Echo:
    """An encoder that answers with the length of each text."""

    def encode(self, texts: list[str]) -> list[Encoded]:
        return [Encoded(np.array([len(text)], np.float32), np.zeros((0, 5), np.float32), ()) for text in texts]


def test_windows_come_back_in_the_order_in_which_they_were_given() -> None:
    texts = ["a" * length for length in range(1, 3 * encoding.TOGETHER)]
    with Encoding(cast(Encoder, Echo())) as made:
        for at in range(0, len(texts), 10):
            made.add(texts[at : at + 10])
        assert [int(one.post[0]) for one in made.made()] == list(map(len, texts))


def test_nothing_to_encode_starts_nothing() -> None:
    with Encoding(cast(Encoder, Echo())) as made:
        assert made.made() == []
