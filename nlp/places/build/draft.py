"""What a table says of one place, before its parent, its police unit and its names are settled."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.places.aliases import Made
from nlp.places.entry import Entry

Row = dict[str, str]
Name = tuple[str, str] | Made
"""A name and its kind; of a school also the rule that made it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry without parent and police unit, its names, and the names of what holds it, the smallest first."""

    entry: Entry
    names: tuple[Name, ...]
    within: tuple[str, ...] = ()


def slug(text: str) -> str:
    """ASCII letters and digits with hyphens, for ids."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def rows(path: Path) -> Iterator[Row]:
    """The rows of a collected table."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def number(text: str) -> float | None:
    """A coordinate, or None for an empty field."""
    return float(text) if text.strip() else None
