"""A post's answer never depends on the posts beside it: the same bits whatever batch, order and number of threads.

Replay and people's rights rest on it. The same for another kind of machine is not measured here.
"""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from nlp.analyse import MODELS
from nlp.encoder import Encoded, Encoder
from tests.nlp.measuring import analysed, rows_of, shipped, texts_of
from tests.nlp.robustness.evasion import rewrites

TESTS = Path(__file__).parents[1]
FILES = ("detection/hard_negatives.jsonl", "quiet/hard_positives.jsonl", "fairness/pairs.jsonl")
EACH = 12
BATCHES = (1, 3, 8, 13)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Posts of many lengths and kinds, some rewritten, one that is empty for the encoder and one too long for it."""
    chance = random.Random(20261122)
    drawn = [text for file in FILES for text in chance.sample(texts_of(rows_of(TESTS / file)), EACH)]
    return [*drawn, *(rewrites(text)[0][1] for text in drawn[::6]), "[link]", " ".join(drawn), drawn[0]]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    shipped()
    return Encoder(MODELS, threads=2)


def bits(encoded: Sequence[Encoded]) -> list[tuple[bytes, bytes]]:
    return [(one.post.tobytes(), one.facts.tobytes()) for one in encoded]


@pytest.mark.parametrize("size", BATCHES)
def test_the_encoder_gives_the_same_bits_whatever_the_batch(encoder: Encoder, texts: list[str], size: int) -> None:
    parts = [texts[at : at + size] for at in range(0, len(texts), size)]
    assert [line for part in parts for line in bits(encoder.encode(part))] == bits(encoder.encode(texts))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_encoder_gives_the_same_bits_whatever_the_order(encoder: Encoder, texts: list[str], seed: int) -> None:
    order = list(range(len(texts)))
    random.Random(seed).shuffle(order)
    whole = bits(encoder.encode(texts))
    assert bits(encoder.encode([texts[at] for at in order])) == [whole[at] for at in order]


@pytest.mark.parametrize("threads", [1, 3, 4])
def test_the_encoder_gives_the_same_bits_whatever_the_threads(encoder: Encoder, texts: list[str], threads: int) -> None:
    assert bits(Encoder(MODELS, threads=threads).encode(texts)) == bits(encoder.encode(texts))


def test_an_analysis_is_the_same_alone_in_company_and_in_any_order(texts: list[str]) -> None:
    together = analysed(texts)
    order = list(range(len(texts)))
    random.Random(3).shuffle(order)
    assert [analysed([text])[0] for text in texts] == together
    assert analysed([texts[at] for at in order]) == [together[at] for at in order]


def test_the_same_post_twice_in_a_batch_gets_the_same_answer_twice(texts: list[str]) -> None:
    first, *_, last = analysed(texts)
    assert texts[0] == texts[-1]
    assert first == last
