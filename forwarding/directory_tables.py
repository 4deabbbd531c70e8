"""The directory as a spreadsheet, an XLSX workbook or CSV files of the same tables, read into the parts of the format.

It knows columns and how people write dates and lists; what the parts mean is checked by `forwarding.directory_file`.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from forwarding.directory_file import DirectoryFile, DirectoryWrong, checked

MOST_ROWS = 20_000
MOST_COLUMNS = 40
LONGEST_CELL = 10_000
LARGEST_UNPACKED = 128 * 1024 * 1024
_TABLES = {
    "organisations": ("organisations", "organisaties"),
    "agreements": ("agreements", "convenanten"),
    "contacts": ("contacts", "contacten"),
    "corridors": ("corridors", "lijsten"),
}
_COLUMNS: dict[str, dict[str, str]] = {
    "organisations": {"naam": "name", "soort": "kind", "gemeente": "municipality", "eenheid": "police_unit"},
    "agreements": {
        "organisatie": "organisation",
        "doel": "purpose",
        "velden": "fields",
        "kanalen": "channels",
        "begint": "starts_on",
        "eindigt": "ends_on",
    },
    "contacts": {
        "organisatie": "organisation",
        "soort": "kind",
        "rol": "role",
        "naam": "name",
        "e-mail": "email",
        "telefoon": "phone",
        "gebruiker": "user",
        "nakijken": "review_on",
        "bevestigd": "confirmed_on",
        "bereikbaar": "hours",
        "actief": "active",
        "plaatsen": "places",
        "afwezig van": "away_from",
        "afwezig tot en met": "away_until",
        "waarnemer": "stand_in",
    },
    "corridors": {"plaats": "place", "scholen": "schools", "beheerder": "kept_by", "nagekeken": "reviewed_on"},
}
"""Every table with the Dutch word for each of its columns; either word may stand above the column."""
_LISTS = frozenset({"fields", "channels", "places", "schools"})
_DATES = frozenset({"starts_on", "ends_on", "review_on", "confirmed_on", "reviewed_on", "away_from", "away_until"})
_WORDS = {
    "kind": {
        "politie": "police",
        "gemeente": "municipality",
        "veld": "field",
        "hulp": "help",
        "opschaling": "escalation",
    },
    "fields": {
        "thema": "theme",
        "categorie": "category",
        "niveau": "level",
        "plaats": "place",
        "tijdvenster": "window",
        "fragment": "excerpt",
        "bronlink": "link",
    },
    "active": {"ja": "true", "nee": "false"},
}


@dataclass(frozen=True)
class TablesFile:
    """What was read, and where each part of it stands, so that a fault can be told by sheet and row."""

    content: DirectoryFile
    rows: dict[str, str] = field(repr=False)

    def fault(self, fault: str) -> str:
        """A fault with the sheet and row in the place of the part's number."""
        return _by_row(fault, self.rows)


def read_tables(files: Iterable[tuple[str, bytes]]) -> TablesFile:
    """The directory in these files: one workbook, or CSV files named after the tables. Raises DirectoryWrong."""
    parts: dict[str, list[dict[str, object]]] = {"organisations": [], "contacts": [], "corridors": []}
    agreements: list[tuple[str, dict[str, object]]] = []
    rows: dict[str, str] = {}
    faults: list[str] = []
    for name, lines in _sheets(files, faults):
        table = _table(name)
        if table is None:
            known = ", ".join(names[0] for names in _TABLES.values())
            faults.append(f"{name}: this is no table of the directory; call it one of {known}")
            continue
        for number, part in _parts(name, table, lines, faults):
            where = f"{name} row {number}"
            if table == "agreements":
                agreements.append((where, part))
            else:
                rows[f"{table}[{len(parts[table])}]"] = where
                parts[table].append(part)
    faults += _put_with_organisations(agreements, parts["organisations"], rows)
    if faults:
        raise DirectoryWrong(faults)
    try:
        return TablesFile(checked(parts), rows)
    except DirectoryWrong as wrong:
        raise DirectoryWrong([_by_row(fault, rows) for fault in wrong.faults]) from None


def _put_with_organisations(
    agreements: Sequence[tuple[str, dict[str, object]]],
    organisations: Sequence[dict[str, object]],
    rows: dict[str, str],
) -> Iterator[str]:
    by_name = {str(part.get("name")): number for number, part in enumerate(organisations)}
    kept: dict[int, list[dict[str, object]]] = {}
    for where, part in agreements:
        name = str(part.pop("organisation", ""))
        number = by_name.get(name)
        if number is None:
            yield f"{where}, organisation: {name or 'it'} is not among the organisations of this file; add it there"
            continue
        own = kept.setdefault(number, [])
        rows[f"organisations[{number}].agreements[{len(own)}]"] = where
        own.append(part)
    for number, own in kept.items():
        organisations[number]["agreements"] = own


