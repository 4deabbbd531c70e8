"""The invented pairs, with the places that the linker finds in them. Odd ids were for developing, even ids measure."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlp.normalise import normalise
from nlp.places import linker
from pipeline.joining.sameness import Said
from signals.place import Mention


@dataclass(frozen=True)
class Pair:
    """Two posts and what two hands said of them."""

    id: str
    one: Said
    other: Said
    same: bool
    kind: str

    @property
    def measures(self) -> bool:
        """Whether the pair was kept apart when joining was made."""
        return int(self.id[1:]) % 2 == 0


@cache
def pairs() -> tuple[Pair, ...]:
    """All 400."""
    lines = (Path(__file__).parent / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return tuple(Pair(r["id"], said(r["a"]), said(r["b"]), r["same"], r["kind"]) for r in rows)


def said(text: str) -> Said:
    """A text with its places; without a moment, so without a time window."""
    clean = normalise(text)
    found: list[Mention] = []
    for place in linker.shipped().link(clean.text).found:
        start, end = clean.original(place.start, place.end)
        if start < end:
            found.append(
                Mention(text=text[start:end], start=start, end=end, kind=place.kind, id=place.id, name=place.name)
            )
    return Said(text, tuple(found))
