"""Training rows: posts as the encoder will see them, with their labels, facts per character and split groups.

The measuring files (the dev corpus, `ordinary_*.jsonl` for measuring) must never be passed in here.
"""

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.encoder_text import encoder_text
from nlp.heads import CATEGORIES, FACTS, GENRES
from nlp.labelled import FactsRow, LabelledPost, OrdinaryPost
from signals.label import Category
from signals.masking import mask

UNKNOWN = -100
_DATASET_MASKS = re.compile(r"@(?:user|USER|[A-Za-z0-9_.]{3,})|\(LINK\)|\{(?:TAG|USERNAME)\}|https?://\S+")


@dataclass(frozen=True, slots=True)
class Row:
    """One post to train on. `facts` marks per fact the characters of `text` that carry it; None where unlabelled."""

    id: str
    text: str
    group: str
    actionable: int
    category: int
    imminent: int
    genre: int
    facts: tuple[bytes, ...] | None
    ordinary: bool


def labelled_rows(posts: Sequence[LabelledPost], facts: dict[str, FactsRow]) -> list[Row]:
    """Rows of labelled posts. A harmless post has no facts; an actionable one that nobody marked is unlabelled."""
    return [_row(post, facts[post.id].facts if post.id in facts else post.facts) for post in posts]


def ordinary_rows(posts: Sequence[OrdinaryPost]) -> list[Row]:
    """Rows of real ordinary posts: harmless, genre unknown."""
    return [
        Row(
            id=post.id,
            text=encoder_text(mask(one_mask(post.text)).text).text,
            group=post.id,
            actionable=0,
            category=UNKNOWN,
            imminent=UNKNOWN,
            genre=UNKNOWN,
            facts=None,
            ordinary=True,
        )
        for post in posts
    ]


def one_mask(text: str) -> str:
    """Replace the masks that data sets use by ours, so that no data set is known by its masks."""
    return _DATASET_MASKS.sub(lambda found: "[@]" if found.group()[0] in "@{" else "[link]", text)


def fold_of(group: str, folds: int) -> int:
    """The cross-validation fold of a group, the same on every machine."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4]) % folds


def augmented(row: Row, chance: random.Random) -> Row:
    """The row with free cues made equal: mentions put in or taken out at random, capitals dropped at times."""
    text, facts = row.text, row.facts
    if row.ordinary or chance.random() < 0.5:
        stripped = re.sub(r"^(?:\[@\][ :]*)+", "", text) or text
        facts = _shift(facts, len(stripped) - len(text))
        text = stripped
    if chance.random() < 0.25:
        text = "[@] " + text
        facts = _shift(facts, 4)
    if chance.random() < 0.15:
        text = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return replace(row, text=text, facts=facts)


def _shift(facts: tuple[bytes, ...] | None, by: int) -> tuple[bytes, ...] | None:
    if facts is None or by == 0:
        return facts
    return tuple(bytes(by) + marks if by > 0 else marks[-by:] for marks in facts)


def _row(post: LabelledPost, facts: dict[str, tuple[str, ...]] | None) -> Row:
    masked = mask(post.text)
    made = encoder_text(masked.text)
    return Row(
        id=post.id,
        text=made.text,
        group=_group(post),
        actionable=int(post.actionable),
        category=CATEGORIES.index(post.category) if post.category is not Category.NONE else UNKNOWN,
        imminent=int(post.imminent) if post.actionable else UNKNOWN,
        genre=GENRES.index(post.genre),
        facts=_marks(post, facts, [masked.to_original(*made.original(i, i + 1)) for i in range(len(made.text))]),
        ordinary=False,
    )


def _marks(
    post: LabelledPost, facts: dict[str, tuple[str, ...]] | None, spans: list[tuple[int, int]]
) -> tuple[bytes, ...] | None:
    if not post.actionable:
        return tuple(bytes(len(spans)) for _ in FACTS)
    if facts is None:
        return None
    marks: list[bytes] = []
    for fact in FACTS:
        line = bytearray(len(spans))
        for surface in facts.get(fact.value, ()):
            begin = post.text.find(surface)
            if begin < 0:
                continue
            for index, (start, end) in enumerate(spans):
                if start < begin + len(surface) and end > begin:
                    line[index] = 1
        marks.append(bytes(line))
    return tuple(marks)


def _group(post: LabelledPost) -> str:
    """Posts that must stay on one side of a split: marked pairs, and neighbouring twins of the reports."""
    pair = re.search(r"\[pair ([\w-]+)\]", post.note)
    if pair:
        return f"pair-{pair.group(1)}"
    if post.id.startswith("xr"):
        return f"xr-{int(post.id[2:]) // 4}"
    return post.id
