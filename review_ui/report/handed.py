"""Reads what is handed in, by a form or a phone's share, field by field. A file's bytes are dropped as they arrive.

Nothing of a file touches memory for longer than one chunk, or the disk at all; that one came is all that is kept.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from python_multipart.exceptions import ParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

MOST_FORM = 256 * 1024
"""Bytes of a form without files: the longest tip fits, percent-encoded, four times."""
MOST_FIELD = 64 * 1024
MOST_FIELDS = 20
MOST_DRAINED = 200 * 1024 * 1024
"""A browser shows no answer before its whole body was taken in, so a film is read and dropped up to here."""


@dataclass(slots=True, repr=False)
class Handed:
    """The fields that came, whether a file came with them, and whether there was more than is taken."""

    fields: dict[str, str] = field(default_factory=dict)
    file: bool = False
    cut: bool = False

    def get(self, name: str) -> str:
        """A field with plain line ends; empty when it did not come."""
        return self.fields.get(name, "").replace("\r\n", "\n")

    def __repr__(self) -> str:
        return "Handed(…)"


async def handed_in(request: Request) -> Handed:
    """What the body holds. A body that is no form, or a broken one, holds what could be read of it."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind == b"multipart/form-data" and options.get(b"boundary"):
        return await _parts(request.stream(), options[b"boundary"])
    handed = Handed()
    if kind == b"application/x-www-form-urlencoded":
        body = bytearray()
        async for chunk in request.stream():
            if len(body) + len(chunk) > MOST_FORM:
                handed.cut = True
                break
            body += chunk
        try:
            pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            return Handed(cut=True)
        handed.fields = dict(pairs)
    return handed


async def _parts(chunks: AsyncIterator[bytes], boundary: bytes) -> Handed:
    reader = _Reader()
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": reader.begin,
            "on_header_field": reader.header_name,
            "on_header_value": reader.header_value,
            "on_header_end": reader.header_end,
            "on_headers_finished": reader.headers_finished,
            "on_part_data": reader.data,
            "on_part_end": reader.end,
        },
    )
    taken, broken = 0, False
    async for chunk in chunks:
        taken += len(chunk)
        if taken > MOST_DRAINED:
            reader.handed.cut = True
            break
        if not broken:
            try:
                parser.write(chunk)
            except ParseError:
                broken = True  # the rest is still taken in, so that the browser hears the answer
    return reader.handed


class _Reader:
    """Collects the plain fields of a multipart body; a part with a file name is a file, whatever it holds."""

    def __init__(self) -> None:
        self.handed = Handed()
        self._name, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._field: str | None = None
        self._content = bytearray()

    def begin(self) -> None:
        self._headers, self._field, self._content = {}, None, bytearray()

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        if b"filename" in options or b"filename*" in options:
            # A file field that was left empty is sent too, without a name.
            self.handed.file = self.handed.file or bool(options.get(b"filename") or options.get(b"filename*"))
        elif len(self.handed.fields) < MOST_FIELDS:
            self._field = options.get(b"name", b"").decode("utf-8", "replace")

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            return
        room = MOST_FIELD - len(self._content)
        self.handed.cut = self.handed.cut or end - start > room
        self._content += data[start : min(end, start + max(room, 0))]

    def end(self) -> None:
        if self._field is not None:
            self.handed.fields[self._field] = self._content.decode("utf-8", "replace")


HandedIn = Annotated[Handed, Depends(handed_in)]
