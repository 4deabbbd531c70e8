"""What is learned from, read and divided: labelled rows, and ordinary ones to learn from or to choose the threshold.

Needs no PyTorch. It reads the files it is given and never the measuring ones.
"""

import random
from dataclasses import dataclass
from pathlib import Path

from nlp.labelled import read_facts, read_ordinary, read_posts
from nlp.train.rows import Row, fold_of, labelled_rows, ordinary_rows

ORDINARY = {"nl": 3500, "en": 2000}
"""Ordinary posts to learn from, per language; the others serve to choose the threshold."""
TENTHS = 10
"""Each network is trained without another tenth of the labelled groups; on that tenth it serves to choose."""
LEFT_OUT = Path(__file__).parent / "data" / "left_out.txt"
"""Ids of posts that must not be learned from, because a measuring file has their words."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to learn from and the encoder to start from."""

    labelled: tuple[Path, ...]
    facts: tuple[Path, ...]
    ordinary: tuple[Path, ...]
    base: Path


@dataclass(frozen=True, slots=True)
class Parts:
    """Labelled rows, ordinary ones to learn from, and ordinary ones that only serve to choose the threshold."""

    rows: list[Row]
    ordinary: list[Row]
    ordinary_held: list[Row]

    def without(self, tenth: int) -> list[Row]:
        """The labelled rows but for one tenth of the groups; posts of one group stay on one side."""
        return [row for row in self.rows if fold_of(row.group, TENTHS) != tenth]

    def held(self, tenth: int) -> list[Row]:
        """The labelled rows of one tenth of the groups."""
        return [row for row in self.rows if fold_of(row.group, TENTHS) == tenth]


def read(sources: Sources, seed: int) -> Parts:
    """Read and divide."""
    out = {line for line in LEFT_OUT.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
    labelled = [post for post in read_posts(sources.labelled) if post.id not in out]
    rows = labelled_rows(labelled, read_facts(sources.facts))
    posts = [post for post in read_ordinary(sources.ordinary) if post.id not in out]
    random.Random(seed).shuffle(posts)  # noqa: S311 - a choice of posts, no secret
    used = [post for lang, most in ORDINARY.items() for post in [p for p in posts if p.lang == lang][:most]]
    names = {post.id for post in used}
    return Parts(rows, ordinary_rows(used), ordinary_rows([post for post in posts if post.id not in names]))
