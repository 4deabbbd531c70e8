"""A post's numbers never depend on the posts beside it, their order, or the number of threads: the same bits."""

import random
from pathlib import Path

import numpy as np
import pytest

from nlp.analyse import MODELS
from nlp.encoder import Encoded, Encoder, ModelFolderError

WORDS = (
    "wij",
    "staan",
    "morgen",
    "na",
    "school",
    "bij",
    "het",
    "station",
    "lekker",
    "voetballen",
    "020",
    "haha",
    "toets",
)


def texts(count: int) -> list[str]:
    chance = random.Random(5)
    return [" ".join(chance.choices(WORDS, k=chance.choice([1, 4, 12, 40, 90]))) for _ in range(count)]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    if not (MODELS / "model.onnx").is_file():
        pytest.skip("the model is not in nlp/models/detector: make one with 'seinpost train'")
    return Encoder(MODELS)


def bits(encoded: list[Encoded]) -> list[tuple[bytes, bytes]]:
    return [(one.post.tobytes(), one.facts.tobytes()) for one in encoded]


def test_batch_and_order_leave_every_bit_as_it_was(encoder: Encoder) -> None:
    given = texts(21)
    together = bits(encoder.encode(given))
    alone = [bits(encoder.encode([text]))[0] for text in given]
    order = list(range(len(given)))
    random.Random(3).shuffle(order)
    shuffled = bits(encoder.encode([given[i] for i in order]))
    assert together == alone
    assert [together[i] for i in order] == shuffled


def test_the_number_of_threads_leaves_every_bit_as_it_was(encoder: Encoder) -> None:
    given = texts(9)
    assert bits(encoder.encode(given)) == bits(Encoder(MODELS, threads=1).encode(given))


def test_no_texts_give_no_numbers(encoder: Encoder) -> None:
    assert encoder.encode([]) == []


def test_no_text_is_lost_and_numbers_are_finite(encoder: Encoder) -> None:
    odd = ["", " ", "🔪" * 50, "a" * 5000, "مرحبا", "\u202e", "één"]
    encoded = encoder.encode(odd)
    assert len(encoded) == len(odd)
    assert all(np.isfinite(one.post).all() for one in encoded)


def test_a_folder_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderError, match="seinpost train"):
        Encoder(tmp_path)
