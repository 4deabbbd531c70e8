"""The gazetteer: every place the product knows, with its stable id, and the names it goes by.

Read once from the files in `nlp/data`; it finds nothing in a text, `nlp.places.linker` does.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from signals.place import PlaceKind

DATA = Path(__file__).parent.parent / "data"


class UnknownPlaceError(KeyError):
    """No entry has this id; the gazetteer may be older than the record that names it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place. `coordinate_exact` is False for centres of towns and postcodes: never route on those."""

    id: str
    kind: PlaceKind
    name: str
    municipality: str
    parent: str
    police_unit: str
    lat: float | None
    lon: float | None
    coordinate_exact: bool
    verified: bool
    source: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of an entry in lower case; `ordinary` when it is also an everyday word, number or personal name."""

    text: str
    id: str
    kind: str
    ordinary: bool


class Gazetteer:
    """All entries by id and all aliases by text."""

    def __init__(self, entries: Mapping[str, Entry], aliases: Mapping[str, tuple[Alias, ...]]) -> None:
        self._entries = entries
        self.aliases = aliases

    def entry(self, identifier: str) -> Entry:
        """The entry with this id, or UnknownPlaceError."""
        try:
            return self._entries[identifier]
        except KeyError:
            raise UnknownPlaceError(identifier) from None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)


@lru_cache(maxsize=4)
def load(folder: Path = DATA) -> Gazetteer:
    """The gazetteer in `folder`; the shipped one by default."""
    entries = {row["id"]: _entry(row) for row in _rows(folder / "gazetteer.csv")}
    aliases: dict[str, tuple[Alias, ...]] = {}
    for row in _rows(folder / "aliases.csv"):
        alias = Alias(row["alias"], row["id"], row["kind"], row["ordinary"] == "1")
        aliases[alias.text] = (*aliases.get(alias.text, ()), alias)
    return Gazetteer(entries, aliases)


def _entry(row: Mapping[str, str]) -> Entry:
    return Entry(
        id=row["id"],
        kind=PlaceKind(row["kind"]),
        name=row["name"],
        municipality=row["municipality"],
        parent=row["parent"],
        police_unit=row["police_unit"],
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
        coordinate_exact=row["coordinate_exact"] == "1",
        verified=row["verified"] == "1",
        source=row["source"],
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
