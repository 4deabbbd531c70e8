"""The two files of a gazetteer, entries and names, read and written as CSV. What the columns mean: docs/reference."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from nlp.places.entry import Alias, Entry, Exactness
from signals.place import PlaceKind

ENTRIES, ALIASES = "gazetteer.csv", "aliases.csv"
ENTRY_FIELDS = (
    "id", "kind", "type", "name", "official", "municipality", "province", "parent", "police_unit", "address",
    "lat", "lon", "coordinate", "closed", "former", "verified", "source",
)  # fmt: skip
ALIAS_FIELDS = ("alias", "id", "kind", "rule", "ordinary")


class GazetteerWrong(Exception):
    """A gazetteer file cannot be used; the message names the file and the row."""


def read(folder: Path) -> tuple[list[Entry], list[Alias], str]:
    """The entries and names in a folder, and their version: a hash of both files."""
    texts = [_text(folder / name) for name in (ENTRIES, ALIASES)]
    version = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
    entries = [_entry(row, ENTRIES, line) for line, row in _rows(texts[0], ENTRIES, ENTRY_FIELDS)]
    aliases = [
        Alias(row["alias"], row["id"], row["kind"], row["ordinary"] == "1", row["rule"])
        for _, row in _rows(texts[1], ALIASES, ALIAS_FIELDS)
    ]
    return entries, aliases, version


def entries_text(entries: Iterable[Entry]) -> str:
    """The entries as CSV, in the order given."""
    return _csv(ENTRY_FIELDS, (_entry_row(entry) for entry in entries))


def aliases_text(aliases: Iterable[Alias]) -> str:
    """The names as CSV, sorted, each once per place."""
    unique = {(alias.text, alias.id): alias for alias in aliases}
    rows = ((a.text, a.id, a.kind, a.rule, str(int(a.ordinary))) for _, a in sorted(unique.items()))
    return _csv(ALIAS_FIELDS, rows)


def _entry_row(entry: Entry) -> tuple[str, ...]:
    values = {
        "kind": entry.kind.value,
        "lat": "" if entry.lat is None else str(entry.lat),
        "lon": "" if entry.lon is None else str(entry.lon),
        "coordinate": entry.coordinate.value,
        "closed": entry.closed.isoformat() if entry.closed else "",
        "former": "|".join(entry.former),
        "verified": str(int(entry.verified)),
    }
    return tuple(values[field] if field in values else str(getattr(entry, field)) for field in ENTRY_FIELDS)


def _entry(row: Mapping[str, str], file: str, line: int) -> Entry:
    try:
        entry = Entry(
            id=row["id"],
            kind=PlaceKind(row["kind"]),
            name=row["name"],
            municipality=row["municipality"],
            parent=row["parent"],
            police_unit=row["police_unit"],
            lat=float(row["lat"]) if row["lat"] else None,
            lon=float(row["lon"]) if row["lon"] else None,
            coordinate=Exactness(row["coordinate"]),
            verified=row["verified"] == "1",
            source=row["source"],
            type=row["type"],
            official=row["official"],
            province=row["province"],
            address=row["address"],
            closed=date.fromisoformat(row["closed"]) if row["closed"] else None,
            former=tuple(row["former"].split("|")) if row["former"] else (),
        )
    except ValueError:
        raise GazetteerWrong(f"{file} line {line}: a kind, date, coordinate or exactness cannot be read") from None
    if (entry.lat is None) != (entry.coordinate is Exactness.NONE):
        raise GazetteerWrong(f"{file} line {line}: a coordinate and its exactness belong together")
    return entry


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GazetteerWrong(f"{path.name} is missing from the gazetteer folder {path.parent}") from None


def _rows(text: str, file: str, fields: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(reader, ())) != fields:
        raise GazetteerWrong(f"{file} has other columns than this version writes; build or import it anew")
    for row in reader:
        if len(row) != len(fields):
            raise GazetteerWrong(f"{file} line {reader.line_num}: {len(row)} fields instead of {len(fields)}")
        yield reader.line_num, dict(zip(fields, row, strict=True))


def _csv(fields: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(rows)
    return made.getvalue()
