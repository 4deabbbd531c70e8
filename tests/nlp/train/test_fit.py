"""Fitting learns what the rows say, and the same seed gives the same network. Needs PyTorch (the `train` extra)."""

import shutil
from pathlib import Path

import pytest

from nlp.analyse import MODELS
from nlp.heads import ACTIONABLE, CATEGORIES, FACTS
from nlp.train.rows import Row

torch = pytest.importorskip("torch")

HARM = "morgen pakken we hem bij de poort"
PEACE = "wat was dat een mooie wedstrijd"


def rows() -> list[Row]:
    texts = [(HARM, True), (PEACE, False)] * 40
    return [
        Row(str(at), text, str(at), int(bad), at % len(CATEGORIES) if bad else -100, int(bad) if bad else -100, 0,
            tuple(bytes([1]) * len(text) for _ in FACTS) if bad else None, ordinary=False)
        for at, (text, bad) in enumerate(texts)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder of one small layer with random weights, and the tokenizer of the shipped model."""
    if not (MODELS / "tokenizer.json").is_file():
        pytest.skip("the model is not in nlp/models/detector: make one with 'seinpost train'")
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=52_100, hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(MODELS / name, folder / name)
    return folder


def test_the_network_tells_the_two_kinds_apart_and_repeats_itself(base: Path) -> None:
    from nlp.train.fit import Plan, fit, predict, start

    plan = Plan(epochs=20, head_rate=0.02, ordinary=0, disguise=0.0)
    networks = [start(base, rows(), plan) for _ in range(2)]
    for network in networks:
        fit(network, base, rows(), [], plan, lambda _line: None)
    weights = [dict(network.state_dict()) for network in networks]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
    outputs, facts = predict(networks[0], base, rows()[:2])
    assert outputs[0, ACTIONABLE] > 1 > -1 > outputs[1, ACTIONABLE]
    assert facts[0][1:-1].mean() > facts[1][1:-1].mean()


def test_the_mean_of_networks_lies_between_them(base: Path) -> None:
    from nlp.train.fit import Plan, start
    from nlp.train.network import mean_of

    low, high = (start(base, rows(), Plan()) for _ in range(2))
    torch.nn.init.constant_(low.post.bias, 1.0)
    torch.nn.init.constant_(high.post.bias, 3.0)
    made = mean_of([low, high])
    assert made.post.bias.tolist() == [2.0] * len(made.post.bias)
