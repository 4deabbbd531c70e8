"""Training from labelled files to a model folder: encoder with heads, gate, calibration, thresholds, model card.

The files for measuring must not be passed in; the card lists the hash of every file that was.
"""

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from nlp.analyse import Detector
from nlp.gate import Gate
from nlp.heads import ACTIONABLE
from nlp.labelled import read_facts, read_ordinary, read_posts
from nlp.settings import default_settings
from nlp.train import choose
from nlp.train.card import card
from nlp.train.export import export
from nlp.train.fit import Plan, fit, marks_of, predict
from nlp.train.gate import fit_gate
from nlp.train.network import Network
from nlp.train.rows import Row, fold_of, labelled_rows, ordinary_rows

ORDINARY = {"nl": 1100, "en": 500}
"""Ordinary posts to train the encoder on, per language; the others serve to choose the threshold."""
HELD_OUT_OF = 8
"""One in so many groups of labelled posts is held out for calibration and thresholds."""
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "config.json")


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to learn from and the encoder to start from."""

    labelled: tuple[Path, ...]
    facts: tuple[Path, ...]
    ordinary: tuple[Path, ...]
    base: Path


@dataclass(frozen=True, slots=True)
class Split:
    """What is trained on, what is held out, and the ordinary posts beside."""

    train: list[Row]
    held: list[Row]
    ordinary: list[Row]


def split(sources: Sources, seed: int) -> Split:
    """Read and divide; posts of one group stay on one side."""
    rows = labelled_rows(read_posts(sources.labelled), read_facts(sources.facts))
    posts = read_ordinary(sources.ordinary)
    random.Random(seed).shuffle(posts)  # noqa: S311 - a choice of posts, no secret
    used = [post for lang, most in ORDINARY.items() for post in [p for p in posts if p.lang == lang][:most]]
    names = {post.id for post in used}
    return Split(
        train=[row for row in rows if fold_of(row.group, HELD_OUT_OF) != 0] + ordinary_rows(used),
        held=[row for row in rows if fold_of(row.group, HELD_OUT_OF) == 0],
        ordinary=ordinary_rows([post for post in posts if post.id not in names]),
    )


def train(sources: Sources, target: Path, plan: Plan, say: Callable[[str], None]) -> None:
    """Write a model folder to `target`."""
    target.mkdir(parents=True, exist_ok=True)
    parts = split(sources, plan.seed)
    say(f"{len(parts.train)} rows to train on, {len(parts.held)} held out")
    gate = fit_gate([*(row for row in parts.train if not row.ordinary), *parts.held, *_ordinary_of(parts)])
    gate.save(target / "gate.npz")
    network = fit(sources.base, parts.train, plan, say)
    finish(sources, parts, gate, network, target, plan, say)


def finish(
    sources: Sources, parts: Split, gate: Gate, network: Network, target: Path, plan: Plan, say: Callable[[str], None]
) -> None:
    """Export a fitted network, choose everything that is chosen on held-out posts, and write the card."""
    export(network, target / "model.onnx")
    outputs, tokens = predict(network, sources.base, parts.held)
    opening = default_settings().gate_threshold
    passed = [row for row in parts.ordinary if gate.probability(row.text) >= opening]
    harmless = predict(network, sources.base, passed)[0] if passed else np.zeros((0, outputs.shape[1]), np.float32)
    marked = [i for i, row in enumerate(parts.held) if row.facts is not None and row.actionable]
    calibration = choose.calibrate(outputs, parts.held)
    version = f"e5-small-{hashlib.sha256((target / 'model.onnx').read_bytes()).hexdigest()[:12]}"
    detector = Detector(
        version=version,
        base="intfloat/multilingual-e5-small, 52,000 tokens",
        calibration=calibration,
        closed_score=0.01,
        imminent_from=choose.imminent_from(outputs, parts.held),
        fact_logits=choose.fact_cuts(
            [tokens[i] for i in marked], [marks_of(sources.base, parts.held[i]) for i in marked]
        ),
    )
    cut = choose.threshold(calibration, outputs, parts.held, harmless, len(parts.ordinary))
    (target / "detector.json").write_text(detector.model_dump_json(indent=1) + "\n", encoding="utf-8")
    settings = default_settings().model_copy(update={"threshold": cut})
    (target / "settings.json").write_text(settings.model_dump_json(indent=1) + "\n", encoding="utf-8")
    for name in TOKENIZER_FILES:
        shutil.copy(sources.base / name, target / name)
    held = {
        "rows": len(parts.held),
        "average_precision": choose.held_average_precision(outputs[:, ACTIONABLE], parts.held),
        "ordinary_posts": len(parts.ordinary),
        "ordinary_past_gate": len(passed),
        "threshold": cut,
    }
    (target / "card.md").write_text(card(version, asdict(plan), hashes(sources), held), encoding="utf-8")
    say(json.dumps(held))


def hashes(sources: Sources) -> dict[str, str]:
    """SHA-256 of every file learned from, by name."""
    files = (*sources.labelled, *sources.facts, *sources.ordinary, sources.base / "model.safetensors")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _ordinary_of(parts: Split) -> Sequence[Row]:
    return [*(row for row in parts.train if row.ordinary), *parts.ordinary]
