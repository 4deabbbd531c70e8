"""What every measured bar of detection stands on: the shipped model read as a user meets it, the posts kept beside the
project, and a bar that says by itself whether the shipped model misses it. No figure and no threshold stands here."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import inf
from pathlib import Path
from typing import cast

import pytest

from nlp import default_settings, terms
from nlp.analyse import MODELS, Analyser, Text
from nlp.encoder_text import encoder_text
from nlp.evaluate.intervals import wilson
from nlp.normalise import fold
from nlp.train.rows import one_mask
from signals.analysis import Analysis
from signals.masking import mask
from signals.settings_version import DetectionSettings

BESIDE = Path(__file__).parents[3] / "shared"
CORPUS = Path(os.environ.get("SEINPOST_CORPUS", BESIDE / "corpus"))
POSTS = Path(os.environ.get("SEINPOST_POSTS", BESIDE / "data" / "posts"))
DEV = CORPUS / "dev.jsonl"
MOMENT = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
TELLING = 30
"""As many ids of wrong answers as a failing test names."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Bar:
    """What must hold of a figure: a floor or a ceiling."""

    most: float = 1.0
    least: float = -inf

    def holds(self, value: float) -> bool:
        return self.least <= value <= self.most

    def __str__(self) -> str:
        return f"at least {self.least:g}" if self.least > -inf else f"at most {self.most:g}"

    def check(self, name: str, value: float, more: str = "") -> None:
        """Say the figure, in the words of a `MEASURED` table, and fail when it misses the bar."""
        print(f'\n    "{name}": {value:.4f},  # {self}; {more}')
        assert self.holds(value), f"{name}: {value:.4f}, asked is {self}; {more}"


def each(bars: Mapping[str, Bar], measured: Mapping[str, float]) -> pytest.MarkDecorator:
    """One run of a test for every bar, as `name`. A bar that the shipped model misses is a strict expected failure, so
    that a better model makes the test fail until `measured` is written anew."""
    runs = [
        pytest.param(
            name,
            marks=()
            if name not in measured or bar.holds(measured[name])
            else pytest.mark.xfail(strict=True, raises=AssertionError, reason=f"measured {measured[name]:.4f}, {bar}"),
        )
        for name, bar in bars.items()
    ]
    return pytest.mark.parametrize("name", runs)


def rows_of(path: Path) -> list[Row]:
    """The rows of a JSON lines file; a test that asks for a file that is not here is skipped in one line."""
    if not path.is_file():
        pytest.skip(f"{path.name} is not here")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def text_of(row: Row) -> str:
    """A row's text, with the masks that other data sets use made ours."""
    return one_mask(cast(str, row["text"]))


def texts_of(rows: Iterable[Row]) -> list[str]:
    return [text_of(row) for row in rows]


@cache
def shipped() -> Analyser:
    """The shipped analyser, once per process."""
    if not (MODELS / "model.onnx").is_file():
        pytest.skip("the model is not in nlp/models/detector: make one with 'seinpost train'")
    return Analyser.load()


def passes(texts: Sequence[str], settings: DetectionSettings | None = None) -> list[bool]:
    """Which texts the gate lets through: hundreds of times faster than analysing them."""
    live, analyser, found = settings or default_settings(), shipped(), terms.shipped()
    clean = [encoder_text(mask(text).text).text for text in texts]
    return [analyser.gate_opens(text, found.find(fold(text)), live) for text in clean]


def analysed(texts: Sequence[str], settings: DetectionSettings | None = None) -> list[Analysis]:
    """Every text through the whole cascade, as one batch."""
    return shipped().analyse([Text(text, MOMENT) for text in texts], settings or default_settings())


def flags(texts: Sequence[str]) -> list[bool]:
    """Which texts are flagged. A text that the gate keeps out never is (a test states so), and is not analysed."""
    let_through = passes(texts)
    opened = [at for at, open_ in enumerate(let_through) if open_]
    flagged = {at for at, one in zip(opened, analysed([texts[at] for at in opened]), strict=True) if one.flagged}
    return [at in flagged for at in range(len(texts))]


def share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits)


def told(hits: int, of: int) -> str:
    """A share in words, with its 95 % interval."""
    made = wilson(hits, of)
    return f"{hits} of {of}" + (f" = {made['value']:.4f} [{made['low']:.4f}, {made['high']:.4f}]" if made else "")


def wrong_ids(rows: Sequence[Row], wrong: Sequence[bool]) -> str:
    """Ids of wrong answers, never their text: no rule may be made from reading them."""
    found = [str(row["id"]) for row, bad in zip(rows, wrong, strict=True) if bad]
    return " ".join(found[:TELLING]) + (" …" if len(found) > TELLING else "")
