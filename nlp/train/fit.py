"""Fitting the network on rows: batches of like length, losses of the heads, a learning rate that warms up and decays.

The same seed, rows and thread count give the same weights on one machine kind.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from nlp.heads import ACTIONABLE, CATEGORY, FACTS, GENRE, IMMINENT
from nlp.train.disguise import disguised
from nlp.train.network import Network
from nlp.train.padding import padded
from nlp.train.rows import UNKNOWN, Row, augmented

Arrays = npt.NDArray[np.float32]
TOKENS_A_BATCH = 1024
LONGEST = 96
WARM_UP = 0.08
STANDARDISED_ON = 300
SHORT = 120
"""Harmless posts of at most so many characters are put around others."""
GENRE_WEIGHT = 0.15
FACT_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard to train, and how many networks to take the mean of.

    `ordinary` is how many ordinary posts join each epoch, others every time; `disguise` the share of disguised copies,
    `padded` the share of posts put among innocent sentences.
    """

    networks: int = 3
    epochs: int = 5
    rate: float = 1.6e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.05
    ordinary: int = 1000
    disguise: float = 0.1
    padded: float = 0.15
    seed: int = 7
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of like length as tensors; `facts` is -1 where a token has no label."""

    indexes: list[int]
    ids: Tensor
    mask: Tensor
    facts: Tensor


def start(base: Path, rows: Sequence[Row], plan: Plan) -> Network:
    """The network before training: heads at zero, which read vectors standardised on some of `rows`."""
    torch.manual_seed(plan.seed)
    network = Network(base)
    network.freeze(layers=plan.frozen)
    some = random.Random(plan.seed).sample(rows, min(STANDARDISED_ON, len(rows)))  # noqa: S311 - no secret
    posts, tokens = [], []
    with torch.no_grad():
        for batch in batches(AutoTokenizer.from_pretrained(base), some, None):
            pooled, hidden = network.vectors(batch.ids, batch.mask)
            posts.append(pooled)
            tokens.append(hidden[batch.mask.bool()])
        network.standardise(torch.cat(posts), torch.cat(tokens))
    return network


def fit(
    network: Network,
    base: Path,
    rows: Sequence[Row],
    ordinary: Sequence[Row],
    plan: Plan,
    say: Callable[[str], None],
) -> None:
    """Train on `rows`, with a further share of the `ordinary` ones in every epoch; on a GPU if there is one.

    Products run in 16 bits where the machine has them, which is twice as fast; weights, heads and losses stay in 32.
    """
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)  # noqa: S311 - shuffling, not secrecy
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = AutoTokenizer.from_pretrained(base)
    # A processor without wide registers works 16-bit products out forty times slower than 32-bit ones.
    halves = device.type != "cpu" or "AVX512" in torch.backends.cpu.get_cpu_capability()
    network.to(device)
    optimiser = _optimiser(network, plan)
    innocent = [row.text for row in (*rows, *ordinary) if not row.actionable and len(row.text) <= SHORT]
    # Counted on altered rows, which are longer than the rows themselves.
    alike = random.Random(plan.seed)  # noqa: S311
    sample = [_altered(row, innocent, plan, alike) for row in _of_epoch(rows, ordinary, plan, 0)]
    total = plan.epochs * len(list(batches(tokenizer, sample, None)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (WARM_UP * total), max(0.02, (total - step) / ((1 - WARM_UP) * total)))
    )
    network.train()
    done = 0
    for epoch in range(plan.epochs):
        fresh = [_altered(row, innocent, plan, chance) for row in _of_epoch(rows, ordinary, plan, epoch)]
        losses: list[float] = []
        for batch in batches(tokenizer, fresh, chance):
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=halves):
                post, facts = network(batch.ids.to(device), batch.mask.to(device))
            loss = _loss(post.cpu(), facts.cpu(), batch, fresh)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            losses.append(float(loss.detach()))
            done += 1
            if done % 20 == 0:
                say(f"step {done} of about {total}, loss {sum(losses) / len(losses):.3f}")
        say(f"epoch {epoch + 1} of {plan.epochs} done")
    network.to("cpu").eval()


def _of_epoch(rows: Sequence[Row], ordinary: Sequence[Row], plan: Plan, epoch: int) -> list[Row]:
    """All rows, and the ordinary ones whose turn it is."""
    turns = min(plan.ordinary, len(ordinary))
    return [*rows, *(ordinary[(epoch * turns + at) % len(ordinary)] for at in range(turns))]


def _altered(row: Row, innocent: Sequence[str], plan: Plan, chance: random.Random) -> Row:
    made = augmented(row, chance)
    if innocent and chance.random() < plan.padded:
        made = padded(made, innocent, chance)
    return disguised(made, chance) if chance.random() < plan.disguise else made


def _optimiser(network: Network, plan: Plan) -> torch.optim.Optimizer:
    """AdamW without decay on biases and norms; the heads learn faster than the encoder."""
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [*network.post.parameters(), *network.facts.parameters()]
    groups = [
        {"params": [p for p in encoder if p.ndim > 1], "lr": plan.rate},
        {"params": [p for p in encoder if p.ndim < 2], "lr": plan.rate, "weight_decay": 0.0},
        {"params": heads, "lr": plan.head_rate},
    ]
    used = [group for group in groups if group["params"]]
    return torch.optim.AdamW(used, lr=plan.rate, weight_decay=plan.weight_decay, fused=True)


def predict(network: Network, base: Path, rows: Sequence[Row]) -> tuple[Arrays, list[Arrays]]:
    """Outputs for every row: one line per row, and its tokens' facts."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    posts = np.zeros((len(rows), network.post.out_features), np.float32)
    facts: list[Arrays] = [np.zeros((0, len(FACTS)), np.float32)] * len(rows)
    with torch.inference_mode():
        for batch in batches(tokenizer, rows, None):
            post, tokens = network(batch.ids, batch.mask)
            for line, index in enumerate(batch.indexes):
                posts[index] = post[line].numpy()
                facts[index] = tokens[line][batch.mask[line].bool()].numpy()
    return posts, facts


