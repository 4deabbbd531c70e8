"""The gazetteer: every place the product knows, with its stable id, and the names it goes by.

Read once from the files in `nlp/data`, and from what an installation imported; it finds nothing in a text,
`nlp.places.linker` does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from nlp.places import gazetteer_file
from nlp.places.entry import Alias, Entry, Exactness

__all__ = ["Alias", "Entry", "Exactness", "Gazetteer", "UnknownPlaceError", "gazetteer_of", "load", "overlaid"]

DATA = Path(__file__).parent.parent / "data"


class UnknownPlaceError(KeyError):
    """No entry has this id; the gazetteer may be older than the record that names it."""


class Gazetteer:
    """All entries by id and all aliases by text. `version` changes with every change of its files."""

    def __init__(
        self, entries: Mapping[str, Entry], aliases: Mapping[str, tuple[Alias, ...]], version: str = "unnamed"
    ) -> None:
        self._entries = entries
        self._former = {old: entry.id for entry in entries.values() for old in entry.former}
        self.aliases = aliases
        self.version = version

    def entry(self, identifier: str) -> Entry:
        """The entry with this id, now or before, or UnknownPlaceError."""
        found = self._entries.get(identifier) or self._entries.get(self._former.get(identifier, ""))
        if found is None:
            raise UnknownPlaceError(identifier)
        return found

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)


def gazetteer_of(entries: Iterable[Entry], aliases: Iterable[Alias], version: str = "unnamed") -> Gazetteer:
    """A gazetteer of these entries and names."""
    names: dict[str, tuple[Alias, ...]] = {}
    for alias in aliases:
        names[alias.text] = (*names.get(alias.text, ()), alias)
    return Gazetteer({entry.id: entry for entry in entries}, names, version)


def overlaid(base: Gazetteer, over: Gazetteer) -> Gazetteer:
    """`base` with the entries of `over` on top: each replaces the entry with its id and those with its former ids.

    Names are added, never taken away: people go on using the old name of a school.
    """
    now = {old: entry.id for entry in over for old in entry.former}
    kept = {entry.id: entry for entry in base if entry.id not in now} | {entry.id: entry for entry in over}
    entries = [
        replace(entry, parent=now[entry.parent]) if entry.parent in now else entry for entry in kept.values()
    ]  # fmt: skip
    aliases: dict[tuple[str, str], Alias] = {}
    for each in (base, over):
        for alias in (alias for named in each.aliases.values() for alias in named):
            identifier = now.get(alias.id, alias.id)
            aliases.setdefault((alias.text, identifier), replace(alias, id=identifier))
    return gazetteer_of(entries, aliases.values(), f"{base.version}+{over.version}")


@lru_cache(maxsize=4)
def load(folder: Path = DATA, imported: Path | None = None) -> Gazetteer:
    """The gazetteer in `folder`, the shipped one by default, with what was imported on top."""
    base = gazetteer_of(*gazetteer_file.read(folder))
    return overlaid(base, gazetteer_of(*gazetteer_file.read(imported))) if imported is not None else base
