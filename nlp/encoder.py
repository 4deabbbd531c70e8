"""The encoder in use: transformers' tokenizer and ONNX Runtime, with shapes that never change.

A post's numbers depend on its own text only, to the bit: every call runs the same batch size at one of a few lengths,
with blank rows where posts are missing. It does not read the numbers; `nlp.heads` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Encoding

from nlp.heads import FACTS, Floats

LENGTHS = (16, 32, 48, 64, 80, 96, 128)
BATCH = 4
"""Of a stream few posts come this far, so that larger batches or fewer lengths would run mostly on blanks: a third
fewer posts per second of processor time with three lengths and batches of eight."""


class ModelFolderError(Exception):
    """The model folder lacks a file; the message says which and how to get one."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One post's numbers: `post` [POST_OUTPUTS], `facts` [tokens, facts], and each token's span of the given text."""

    post: Floats
    facts: Floats
    spans: tuple[tuple[int, int], ...]


class Encoder:
    """The model of one folder. The tokenizer is loaded at the first post, because that takes seconds."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self._folder = folder
        model = folder / "model.onnx"
        if not model.is_file():
            raise ModelFolderError(f"{model} is missing: install the model or make one with 'seinpost train'")
        options = ort.SessionOptions()  # type: ignore[attr-defined]
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])  # type: ignore[attr-defined]

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return Tokenizer(self._folder)

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Run all texts, in any order and number, and answer in their order."""
        if not texts:
            return []
        encodings = self._tokenizer.encode(texts)
        answers: list[Encoded | None] = [None] * len(texts)
        for length in LENGTHS:
            shorter = max((other for other in LENGTHS if other < length), default=0)
            here = [i for i, encoding in enumerate(encodings) if shorter < len(encoding.ids) <= length]
            for at in range(0, len(here), BATCH):
                group = here[at : at + BATCH]
                for index, answer in zip(group, self._run([encodings[i] for i in group], length), strict=True):
                    answers[index] = answer
        return [answer for answer in answers if answer is not None]

    def _run(self, encodings: Sequence[Encoding], length: int) -> list[Encoded]:
        ids = np.full((BATCH, length), self._tokenizer.pad, np.int64)
        mask = np.zeros((BATCH, length), np.int64)
        mask[:, 0] = 1
        for line, encoding in enumerate(encodings):
            ids[line, : len(encoding.ids)] = encoding.ids
            mask[line, : len(encoding.ids)] = 1
        made = self._session.run(["post", "facts"], {"input_ids": ids, "attention_mask": mask})
        post, facts = np.asarray(made[0], np.float32), np.asarray(made[1], np.float32)
        return [
            Encoded(post[line], facts[line, : len(encoding.ids), : len(FACTS)], tuple(encoding.offsets))
            for line, encoding in enumerate(encodings)
        ]


class Tokenizer:
    """The tokenizer that belongs to the model, cutting texts at the longest length."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoTokenizer  # seconds to import, and not every text needs the encoder

        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self.pad: int = self._tokenizer.pad_token_id

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Token ids and their spans, with the special tokens, at most the longest length."""
        made = self._tokenizer(list(texts), truncation=True, max_length=LENGTHS[-1])
        encodings: list[Encoding] = made.encodings
        return encodings