def _by_row(fault: str, rows: dict[str, str]) -> str:
    found = re.match(r"(organisations\[\d+\]\.agreements\[\d+\]|[a-z]+\[\d+\])\.?([^:]*): (.*)", fault, re.DOTALL)
    if found is None or found[1] not in rows:
        return fault
    return f"{rows[found[1]]}{', ' if found[2] else ''}{found[2]}: {found[3]}"


def _table(name: str) -> str | None:
    word = PurePath(name).stem.strip().casefold()
    return next((table for table, names in _TABLES.items() if word in names), None)


def _parts(
    name: str, table: str, lines: Iterable[tuple[int, Sequence[object]]], faults: list[str]
) -> Iterator[tuple[int, dict[str, object]]]:
    """The rows of a table as parts. The first row that is not empty holds the columns' names."""
    columns: list[str] | None = None
    for number, cells in lines:
        if all(cell is None or cell == "" for cell in cells):
            continue
        if columns is None:
            columns = [_COLUMNS[table].get(word := str(cell or "").strip().casefold(), word) for cell in cells]
            known = _COLUMNS[table].values()
            unknown = [column for column in columns if column and column not in known]
            twice = [column for column in set(columns) if column and columns.count(column) > 1]
            faults += [
                f"{name} row {number}: there is no column {column}; known: {', '.join(known)}" for column in unknown
            ]
            faults += [f"{name} row {number}: the column {column} stands there twice" for column in twice]
            if unknown or twice:
                return
            continue
        yield (
            number,
            {
                column: _value(column, cell)
                for column, cell in zip(columns, cells, strict=False)
                if column and cell is not None and cell != ""
            },
        )


def _value(column: str, cell: object) -> object:
    """A cell as the file format has it; what cannot be read so stays as it is, for the format to refuse."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    words = _WORDS.get(column, {})
    if column in _LISTS:
        return [words.get(word.casefold(), word) for word in re.split(r"[\s,;]+", str(cell)) if word]
    if isinstance(cell, str):
        cell = words.get(cell.strip().casefold(), cell.strip())
        day = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", cell) if column in _DATES else None
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day else cell
    return cell if isinstance(cell, (date, bool)) else str(cell)


def _sheets(
    files: Iterable[tuple[str, bytes]], faults: list[str]
) -> Iterator[tuple[str, Iterable[tuple[int, Sequence[object]]]]]:
    for name, data in files:
        if data.startswith(b"PK"):
            yield from _workbook(name, data, faults)
        else:
            yield name, _csv(name, data, faults)


def _workbook(
    name: str, data: bytes, faults: list[str]
) -> Iterator[tuple[str, Iterable[tuple[int, Sequence[object]]]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > LARGEST_UNPACKED:
                raise DirectoryWrong(
                    [f"{name} unpacks to more than {LARGEST_UNPACKED // 2**20} MiB; no directory does"]
                )
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise DirectoryWrong([f"{name} is no XLSX workbook; save it anew as .xlsx, or each sheet as CSV"]) from None
    for sheet in book.worksheets:
        yield sheet.title, _bounded(sheet.title, sheet.iter_rows(values_only=True), faults)


def _csv(name: str, data: bytes, faults: list[str]) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise DirectoryWrong([f"{name}: byte {wrong.start} is not UTF-8; save the file as CSV UTF-8"]) from None
    head = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        yield from _bounded(name, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), faults)
    except csv.Error:
        raise DirectoryWrong([f"{name}: a quotation mark is not closed, or a cell is far too long"]) from None


def _bounded(name: str, lines: Iterable[Sequence[object]], faults: list[str]) -> Iterator[tuple[int, Sequence[object]]]:
    for number, cells in enumerate(lines, 1):
        if number > MOST_ROWS:
            faults.append(f"{name} has more than {MOST_ROWS:,} rows; split it")
            return
        if any(cell is not None and cell != "" for cell in cells[MOST_COLUMNS:]):
            faults.append(f"{name} row {number}: more than {MOST_COLUMNS} columns")
            return
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
            faults.append(f"{name} row {number}: a cell is longer than {LONGEST_CELL:,} characters")
            return
        yield number, cells[:MOST_COLUMNS]
