"""The invented pairs, with the places that the linker finds in them. README.md says which of them measure."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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
    measures: bool
    """Whether the pair was kept apart when joining was made."""


@cache
def pairs() -> tuple[Pair, ...]:
    """All 400 of the first set, of which the even ids measure."""
    return tuple(_pair(row, int(row["id"][1:]) % 2 == 0) for row in _rows("pairs.jsonl"))


@cache
def fresh_pairs() -> tuple[Pair, ...]:
    """All 300 of the second set, of which 100 measure."""
    return tuple(_pair(row, row["apart"]) for row in _rows("fresh_pairs.jsonl"))


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _pair(row: dict[str, Any], measures: bool) -> Pair:
    return Pair(row["id"], said(row["a"]), said(row["b"]), row["same"], row["kind"], measures)


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
