"""Nicknames, everyday names and places that no table has, from the curated table; it has the last word.

Columns: id, kind, name, municipality, aliases (separated by |; * marks an ordinary word), parent and former (ids).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nlp.places.build.draft import Row, rows
from nlp.places.entry import Alias, Entry
from signals.place import PlaceKind

_TYPES = {
    PlaceKind.SCHOOL: "school",
    PlaceKind.AREA: "plek",
    PlaceKind.STATION: "station",
    PlaceKind.STREET: "straat",
    PlaceKind.CITY: "woonplaats",
}
_SCHOOL_TYPES = {"mbo": "mbo", "hbo": "ho"}


@dataclass(frozen=True, slots=True)
class Curated:
    """One row: the entry as it is from now on, and its names."""

    entry: Entry
    aliases: tuple[Alias, ...]


def curated(path: Path, known: Mapping[str, Entry]) -> Iterator[Curated]:
    """Every row, on top of the entry that a table has. A quarter takes the place of its twin, whose id it remembers."""
    for row in rows(path):
        table = known.get(row["id"])
        double = twin(row, known) if table is None else None
        if double is not None:
            table = replace(double, id=row["id"], former=(double.id, *double.former))
        yield Curated(_entry(row, table), tuple(_aliases(row)))


def twin(row: Row, known: Mapping[str, Entry]) -> Entry | None:
    """The district or neighbourhood of the official division that a curated quarter is; the larger where it is both."""
    return next((known[found] for level in ("wijk", "buurt") if (found := f"{row['id']}-{level}") in known), None)


def _entry(row: Row, table: Entry | None) -> Entry:
    kind = PlaceKind(row["kind"])
    former = tuple((row.get("former") or "").split("|")) if row.get("former") else ()
    parent = row.get("parent") or ""
    if table is None:
        return Entry(
            id=row["id"],
            kind=kind,
            type=_SCHOOL_TYPES.get(row["id"].split(":")[0], _TYPES[kind]),
            name=row["name"],
            municipality=row["municipality"],
            parent=parent,
            former=former,
            source="curated",
        )
    official = table.official or (table.name if kind is PlaceKind.SCHOOL and table.name != row["name"] else "")
    return replace(
        table,
        kind=kind,
        name=row["name"],
        official=official,
        parent=parent or table.parent,
        former=(*table.former, *former),
    )


def _aliases(row: Row) -> Iterator[Alias]:
    for alias in filter(None, (each.strip() for each in row["aliases"].split("|"))):
        name = alias.rstrip("*").lower()
        yield Alias(name, row["id"], "code" if name.isdigit() else "nickname", alias.endswith("*"), "curated")
