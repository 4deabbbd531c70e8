"""Reads a file line by line in bounded memory, whatever is in it: UTF-8 or UTF-16, and lines of any length.

It decodes nothing but the line ends; a line that is too long is hashed and skipped, with its first bytes kept.
"""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

from signals.dead_letter import MAX_BYTES

MAX_LINE = 1024 * 1024
"""Longest line in bytes. A post is at most 20,000 code points, so a longer line cannot be one."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line with its line end. `sha256` and `size` are of the whole line, also when `raw` is only its beginning."""

    start: int
    end: int
    raw: bytes
    size: int
    sha256: str
    too_large: bool = False

    def __repr__(self) -> str:
        return f"Line({self.start}…{self.end})"


def encoding_of(file: BufferedReader) -> tuple[str, int]:
    """The encoding that the byte order mark tells (none means UTF-8), and where the text starts."""
    file.seek(0)
    head = file.read(4)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    return "utf-8", 0


def lines(file: BufferedReader, start: int, encoding: str, cap: int = MAX_LINE) -> Iterator[Line]:
    """The lines from byte `start` on, which must be the start of a line."""
    file.seek(start)
    while True:
        kept = bytearray()
        digest = hashlib.sha256()
        size = 0
        for piece in _pieces(file, encoding):
            digest.update(piece)
            size += len(piece)
            if size <= cap:
                kept += piece
            else:
                del kept[MAX_BYTES:]
        if not size:
            return
        yield Line(start, start + size, bytes(kept), size, digest.hexdigest(), too_large=size > cap)
        start += size


def _pieces(file: BufferedReader, encoding: str) -> Iterator[bytes]:
    """The pieces of one line, none longer than `_PIECE`."""
    wide = encoding.startswith("utf-16")
    while piece := file.readline(_PIECE):
        if wide and len(piece) % 2:
            # readline stops at a byte 0x0A, which may be half a character: keep pairs whole.
            piece += file.read(1)
        yield piece
        if piece[-2 if wide else -1 :] == "\n".encode(encoding):
            return
