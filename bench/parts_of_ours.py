"""Parts of our own cascade, each alone, beside the whole: what a part is worth shows in what the others miss."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bench.beside import BASE, NotHere
from bench.contender import Contender, Scores, cleaned
from nlp import default_settings, terms
from nlp.analyse import MODELS, Analyser, Text
from nlp.encoder import Tokenizer
from nlp.gate import Gate
from nlp.heads import Floats
from nlp.labelled import LabelledPost
from nlp.normalise import fold

MOMENT = datetime(2026, 3, 12, 12, 5, tzinfo=UTC)
TOGETHER = 32


def terms_only(_training: Sequence[LabelledPost]) -> Contender:
    """The heaviest term of the list; flagged from the weight at which a term is worth showing."""
    found = terms.shipped()
    return Contender(
        lambda texts: [max((hit.term.weight for hit in found.find(fold(cleaned(t)))), default=0.0) for t in texts],
        terms.TELLING,
    )


def gate_only(_training: Sequence[LabelledPost]) -> Contender:
    """The linear model over character n-grams, flagged where it would call the encoder."""
    gate = Gate.load(MODELS / "gate.npz")
    return Contender(lambda texts: gate.probabilities(list(map(cleaned, texts))), default_settings().gate_threshold)


def frozen_encoder(training: Sequence[LabelledPost]) -> Contender:
    """The encoder as it was before our training, its mean vectors standardised, and a logistic regression on them."""
    vectors = frozen_vectors()
    scaler = StandardScaler()
    seen = scaler.fit_transform(vectors([post.text for post in training]))
    model = LogisticRegression(C=0.01, max_iter=2000).fit(seen, [post.actionable for post in training])
    return Contender(lambda texts: model.predict_proba(scaler.transform(vectors(texts)))[:, 1].tolist(), 0.5)


def without_the_gate(_training: Sequence[LabelledPost]) -> Contender:
    """The trained encoder on every post."""
    return Contender(_cascade(0.0), default_settings().threshold)


def cascade(_training: Sequence[LabelledPost]) -> Contender:
    """What users get."""
    return Contender(_cascade(default_settings().gate_threshold), default_settings().threshold)


@cache
def _analyser() -> Analyser:
    if not (MODELS / "model.onnx").is_file():
        raise NotHere("the model is not here: make one with 'seinpost train'")
    return Analyser.load()


def _cascade(gate_threshold: float) -> Scores:
    analyser, live = _analyser(), default_settings().model_copy(update={"gate_threshold": gate_threshold})
    return lambda texts: [one.score for one in analyser.analyse([Text(text, MOMENT) for text in texts], live)]


def frozen_vectors() -> Callable[[Sequence[str]], Floats]:
    """Mean vectors of texts by the encoder that training starts from. Raises `NotHere` where it cannot run."""
    try:
        import torch

        from nlp.train.network import Network
    except ImportError:
        raise NotHere("PyTorch is not here: `scripts/environment train`") from None
    if not BASE.is_dir():
        raise NotHere("the encoder that training starts from is not here")
    network, tokenizer = Network(BASE).eval(), Tokenizer(BASE)

    def vectors(texts: Sequence[str]) -> Floats:
        encodings = tokenizer.encode([cleaned(text) for text in texts])
        made = np.zeros((len(texts), network.post.in_features), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(encodings[at].ids))
        for begin in range(0, len(order), TOGETHER):
            group = order[begin : begin + TOGETHER]
            ids = np.full((len(group), len(encodings[group[-1]].ids)), tokenizer.pad, np.int64)
            seen = np.zeros_like(ids)
            for line, at in enumerate(group):
                ids[line, : len(encodings[at].ids)] = encodings[at].ids
                seen[line, : len(encodings[at].ids)] = 1
            with torch.inference_mode():
                pooled, _ = network.vectors(torch.from_numpy(ids), torch.from_numpy(seen))
            made[group] = pooled.numpy()
        return made

    return vectors
