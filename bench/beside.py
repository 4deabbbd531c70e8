"""The labelled and the ordinary posts kept beside the project, as the measurements of detection find them.

What may be trained on and what only measures never mix: `training` reads the one, `measuring` the other.
"""

import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.labelled import LabelledPost, read_ordinary, read_posts
from nlp.train.rows import one_mask

_BESIDE = Path(__file__).parents[2] / "shared"
CORPUS = Path(os.environ.get("SEINPOST_CORPUS", _BESIDE / "corpus"))
POSTS = Path(os.environ.get("SEINPOST_POSTS", _BESIDE / "data" / "posts"))
BASE = Path(os.environ.get("SEINPOST_BASE", _BESIDE / "models" / "multilingual-e5-small-pruned"))
LANGUAGES = ("nl", "en")
ORDINARY = 1000
"""Real ordinary posts per language: the slowest way takes a second for every twenty."""


class NotHere(Exception):
    """Something that a measurement needs is not on this machine; the message says what."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """The rows that every way is measured on: labelled posts, and real ordinary ones by language."""

    labelled: Sequence[LabelledPost]
    ordinary: Mapping[str, Sequence[str]]


def measuring() -> Measuring:
    """The rows no training ever read."""
    chance = random.Random(20261122)
    known = {name: ordinary(name) for name in LANGUAGES}
    some = {name: chance.sample(texts, min(ORDINARY, len(texts))) for name, texts in known.items()}
    return Measuring(read_posts([_there(CORPUS / "dev.jsonl")]), some)


def training() -> list[LabelledPost]:
    """The labelled posts that the plain ways are trained on."""
    return read_posts([_there(CORPUS / "train.jsonl")])


def lyrics() -> list[LabelledPost]:
    """Labelled lyrics and talk of the scene, of the training side."""
    return read_posts([_there(CORPUS / "extra" / f"{name}.jsonl") for name in ("lyrics", "street")])


def ordinary(language: str) -> list[str]:
    """Real ordinary posts that no training read: the gate keeps out more of those that it knows."""
    return [one_mask(post.text) for post in read_ordinary([_there(POSTS / f"ordinary_{language}.jsonl")])]


def _there(path: Path) -> Path:
    if not path.is_file():
        raise NotHere(f"{path.name} is not here")
    return path
