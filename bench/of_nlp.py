"""Measures the speed of analysing streams as they really are, beside a transformer run on each post by itself."""

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

import numpy as np
import onnxruntime as ort

from bench.beside import NotHere
from bench.contender import cleaned
from bench.row import Row
from bench.streams import invented, ordinary, scene
from nlp import default_settings
from nlp.analyse import MODELS, Analyser, Text
from nlp.encoder import Encoder, Tokenizer

QUESTION = "How many posts a second: the cascade on streams, beside a transformer on each post by itself?"
POSTS, SCENE = 4000, 600
ALONE = 100
"""Posts for the plain roads, which are slow."""
SHORT, TOKENS = 400, 25


@dataclass(frozen=True, slots=True)
class Rate:
    """Posts per second, and per second of processor time: the second hardly moves with what else the machine does."""

    passed: float
    worked: float

    def __str__(self) -> str:
        return f"{self.passed:,.0f} posts/s, {self.worked:,.0f} per second of processor time"


def rows() -> Iterator[Row]:
    """Start and memory, the cascade on three streams, the encoder alone, and the plain roads with the ratio to ours."""
    yield Row("a new process: one post read from standard input, answered, gone", f"{_start():.1f} s")
    began = perf_counter()
    analyser = Analyser.load()
    yield Row("loading", f"{perf_counter() - began:.1f} s")
    yield _stream("invented ordinary posts, 0.5 % concrete", analyser, invented(POSTS))[0]
    try:
        texts = ordinary(POSTS)
    except NotHere as problem:
        yield Row("real posts", str(problem))
        return
    row, ours = _stream("real ordinary posts, 0.5 % actionable (asked 2,000)", analyser, texts)
    yield row
    yield _stream("the same, 64 posts a call, as a worker may get them", analyser, texts[: POSTS // 2], 64)[0]
    yield _stream("70 % lyrics and talk of the scene, 2 % actionable (asked 250)", analyser, scene(SCENE))[0]
    yield Row("memory of the whole process", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    encoder, tokenizer = Encoder(MODELS), Tokenizer(MODELS)
    short = _cut(tokenizer, [cleaned(text.text) for text in texts])
    rate = _rate(len(short), lambda: encoder.encode(short), lambda: encoder.encode(short[:8]))
    yield Row(f"our encoder in batches, posts of {TOKENS} tokens (asked 250)", str(rate))
    alone = [cleaned(text.text) for text in texts[:ALONE]]
    for name, road in (("our model, batches of one", _batches_of_one), ("PyTorch in 32 bits", _in_torch)):
        try:
            one = road(tokenizer)
        except NotHere as problem:
            yield Row(f"{name}, post by post", str(problem))
            continue
        rate = _rate(len(alone), lambda one=one: [one(text) for text in alone], lambda one=one: one(alone[0]))
        yield Row(
            f"{name}, post by post", f"{rate}; the cascade: {ours.worked / rate.worked:.0f} times as many (asked 50)"
        )


def _stream(name: str, analyser: Analyser, texts: Sequence[Text], together: int = POSTS) -> tuple[Row, Rate]:
    live, flagged = default_settings(), 0

    def analyse() -> None:
        nonlocal flagged
        for at in range(0, len(texts), together):
            flagged += sum(one.flagged for one in analyser.analyse(texts[at : at + together], live))

    rate = _rate(len(texts), analyse, lambda: analyser.analyse(texts[:200], live))
    length = sum(len(text.text) for text in texts) / len(texts)
    return Row(name, f"{rate} ({len(texts)} of {length:.0f} characters, {flagged} flagged)"), rate


def _start() -> float:
    """Seconds from the start of a process to its end, with one post analysed in between."""
    began = perf_counter()
    code = "from seinpost.cli.main import main; main()"
    subprocess.run([sys.executable, "-c", code, "analyse"], input=b"tot morgen", capture_output=True, check=False)
    return perf_counter() - began


def _cut(tokenizer: Tokenizer, texts: Sequence[str]) -> list[str]:
    """Texts of exactly so many tokens, from the beginnings of longer ones."""
    cut = [
        text[: encoding.offsets[TOKENS - 2][1]]
        for text, encoding in zip(texts, tokenizer.encode(texts), strict=True)
        if len(encoding.ids) > TOKENS
    ]
    return [t for t, encoding in zip(cut, tokenizer.encode(cut), strict=True) if len(encoding.ids) == TOKENS][:SHORT]


def _batches_of_one(tokenizer: Tokenizer) -> Callable[[str], object]:
    """Our own model file at the length of each post: the fairest form of the plain road."""
    session = ort.InferenceSession(str(MODELS / "model.onnx"), providers=["CPUExecutionProvider"])

    def one(text: str) -> object:
        ids = np.array([tokenizer.encode([text])[0].ids], np.int64)
        return session.run(["post"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})

    return one


def _in_torch(_tokenizer: Tokenizer) -> Callable[[str], object]:
    """What most would write: the encoder that training starts from, in PyTorch, a call per post."""
    from bench.parts_of_ours import frozen_vectors

    vectors = frozen_vectors()
    return lambda text: vectors([text])


def _rate(count: int, work: Callable[[], object], warm: Callable[[], object]) -> Rate:
    warm()
    began, working = perf_counter(), process_time()
    work()
    return Rate(count / (perf_counter() - began), count / (process_time() - working))
