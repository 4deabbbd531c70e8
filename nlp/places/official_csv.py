"""Reads an official table as it was published: delimiter, encoding and header are detected, bad rows are set aside.

It knows no columns; `nlp.places.duo` and `nlp.places.cbs` do. A line is a row: these tables break no row over lines,
so that one stray quotation mark spoils one row and not the rest of the file.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

LARGEST_FILE = 64 * 1024 * 1024
LONGEST_LINE = 20_000
LONGEST_FIELD = 300
T = TypeVar("T")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class OfficialFileWrong(Exception):
    """The file cannot be what it is said to be; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that was not used, and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of a row by the column's name in capitals, blanks at the ends removed."""

    line: int
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    set_aside: list[SetAside] = field(default_factory=list)

    def column(self, *names: str) -> str:
        """The first of these columns that the table has; empty when it has none."""
        return next((name for name in names if name in self.columns), "")

    def matching(self, pattern: str) -> str:
        """The first column whose whole name fits the pattern; empty when none does."""
        return next((name for name in self.columns if re.fullmatch(pattern, name)), "")

    def each(self, make: Callable[[Row], T]) -> Iterator[T]:
        """What `make` makes of every row; a row of which it raises RowWrong is set aside."""
        for row in self.rows:
            try:
                yield make(row)
            except RowWrong as wrong:
                self.set_aside.append(SetAside(self.name, row.line, str(wrong)))


class RowWrong(Exception):
    """A row says something that cannot be; the message is the reason."""


def read_table(name: str, data: bytes) -> Table:
    """The table in a file. Raises OfficialFileWrong when it is none."""
    if len(data) > LARGEST_FILE:
        raise OfficialFileWrong(f"{name} is larger than {LARGEST_FILE // 2**20} MiB; no official table is")
    lines = _text(name, data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head = next((number for number, line in enumerate(lines) if line.strip()), None)
    if head is None:
        raise OfficialFileWrong(f"{name} is empty")
    delimiter = max(";,\t", key=lines[head].count)
    columns = tuple(_column(cell) for cell in _cells(lines[head], delimiter) or ())
    if len(columns) < 2:
        raise OfficialFileWrong(f"{name} has no header of several columns with ; or , between them")
    rows, aside = [], []
    for number, line in enumerate(lines[head + 1 :], head + 2):
        if not line.strip(f" {delimiter}"):
            continue
        cells = _cells(line, delimiter)
        reason = _fault(line, cells, len(columns))
        if reason or cells is None:
            aside.append(SetAside(name, number, reason))
        else:
            rows.append(Row(number, {c: cell.strip() for c, cell in zip(columns, cells, strict=True)}))
    return Table(name, columns, tuple(rows), aside)


def _text(name: str, data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(name, data, (encoding,))
    # Windows-1252 reads almost any bytes, so what is UTF-8 must be seen first.
    return _decoded(name, data, ("utf-8", "windows-1252"))


def _decoded(name: str, data: bytes, encodings: Sequence[str]) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise OfficialFileWrong(f"{name} is neither UTF-8 nor Windows-1252 text")


def _column(cell: str) -> str:
    return re.sub(r"\s+", " ", cell.strip()).upper()


def _cells(line: str, delimiter: str) -> list[str] | None:
    if len(line) > LONGEST_LINE:
        return None
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), None)
    except csv.Error:
        return None


def _fault(line: str, cells: list[str] | None, width: int) -> str:
    """Why a row cannot be used; empty when it can."""
    if len(line) > LONGEST_LINE:
        return f"the row is longer than {LONGEST_LINE:,} characters"
    if cells is None:
        return "a quotation mark is not closed"
    if len(cells) != width:
        return f"{len(cells)} fields instead of {width}"
    if any(len(cell) > LONGEST_FIELD for cell in cells):
        return f"a field is longer than {LONGEST_FIELD} characters"
    if _CONTROL.search(line):
        return "a control character stands in it"
    if any(cell.lstrip().startswith(("=", "@")) for cell in cells):
        return "a field begins like a formula"
    return ""
