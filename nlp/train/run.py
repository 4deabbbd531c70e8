"""Training from labelled files to a model folder: encoder with heads, gate, calibration, thresholds, model card.

The files for measuring must not be passed in; the card lists the hash of every file that was.
"""

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from nlp.analyse import Detector
from nlp.gate import Gate
from nlp.heads import ACTIONABLE, Floats
from nlp.settings import default_settings
from nlp.train import choose
from nlp.train.card import card
from nlp.train.export import export
from nlp.train.fact_cuts import fact_cuts, marked
from nlp.train.fit import Plan, fit, predict, start, token_spans
from nlp.train.gate import fit_gate, opening_for, unseen
from nlp.train.network import Network, mean_of
from nlp.train.parts import Parts, Sources, read
from nlp.train.rows import Row

HARDEST = 2400
"""So many of the ordinary posts the encoder learns from: those that the gate is likeliest to let through."""
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "config.json")


@dataclass(frozen=True, slots=True)
class Member:
    """One trained network, and what it makes of the rows it was trained without."""

    network: Network
    held: list[Row]
    outputs: Floats
    tokens: list[Floats]


def train(sources: Sources, target: Path, plan: Plan, say: Callable[[str], None]) -> None:
    """Write a model folder to `target`."""
    parts = read(sources, plan.seed)
    say(f"{len(parts.rows)} labelled rows, {len(parts.ordinary)} ordinary ones")
    opening, hardest = make_gate(parts, target, plan.seed)
    say(f"the gate opens from {opening}")
    members = [make_member(sources.base, parts, hardest, number, plan, say) for number in range(plan.networks)]
    finish(sources, parts, opening, members, target, plan, say)


def make_gate(parts: Parts, target: Path, seed: int) -> tuple[float, list[Row]]:
    """Write the gate; its opening, and the ordinary rows that a gate which had not seen them is likeliest to pass."""
    target.mkdir(parents=True, exist_ok=True)
    known = [*parts.rows, *parts.ordinary]
    chances = unseen(known)
    fit_gate(known).save(target / "gate.npz")
    likely = sorted(zip(chances[len(parts.rows) :], parts.ordinary, strict=True), key=lambda pair: -pair[0])
    hardest = [row for _, row in likely[:HARDEST]]
    random.Random(seed).shuffle(hardest)  # noqa: S311 - an order, no secret
    return opening_for(known, chances), hardest


def make_member(
    base: Path, parts: Parts, hardest: list[Row], number: int, plan: Plan, say: Callable[[str], None]
) -> Member:
    """Train one network without its tenth, and run it on that tenth."""
    say(f"network {number + 1} of {plan.networks}")
    network = start(base, parts.rows, plan)
    fit(network, base, parts.without(number), hardest, replace(plan, seed=plan.seed + number), say)
    held = parts.held(number)
    return Member(network, held, *predict(network, base, held))


def finish(
    sources: Sources,
    parts: Parts,
    opening: float,
    members: Sequence[Member],
    target: Path,
    plan: Plan,
    say: Callable[[str], None],
) -> None:
    """Export the mean of the networks, choose what is chosen on rows each one had not seen, and write the card."""
    network = mean_of([member.network for member in members])
    export(network, target / "model.onnx")
    gate = Gate.load(target / "gate.npz")
    held = [row for member in members for row in member.held]
    outputs = np.concatenate([member.outputs for member in members])
    tokens = [line for member in members for line in member.tokens]
    chances = gate.probabilities([row.text for row in parts.ordinary_held])
    passed = [row for row, chance in zip(parts.ordinary_held, chances, strict=True) if chance >= opening]
    harmless = predict(network, sources.base, passed)[0] if passed else np.zeros((0, outputs.shape[1]), np.float32)
    with_facts = [i for i, row in enumerate(held) if row.facts is not None and row.actionable]
    spans = token_spans(sources.base, [held[i] for i in with_facts])
    posts = [marked(held[i], tokens[i], at, outputs[i]) for i, at in zip(with_facts, spans, strict=True)]
    calibration = choose.calibrate(outputs, held)
    weights = (target / "model.onnx").read_bytes() + (target / "gate.npz").read_bytes()
    version = f"e5-small-{hashlib.sha256(weights).hexdigest()[:12]}"
    detector = Detector(
        version=version,
        base="intfloat/multilingual-e5-small, 52,000 tokens",
        calibration=calibration,
        closed_score=0.01,
        fact_logits=fact_cuts(posts),
    )
    cut = choose.threshold(calibration, outputs, held, harmless, len(parts.ordinary_held))
    (target / "detector.json").write_text(detector.model_dump_json(indent=1) + "\n", encoding="utf-8")
    settings = default_settings().model_copy(update={"threshold": cut, "gate_threshold": opening})
    (target / "settings.json").write_text(settings.model_dump_json(indent=1) + "\n", encoding="utf-8")
    for name in TOKENIZER_FILES:
        shutil.copy(sources.base / name, target / name)
    figures = {
        "rows": len(held),
        "average_precision": choose.held_average_precision(outputs[:, ACTIONABLE], held),
        "ordinary_posts": len(parts.ordinary_held),
        "ordinary_past_gate": len(passed),
        "threshold": cut,
        "gate_threshold": opening,
    }
    (target / "card.md").write_text(card(version, asdict(plan), hashes(sources), figures), encoding="utf-8")
    say(json.dumps(figures))


def hashes(sources: Sources) -> dict[str, str]:
    """SHA-256 of every file learned from, by name."""
    files = (*sources.labelled, *sources.facts, *sources.ordinary, sources.base / "model.safetensors")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