def batches(tokenizer: PreTrainedTokenizerBase, rows: Sequence[Row], chance: random.Random | None) -> Iterator[Batch]:
    """Batches of about `TOKENS_A_BATCH` tokens, like lengths together; in random order when `chance` is given."""
    encoded = tokenizer([row.text for row in rows], truncation=True, max_length=LONGEST, return_offsets_mapping=True)
    order = list(range(len(rows)))
    if chance:
        chance.shuffle(order)
    order.sort(key=lambda index: len(encoded["input_ids"][index]) // 4)
    groups: list[list[int]] = [[]]
    for index in order:
        if (len(groups[-1]) + 1) * len(encoded["input_ids"][index]) > TOKENS_A_BATCH:
            groups.append([])
        groups[-1].append(index)
    if chance:
        chance.shuffle(groups)
    for group in groups:
        width = -(-max(len(encoded["input_ids"][index]) for index in group) // 8) * 8
        ids = torch.full((len(group), width), tokenizer.pad_token_id)
        mask = torch.zeros((len(group), width), dtype=torch.long)
        facts = torch.full((len(group), width, len(FACTS)), -1.0)
        for line, index in enumerate(group):
            tokens = encoded["input_ids"][index]
            ids[line, : len(tokens)] = torch.tensor(tokens)
            mask[line, : len(tokens)] = 1
            marks = rows[index].facts
            if marks is not None:
                for token, (start, end) in enumerate(encoded["offset_mapping"][index]):
                    if end > start:
                        facts[line, token] = torch.tensor([float(any(line_[start:end])) for line_ in marks])
        yield Batch(group, ids, mask, facts)


def _loss(post: Tensor, facts: Tensor, batch: Batch, rows: Sequence[Row]) -> Tensor:
    picked = [rows[index] for index in batch.indexes]
    actionable = torch.tensor([float(row.actionable) for row in picked])
    category = torch.tensor([row.category for row in picked])
    imminent = torch.tensor([row.imminent for row in picked])
    genre = torch.tensor([row.genre for row in picked])
    loss = functional.binary_cross_entropy_with_logits(post[:, ACTIONABLE], actionable * 0.98 + 0.01)
    known = category != UNKNOWN
    if bool(known.any()):
        share = known.float().mean()
        loss = loss + share * functional.cross_entropy(post[known][:, CATEGORY], category[known], label_smoothing=0.05)
        loss = loss + share * functional.binary_cross_entropy_with_logits(
            post[known, IMMINENT], imminent[known].float()
        )
    if bool((genre != UNKNOWN).any()):
        loss = loss + GENRE_WEIGHT * functional.cross_entropy(post[:, GENRE], genre, ignore_index=UNKNOWN)
    labelled = (batch.facts >= 0) & (batch.facts > 0).flatten(1).any(1)[:, None, None]
    if bool(labelled.any()):
        loss = loss + FACT_WEIGHT * functional.binary_cross_entropy_with_logits(facts[labelled], batch.facts[labelled])
    return loss


def token_spans(base: Path, rows: Sequence[Row]) -> list[list[tuple[int, int]]]:
    """Where in its text each token of a row stands, as `predict` counts them; special tokens stand nowhere."""
    texts = [row.text for row in rows]
    if not texts:
        return []
    tokenizer = AutoTokenizer.from_pretrained(base)
    made = tokenizer(texts, truncation=True, max_length=LONGEST, return_offsets_mapping=True)
    return [[(int(start), int(end)) for start, end in line] for line in made["offset_mapping"]]
