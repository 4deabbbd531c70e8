"""The network that is trained: a multilingual encoder with one linear layer for the post and one for the facts.

Needs PyTorch (the `train` extra). Attention is the plain kind, so that the exported graph has ordinary operators only.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from nlp.heads import FACTS, POST_OUTPUTS

LOWEST_LAYERS = 4
"""Kept as they are, beside the word table: a third of the time less, and little to learn there."""


class Network(nn.Module):  # type: ignore[misc, unused-ignore]  # PyTorch is there only in the train extra
    """Mean-pooled encoder with `POST_OUTPUTS` numbers a post and one number per fact and token.

    This encoder's vectors point nearly all the same way (of a length of 4.7, 4.3 is common to all texts), and a linear
    layer learns very slowly from the little that differs; so the heads read standardised vectors (`standardise`).
    """

    def __init__(self, base: Path | str) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            base,
            dtype=torch.float32,
            add_pooling_layer=False,
            attn_implementation="eager",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        width: int = self.encoder.config.hidden_size
        self.post = nn.Linear(width, POST_OUTPUTS)
        self.facts = nn.Linear(width, len(FACTS))
        nn.init.zeros_(self.post.weight)
        nn.init.zeros_(self.facts.weight)
        self.post_centre = nn.Buffer(torch.zeros(width))
        self.post_spread = nn.Buffer(torch.ones(width))
        self.token_centre = nn.Buffer(torch.zeros(width))
        self.token_spread = nn.Buffer(torch.ones(width))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs per post [batch, POST_OUTPUTS] and per token [batch, length, facts], before any squashing."""
        pooled, hidden = self.vectors(input_ids, attention_mask)
        with torch.autocast(hidden.device.type, enabled=False):
            return (
                self.post((pooled - self.post_centre) / self.post_spread),
                self.facts((hidden - self.token_centre) / self.token_spread),
            )

    def vectors(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """The mean vector of each post [batch, width] and the vector of each token [batch, length, width]."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * weight).sum(1) / weight.sum(1), hidden

    def standardise(self, pooled: Tensor, tokens: Tensor) -> None:
        """Centre and scale what the heads read by these vectors of training posts [posts, width], [tokens, width]."""
        self.post_centre.copy_(pooled.mean(0))
        self.post_spread.copy_(pooled.std(0))
        self.token_centre.copy_(tokens.mean(0))
        self.token_spread.copy_(tokens.std(0))

    def freeze(self, *, layers: bool) -> None:
        """Keep the word embeddings and the lowest layers as they are (little data would only spoil them); or all."""
        still = ("word_embeddings", *(f"layer.{number}." for number in range(LOWEST_LAYERS)))
        for name, parameter in self.encoder.named_parameters():
            if layers or any(part in name for part in still):
                parameter.requires_grad_(False)


def mean_of(networks: Sequence[Network]) -> Network:
    """The first network with the mean of all their weights: better than each where all began as the same one."""
    states = [network.state_dict() for network in networks]
    made = networks[0]
    made.load_state_dict(
        {
            name: torch.stack([state[name] for state in states]).mean(0) if tensor.is_floating_point() else tensor
            for name, tensor in states[0].items()
        }
    )
    return made
