"""Cuts an export into records: JSON lines, or CSV with any of the usual delimiters, byte order marks and preambles.

A record is a row of named values with the bytes it came from. What the values mean is `collectors.exports.rows`.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from collectors.exports.lines import Line, encoding_of, lines
from collectors.exports.mapping import Columns
from collectors.refused import Refused
from signals.dead_letter import MAX_BYTES, DeadReason

DELIMITERS = ",;\t|"
HEADER_WITHIN = 20
"""A header row stands within this many lines; tools write a preamble above it."""
MAX_RECORD = 256 * 1024
"""Longest CSV record over several lines. A stray quotation mark would else swallow the rest of the file."""

_HERE = "collectors/exports/records.py"
Values = Mapping[str, object]


class ExportUnreadable(Exception):
    """The file as a whole cannot be read; says in one line what to do."""


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One record: its values, or the reason why it has none. `end` is the byte after it."""

    start: int
    end: int
    raw: bytes
    size: int
    sha256: str
    values: Values | None
    refused: Refused | None = None

    def __repr__(self) -> str:
        return f"Record({self.start}…{self.end})"


@dataclass(frozen=True)
class Shape:
    """How a file is written: its encoding, where its records start, and for CSV the delimiter and the header."""

    encoding: str
    start: int
    delimiter: str | None = None
    header: tuple[str, ...] = ()


def shape_of(file: BufferedReader, name: str, columns: Columns) -> Shape:
    """Find out how a file is written. Raises `ExportUnreadable` when it has no usable header."""
    encoding, start = encoding_of(file)
    suffix = Path(name).suffix.lower()
    head = [line for line, _ in zip(lines(file, start, encoding), range(HEADER_WITHIN), strict=False)]
    first = next((line.raw.decode(encoding, "replace").strip() for line in head if line.raw.strip(b"\0\r\n\t ")), "")
    if suffix in (".jsonl", ".ndjson") or (suffix not in (".csv", ".tsv") and first.startswith("{")):
        return Shape(encoding, start)
    for line in head:
        for delimiter in DELIMITERS:
            header = _header(line.raw.decode(encoding, "replace"), delimiter)
            if header and _usable(header, columns):
                return Shape(encoding, line.end, delimiter, header)
    raise ExportUnreadable(
        f"found no header row with a column {' or '.join(columns.text)} and a column"
        f" {' or '.join((*columns.id, *columns.url))}; name the columns in a file and give it with --mapping"
    )


def _header(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(name.strip() for name in next(csv.reader([text], delimiter=delimiter), ()))
    except csv.Error:
        return ()


def _usable(header: Sequence[str], columns: Columns) -> bool:
    present = set(header)
    return bool(present & set(columns.text)) and bool(present & {*columns.id, *columns.url})


def records(file: BufferedReader, shape: Shape, start: int) -> Iterator[Record]:
    """The records from byte `start` on; a bad one carries its reason, and the rest goes on."""
    if shape.delimiter is None:
        yield from (_json_record(line, shape.encoding) for line in lines(file, start, shape.encoding) if _filled(line))
    else:
        yield from _csv_records(file, shape, start)


def _filled(line: Line) -> bool:
    return line.too_large or bool(line.raw.strip(b"\0\r\n\t "))


def _record(line: Line, values: Values | None, refused: Refused | None = None) -> Record:
    return Record(line.start, line.end, line.raw, line.size, line.sha256, values, refused)


def _too_large(line: Line) -> Record:
    return _record(line, None, Refused(DeadReason.TOO_LARGE, "", _HERE))


def _json_record(line: Line, encoding: str) -> Record:
    if line.too_large:
        return _too_large(line)
    try:
        found = json.loads(line.raw.decode(encoding))
    except UnicodeDecodeError:
        return _record(line, None, Refused(DeadReason.INVALID_UTF8, "", _HERE))
    except (ValueError, RecursionError):
        return _record(line, None, Refused(DeadReason.MALFORMED, "", _HERE))
    if not isinstance(found, dict):
        return _record(line, None, Refused(DeadReason.SCHEMA, "", _HERE))
    return _record(line, found)


def _csv_records(file: BufferedReader, shape: Shape, start: int) -> Iterator[Record]:
    waiting: list[Line] = []  # physical lines to read again, after a record that never closed
    source = lines(file, start, shape.encoding)
    while True:
        line = waiting.pop() if waiting else next(source, None)
        if line is None:
            return
        if line.too_large:
            yield _too_large(line)
            continue
        if not _filled(line):
            continue
        parts = [line]
        size = line.size
        quotes = _quotes(line, shape.encoding)
        while quotes % 2 and size <= MAX_RECORD:
            more = waiting.pop() if waiting else next(source, None)
            if more is None or more.too_large:
                waiting.extend([more] if more else [])
                break
            parts.append(more)
            size += more.size
            quotes += _quotes(more, shape.encoding)
        if quotes % 2:
            # The quotation mark never closes: set its own line aside and give the following ones a fair reading.
            waiting.extend(reversed(parts[1:]))
            yield _record(line, None, Refused(DeadReason.MALFORMED, "", _HERE))
        else:
            yield _csv_record(_joined(parts), shape)


def _quotes(line: Line, encoding: str) -> int:
    return line.raw.decode(encoding, "replace").count('"')


def _joined(parts: Sequence[Line]) -> Line:
    if len(parts) == 1:
        return parts[0]
    raw = b"".join(part.raw for part in parts)
    return Line(parts[0].start, parts[-1].end, raw, len(raw), hashlib.sha256(raw).hexdigest())


def _csv_record(line: Line, shape: Shape) -> Record:
    try:
        text = line.raw.decode(shape.encoding)
        cells = next(csv.reader(text.splitlines(keepends=True), delimiter=shape.delimiter or ",", strict=True))
    except UnicodeDecodeError:
        return _record(line, None, Refused(DeadReason.INVALID_UTF8, "", _HERE))
    except csv.Error as fault:
        long = "field larger" in str(fault)
        return _record(line, None, Refused(DeadReason.TOO_LARGE if long else DeadReason.MALFORMED, "", _HERE))
    if len(cells) != len(shape.header):
        return _record(line, None, Refused(DeadReason.SCHEMA, f"{len(cells)} cells", _HERE))
    return _record(line, dict(zip(shape.header, cells, strict=True)))


def kept(record: Record) -> bytes:
    """The bytes of a record that a dead letter keeps."""
    return record.raw[:MAX_BYTES]
