"""The network that is trained: a multilingual encoder with one linear layer for the post and one for the facts.

Needs PyTorch (the `train` extra). Attention is the plain kind, so that the exported graph has ordinary operators only.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from nlp.heads import FACTS, POST_OUTPUTS

LOWEST_LAYERS = 1


class Network(nn.Module):  # type: ignore[misc, unused-ignore]  # PyTorch is there only in the train extra
    """Mean-pooled encoder with `POST_OUTPUTS` numbers a post and one number per fact and token."""

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

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs per post [batch, POST_OUTPUTS] and per token [batch, length, facts], before any squashing."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * weight).sum(1) / weight.sum(1)
        return self.post(pooled), self.facts(hidden)

    def freeze(self, *, layers: bool) -> None:
        """Keep the word embeddings and the lowest layers as they are (little data would only spoil them); or all."""
        still = ("word_embeddings", *(f"layer.{number}." for number in range(LOWEST_LAYERS)))
        for name, parameter in self.encoder.named_parameters():
            if layers or any(part in name for part in still):
                parameter.requires_grad_(False)
